# shellcheck shell=bash disable=SC2034,SC2154  # bats and the tests read and set them
# Loaded by every .bats file here: a machine that is a folder, and programs that stand in for its own.

# The arguments: the parts of the installer that these tests need, without .sh; all without any
setup_machine() {
    bats_require_minimum_version 1.5.0
    # bats notes where each command stands, at half a millisecond a command: let it be those of the tests alone.
    # shellcheck disable=SC2016  # the trap expands it
    ! declare -F bats_debug_trap >/dev/null || trap '[[ ${FUNCNAME-} != test_* ]] || bats_debug_trap "$BASH_SOURCE"' DEBUG
    export CHECKOUT=${BATS_TEST_DIRNAME%/tests/installer}
    FIXTURES=$BATS_TEST_DIRNAME/fixtures
    export ROOT=$BATS_TEST_TMPDIR/root
    PROGRAMS=$BATS_TEST_TMPDIR/programs
    CONFIG=$ROOT/boot/firmware/config.txt
    mkdir -p "$PROGRAMS" "$ROOT"
    PATH=$PROGRAMS:$PATH
    # For our own modules, which the installer runs with the first Python that it finds.
    export REAL_PYTHON=${PIPIT_VENV:-$CHECKOUT/.venv}/bin/python
    [[ -x $REAL_PYTHON ]] || REAL_PYTHON=$(command -v python3)
    THOROUGH=${PIPIT_THOROUGH:-}
    unset "${!PIPIT_@}"
    # All parts in one file, which is read in two thirds of the time.
    export PARTS=$BATS_RUN_TMPDIR/parts-$*.sh
    [[ -s $PARTS ]] || join_parts "$@"
    # Once for all runs of a test, each of which is a subshell: to read them takes most of a run's time.
    # shellcheck disable=SC1090  # they are checked where install.sh sources them
    source "$PARTS"
}

# Several files of tests may run at once, and one that is half written must not be read. The arguments: as of setup_machine
join_parts() {
    local parts
    parts=("${@/#/$CHECKOUT/installer/}")
    parts=("${parts[@]/%/.sh}")
    (($#)) || mapfile -t parts < <(sed -n "s|^source \"\$CHECKOUT/\(.*\)\"|$CHECKOUT/\1|p" "$CHECKOUT/install.sh")
    # In a function, which reads them here, a declaration is local unless it says otherwise.
    sed 's/^declare -A /declare -gA /' "${parts[@]}" >"$PARTS.$$" && mv "$PARTS.$$" "$PARTS"
}

# Stands in for Python. What the boards are is read once for all tests: it takes a tenth of a second, and a run asks
# several times.
python3.13() {
    local facts=$BATS_RUN_TMPDIR/facts
    if [[ ${*: -1} != --facts ]]; then
        "$REAL_PYTHON" "$@"
        return
    fi
    facts+=${*: -3:1}
    if [[ -s $facts ]]; then
        printf '%s\n' "$(<"$facts")"
        return
    fi
    mkdir -p "${facts%/*}"
    "$REAL_PYTHON" "$@" >"$facts.$$" || {
        local status=$?
        cat "$facts.$$"
        return "$status"
    }
    mv "$facts.$$" "$facts" && cat "$facts"
}

# A real one waits for the disk of the machine that tests. It is called most of all, and so is no program.
sync() { printf 'sync %s\n' "$*" >>"$BATS_TEST_TMPDIR/calls"; }

# Runs a line of shell with the installer's parts in it, as install.sh has them. To be called in a subshell. $1: the line;
# the rest: its arguments. KEY=VALUE pairs in GIVEN are what the household has answered
run_line() {
    local pair LINE=$1
    shift
    set +ET
    trap - DEBUG ERR
    hash -r # a stand-in may have come since
    set -euo pipefail
    INVOCATION=() DRY_RUN=${DRY:-no}
    set_traps
    start_log "$BATS_TEST_TMPDIR/log"
    for pair in ${GIVEN:-}; do ANSWERS[${pair%%=*}]=${pair#*=}; done
    eval "$LINE"
}

in_installer() (run_line "$@")

# Sets what bats' own `run --separate-stderr` would, without the programs that this starts.
run_in_installer() {
    status=0
    output=$(run_line "$@" 2>"$BATS_TEST_TMPDIR/stderr") || status=$?
    stderr=$(<"$BATS_TEST_TMPDIR/stderr")
    IFS=$'\n' read -rd "" -a lines <<<"$output" || true
}

# The same, and a failure unless it ends well and quietly.
works() {
    run_in_installer "$@"
    [[ $status == 0 && -z $stderr ]] || report_run
}

# The same, and a failure unless it ends with one line, of the installer's form, that has this text. $1: the text
refuses() {
    local text=$1
    shift
    run_in_installer "$@"
    [[ $status == 1 && $stderr == "install.sh: "*" — fix: "* && $stderr != *$'\n'* && $stderr == *"$text"* ]] || report_run
}

report_run() {
    printf 'status %s\n--- output\n%s\n--- error\n%s\n' "$status" "$output" "$stderr" >&2
    return 1
}

# Fails unless the output has this text. $1: the text
says() { [[ $output == *"$1"* ]] || report_run; }
is_silent_about() { [[ $output != *"$1"* ]] || report_run; }

# The arguments: the name of a program and its lines of bash, for each
stand_in() {
    local new=()
    while (($#)); do
        unset -f "$1" # those above
        [[ -x $PROGRAMS/$1 ]] || new+=("$PROGRAMS/$1")
        printf '#!/bin/bash\n%s\n' "$2" >"$PROGRAMS/$1"
        shift 2
    done
    ((${#new[@]} == 0)) || chmod +x "${new[@]}"
}

# Writes a file of the machine. $1: its path from the root; standard input or $2: its content
put() {
    [[ -d $ROOT/${1%/*} ]] || mkdir -p "$ROOT/${1%/*}"
    if (($# > 1)); then printf '%s' "$2" >"$ROOT/$1"; else cat >"$ROOT/$1"; fi
}

# Adds an ALSA card. $1: its number; $2: its id; the rest: its PCMs, such as pcm0p
put_card() {
    local number=$1 id=$2 folder=$ROOT/proc/asound/card$1
    shift 2
    set -- "${@/%//sub0}"
    mkdir -p "$folder" "${@/#/$folder/}"
    printf ' %s [%-15s]: driver - name\n                      a longer name\n' "$number" "$id" >>"$ROOT/proc/asound/cards"
}
