# shellcheck shell=bash
# Everything that could stop an installation, looked at before the first change and told at once: a line each.

# What a machine must have: the doctor goes by the same.
# shellcheck source=daemon/machine/facts.conf
source "$CHECKOUT/daemon/machine/facts.conf"
readonly PREFLIGHT=(userland release python systemd disk memory clock network service sound power config.txt files)

REFUSALS=()      # what keeps Pipit from being installed here
REFUSAL_FIXES=() # and what to do about each
CHECK=""         # the name of the check that runs

# Makes all checks; dies if one refuses. No check changes anything or needs root.
preflight() {
    local more=""
    REFUSALS=() REFUSAL_FIXES=()
    headline "Checks"
    for CHECK in "${PREFLIGHT[@]}"; do "check_${CHECK%.txt}"; done
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
    id=$(os_release ID) codename=$(os_release VERSION_CODENAME) name=$(os_release PRETTY_NAME)
    if [[ $id:$codename =~ ^(debian|raspbian):(bookworm|trixie)$ ]]; then
        verdict ok "$name"
    elif [[ -n ${PIPIT_ANY_RELEASE:-} || $(given any_release) == yes ]]; then
        verdict note "${name:-an unknown system} is not one that Pipit is tested on; you wanted it so"
    else
        verdict refused "${name:-this system} is neither Debian nor Raspberry Pi OS 12 (bookworm) or 13 (trixie)" \
            "use one of them, or try your luck with 'any_release = yes' in the answers or PIPIT_ANY_RELEASE=yes"
    fi
}

# Prints a value of os-release without its quotes. $1: the key
os_release() {
    local file
    for file in "$ROOT/etc/os-release" "$ROOT/usr/lib/os-release"; do
        [[ -f $file ]] || continue
        sed -n "s/^$1=\"\?\([^\"]*\)\"\?\$/\1/p" "$file"
        return
    done
}

