#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154  # lines for another shell; variables of one test; bats sets and reads some
# What is looked at before the first change: each check on a machine that is well, one that is not, and one that does not tell.

load machine

setup() {
    setup_machine
    put etc/os-release $'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nVERSION_CODENAME=trixie\nID=debian\n'
    put proc/meminfo $'MemTotal:        3884400 kB\nMemFree:          100000 kB\n'
    put proc/asound/cards $' 0 [Device         ]: USB-Audio - USB\n'
    put run/systemd/timesync/synchronized ""
    mkdir -p "$ROOT/run/systemd/system" "$ROOT/opt" "$ROOT/var/lib"
    stand_in getconf 'echo "${BITS-64}"'
    stand_in dpkg 'echo "${ARCHITECTURE-arm64}"'
    stand_in python3.13 'echo "${VERSION-3.13} 64 complete $0"'
    stand_in df 'echo header; echo "/dev/root 30000 1 ${FREE-9000} 1% /"'
    stand_in date 'echo "${TODAY-2030-01-02}"'
    stand_in timedatectl 'echo no'
    stand_in apt-get 'echo "apt-get $*" >>"$BATS_TEST_TMPDIR/asked"; echo "'\''http://mirror.invalid/InRelease'\'' name 0 "'
    stand_in apt-helper 'echo "apt-helper $*" >>"$BATS_TEST_TMPDIR/asked"; exit "${MIRROR-0}"'
    stand_in getent 'exit "${UNKNOWN-0}"'
}

# Runs one check. $1: its name
checks() { works 'CHECK=$1 && "check_${1%.txt}"' "$1"; }

