#!/usr/bin/env bash
# Sets Pipit up. `./install.sh help` says what it can do; the parts are in installer/.
set -euo pipefail

CHECKOUT=${BASH_SOURCE[0]%"${BASH_SOURCE[0]##*/}"}
CHECKOUT=$(cd -- "${CHECKOUT:-.}" && pwd -P)
mapfile -d "" -t PLACES < <(realpath -zm -- "${PIPIT_VENV:-$CHECKOUT/.venv}" "${PIPIT_MODELS:-$CHECKOUT/models}" "${ROOT:-/}")
VENV=${PLACES[0]} MODELS=${PLACES[1]}
# Where the machine's own files are: empty for this machine, a folder for an image or a test. Nothing outside it changes.
ROOT=${PLACES[2]%/}
export -n ROOT
# No program that is started from here sees a key in its environment; `demo` gives it to Pipit at the end.
export -n GEMINI_API_KEY GOOGLE_API_KEY
# shellcheck source=installer/report.sh
source "$CHECKOUT/installer/report.sh"
# shellcheck source=installer/root.sh
source "$CHECKOUT/installer/root.sh"
# shellcheck source=installer/system.sh
source "$CHECKOUT/installer/system.sh"
# shellcheck source=installer/python.sh
source "$CHECKOUT/installer/python.sh"
# shellcheck source=installer/models.sh
source "$CHECKOUT/installer/models.sh"
# shellcheck source=installer/answers.sh
source "$CHECKOUT/installer/answers.sh"
# shellcheck source=installer/boot.sh
source "$CHECKOUT/installer/boot.sh"
# shellcheck source=installer/board.sh
source "$CHECKOUT/installer/board.sh"
# shellcheck source=installer/preflight.sh
source "$CHECKOUT/installer/preflight.sh"
# shellcheck source=installer/key.sh
source "$CHECKOUT/installer/key.sh"
# shellcheck source=installer/wifi.sh
source "$CHECKOUT/installer/wifi.sh"
# shellcheck source=installer/unit.sh
source "$CHECKOUT/installer/unit.sh"
# shellcheck source=installer/camera.sh
source "$CHECKOUT/installer/camera.sh"
# shellcheck source=installer/controls.sh
source "$CHECKOUT/installer/controls.sh"
# shellcheck source=installer/understanding.sh
source "$CHECKOUT/installer/understanding.sh"
# shellcheck source=installer/spoken.sh
source "$CHECKOUT/installer/spoken.sh"
# shellcheck source=installer/voice.sh
source "$CHECKOUT/installer/voice.sh"
# shellcheck source=installer/release.sh
source "$CHECKOUT/installer/release.sh"
# shellcheck source=installer/questions.sh
source "$CHECKOUT/installer/questions.sh"
# shellcheck source=installer/starting.sh
source "$CHECKOUT/installer/starting.sh"
# shellcheck source=installer/service.sh
source "$CHECKOUT/installer/service.sh"
# shellcheck source=installer/removal.sh
source "$CHECKOUT/installer/removal.sh"
# shellcheck source=installer/bundle.sh
source "$CHECKOUT/installer/bundle.sh"

