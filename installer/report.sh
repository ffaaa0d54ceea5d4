# shellcheck shell=bash
# What the user sees: steps with their seconds, and one clear last line when something fails.

BOLD="" PLAIN=""
if [[ -t 1 && -z ${NO_COLOR:-} ]]; then
    BOLD=$'\e[1m' PLAIN=$'\e[0m'
fi

LOG=""               # the output of every command; set by start_log
LOG_MARK=0           # how long the log was when the current step began, in bytes
DRY_RUN=no

say() { printf '%s\n' "$*"; }
headline() { printf '%s%s%s\n' "$BOLD" "$*" "$PLAIN"; }

# The last line of a failed run. $1: what went wrong; $2: how to fix it; $3: exit status, 1 unless told
die() {
    trap - ERR
    printf 'install.sh: %s — fix: %s%s\n' "$1" "$2" "$(log_note)" >&2
    exit "${3:-1}"
}

log_note() { [[ -z $LOG || ! -s $LOG ]] || printf ' (log: %s)' "$LOG"; }

unexpected() {
    die "stopped at $1: $2" "report this line as a bug"
}

# $1: the log file. What a shell trap cannot tell apart from a bug is caught by `change` before it gets here.
start_log() {
    LOG=$1
    : >"$LOG" 2>/dev/null || { LOG=""; die "cannot write $1" "make the folder writable for $(id -un)"; }
}

set_traps() {
    set -E
    trap 'unexpected "${BASH_SOURCE[0]##*/}:$LINENO" "$BASH_COMMAND"' ERR
    trap 'printf "\n"; die "interrupted" "run it again; it goes on where it stopped" 130' INT TERM
}

# Every change to the machine goes through here, so that --dry-run is honest.
# $1: what it does, as an infinitive; the rest: the command
change() {
    local what=$1 began=$SECONDS status=0
    shift
    if [[ $DRY_RUN == yes ]]; then
        say "  would $what"
        return
    fi
    printf '  %s …' "$what"
    LOG_MARK=$(stat -c %s "$LOG")
    printf '\n$ %s\n' "$*" >>"$LOG"
    "$@" >>"$LOG" 2>&1 </dev/null || status=$?
    if ((status)); then
        printf ' failed\n'
        explain_failure "$what" "$status"
    fi
    printf ' %s s\n' "$((SECONDS - began))"
}

# Shows the end of what the failed command said, then names the cause where it is one that users meet.
explain_failure() {
    local what=$1 status=$2 said own
    said=$(tail -c "+$((LOG_MARK + 3))" "$LOG" | tail -n +2)
    own=$(grep -F '. Fix: ' <<<"$said" | tail -n 1 | sed 's/^pipit: //' || true)
    tail -n 15 <<<"$said" | sed 's/^/    | /' >&2
    case $said in
        # Pipit's own commands say it themselves.
        *". Fix: "*) die "could not $what: ${own%%. Fix: *}" "${own##*. Fix: }" ;;
        *"No space left on device"*)
            die "no space left on the disk: could not $what" "free some space and run it again" ;;
        *"Temporary failure resolving"* | *"Temporary failure in name resolution"* | *"Name or service not known"* | \
            *"Network is unreachable"* | *"No route to host"* | *"Connection refused"* | *"Failed to establish a new connection"* | \
            *"Could not connect to"* | *"Read timed out"* | *"Connection timed out"* | *"ConnectTimeoutError"*)
            die "no connection to the package servers: could not $what" "check the network and run it again" ;;
        *"DO NOT MATCH THE HASHES"*)
            die "a package is not the one that was tested: could not $what" \
                "try again later; if it stays, a mirror or proxy changes what it passes on" ;;
        *"Could not get lock"* | *"dpkg was interrupted"* | *"is another process using it"*)
            die "apt is busy or was interrupted: could not $what" "wait a minute, or run 'sudo dpkg --configure -a', then run it again" ;;
        *"CERTIFICATE_VERIFY_FAILED"*)
            die "the package servers' certificates do not verify: could not $what" "check the clock ('date') and ca-certificates" ;;
        *"Permission denied"* | *"Operation not permitted"* | *"Read-only file system"*)
            die "not allowed to write: could not $what" "make the folder writable for $(id -un), or run it as its owner" ;;
        *"No matching distribution found"*)
            die "a package has no release for this Python and machine: could not $what" "use Python 3.11 to 3.13 on a 64-bit system" ;;
        *) die "could not $what (status $status)" "see the lines above" ;;
    esac
}