# Fails unless the last check came to this. $1: the verdict; $2: a part of its sentence
comes_to() { [[ ${#lines[@]} == 1 && $output =~ ^\ \ $1\ + && $output == *"$2"* ]] || report_run; }

@test "a machine that is well: a line for each check, and no word on standard error" {
    works 'preflight; say "refused ${#REFUSALS[@]}"'
    [[ $(grep -c '^  ok ' <<<"$output") == 13 ]] || report_run
    [[ ${lines[-1]} == "refused 0" ]] || report_run
}

@test "all that is wrong is told at once, and the last line has the first and the number of the others" {
    export BITS=32 ARCHITECTURE=armhf FREE=100 MIRROR=1 TODAY=2020-01-01
    refuses "this is a 32-bit armhf system, and Pipit needs a 64-bit one (arm64 or amd64) (and 3 more, see above) — fix: write the 64-bit" preflight
    [[ $(grep -c '^  refused ' <<<"$output") == 4 && $(grep -c '^  ok ' <<<"$output") == 9 ]] || report_run
    says "  refused  disk        only 100 MB are free in $ROOT/, and it takes 1800 MB: free some space there"
    says "  refused  clock       the clock says 2020-01-01"
    says "  refused  network     apt's server does not answer: http://mirror.invalid/InRelease: check"
}

@test "one refusal alone" {
    export TODAY=2020-01-01
    refuses "the clock says 2020-01-01, but this Pipit is of " preflight
    [[ $stderr != *"more, see above"* ]]
}

@test "nothing is written: not under the root, and not in the folder for temporary files" {
    mkdir "$BATS_TEST_TMPDIR/temporary"
    find "$ROOT" -printf '%p %T@\n' | sort >"$BATS_TEST_TMPDIR/before"
    TMPDIR=$BATS_TEST_TMPDIR/temporary works preflight
    diff "$BATS_TEST_TMPDIR/before" <(find "$ROOT" -printf '%p %T@\n' | sort)
    [[ -z $(ls -A "$BATS_TEST_TMPDIR/temporary") ]]
}

@test "userland: a 64-bit kernel does not help a 32-bit system" {
    stand_in uname 'echo aarch64'
    checks userland
    comes_to ok "64-bit arm64"
    ARCHITECTURE=armhf BITS=32 checks userland
    comes_to refused "32-bit armhf"
    ARCHITECTURE=armhf checks userland
    comes_to refused "armhf"
    BITS=32 checks userland
    comes_to refused "32-bit"
    stand_in dpkg 'exit 127'
    checks userland
    comes_to ok "64-bit aarch64"
}

@test "release" {
    checks release
    comes_to ok "Debian GNU/Linux 13 (trixie)"
    put etc/os-release $'PRETTY_NAME="Raspbian GNU/Linux 12 (bookworm)"\nVERSION_CODENAME="bookworm"\nID=raspbian\n'
    checks release
    comes_to ok "12 (bookworm)"
    put etc/os-release $'PRETTY_NAME="Raspbian GNU/Linux 11 (bullseye)"\nVERSION_CODENAME=bullseye\nID=raspbian\n'
    checks release
    comes_to refused "11 (bullseye) is neither"
    put etc/os-release $'PRETTY_NAME="Ubuntu 24.04 LTS"\nVERSION_CODENAME=noble\nID=ubuntu\nID_LIKE=debian\n'
    checks release
    comes_to refused "Ubuntu"
    GIVEN=any_release=yes checks release
    comes_to note "Ubuntu 24.04 LTS is not one that Pipit is tested on"
    PIPIT_ANY_RELEASE=yes checks release
    comes_to note "Ubuntu"
    GIVEN=any_release=no checks release
    comes_to refused "Ubuntu"
    rm "$ROOT/etc/os-release"
    checks release
    comes_to refused "this system"
}

@test "Python" {
    local version
    for version in 3.11 3.12 3.13 3.14; do
        VERSION=$version checks python
        comes_to ok "$version ($PROGRAMS/python3.13)"
    done
    VERSION=3.15 PIPIT_PYTHON=python3.13 checks python
    comes_to refused "3.15"
    VERSION=3.9 PIPIT_PYTHON=python3.13 checks python
    comes_to refused "PIPIT_PYTHON: python3.13 is Python 3.9: name a complete Python"
    PIPIT_PYTHON=/nowhere/python3 checks python
    comes_to refused "PIPIT_PYTHON: /nowhere/python3 does not run"
}

@test "Python that is not there comes with the system packages, or is refused where there are none" {
    local name
    for name in python3 python3.{11..20}; do stand_in "$name" 'exit 1'; done
    stand_in dpkg-query 'exit 0'
    checks python
    comes_to ok "comes with the system packages python3 python3-venv"
    PIPIT_SKIP_APT=yes checks python
    comes_to refused "no complete Python 3.11"
}

@test "systemd" {
    checks systemd
    comes_to ok "it runs"
    rmdir "$ROOT/run/systemd/system"
    checks systemd
    comes_to note "installed and not started"
    # On a machine that is no folder, by the program alone: there is none on this PATH.
    mkdir "$BATS_TEST_TMPDIR/no-systemd"
    ROOT="" works 'ROOT=/nowhere/..; ROOT=""; PATH=$1; [[ ! -d /run/systemd/system ]] || exit 0; CHECK=systemd; check_systemd' \
        "$BATS_TEST_TMPDIR/no-systemd"
    [[ -d /run/systemd/system ]] || comes_to refused "does not run systemd"
}

@test "disk: one file system" {
    FREE=1800 checks disk
    comes_to ok "1800 MB free"
    FREE=1799 checks disk
    comes_to refused "only 1799 MB are free in $ROOT/, and it takes 1800 MB"
    stand_in df 'exit 1'
    checks disk
    comes_to note "not known"
}

@test "disk: the state on one of its own, and folders that are not there yet" {
    rmdir "$ROOT/opt"
    mkdir -p "$ROOT/var/lib/own"
    stand_in df '[[ ${@: -1} == */var/lib* ]] && set -- "$STATE_FREE" /var/lib || set -- "$PROGRAM_FREE" /
        echo header; echo "/dev/x 30000 1 $1 1% $2"'
    PROGRAM_FREE=1500 STATE_FREE=300 checks disk
    comes_to ok "300 MB free in $ROOT/var/lib"
    PROGRAM_FREE=1499 STATE_FREE=300 checks disk
    comes_to refused "only 1499 MB are free in $ROOT/opt, and it takes 1500 MB"
    PROGRAM_FREE=1500 STATE_FREE=299 checks disk
    comes_to refused "only 299 MB are free in $ROOT/var/lib, and it takes 300 MB"
}

@test "memory" {
    checks memory
    comes_to ok "3793 MB"
    put proc/meminfo $'MemTotal: 512000 kB\n'
    checks memory
    comes_to ok "500 MB"
    # A Zero 2 W, after what its screen takes.
    put proc/meminfo $'MemTotal: 425000 kB\n'
    checks memory
    comes_to note "415 MB are enough"
    put proc/meminfo $'MemTotal: 358399 kB\n'
    checks memory
    comes_to refused "only 349 MB of memory, and Pipit needs 350 MB"
    rm "$ROOT/proc/meminfo"
    checks memory
    comes_to note "not known"
}

@test "clock" {
    checks clock
    comes_to ok "2030-01-02, set by the network"
    rm "$ROOT/run/systemd/timesync/synchronized"
    checks clock
    comes_to note "2030-01-02; not set by the network yet"
    # Another time service than systemd's own.
    stand_in timedatectl '[[ "$*" == "show -p NTPSynchronized --value" ]] && echo yes'
    checks clock
    comes_to ok "set by the network"
}

@test "clock: not before the day of this release, which the change log knows" {
    local log=$BATS_TEST_TMPDIR/checkout/CHANGELOG.md
    mkdir -p "${log%/*}"
    printf '## [Unreleased]\n\n## [1.2.0] - 2031-05-06\n\n## [1.1.0] - 2029-01-01\n' >"$log"
    works 'CHECKOUT=$1; CHECK=clock; check_clock' "${log%/*}"
    comes_to refused "the clock says 2030-01-02, but this Pipit is of 2031-05-06"
    TODAY=2031-05-06 works 'CHECKOUT=$1; CHECK=clock; check_clock' "${log%/*}"
    comes_to ok 2031-05-06
    printf '## [Unreleased]\n' >"$log"
    TODAY=2025-12-31 works 'CHECKOUT=$1; CHECK=clock; check_clock' "${log%/*}"
    comes_to refused "the clock says 2025-12-31"
}

@test "network: the server that apt is set up with is asked, by apt" {
    checks network
    comes_to ok "apt's server answers"
    grep -qx 'apt-get update --print-uris' "$BATS_TEST_TMPDIR/asked"
    grep -q 'apt-helper .*download-file http://mirror.invalid/InRelease ' "$BATS_TEST_TMPDIR/asked"
    MIRROR=100 checks network
    comes_to refused "apt's server does not answer: http://mirror.invalid/InRelease"
    # What is installed goes on without it.
    mkdir -p "$ROOT/opt/pipit/current"
    MIRROR=100 checks network
    comes_to note "nothing new can be fetched"
}

@test "network: a server of a third party that is gone does not count" {
    stand_in apt-get 'printf "'\''http://%s/InRelease'\'' name 0 \n" gone.invalid gone.invalid mirror.invalid'
    stand_in apt-helper 'echo "$*" >>"$BATS_TEST_TMPDIR/asked"; [[ $* != *gone.invalid* ]]'
    checks network
    comes_to ok "apt's server answers"
    [[ $(wc -l <"$BATS_TEST_TMPDIR/asked") == 2 ]]
}

@test "network: no server to ask" {
    stand_in apt-get 'echo "'\''file:/media/debian/InRelease'\'' name 0 "'
    checks network
    comes_to note "apt knows no server"
    PIPIT_SKIP_APT=yes checks network
    comes_to note "there is no apt"
}

@test "network: a bundle that brings the packages along needs none" {
    mkdir "$BATS_TEST_TMPDIR/checkout"
    echo "bookworm arm64 3.11" >"$BATS_TEST_TMPDIR/checkout/BUNDLE"
    MIRROR=100 works 'CHECKOUT=$1; CHECK=network; check_network' "$BATS_TEST_TMPDIR/checkout"
    comes_to ok "not needed"
    [[ ! -e $BATS_TEST_TMPDIR/asked ]]
}

@test "the service's address" {
    checks service
    comes_to ok "has an address"
    UNKNOWN=2 checks service
    comes_to note "cannot be found from here"
}

# $1: process; $2: its name; $3: its control group
put_process() {
    put "proc/$1/comm" "$2"$'\n'
    put "proc/$1/cgroup" "0::${3:-/user.slice/user-1000.slice}"$'\n'
}

# $1: a PCM below proc/asound, such as card0/pcm0c; $2: the process that has it open, if any
put_pcm() { put "proc/asound/$1/sub0/status" "${2:+$'state: RUNNING\nowner_pid   : '}${2:-closed}"$'\n'; }

@test "sound: nobody holds a card" {
    put_pcm card0/pcm0c
    checks sound
    comes_to ok "nobody holds a sound card"
}

@test "sound: a card that Pipit itself holds" {
    put_pcm card0/pcm0c 812
    put_process 812 python3 /system.slice/pipit.service
    put_pcm card0/pcm0p 900
    put_process 900 pipit
    checks sound
    comes_to ok "nobody holds a sound card"
}

@test "sound: a card that another program holds, named once" {
    put_pcm card0/pcm0c 812
    put_pcm card0/pcm0p 812
    put_process 812 arecord
    put_pcm card1/pcm0c 4711
    checks sound
    comes_to note "held by arecord (card0), process 4711 (card1): end that"
}

@test "sound: PipeWire and PulseAudio are explained" {
    put_process 640 pipewire
    checks sound
    comes_to note "pipewire runs: it may take the card"
    put_pcm card0/pcm0p 640
    checks sound
    comes_to note "held by pipewire (card0): a desktop's sound server"
    rm -r "$ROOT/proc/640"
    put_process 640 pulseaudio
    checks sound
    comes_to note "held by pulseaudio (card0): a desktop's sound server"
}

@test "sound: no card yet" {
    put proc/asound/cards $'--- no soundcards ---\n'
    checks sound
    comes_to note "no sound card yet"
    rm -r "$ROOT/proc/asound"
    checks sound
    comes_to note "no sound card yet"
}

@test "power, by the firmware" {
    put dev/vcio ""
    stand_in vcgencmd '[[ $* == get_throttled ]] && echo "throttled=$FLAGS"'
    FLAGS=0x0 checks power
    comes_to ok steady
    FLAGS=0x50005 checks power
    comes_to note "too low now"
    FLAGS=0x50000 checks power
    comes_to note "too low since the start"
    FLAGS=0x80008 checks power
    comes_to note "heat"
    FLAGS=0xe0000 checks power
    comes_to note "heat"
    stand_in vcgencmd 'echo "VCHI initialization failed"; exit 255'
    checks power
    comes_to ok "not measured on this machine"
    rm "$ROOT/dev/vcio"
    stand_in vcgencmd 'echo throttled=0x50005'
    checks power
    comes_to ok "not measured on this machine"
}

@test "power, by the kernel's sensor" {
    put sys/class/hwmon/hwmon0/name $'cpu_thermal\n'
    checks power
    comes_to ok "not measured on this machine"
    put sys/class/hwmon/hwmon1/name $'rpi_volt\n'
    put sys/class/hwmon/hwmon1/in0_lcrit_alarm $'1\n'
    checks power
    comes_to note "too low now"
    put sys/class/hwmon/hwmon1/in0_lcrit_alarm $'0\n'
    checks power
    comes_to ok steady
}

@test "config.txt" {
    checks config.txt
    comes_to ok "no Raspberry Pi"
    put proc/device-tree/model "Raspberry Pi 4 Model B Rev 1.5"
    checks config.txt
    comes_to note "mount the boot partition"
    put boot/firmware/config.txt $'arm_64bit=1\n'
    checks config.txt
    comes_to ok "$CONFIG"
    put boot/firmware/config.txt $'# >>> pipit (managed) >>>\n'
    checks config.txt
    comes_to refused "are damaged: line 1"
}

@test "files of others in the way, each with its fix" {
    checks files
    comes_to ok "nothing is in the way"
    works 'foreign_files() { printf "%s\t%s\n" "one is in the way" "move it" "two is too" "that one as well"; }
        CHECK=files && check_files && say "${#REFUSALS[@]}"'
    [[ ${lines[0]} == "  refused  files       one is in the way: move it" ]] || report_run
    [[ ${lines[1]} == "  refused  files       two is too: that one as well" ]] || report_run
    [[ ${lines[2]} == 2 ]] || report_run
}
