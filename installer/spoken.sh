# shellcheck shell=bash
# What hears other languages than English without the cloud: a recogniser of 150 MB, for machines with a gigabyte of memory.

SPOKEN=no # or yes: whether the household wants it

# Asks, where the language is one of those that are understood, and something can be fetched.
settle_spoken() {
    local language
    SPOKEN=no
    [[ -z $ROOT ]] && ! is_bundle || return 0
    language=$(household_language)
    case ${language,,} in
        de | de-* | es | es-* | fr | fr-* | pt | pt-*) ;;
        *) return 0 ;;
    esac
    ask spoken "A recogniser (Whisper base, MIT licence, 150 MB and what runs it, 43 MB at most) hears $language when the internet is away. Install it (yes/no)?" "$(understanding_default)"
    SPOKEN=$ANSWER
}

# $1: the environment; $2: the folder of the models
install_spoken() {
    [[ $SPOKEN == yes ]] || return 0
    install_set "$1" spoken
    change "fetch and check the recogniser of other languages" env -C / "$1/bin/python" -m daemon.brain.recognition.install_languages "$2"
}
