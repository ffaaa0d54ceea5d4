# shellcheck shell=bash
# Everything that could stop an installation, looked at before the first change and told at once: a line each.

# What must be known before there is a Python.
# shellcheck source=daemon/machine/facts.conf
source "$CHECKOUT/daemon/machine/facts.conf"
readonly PREFLIGHT=(userland release python systemd machine files)

REFUSALS=()      # what keeps Pipit from being installed here
REFUSAL_FIXES=() # and what to do about each
CHECK=""         # the name of the check that runs
MACHINE_LOOKED_AT=no

# Makes all checks; dies if one refuses. No check changes anything or needs root.
preflight() {
    REFUSALS=() REFUSAL_FIXES=()
    headline "Checks"
    for CHECK in "${PREFLIGHT[@]}"; do "check_$CHECK"; done
    die_if_refused
}

# The first refusal is the last line; the others stand above.
die_if_refused() {
    local more=""
    ((${#REFUSALS[@]})) || return 0
    ((${#REFUSALS[@]} == 1)) || more=" (and $((${#REFUSALS[@]} - 1)) more, see above)"
    die "${REFUSALS[0]}$more" "${REFUSAL_FIXES[0]}"
}

# $1: ok, note or refused; $2: a sentence; $3: what to do about it, if anything
verdict() {
    local sentence=$2${3:+: $3}
    printf '  %-8s %-11s %s\n' "$1" "$CHECK" "$sentence"
    [[ $1 == refused ]] || return 0
    REFUSALS+=("$2")
    REFUSAL_FIXES+=("$3")
}

# 64-bit kernels under a 32-bit userland are common on a Pi, so the kernel is not asked.
check_userland() {
    local architecture bits
    bits=$(getconf LONG_BIT 2>/dev/null || true)
    architecture=$(dpkg --print-architecture 2>/dev/null || uname -m)
    if [[ $bits == 64 && $architecture =~ ^(arm64|aarch64|amd64|x86_64)$ ]]; then
        verdict ok "64-bit $architecture"
    else
        verdict refused "this is a ${bits:-?}-bit $architecture system, and Pipit needs a 64-bit one (arm64 or amd64)" \
            "write the 64-bit Raspberry Pi OS to the card"
    fi
}

check_release() {
    local id codename name
    os_release
    if [[ $id:$codename =~ ^(debian|raspbian):(bookworm|trixie)$ ]]; then
        verdict ok "$name"
    elif [[ -n ${PIPIT_ANY_RELEASE:-} || ${ANSWERS[any_release]-} == yes ]]; then
        verdict note "${name:-an unknown system} is not one that Pipit is tested on; you wanted it so"
    else
        verdict refused "${name:-this system} is neither Debian nor Raspberry Pi OS 12 (bookworm) or 13 (trixie)" \
            "use one of them, or try your luck with 'any_release = yes' in the answers or PIPIT_ANY_RELEASE=yes"
    fi
}

# Sets `id`, `codename` and `name` of its caller to what os-release says, without quotes.
os_release() {
    local file key value
    id="" codename="" name=""
    for file in "$ROOT/etc/os-release" "$ROOT/usr/lib/os-release"; do
        [[ -f $file ]] || continue
        while IFS="=" read -r key value || [[ -n $key ]]; do
            value=${value#\"}
            value=${value%\"}
            case $key in ID) id=$value ;; VERSION_CODENAME) codename=$value ;; PRETTY_NAME) name=$value ;; esac
        done <"$file"
        return
    done
}

# In a shell of its own: choose_python ends the run where it finds none.
check_python() {
    local found version
    if ! found=$(trap - ERR && choose_python 2>&1 && printf '%s|%s|%s' "$PYTHON_VERSION" "$PYTHON" "${PYTHON_PACKAGES[*]}"); then
        found=${found#install.sh: }
        verdict refused "${found%% — fix: *}" "${found#* — fix: }"
    elif [[ $found == "||"* ]]; then
        verdict ok "comes with the system packages ${found#||}"
    else
        version=${found%%|*} found=${found#*|}
        if [[ " $PYTHON_VERSIONS " == *" $version "* ]]; then
            verdict ok "$version (${found%|*})"
        else
            verdict refused "${found%|*} is Python $version, for which not all packages exist" \
                "install one of Python $PYTHON_VERSIONS, and set PIPIT_PYTHON to its path"
        fi
    fi
}

check_systemd() {
    if [[ -d $ROOT/run/systemd/system ]]; then
        verdict ok "it runs"
    elif [[ -n $ROOT ]] || command -v systemctl >/dev/null; then
        verdict note "it does not run here, so the service is installed and not started"
    else
        verdict refused "this system does not run systemd" "use Raspberry Pi OS or Debian"
    fi
}

# The rest is looked at by the doctor's own checks, with the bounds of an installation: daemon/machine/preflight.py. They
# take a Python, and wait for the one that the system packages bring where there is none yet.
check_machine() {
    local found word sentence fix
    MACHINE_LOOKED_AT=no
    if found=$(own_module daemon.machine.preflight "${ROOT:-/}"); then
        while IFS=$'\t' read -r word CHECK sentence fix; do verdict "$word" "$sentence" "$fix"; done <<<"$found"
        MACHINE_LOOKED_AT=yes
    elif own_module hardware.errors; then
        verdict refused "the checks of the machine do not run with the Python that is here" "report this line as a bug"
    else
        verdict note "not looked at before there is a Python 3.11 or newer"
    fi
}

# Looks at what preflight could not, now that there is a Python; dies if something refuses.
preflight_of_machine() {
    [[ $MACHINE_LOOKED_AT == no ]] || return 0
    REFUSALS=() REFUSAL_FIXES=() CHECK=machine
    check_machine
    die_if_refused
}

check_files() {
    local sentence fix found=no
    while IFS=$'\t' read -r sentence fix; do
        found=yes
        verdict refused "$sentence" "$fix"
    done < <(foreign_files)
    [[ $found == yes ]] || verdict ok "nothing is in the way"
}
