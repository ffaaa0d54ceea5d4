# shellcheck shell=bash
# Python: find one, and keep a virtual environment with exactly the pinned packages.

PYTHON=""          # the interpreter that the environment is made from
PYTHON_VERSION=""  # its version, such as 3.13
PYTHON_PACKAGES=() # the system packages it still needs for that
PYTHON_CANDIDATES=(python3.13 python3.12 python3.11 python3.14 python3)

# Prints "version bits complete|bare path" of an interpreter; complete: it has what a virtual environment and a compiler
# need. With a bundle nothing is compiled.
describe_python() {
    local kind=""
    ! is_bundle || kind=bundle
    "$1" -c '
import importlib.util, os, struct, sys, sysconfig
header = os.path.join(sysconfig.get_path("include"), "Python.h")
complete = (os.path.exists(header) or sys.argv[1] == "bundle") and importlib.util.find_spec("ensurepip")
print("%d.%d" % sys.version_info[:2], struct.calcsize("P") * 8, "complete" if complete else "bare", os.path.realpath(sys.executable))
' "$kind" 2>/dev/null
}

# Takes an interpreter if it serves; says why not otherwise. $1: a command or path
consider_python() {
    local description version bits state path wanted
    description=$(describe_python "$1") || {
        say "$1 does not run"
        return 1
    }
    read -r version bits state path <<<"$description"
    if [[ ! $version =~ ^3\.(1[1-9]|[2-9][0-9])$ ]]; then
        say "$1 is Python $version"
        return 1
    fi
    if [[ $bits != 64 ]]; then
        say "$1 is a $bits-bit Python"
        return 1
    fi
    if [[ $state == bare ]]; then
        if ! have_apt || ! dpkg-query -S "$path" >/dev/null 2>&1; then
            say "$1 has no ensurepip or no headers"
            return 1
        fi
        wanted=("python$version-venv")
        is_bundle || wanted+=("python$version-dev")
        mapfile -t PYTHON_PACKAGES < <(missing_packages "${wanted[@]}")
    fi
    PYTHON=$path PYTHON_VERSION=$version
}

# Sets PYTHON, or leaves it empty with the packages that bring one in PYTHON_PACKAGES.
choose_python() {
    local candidate refusal
    PYTHON="" PYTHON_VERSION="" PYTHON_PACKAGES=()
    if [[ -n ${PIPIT_PYTHON:-} ]]; then
        refusal=$(consider_python "$PIPIT_PYTHON") || die "PIPIT_PYTHON: $refusal" "name a complete Python 3.11 or newer"
        consider_python "$PIPIT_PYTHON"
        return
    fi
    for candidate in "${PYTHON_CANDIDATES[@]}"; do
        consider_python "$candidate" >/dev/null && return
    done
    have_apt || die "no complete Python 3.11 or newer found" "install one with its headers, or set PIPIT_PYTHON=/path/to/python3"
    PYTHON_PACKAGES=(python3 python3-venv)
    is_bundle || PYTHON_PACKAGES+=(python3-dev)
}

readonly EX_CONFIG=78 # sysexits.h: how our own modules end with a sentence and its fix

