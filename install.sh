#!/usr/bin/env bash
# Sets Pipit up. `./install.sh help` says what it can do; the parts are in installer/.
set -euo pipefail

ROOT=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
VENV=$(realpath -m -- "${PIPIT_VENV:-$ROOT/.venv}")
MODELS=$(realpath -m -- "${PIPIT_MODELS:-$ROOT/models}")
# shellcheck source=installer/report.sh
source "$ROOT/installer/report.sh"
# shellcheck source=installer/system.sh
source "$ROOT/installer/system.sh"
# shellcheck source=installer/python.sh
source "$ROOT/installer/python.sh"
# shellcheck source=installer/models.sh
source "$ROOT/installer/models.sh"
# shellcheck source=installer/service.sh
source "$ROOT/installer/service.sh"

usage() {
    cat <<'TEXT'
usage: ./install.sh demo [--wav FILE | --alsa] [--cloud]   set up this folder and run a whole conversation
       ./install.sh test [PYTEST ARGUMENTS]                set up this folder and run every check and test
       sudo ./install.sh install [--dry-run]               install the service on this machine
       sudo ./install.sh uninstall [--purge] [--dry-run]   remove it; --purge removes settings, key and state too
       ./install.sh help

demo and test keep to this folder (.venv, models) but for system packages, which they install by apt.

PIPIT_PYTHON     the Python to use, 3.11 or newer, instead of the first that is found
PIPIT_VENV       the virtual environment, instead of .venv
PIPIT_MODELS     the folder of model files, instead of models
PIPIT_SKIP_APT   any value: do not look at system packages
PIPIT_KEY_FILE   install: the file that holds the Gemini API key, instead of asking for it
NO_COLOR         any value: no colours
TEXT
}

# Says what this run will add to the machine, before it does. $1: the subcommand; the rest: missing system packages
announce() {
    local task=$1
    shift
    local sets=(build run wake models)
    [[ $task == test ]] && sets+=(test)
    headline "Pipit $task: this will install"
    (($#)) && say "  system packages    $*"
    say "  Python packages    in $VENV: those of requirements/{$(IFS=, && echo "${sets[*]}")}.txt, pinned by hash"
    announce_models "$MODELS"
}

# Leaves a checkout that belongs to the caller of sudo in their hands. The arguments: those of this script
hand_back_to_owner() {
    local owner
    owner=$(stat -c %u "$ROOT")
    ((EUID == 0 && owner != 0)) && [[ ${SUDO_UID:-0} == "$owner" ]] || return 0
    say "This folder belongs to ${SUDO_USER:-its owner}: the rest runs as them."
    [[ ! -e $ROOT/install.log ]] || chown "$owner" "$ROOT/install.log"
    exec 9<&-
    exec sudo -H -u "#$owner" -- env PIPIT_PYTHON="${PIPIT_PYTHON:-}" PIPIT_SKIP_APT="${PIPIT_SKIP_APT:-}" \
        PIPIT_VENV="$VENV" PIPIT_MODELS="$MODELS" "$ROOT/install.sh" "$@"
}

# Two runs at once would build one environment over the other.
one_at_a_time() {
    exec 9<"$ROOT/install.sh"
    command -v flock >/dev/null || return 0
    flock -n 9 && return
    say "Another install.sh works in this folder; waiting for it."
    flock -w 1800 9 || die "another install.sh has worked in this folder for half an hour" "end it and run this again"
}

# Brings the checkout's environment and models up to date. $1: demo or test; the rest: this script's own arguments
set_up() {
    local task=$1 wanted=("${SYSTEM_PACKAGES[@]}") missing=()
    shift
    one_at_a_time
    require_64_bit
    if environment_serves "$VENV"; then PYTHON=$VENV/bin/python; else choose_python; fi
    [[ $task == test ]] && wanted+=("${TEST_PACKAGES[@]}")
    have_apt && mapfile -t missing < <(missing_packages "${wanted[@]}")
    missing+=("${PYTHON_PACKAGES[@]}")

    if ((${#missing[@]})) || ! environment_is_complete "$task" || ! models_are_complete "$MODELS"; then
        announce "$task" "${missing[@]}"
        start_log "$ROOT/install.log"
        require_space "$ROOT" 1500
        ((${#missing[@]} == 0)) || install_packages "${missing[@]}"
        hand_back_to_owner "$task" "$@"
        [[ -n $PYTHON ]] || choose_python
        [[ -n $PYTHON ]] || die "this system's Python is older than 3.11" "install a newer one, or set PIPIT_PYTHON=/path/to/python3"
        build_environment "$task"
        install_models "$VENV" "$MODELS"
        say "Set-up done in $SECONDS s."
    else
        hand_back_to_owner "$task" "$@"
    fi
    exec 9<&-
}

# $1: demo or test
environment_is_complete() {
    local set sets=(build run wake models)
    [[ $1 != test ]] || sets+=(test)
    environment_serves "$VENV" && [[ -x $VENV/bin/pipit ]] || return 1
    for set in "${sets[@]}"; do is_installed "$VENV" "$set" || return 1; done
}

build_environment() {
    environment_serves "$VENV" || make_environment "$VENV"
    install_runtime "$VENV"
    [[ $1 != test ]] || install_set "$VENV" test
    change "make the command $VENV/bin/pipit" pip_install "$VENV" --quiet --no-deps --no-index --editable "$ROOT"
}

demo() {
    set_up demo "$@"
    export PIPIT_MODELS=$MODELS
    exec "$VENV/bin/pipit" demo "$@"
}

# Every check runs even if one before it failed; pytest comes last, so that its count closes the output.
run_tests() {
    local failed=() status=0
    set_up test "$@"
    export PIPIT_MODELS=$MODELS
    cd "$ROOT"
    trap - ERR
    headline "ruff check"
    "$VENV/bin/python" -m ruff check . || failed+=("ruff check")
    headline "ruff format --check"
    "$VENV/bin/python" -m ruff format --check . || failed+=("ruff format")
    headline "mypy --strict"
    "$VENV/bin/python" -m mypy --strict || failed+=("mypy")
    headline "pytest"
    "$VENV/bin/python" -m pytest "$@" || { status=$?; failed+=("pytest"); }
    ((${#failed[@]} == 0)) || {
        printf 'install.sh: failed: %s — fix: see its output above\n' "$(IFS=, && echo "${failed[*]}")" >&2
        exit $((status ? status : 1))
    }
}

main() {
    local task=${1:-}
    (($#)) && shift
    set_traps
    case $task in
        demo) demo "$@" ;;
        test) run_tests "$@" ;;
        install) install_service "$@" ;;
        uninstall) uninstall_service "$@" ;;
        help | -h | --help) usage ;;
        "") usage >&2; exit 2 ;;
        *) die "unknown command '$task'" "./install.sh help" 2 ;;
    esac
}

main "$@"
