# shellcheck shell=bash
# What the service needs of the machine: its unit with drop-ins, its user and groups, its rights to devices.

UNITS=$ROOT/etc/systemd/system
UNIT=$UNITS/pipit.service
DROP_INS=$UNITS/pipit.service.d
SYSUSERS=$ROOT/etc/sysusers.d/pipit.conf
UDEV_RULE=$ROOT/etc/udev/rules.d/60-pipit.rules
readonly BUSES=(spi i2c video usb input)

# The arguments: the buses whose devices the service may use
install_unit() {
    local before=$CHANGES bus
    install_accounts "$@"
    install_rules "$@"
    place_file "$CHECKOUT/systemd/pipit.service" "$UNIT"
    for bus in "${BUSES[@]}"; do
        if is_among "$bus" "$@"; then
            place_file "$CHECKOUT/systemd/$bus.conf" "$DROP_INS/20-$bus.conf"
        else
            withdraw_bus "$bus"
        fi
    done
    reread_units "$before"
    settle_key
}

# $1: a word; the rest: a list
is_among() {
    local word=$1 other
    shift
    for other; do [[ $other != "$word" ]] || return 0; done
    return 1
}

# Prints the buses that the service may use now, one a line: what a second run offers as the answer.
installed_buses() {
    local bus
    for bus in "${BUSES[@]}"; do
        [[ ! -e $DROP_INS/20-$bus.conf ]] || say "$bus"
    done
}

# $1: a bus
withdraw_bus() {
    withdraw_file "$DROP_INS/20-$1.conf"
    withdraw_file "${SYSUSERS%.conf}-$1.conf"
    withdraw_file "${UDEV_RULE%.rules}-$1.rules"
}

# The user that the service runs as and the groups that open its devices. The arguments: as of install_unit
install_accounts() {
    local bus group files=("$SYSUSERS")
    for bus; do files+=("${SYSUSERS%.conf}-$bus.conf"); done
    place_file "$CHECKOUT/systemd/pipit.sysusers.conf" "$SYSUSERS"
    for bus; do place_file "$CHECKOUT/systemd/$bus.sysusers.conf" "${SYSUSERS%.conf}-$bus.conf"; done
    ! accounts_are_complete "$@" || return 0
    has_account passwd pipit || note_made "user pipit"
    for group in gpio "$@"; do
        has_account group "$group" || note_made "group $group"
    done
    change "make the user pipit and its groups" systemd-sysusers --root="$ROOT/" "${files[@]##*/}"
}

# $1: passwd or group; $2: a name
has_account() {
    content "$ROOT/etc/$1"
    [[ $'\n'$CONTENT == *$'\n'"$2:"* ]]
}

accounts_are_complete() {
    local group end=$'\n'
    has_account passwd pipit || return 1
    content "$ROOT/etc/group"
    for group in audio gpio "$@"; do
        [[ $end$CONTENT$end =~ $end$group:[^$end]*[:,]pipit[,$end] ]] || return 1
    done
}

# The arguments: as of install_unit
install_rules() {
    local before=$CHANGES bus
    place_file "$CHECKOUT/systemd/60-pipit.rules" "$UDEV_RULE"
    for bus; do place_file "$CHECKOUT/systemd/$bus.rules" "${UDEV_RULE%.rules}-$bus.rules"; done
    ((CHANGES > before)) && systemd_runs && [[ -z $ROOT ]] || return 0
    change "apply the rules for devices" apply_rules
}

apply_rules() {
    udevadm control --reload &&
        udevadm trigger --settle --subsystem-match=gpio --subsystem-match=spidev --subsystem-match=i2c-dev \
            --subsystem-match=dma_heap &&
        udevadm trigger --settle --subsystem-match=usb --attr-match=idVendor=2886
}

# systemd is told only if there is something to tell. $1: CHANGES before
reread_units() {
    ((CHANGES > $1)) && systemd_runs || return 0
    change "read the unit files" system_control daemon-reload
}

# All that install_unit wrote; the stored key stays, and so does the user, who owns the state.
remove_unit() {
    local before=$CHANGES bus
    if systemd_runs && [[ -e $KEY_TRIAL ]]; then
        change "forget the decrypted trial of the API key" system_control stop pipit-key.service
    fi
    withdraw_key_files
    for bus in "${BUSES[@]}"; do withdraw_bus "$bus"; done
    withdraw_file "$UNIT"
    withdraw_file "$UDEV_RULE"
    withdraw_file "$SYSUSERS"
    withdraw_folder "$DROP_INS"
    withdraw_folder "${SYSUSERS%/*}"
    reread_units "$before"
}

# The user, and those groups that were not there before.
remove_accounts() {
    local group
    ! has_account passwd pipit || change "remove the user pipit" userdel ${ROOT:+--prefix "$ROOT"} pipit
    for group in gpio "${BUSES[@]}"; do
        if ! was_made "group $group" || ! has_account group "$group"; then continue; fi
        change "remove the group $group" groupdel ${ROOT:+--prefix "$ROOT"} "$group"
    done
}
