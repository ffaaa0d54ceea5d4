#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154  # lines for another shell; variables of one test; bats sets and reads some
# What is looked at before the first change: each check that bash makes, and what becomes of those that Python makes
# (tests/daemon/machine/test_preflight.py).

load machine

setup() {
    setup_machine
    put etc/os-release $'PRETTY_NAME="Debian GNU/Linux 13 (trixie)"\nVERSION_CODENAME=trixie\nID=debian\n'
    put proc/meminfo $'MemTotal:        3884400 kB\nMemFree:          100000 kB\n'
    put proc/asound/cards $' 0 [Device         ]: USB-Audio - USB\n'
    put run/systemd/timesync/synchronized ""
    mkdir -p "$ROOT/run/systemd/system" "$ROOT/opt" "$ROOT/var/lib"
    # Our own modules really run; only what Python the household has is played.
    stand_in getconf 'echo "${BITS-64}"' \
        dpkg 'echo "${ARCHITECTURE-arm64}"' \
        python3.13 '[[ $1 != -I ]] || exec "$REAL_PYTHON" "$@"; echo "${VERSION-3.13} 64 complete $0"' \
        apt-get 'echo "'\''http://mirror.invalid/InRelease'\'' name 0 "' \
        apt-helper 'exit 0' \
        getent 'echo "192.0.2.1 STREAM x"'
}

# Runs one check. $1: its name
checks() { works 'CHECK=$1 && "check_${1%.txt}"' "$1"; }

# Fails unless the last check came to this. $1: the verdict; $2: a part of its sentence
comes_to() { [[ ${#lines[@]} == 1 && $output =~ ^\ \ $1\ + && $output == *"$2"* ]] || report_run; }

@test "a machine that is well: a line for each check in their order, no word on standard error, and nothing written" {
    mkdir "$BATS_TEST_TMPDIR/temporary"
    find "$ROOT" -printf '%p %T@\n' | sort >"$BATS_TEST_TMPDIR/before"
    TMPDIR=$BATS_TEST_TMPDIR/temporary works 'preflight; say "refused ${#REFUSALS[@]}"'
    diff "$BATS_TEST_TMPDIR/before" <(find "$ROOT" -printf '%p %T@\n' | sort)
    [[ -z $(ls -A "$BATS_TEST_TMPDIR/temporary") ]]
    [[ $(grep -c '^  ok ' <<<"$output") == 13 ]] || report_run
    [[ ${lines[-1]} == "refused 0" ]] || report_run
    unset 'lines[0]' 'lines[-1]'
    [[ $(printf '%s\n' "${lines[@]}" | awk '{ print $2 }' | paste -sd ' ') == "userland release python systemd disk memory clock network service sound power config.txt files" ]] || report_run
}

@test "all that is wrong is told at once, and the last line has the first and the number of the others" {
    export BITS=32 ARCHITECTURE=armhf
    stand_in apt-helper 'exit 100'
    put proc/meminfo $'MemTotal: 100000 kB\n'
    put boot/firmware/config.txt $'# >>> pipit (managed) >>>\n'
    refuses "this is a 32-bit armhf system, and Pipit needs a 64-bit one (arm64 or amd64) (and 3 more, see above) — fix: write the 64-bit" preflight
    [[ $(grep -c '^  refused ' <<<"$output") == 4 && $(grep -c '^  ok ' <<<"$output") == 9 ]] || report_run
    says "  refused  memory      only 97 MB of memory, and Pipit needs 350 MB: use a Pi with more, a Zero 2 W at least"
    says "  refused  network     apt's server does not answer: http://mirror.invalid/InRelease: check"
    says "  refused  config.txt  Pipit's marks in $CONFIG are damaged: line 1 begins a block that does not end: remove"
}

@test "one refusal alone" {
    put proc/meminfo $'MemTotal: 100000 kB\n'
    refuses "only 97 MB of memory, and Pipit needs 350 MB" preflight
    [[ $stderr != *"more, see above"* ]]
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

@test "what the machine's checks find is printed in their order, and refuses like the rest" {
    works 'own_module() { printf "%s\t%s\t%s\t%s\n" ok disk "9 MB" "" note memory "little" "buy" refused config.txt "a b" "c d"; }
        CHECK=machine && check_machine && say "${REFUSALS[*]}|${REFUSAL_FIXES[*]}|$MACHINE_LOOKED_AT"'
    [[ ${lines[0]} == "  ok       disk        9 MB" ]] || report_run
    [[ ${lines[1]} == "  note     memory      little: buy" ]] || report_run
    [[ ${lines[2]} == "  refused  config.txt  a b: c d" ]] || report_run
    [[ ${lines[3]} == "a b|c d|yes" ]] || report_run
}

@test "checks of the machine that do not run are no checks that are passed" {
    works 'own_module() { [[ $1 == hardware.errors ]]; }
        CHECK=machine && check_machine'
    comes_to refused "do not run with the Python that is here: report"
}

@test "without a Python the rest ends with the sentence about Python, and no traceback" {
    local name
    for name in python3 python3.{11..20}; do stand_in "$name" 'exit 127'; done
    PIPIT_SKIP_APT=yes refuses "no complete Python 3.11 or newer found — fix: install one" preflight
    says "  note     machine     not looked at before there is a Python 3.11 or newer"
    says "  ok       files "
}

@test "without a Python that comes with the system packages, the machine is looked at once it is there" {
    local name
    put proc/meminfo $'MemTotal: 100000 kB\n'
    stand_in dpkg-query 'exit 0'
    mv "$PROGRAMS/python3.13" "$PROGRAMS/later"
    for name in python3 python3.{11..20}; do stand_in "$name" 'exit 127'; done
    refuses "only 97 MB of memory, and Pipit needs 350 MB — fix: use a Pi with more" \
        'preflight && say "went on" && mv "$1/later" "$1/python3.13" && preflight_of_machine' "$PROGRAMS"
    says "  note     machine     not looked at"
    says "went on"
    says "  refused  memory      only 97 MB"
}

@test "it is looked at between the system packages and the first change of Pipit's own" {
    local steps='service_packages() { say python3; }
        install_packages() { say "packages $*"; }
        choose_service_python() { PYTHON=python3.13; say "python"; }
        preflight_of_machine() { say "machine"; }
        install_user() { say "user" && exit; }'
    works "$steps
        PYTHON='' && provide_release"
    [[ ${lines[*]:1} == "packages python3 python machine user" ]] || report_run
    works "$steps
        PYTHON=python3.13 && provide_release"
    [[ ${lines[*]:1} == "packages python3 user" ]] || report_run
}

@test "what has been looked at is not looked at again" {
    works 'own_module() { say "asked" >&2; printf "ok\tdisk\t9 MB\t\n"; }
        CHECK=machine && check_machine 2>/dev/null && preflight_of_machine'
    comes_to ok "9 MB"
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
