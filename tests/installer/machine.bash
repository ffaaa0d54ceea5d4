# shellcheck shell=bash disable=SC2034,SC2154  # bats and the tests read and set them
# Loaded by every .bats file here: a machine that is a folder, and programs that stand in for its own.

# The arguments: the parts of the installer that these tests need, without .sh; all without any
setup_machine() {
    bats_require_minimum_version 1.5.0
    export CHECKOUT
    CHECKOUT=$(cd "$BATS_TEST_DIRNAME/../.." && pwd -P)
    FIXTURES=$BATS_TEST_DIRNAME/fixtures
    export ROOT=$BATS_TEST_TMPDIR/root
    PROGRAMS=$BATS_TEST_TMPDIR/programs
    CONFIG=$ROOT/boot/firmware/config.txt
    mkdir -p "$PROGRAMS" "$ROOT"
    PATH=$PROGRAMS:$PATH
    # For our own modules, which the installer runs with the first Python that it finds.
    local python=${PIPIT_VENV:-$CHECKOUT/.venv}/bin/python
    [[ -x $python ]] || python=$(command -v python3)
    # shellcheck disable=SC2016  # the program expands it
    stand_in python3.13 "PYTHON='$python' FACTS='$BATS_RUN_TMPDIR/facts'"'
        # What the boards are is read once for all tests: it takes a tenth of a second, and a run asks several times.
        [[ ${*: -1} == --facts ]] || exec "$PYTHON" "$@"
        FACTS+=${*: -3:1}
        [[ ! -s $FACTS ]] || { printf "%s\n" "$(<"$FACTS")"; exit; }
        mkdir -p "${FACTS%/*}"
        "$PYTHON" "$@" >"$FACTS.$$" || { status=$?; cat "$FACTS.$$"; exit "$status"; }
        mv "$FACTS.$$" "$FACTS" && cat "$FACTS"'
    # A real one waits for the disk of the machine that tests. It is called most of all, and this shell begins sooner.
    printf '#!/bin/sh\nprintf "sync %%s\\n" "$*" >>%q\n' "$BATS_TEST_TMPDIR/calls" >"$PROGRAMS/sync"
    chmod +x "$PROGRAMS"/{python3.13,sync}
    # All parts in one file, which is read in two thirds of the time; hundreds of shells read it.
    export PARTS=$BATS_RUN_TMPDIR/parts-$*.sh
    [[ -s $PARTS ]] || join_parts "$@"
    THOROUGH=${PIPIT_THOROUGH:-}
    unset "${!PIPIT_@}"
}

# Several files of tests may run at once, and one that is half written must not be read. The arguments: as of setup_machine
join_parts() {
    local parts
    parts=("${@/#/$CHECKOUT/installer/}")
    parts=("${parts[@]/%/.sh}")
    (($#)) || mapfile -t parts < <(sed -n "s|^source \"\$CHECKOUT/\(.*\)\"|$CHECKOUT/\1|p" "$CHECKOUT/install.sh")
    cat "${parts[@]}" >"$PARTS.$$" && mv "$PARTS.$$" "$PARTS"
}

# Runs a line of shell in a shell of its own with the installer's parts in it, as install.sh has them.
# $1: the line; the rest: its arguments. KEY=VALUE pairs in GIVEN are what the household has answered
in_installer() {
    # shellcheck disable=SC2016  # the inner shell expands it
    bash -c '
        set -euo pipefail
        CHECKOUT=$1 PARTS=$2 LINE=$3 INVOCATION=()
        shift 3
        source "$PARTS"
        DRY_RUN=${DRY:-no}
        set_traps
        start_log "$BATS_TEST_TMPDIR/log"
        for pair in ${GIVEN:-}; do ANSWERS[${pair%%=*}]=${pair#*=}; done
        eval "$LINE"' in_installer "$CHECKOUT" "$PARTS" "$@"
}

# Sets what bats' own `run --separate-stderr` would, without the programs that this starts.
run_in_installer() {
    status=0
    output=$(set +ET && in_installer "$@" 2>"$BATS_TEST_TMPDIR/stderr") || status=$?
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