usage() {
    cat <<'TEXT'
usage: ./install.sh demo [--wav FILE | --alsa] [--cloud]   set up this folder and run a whole conversation
       ./install.sh test [--thorough] [PYTEST ARGUMENTS]   set up this folder and run every check and test
       ./install.sh bench [--help | ARGUMENTS]             measure what Pipit takes on this machine: pass or fall short
       ./install.sh test-vm [--help | ARGUMENTS]           prove the installation in a virtual machine
       ./install.sh test-clients [--help | ARGUMENTS]      run clients of others against the offline server
       sudo ./install.sh install [OPTIONS]                 install the service on this machine
       sudo ./install.sh upgrade [OPTIONS]                 install this version beside the one that runs, and switch
       sudo ./install.sh rollback [OPTIONS]                go back to the version before
       sudo ./install.sh key [OPTIONS]                     store another API key
       sudo ./install.sh uninstall [OPTIONS]               remove the program; settings, key and state stay
       sudo ./install.sh purge [OPTIONS]                   remove everything
       ./install.sh bundle [--output DIR]                  make one file to install from without a network
       ./install.sh help

--dry-run        say what would be changed, and change nothing
--unattended     ask nothing: what the answers do not say gets a safe default
--answers FILE   take the answers from lines such as 'consent = yes' (docs/installing.md)
--yes            change what is announced without asking first

The exit status is 0, or 10 if the machine must be restarted to finish; 1 after a failure, 2 for a wrong argument.

demo, test, bench and test-clients keep to this folder (.venv, .venv-clients, models) but for system packages, which they install by apt.

PIPIT_PYTHON     the Python to use, 3.11 or newer, instead of the first that is found
PIPIT_VENV       the virtual environment, instead of .venv
PIPIT_MODELS     the folder of model files, instead of models
PIPIT_SKIP_APT   any value: do not look at system packages
PIPIT_THOROUGH   test: any value: as --thorough, which repeats everything in full, as docs/testing.md has it
PIPIT_KEY_FILE   install, key: the file that holds the Gemini API key, instead of asking for it
ROOT             install and its kin: the folder of an image, instead of this machine
NO_COLOR         any value: no colours
TEXT
    printf '\nboards: %s\n' "$(board_words)"
}