# Runs a module of ours that needs nothing but the standard library, before there is an environment. Prints what it says,
# and fails with EX_CONFIG if that is an error; with 1 where there is no Python that is new enough. Only the checkout is
# looked in, and nothing is written there. $1: the module; the rest: its arguments
own_module() {
    local candidate status said
    for candidate in ${PIPIT_PYTHON:+"$PIPIT_PYTHON"} "${PYTHON_CANDIDATES[@]}"; do
        command -v "$candidate" >/dev/null || continue
        status=0
        said=$("$candidate" -I -B -S -c '
import runpy, sys
import tomllib  # since 3.11
sys.path.insert(0, sys.argv.pop(1))
runpy.run_module(sys.argv.pop(1), run_name="__main__", alter_sys=True)' "$CHECKOUT" "$@" 2>&1) || status=$?
        ((status == 0 || status == EX_CONFIG)) || continue
        [[ -z $said ]] || say "$said"
        return "$status"
    done
    return 1
}

# True if the environment's interpreter runs and is the one asked for, and nobody has moved it. $1: the environment
environment_serves() {
    local wanted
    describe_python "$1/bin/python" >/dev/null || return 1
    [[ ! -e $1/.pipit/place || $(<"$1/.pipit/place") == "$1 $CHECKOUT" ]] || return 1
    [[ -z ${PIPIT_PYTHON:-} ]] && return
    wanted=$(describe_python "$PIPIT_PYTHON") || return 1
    [[ $(describe_python "$1/bin/python") == "$wanted" ]]
}

# $1: the environment
make_environment() {
    INTERPRETER_OF=""
    change "make a virtual environment in $1${PYTHON:+ ($("$PYTHON" -V))}" "$PYTHON" -m venv --clear "$1"
}

INTERPRETER="" INTERPRETER_OF="" # what the interpreter of an environment says that it is, and of which one: it is asked once

# $1: the environment
know_interpreter() {
    [[ $INTERPRETER_OF != "$1" ]] || return 0
    INTERPRETER=$("$1/bin/python" -VV 2>/dev/null || true) INTERPRETER_OF=$1
}

# Sets SUM to what a set of packages was made from: changes when its file or the interpreter does. $1: the environment;
# $2: the file
fingerprint() {
    know_interpreter "$1"
    content "$2"
    checksum <<<"$CONTENT$INTERPRETER"
}

# $1: the environment; $2: the set's name
is_installed() {
    local made_from
    [[ -x $1/bin/python ]] || return 1
    content "$1/.pipit/$2"
    made_from=$CONTENT
    [[ -n $made_from ]] || return 1
    fingerprint "$1" "$CHECKOUT/requirements/$2.txt"
    [[ $made_from == "$SUM"$'\n' ]]
}

# pip keeps its own settings, for they name the mirror where there is one. Raspberry Pi OS adds piwheels to them, whose
# wheels have other hashes: pip passes over those as long as one index has a file of the right hash.
# $1: the environment; the rest: what to install
pip_install() {
    local environment=$1 from=()
    shift
    [[ ! -d $CHECKOUT/wheels ]] || from=(--no-index --find-links "$CHECKOUT/wheels")
    # Build tools, of which swig is a program, come from requirements/build.txt, not from wherever an isolated build or the
    # system would take them.
    PATH="$environment/bin:$PATH" "$environment/bin/python" -m pip install --disable-pip-version-check --no-input --no-build-isolation --use-pep517 \
        "${from[@]}" "$@"
}

# Installs one pinned set unless it is there already. $1: the environment; $2: the set; the rest: pip's options for it
install_set() {
    local environment=$1 set=$2 file=$CHECKOUT/requirements/$2.txt
    shift 2
    is_installed "$environment" "$set" && return
    change "install Python packages: $(grep -c '==' "$file") of requirements/$set.txt" \
        pip_install "$environment" --require-hashes "$@" --requirement "$file"
    [[ $DRY_RUN == no ]] || return 0
    [[ -d $environment/.pipit ]] || mkdir "$environment/.pipit"
    content "$environment/.pipit/place"
    [[ $CONTENT == "$environment $CHECKOUT"$'\n' ]] ||
        write_text "$environment/.pipit/place" "$environment $CHECKOUT"$'\n'
    fingerprint "$environment" "$file"
    write_text "$environment/.pipit/$set" "$SUM"$'\n'
}

# What runs Pipit. $1: the environment
install_runtime() {
    install_set "$1" build
    install_set "$1" run
    install_set "$1" wake --no-deps
    install_first_stage "$1"
    install_set "$1" models
}

GLIBC="" # the version of this system's, once it has been asked

# Its wheels are for glibc 2.35 and later; Pipit works without. A bundle has what its own machine could get.
first_stage_fits() {
    [[ -n $GLIBC ]] || GLIBC=$(getconf GNU_LIBC_VERSION 2>/dev/null) || return 1
    [[ $GLIBC =~ \ ([0-9]+)\.([0-9]+) ]] || return 1
    ((BASH_REMATCH[1] > 2 || (BASH_REMATCH[1] == 2 && BASH_REMATCH[2] >= 35)))
}

# $1: the environment
install_first_stage() {
    if first_stage_fits; then install_set "$1" first-stage; else say "  no first stage before the wake word models: this system's libc is too old"; fi
}
