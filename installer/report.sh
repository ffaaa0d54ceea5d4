# shellcheck shell=bash
# What the user sees: steps with their seconds, and one clear last line when something fails.

BOLD="" PLAIN=""
if [[ -t 1 && -z ${NO_COLOR:-} ]]; then
    BOLD=$'\e[1m' PLAIN=$'\e[0m'
fi

LOG=""     # the output of every command; set by start_log
LOG_MARK=0 # how long the log was after its last line that is not of a command, in bytes
DRY_RUN=no
CHANGES=0 # how many changes this run has made, or would make

say() { printf '%s\n' "$*"; }
headline() { printf '%s%s%s\n' "$BOLD" "$*" "$PLAIN"; }

# Prints a text so that all of it can be seen, on one line: with a control character, a mark of Unicode or a byte that is no
# letter in it, as bash would quote it. $1: the text
shown() {
    local LC_ALL=C
    case $1 in *[!\ -~]*) printf '%q\n' "$1" ;; *) say "$1" ;; esac
}

# The last line of a failed run. $1: what went wrong; $2: how to fix it; $3: exit status, 1 unless told
die() {
    trap - ERR
    printf 'install.sh: %s — fix: %s%s\n' "$(one_line "$1")" "$(one_line "$2")" "$(log_note)" >&2
    exit "${3:-1}"
}

# Prints a text with its control characters, which names of files and what a program says may hold, as question marks.
one_line() { say "${1//[[:cntrl:]]/?}"; }

log_note() { [[ -z $LOG || ! -s $LOG ]] || printf ' (log: %s)' "$LOG"; }

unexpected() {
    die "stopped at $1: $2" "report this line as a bug"
}

# $1: the log file; $2: "append" to keep what earlier runs wrote. What a shell trap cannot tell apart from a bug is
# caught by `change` before it gets here.
start_log() {
    LOG=$1
    [[ ${2:-} == append ]] || : 2>/dev/null >"$LOG" || log_refused
    local now
    printf -v now '%(%Y-%m-%d %H:%M:%S %z)T' -1
    log_line "==== $now: ${0##*/} ${INVOCATION[*]:-}"
}

log_line() { { printf '%s\n' "$*" && mark_log; } 2>/dev/null >>"$LOG" || log_refused; }

# The kernel tells where the end of the log is now, without a program to ask; not where there is no /proc.
mark_log() { read -r _ LOG_MARK </proc/self/fdinfo/1 || LOG_MARK=$(stat -c %s "$LOG"); }

log_refused() {
    local log=$LOG
    LOG=""
    [[ -w $log && $(df -Pm "$log" | awk 'NR == 2 { print $4 }') == 0 ]] &&
        die "no space left on the disk: cannot write $log" "free some space and run it again"
    die "cannot write $log" "make the folder writable for $(id -un)"
}

set_traps() {
    set -E
    trap 'unexpected "${BASH_SOURCE[0]##*/}:$LINENO" "$BASH_COMMAND"' ERR
    trap 'printf "\n"; die "interrupted" "run it again; it goes on where it stopped" 130' INT TERM
}

# Every change to the machine goes through here, so that --dry-run is honest. A step looks first whether its change is
# needed at all: a second run makes none.
# $1: what it does, as an infinitive; the rest: the command
change() {
    local status=0
    attempt "$@" || status=$?
    ((status == 0)) || explain_failure "$1" "$status"
}

# Prints what a function would change. To be run in a subshell: what it sets must not last. The arguments: a command
rehearse() {
    DRY_RUN=yes
    "$@"
}

# As `change`, but a failure is the caller's to explain: its status is returned.
attempt() {
    ((CHANGES += 1))
    if [[ $DRY_RUN == yes ]]; then
        say "  would $1"
        return
    fi
    logged "$@"
}

# What only looks: not a change, and nothing to announce. $1: what it does; the rest: the command
verify() {
    local status=0
    [[ $DRY_RUN == no ]] || return 0
    logged "$@" || status=$?
    ((status == 0)) || explain_failure "$1" "$status"
}

# Runs a command with its output in the log, and says how long it took. $1: what it does; the rest: the command
logged() {
    local what=$1 began=$SECONDS status=0
    shift
    printf '  %s …' "$what"
    log_line $'\n$' "$*"
    # In braces: what the shell itself says of a command that was killed goes to the log too.
    { "$@"; } >>"$LOG" 2>&1 </dev/null || status=$?
    if ((status)); then
        printf ' failed\n'
        return "$status"
    fi
    printf ' %s s\n' "$((SECONDS - began))"
}

# What the last command wrote to the log.
last_output() { tail -c "+$((LOG_MARK + 1))" "$LOG"; }
show_output() { last_output | tail -n 15 | sed 's/^/    | /' >&2; }

# Shows the end of what the failed command said, then names the cause where it is one that users meet.
# $1: what it was about; $2: its status
explain_failure() {
    local said own cause
    said=$(last_output)
    own=$(grep -F '. Fix: ' <<<"$said" | tail -n 1 | sed 's/^pipit: //' || true)
    show_output
    # Pipit's own commands say it themselves.
    [[ -z $own ]] || die "could not $1: ${own%%. Fix: *}" "${own##*. Fix: }"
    cause=$(known_cause "$said")
    [[ -z $cause ]] || die "${cause%%$'\t'*}: could not $1" "${cause#*$'\t'}"
    die "could not $1 (status $2)" "see the lines above"
}

# Prints "cause", a tab and the fix; nothing for what is not known. $1: what a command said
known_cause() {
    local cause="" fix=""
    case $1 in
        *"No space left on device"*) cause="no space left on the disk" fix="free some space and run it again" ;;
        *"Temporary failure resolving"* | *"Temporary failure in name resolution"* | *"Name or service not known"* | \
            *"Network is unreachable"* | *"No route to host"* | *"Connection refused"* | *"Failed to establish a new connection"* | \
            *"Could not connect to"* | *"Read timed out"* | *"Connection timed out"* | *"ConnectTimeoutError"*)
            cause="no connection to the package servers" fix="check the network and run it again"
            ;;
        *"DO NOT MATCH THE HASHES"*)
            cause="a package is not the one that was tested"
            fix="try again later; if it stays, a mirror or proxy changes what it passes on"
            ;;
        *"Could not get lock"* | *"dpkg was interrupted"* | *"is another process using it"*)
            cause="apt is busy or was interrupted" fix="wait a minute, or run 'sudo dpkg --configure -a', then run it again"
            ;;
        *"CERTIFICATE_VERIFY_FAILED"*)
            cause="the package servers' certificates do not verify" fix="check the clock ('date') and ca-certificates"
            ;;
        *"Permission denied"* | *"Operation not permitted"* | *"Read-only file system"*)
            cause="not allowed to write" fix="make the folder writable for $(id -un), or run it as its owner"
            ;;
        *"No matching distribution found"*)
            cause="a package has no release for this Python and machine" fix="use Python 3.11 to 3.14 on a 64-bit system"
            ;;
    esac
    [[ -z $cause ]] || printf '%s\t%s\n' "$cause" "$fix"
}