# Says what this run will add to the machine, before it does. $1: the subcommand; the rest: missing system packages
announce() {
    local task=$1
    shift
    local sets=(build run wake models)
    ! first_stage_fits || sets+=(first-stage)
    [[ $task == demo ]] || sets+=(camera understanding test)
    headline "Pipit $task: this will install"
    (($#)) && say "  system packages    $*"
    say "  Python packages    in $VENV: those of requirements/{$(IFS=, && echo "${sets[*]}")}.txt, pinned by hash"
    announce_models "$MODELS"
}

# Leaves a checkout that belongs to the caller of sudo in their hands. The arguments: those of this script
hand_back_to_owner() {
    local owner
    owner=$(stat -c %u "$CHECKOUT")
    ((EUID == 0 && owner != 0)) && [[ ${SUDO_UID:-0} == "$owner" ]] || return 0
    say "This folder belongs to ${SUDO_USER:-its owner}: the rest runs as them."
    [[ ! -e $CHECKOUT/install.log ]] || chown "$owner" "$CHECKOUT/install.log"
    exec 9<&-
    exec sudo -H -u "#$owner" -- env PIPIT_PYTHON="${PIPIT_PYTHON:-}" PIPIT_SKIP_APT="${PIPIT_SKIP_APT:-}" \
        PIPIT_VENV="$VENV" PIPIT_MODELS="$MODELS" PIPIT_THOROUGH="${PIPIT_THOROUGH:-}" "$CHECKOUT/install.sh" "$@"
}

# Two runs at once would build one environment over the other.
one_at_a_time() {
    exec 9<"$CHECKOUT/install.sh"
    command -v flock >/dev/null || return 0
    flock -n 9 && return
    say "Another install.sh works in this folder; waiting for it."
    flock -w 1800 9 || die "another install.sh has worked in this folder for half an hour" "end it and run this again"
}

# Brings the checkout's environment and models up to date. $1: demo, test, bench or test-clients; the rest: this script's own arguments
set_up() {
    local task=$1 wanted=("${SYSTEM_PACKAGES[@]}") missing=()
    shift
    one_at_a_time
    require_64_bit
    if environment_serves "$VENV"; then PYTHON=$VENV/bin/python; else choose_python; fi
    [[ $task == demo ]] || wanted+=("${TEST_PACKAGES[@]}")
    have_apt && mapfile -t missing < <(missing_packages "${wanted[@]}")
    missing+=("${PYTHON_PACKAGES[@]}")

    if ((${#missing[@]})) || ! environment_is_complete "$task" || ! models_are_complete "$MODELS"; then
        announce "$task" "${missing[@]}"
        start_log "$CHECKOUT/install.log"
        require_space "$CHECKOUT" 1500
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

# $1: demo, test, bench or test-clients
environment_is_complete() {
    local set sets=(build run wake models)
    ! first_stage_fits || sets+=(first-stage)
    [[ $1 == demo ]] || sets+=(camera understanding test)
    environment_serves "$VENV" && [[ -x $VENV/bin/pipit ]] || return 1
    for set in "${sets[@]}"; do is_installed "$VENV" "$set" || return 1; done
}

build_environment() {
    environment_serves "$VENV" || make_environment "$VENV"
    install_runtime "$VENV"
    if [[ $1 != demo ]]; then
        install_set "$VENV" camera
        install_set "$VENV" understanding
        install_set "$VENV" test
    fi
    # By the line of a path, not by a program that each Python of this folder would run before anything else.
    change "make the command $VENV/bin/pipit" pip_install "$VENV" --quiet --no-deps --no-index \
        --config-settings editable_mode=compat --editable "$CHECKOUT"
}

demo() {
    set_up demo "$@"
    export PIPIT_MODELS=$MODELS
    [[ ! -v GEMINI_API_KEY ]] || export GEMINI_API_KEY
    exec "$VENV/bin/pipit" demo "$@"
}

# Adds to the `failed` of its caller. The parts in installer/ are read by shellcheck where install.sh sources them; the
# options of shfmt are in .editorconfig.
check_scripts() {
    local scripts whole
    mapfile -t scripts < <(shfmt --find install.sh installer requirements .ci tests)
    mapfile -t whole < <(printf '%s\n' "${scripts[@]}" | grep -v '^installer/[a-z]*\.sh$')
    headline "shfmt"
    shfmt --diff "${scripts[@]}" || failed+=("shfmt")
    headline "shellcheck"
    shellcheck --external-sources --check-sourced "${whole[@]}" || failed+=("shellcheck")
    headline "bats"
    bats tests/installer || failed+=("bats")
}

# Every check runs even if one before it failed; pytest comes last, so that its count closes the output.
run_tests() {
    local failed=() status=0
    if [[ ${1:-} == --thorough ]]; then
        export PIPIT_THOROUGH=yes
        shift
    fi
    set_up test "$@"
    export PIPIT_MODELS=$MODELS
    unset PYTHONDONTWRITEBYTECODE # many tests start Pipit as a process, and each would compile it anew
    cd "$CHECKOUT"
    trap - ERR
    headline "ruff check"
    "$VENV/bin/python" -m ruff check . || failed+=("ruff check")
    headline "ruff format --check"
    "$VENV/bin/python" -m ruff format --check . || failed+=("ruff format")
    headline "mypy --strict"
    "$VENV/bin/python" -m mypy --strict || failed+=("mypy")
    check_scripts
    headline "pytest"
    "$VENV/bin/python" -m pytest --numprocesses "$(nproc)" --dist loadfile "$@" || {
        status=$?
        failed+=("pytest")
    }
    ((${#failed[@]} == 0)) || {
        printf 'install.sh: failed: %s — fix: see its output above\n' "$(IFS=, && echo "${failed[*]}")" >&2
        exit $((status ? status : 1))
    }
}

# A program of the tests, which needs nothing but a Python for some of its arguments. $1: the subcommand; $2: the program's
# module; $3: those arguments, as an expression; the rest: what it gets
run_program() {
    local task=$1 module=$2 free=$3
    shift 3
    cd "$CHECKOUT"
    if [[ " $* " =~ \ ($free)\  ]]; then
        choose_python
        exec "${PYTHON:-python3}" -m "$module" "$@"
    fi
    set_up "$task" "$@"
    export PIPIT_MODELS=$MODELS
    exec "$VENV/bin/python" -m "$module" "$@"
}

main() {
    local task=${1:-}
    (($#)) && shift
    set_traps
    case $task in
        demo) demo "$@" ;;
        test) run_tests "$@" ;;
        bench) run_program bench tests.benchmarks "-h|--help" "$@" ;;
        test-clients) run_program test-clients tests.clients "-h|--help|--list" "$@" ;;
        test-vm) exec "$CHECKOUT/tests/vm/run" "$@" ;;
        install) install_service "$@" ;;
        upgrade) upgrade_service "$@" ;;
        rollback) rollback_service "$@" ;;
        key) key_service "$@" ;;
        uninstall) uninstall_service "$@" ;;
        purge) purge_service "$@" ;;
        bundle) bundle "$@" ;;
        help | -h | --help) usage ;;
        "")
            usage >&2
            exit 2
            ;;
        *) die "unknown command '$task'" "./install.sh help" 2 ;;
    esac
}

INVOCATION=("$@")
main "$@"