# In a shell of its own: choose_python ends the run where it finds none.
check_python() {
    local found version
    if ! found=$(trap - ERR && choose_python 2>&1 && printf '%s|%s' "$PYTHON" "${PYTHON_PACKAGES[*]}"); then
        found=${found#install.sh: }
        verdict refused "${found%% — fix: *}" "${found#* — fix: }"
    elif [[ $found == "|"* ]]; then
        verdict ok "comes with the system packages ${found#|}"
    else
        version=$(describe_python "${found%|*}" || true)
        version=${version%% *}
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

check_disk() {
    local program state program_mount state_mount
    read -r program program_mount <<<"$(free_space "$ROOT/opt")"
    read -r state state_mount <<<"$(free_space "$ROOT/var/lib")"
    if [[ ! $program =~ ^[0-9]+$ || ! $state =~ ^[0-9]+$ ]]; then
        verdict note "the free space is not known"
    elif [[ $program_mount == "$state_mount" ]]; then
        judge_space "$program" "$ROOT/" $((PROGRAM_MB + STATE_MB))
    elif ((program < PROGRAM_MB)); then
        judge_space "$program" "$ROOT/opt" "$PROGRAM_MB"
    else
        judge_space "$state" "$ROOT/var/lib" "$STATE_MB"
    fi
}

# $1: megabytes that are free; $2: the folder; $3: megabytes that it takes
judge_space() {
    if (($1 < $3)); then
        verdict refused "only $1 MB are free in $2, and it takes $3 MB" "free some space there ('sudo apt-get clean' is a start)"
    else
        verdict ok "$1 MB free in $2"
    fi
}

# Prints megabytes and the place of the file system that a folder is on or would be.
free_space() {
    local folder=$1
    while [[ ! -d $folder ]]; do folder=$(dirname "$folder"); done
    df -Pm "$folder" 2>/dev/null | awk 'NR == 2 { print $4, $6 }' || true
}

check_memory() {
    local megabytes
    megabytes=$(awk '/^MemTotal:/ { print int($2 / 1024) }' "$ROOT/proc/meminfo" 2>/dev/null || true)
    if [[ -z $megabytes ]]; then
        verdict note "it is not known how much there is"
    elif ((megabytes < LEAST_MEMORY_MB)); then
        verdict refused "only $megabytes MB of memory, and Pipit needs $LEAST_MEMORY_MB MB" "use a Pi with more, a Zero 2 W at least"
    elif ((megabytes < GOOD_MEMORY_MB)); then
        verdict note "$megabytes MB are enough for Pipit and little else: use the Lite image, without a desktop"
    else
        verdict ok "$megabytes MB"
    fi
}

# Certificates do not verify with a clock that is weeks behind, which is normal for a Pi that was in a box.
check_clock() {
    local today released synchronised=no
    today=$(date -u +%Y-%m-%d)
    released=$(released_on)
    [[ ! -e $ROOT/run/systemd/timesync/synchronized ]] || synchronised=yes
    [[ ! -d $ROOT/run/systemd/system || $(timeout 5 timedatectl show -p NTPSynchronized --value 2>/dev/null) != yes ]] || synchronised=yes
    if [[ $today < $released ]]; then
        verdict refused "the clock says $today, but this Pipit is of $released" \
            "connect the network and wait a minute, or set it: sudo date -s 'YYYY-MM-DD hh:mm'"
    elif [[ $synchronised == no ]]; then
        verdict note "$today; not set by the network yet"
    else
        verdict ok "$today, set by the network"
    fi
}

# Prints the newest date of the change log, or the day this line was written.
released_on() {
    local newest
    newest=$(sed -n 's/^## \[.*\] - \([0-9-]\{10\}\)$/\1/p' "$CHECKOUT/CHANGELOG.md" 2>/dev/null | sort | tail -n 1)
    say "${newest:-$RELEASED}"
}

# Asks a server that apt itself is set up with, through apt itself: with its proxy, certificates and passwords.
check_network() {
    local address addresses=()
    if is_bundle; then
        verdict ok "not needed: this bundle brings the packages along"
        return
    elif ! have_apt; then
        verdict note "not looked at: there is no apt to ask"
        return
    fi
    mapfile -t addresses < <(apt_addresses)
    for address in "${addresses[@]}"; do
        mirror_answers "$address" || continue
        verdict ok "apt's server answers"
        return
    done
    if ((${#addresses[@]} == 0)); then
        verdict note "apt knows no server to ask"
    elif [[ -e $ROOT/opt/pipit/current ]]; then
        verdict note "apt's server does not answer (${addresses[0]}), so nothing new can be fetched"
    else
        verdict refused "apt's server does not answer: ${addresses[0]}" \
            "check the network, and apt's sources and proxy with 'sudo apt-get update'"
    fi
}

# Prints an address for each of the first servers of apt's sources: one of a third party may be gone.
apt_addresses() {
    apt-get update --print-uris 2>/dev/null | sed -n "s/^'\([a-z+]*http[^']*\)'.*/\1/p" |
        awk -F/ '!seen[$3]++ && ++count <= 3' || true
}

# $1: the address of a small file
mirror_answers() {
    local folder helper status=0
    helper=$(command -v apt-helper || say /usr/lib/apt/apt-helper)
    folder=$(mktemp -d)
    timeout 15 "$helper" -o Acquire::Retries=0 -o Acquire::http::Timeout=8 -o Acquire::https::Timeout=8 \
        download-file "$1" "$folder/answer" >/dev/null 2>&1 || status=$?
    rm -rf "$folder"
    return "$status"
}

# Only a note: it may be installed in one place and used in another.
check_service() {
    if timeout 5 getent ahosts "$SERVICE_HOST" >/dev/null 2>&1; then
        verdict ok "$SERVICE_HOST has an address"
    else
        verdict note "$SERVICE_HOST cannot be found from here, and without it there are no replies"
    fi
}

# Who holds a sound card, by the kernel's own account; and whether a sound server might.
check_sound() {
    local status pid name holders="" server
    for status in "$ROOT"/proc/asound/card*/pcm*/sub*/status; do
        [[ -r $status ]] || continue
        pid=$(awk '$1 == "owner_pid" { print $3 }' "$status")
        if [[ -z $pid ]] || is_pipit "$pid"; then continue; fi
        name=$(cat "$ROOT/proc/$pid/comm" 2>/dev/null || say "process $pid")
        status=${status#"$ROOT"/proc/asound/}
        [[ $holders == *"$name (${status%%/*})"* ]] || holders+="${holders:+, }$name (${status%%/*})"
    done
    server=$(cat "$ROOT"/proc/[0-9]*/comm 2>/dev/null | grep -xE -m 1 "${SOUND_SERVERS// /|}" || true)
    if [[ $holders == *pipewire* || $holders == *pulseaudio* ]]; then
        verdict note "held by $holders: a desktop's sound server keeps the card for itself while somebody is logged in; use the Lite image, or take this card from it"
    elif [[ -n $holders ]]; then
        verdict note "held by $holders: end that, or Pipit cannot hear and speak"
    elif [[ -n $server ]]; then
        verdict note "$server runs: it may take the card while somebody is logged in to the desktop; the Lite image has none"
    elif [[ ! -e $ROOT/proc/asound/cards ]] || grep -q 'no soundcards' "$ROOT/proc/asound/cards"; then
        verdict note "no sound card yet; one on the header shows after its lines are in config.txt and a reboot"
    else
        verdict ok "nobody holds a sound card"
    fi
}

# $1: a process
is_pipit() {
    grep -qs '/pipit\.service' "$ROOT/proc/$1/cgroup" || [[ $(cat "$ROOT/proc/$1/comm" 2>/dev/null) == pipit ]]
}

check_power() {
    local flags alarm
    flags=$(throttled_flags)
    alarm=$(under_voltage_alarm)
    if [[ -z $flags$alarm ]]; then
        verdict ok "not measured on this machine"
    elif ((flags & UNDER_VOLTAGE_BITS)) || [[ $alarm == 1 ]]; then
        verdict note "the voltage is too low now: use the power supply made for this Pi, and a short cable"
    elif ((flags & UNDER_VOLTAGE_BITS << SINCE_START_SHIFT)); then
        verdict note "the voltage was too low since the start: use the power supply made for this Pi, and a short cable"
    elif ((flags & (SLOWED_BITS | SLOWED_BITS << SINCE_START_SHIFT))); then
        verdict note "the processor was slowed down since the start, mostly by heat: give it air or a heat sink"
    else
        verdict ok "steady"
    fi
}

# Prints the firmware's number, such as 0x50005, or nothing.
throttled_flags() {
    [[ -e $ROOT/dev/vcio ]] && command -v vcgencmd >/dev/null || return 0
    timeout 5 vcgencmd get_throttled 2>/dev/null | sed -n 's/^throttled=\(0x[0-9a-fA-F]*\)$/\1/p' || true
}

# Prints 1 or 0 as the kernel's voltage sensor has it, or nothing.
under_voltage_alarm() {
    local name
    for name in "$ROOT"/sys/class/hwmon/hwmon*/name; do
        [[ -r $name && $(<"$name") == rpi_volt ]] || continue
        cat "${name%name}in0_lcrit_alarm" 2>/dev/null || true
    done
}

check_config() {
    local file place
    file=$(boot_config_file)
    if [[ -z $file && $(device_tree_text model) == "Raspberry Pi"* ]]; then
        verdict note "it is not in $ROOT/boot/firmware: a board on the header needs it, so mount the boot partition there"
        return
    elif [[ -z $file ]]; then
        verdict ok "there is none: no Raspberry Pi, and nothing to set for it"
        return
    fi
    place=$(boot_place "$file")
    if [[ $place == damaged* ]]; then
        verdict refused "Pipit's marks in $file are damaged: ${place#damaged }" \
            "remove the lines '$BOOT_BEGIN' and '$BOOT_END' and what is between them"
    elif [[ ! -w $file || ! -w ${file%/*} ]] && ((EUID == 0)); then
        verdict note "$file cannot be written, which a sound board may need"
    else
        verdict ok "$file"
    fi
}

check_files() {
    local sentence fix found=no
    while IFS=$'\t' read -r sentence fix; do
        found=yes
        verdict refused "$sentence" "$fix"
    done < <(foreign_files)
    [[ $found == yes ]] || verdict ok "nothing is in the way"
}
