# shellcheck shell=bash
# A better voice for what Pipit says by itself than espeak-ng, where apt offers one: RHVoice is in Debian's non-free part.

VOICE_PACKAGES=() # what the household agreed to

# Prints the language of the settings, or what was answered on the first installation.
household_language() {
    local language
    setting_of household language
    language=${SETTING:-${ANSWERS[language]-}}
    say "${language:-en}"
}

# Prints the packages of RHVoice that the language wants and this machine lacks; none unless apt offers all of them.
offered_voice() {
    local name language package missing=()
    [[ -z $ROOT ]] && have_apt && ! is_bundle || return 0
    language=$(household_language)
    case ${language,,} in
        en | en-*) name=english ;;
        pl | pl-*) name=polish ;;
        pt | pt-br) name=brazilian-portuguese ;;
        *) return 0 ;;
    esac
    mapfile -t missing < <(missing_packages rhvoice "rhvoice-$name")
    for package in "${missing[@]}"; do is_offered "$package" || return 0; done
    ((${#missing[@]} == 0)) || printf '%s\n' "${missing[@]}"
}

# $1: a package
is_offered() { LC_ALL=C apt-cache policy "$1" 2>/dev/null | grep -q '^  Candidate: [^(]'; }

# Asks, if there is anything to offer.
settle_voice() {
    local offered=()
    mapfile -t offered < <(offered_voice)
    VOICE_PACKAGES=()
    ((${#offered[@]})) || return 0
    ask voice "RHVoice (${offered[*]}) sounds more like a person than espeak-ng; it is not free software throughout. Install it (rhvoice/espeak)?" espeak
    [[ $ANSWER != rhvoice ]] || VOICE_PACKAGES=("${offered[@]}")
}
