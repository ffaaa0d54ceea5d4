# shellcheck shell=bash
# The operating system: what it must be, and the packages taken from it.

# Compilers and headers for the packages that have no wheel, and the voices that speak without a network.
SYSTEM_PACKAGES=(ca-certificates espeak-ng flite gcc libasound2-dev libc6-dev libsystemd-dev pkg-config)
TEST_PACKAGES=(libasound2-plugins shellcheck)

# 64-bit kernels under a 32-bit userland are common on a Pi, so the kernel is not asked.
require_64_bit() {
    local architecture bits
    bits=$(getconf LONG_BIT)
    architecture=$(dpkg --print-architecture 2>/dev/null || uname -m)
    if [[ $bits != 64 || ! $architecture =~ ^(arm64|aarch64|amd64|x86_64)$ ]]; then
        die "this is a ${bits}-bit $architecture system; Pipit needs a 64-bit one (arm64 or amd64)" \
            "write the 64-bit Raspberry Pi OS to the card"
    fi
}

# $1: a folder; $2: megabytes needed there
require_space() {
    local folder=$1 free
    while [[ ! -d $folder ]]; do folder=$(dirname "$folder"); done
    free=$(df -Pm "$folder" | awk 'NR == 2 { print $4 }')
    ((free >= $2)) || die "only $free MB free in $folder; $2 MB are needed" "free some space there"
}

# Prints those of its arguments that are not installed, one a line.
missing_packages() {
    local installed package
    installed=$(dpkg-query -W -f='${Package} ${db:Status-Status}\n' "$@" 2>/dev/null || true)
    for package; do
        grep -qxF "$package installed" <<<"$installed" || say "$package"
    done
}

have_apt() { [[ -z ${PIPIT_SKIP_APT:-} ]] && command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; }

# The arguments: packages that are missing
install_packages() {
    local as_root=() command="apt-get install -y --no-install-recommends $*"
    if ((EUID != 0)) && [[ $DRY_RUN == no ]]; then
        command -v sudo >/dev/null || die "system packages are missing and there is no sudo" "as root: $command"
        # Asked here, where the user can see it: below, the terminal belongs to the log.
        sudo -n true 2>/dev/null || { [[ -t 0 ]] && sudo -v; } ||
            die "system packages are missing and sudo asks for a password" "run 'sudo $command', then this again"
        as_root=(sudo)
    fi
    as_root+=(env DEBIAN_FRONTEND=noninteractive)
    change "update the list of system packages" "${as_root[@]}" apt-get update
    change "install system packages: $*" "${as_root[@]}" apt-get install -y --no-install-recommends "$@"
}
