#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2154  # lines for another shell; variables of one test; bats sets and reads some
# The better voice that the installer offers: for which languages, and only if apt has it.

load machine

setup() {
    setup_machine
    stand_in apt-get 'exit 9' \
        dpkg-query 'for package; do [[ " ${INSTALLED-} " != *" $package "* ]] || echo "$package installed"; done' \
        apt-cache 'echo "$2:"; echo "  Installed: (none)"; echo "  Candidate: ${CANDIDATE-1.8.0-2}"'
}

# Runs a line on the machine itself, for an image gets no packages; its settings alone are below the root. $1: the line
here() { works "ROOT=\"\"; $1"; }

# Fails unless these packages are offered, and no others. $1: the language; the rest: the packages
offers() {
    GIVEN="language=$1" here offered_voice
    shift
    [[ "${lines[*]}" == "$*" ]] || report_run
}

@test "each language that RHVoice has a package for, and no other" {
    offers en rhvoice rhvoice-english
    offers en-GB rhvoice rhvoice-english
    offers PL rhvoice rhvoice-polish
    offers pt-BR rhvoice rhvoice-brazilian-portuguese
    offers pt rhvoice rhvoice-brazilian-portuguese
    local language
    for language in de fr-CH pt-PT sv eno; do offers "$language"; done
}

@test "without an answer the language is English; the settings know better than an answer, and a drop-in than they" {
    here household_language
    [[ $output == en ]] || report_run
    put etc/pipit/pipit.toml $'[household]\nlanguage = "pt-BR" # said here\n[live]\nlanguage = "fr"\n'
    offers pl rhvoice rhvoice-brazilian-portuguese
    put etc/pipit/conf.d/10-own.toml $'household.language = "de"\n'
    offers pl
}

@test "what apt does not offer is not offered" {
    CANDIDATE="(none)" offers en
    stand_in apt-cache 'exit 0'
    offers en
}

@test "what is installed is not offered again" {
    INSTALLED="rhvoice rhvoice-english" offers en
    INSTALLED="rhvoice" offers en rhvoice-english
}

@test "an image gets none" {
    GIVEN="language=en" works offered_voice
    [[ -z $output ]] || report_run
}

@test "nothing is installed but by an answer, and a rehearsal installs nothing" {
    here 'settle_voice; service_packages'
    is_silent_about rhvoice
    GIVEN="voice=espeak" here 'settle_voice; service_packages'
    is_silent_about rhvoice
    GIVEN="voice=rhvoice" here 'settle_voice; service_packages'
    says $'rhvoice\nrhvoice-english'
    GIVEN="voice=rhvoice" DRY=yes here 'settle_voice; provide_voice() { install_packages "${VOICE_PACKAGES[@]}"; }; provide_voice'
    says "would install system packages: rhvoice rhvoice-english"
}
