# shellcheck shell=bash
# Starting the service: only if it does not run from what is on the disk already; and if a new release does not become
# ready, the one before comes back.

# $1: the release's name; $2: how much of what it is started from this run has changed
start_service() {
    if [[ -n $ROOT ]] && ! command -v systemctl >/dev/null; then
        say "  there is no systemctl here: the service is not enabled"
        return
    fi
    system_control is-enabled --quiet pipit.service >/dev/null 2>&1 || change "start the service at every boot" system_control enable pipit.service
    if ! systemd_runs; then
        say "  systemd does not run here: the service starts when this system does"
        return
    fi
    if service_is_current && [[ $DRY_RUN == no || $2 == 0 ]]; then return 0; fi
    change "read the unit files and the rules for devices" read_files_anew
    if reboot_is_needed; then
        # The sound card may be one that config.txt brings.
        change "start the service, which waits for its sound card" system_control restart --no-block pipit.service
        [[ $DRY_RUN == yes ]] || mark_started "$1"
    elif attempt "start the service and wait until it hears" restart; then
        [[ $DRY_RUN == yes ]] || mark_started "$1"
    else
        fall_back "$1" $?
    fi
}

# A run that was cut off may have written them and not told anyone. The copy of an encrypted key is made by a unit.
read_files_anew() {
    system_control daemon-reload || return
    [[ -n $ROOT ]] || apply_rules || return
    [[ ! -e $KEY_TRIAL ]] || system_control try-restart "${KEY_TRIAL##*/}"
}

# Returns when the service is READY: when it hears. On failure, what it said is what to read.
restart() {
    system_control reset-failed pipit.service 2>/dev/null
    timeout 150 systemctl ${ROOT:+--root="$ROOT"} restart pipit.service ||
        {
            journalctl --no-pager -n 12 -o cat -u pipit.service
            return 1
        }
}

# Whether it runs, and from just what is on the disk now.
service_is_current() {
    local state
    state=$(system_control is-active pipit.service 2>/dev/null || true)
    [[ $state == active ]] || { [[ $state == activating ]] && reboot_is_needed; } || return 1
    linked_release "$CURRENT"
    service_fingerprint
    content "$STARTED"
    [[ $CONTENT == "$LINKED $SUM"$'\n' ]]
}

# Sets SUM, which changes when what the service is started from does.
service_fingerprint() {
    checksum < <(cat "$CURRENT/complete" "$UNIT" "$DROP_INS"/*.conf "$KEY_FILE" "$KEY_ENCRYPTED" "$KEY_TRIAL" "${UDEV_RULE%.rules}"*.rules \
        "$STATE/models/.complete" 2>/dev/null || true)
}

# $1: the release's name
mark_started() {
    service_fingerprint
    write_text "$STARTED" "$1 $SUM"$'\n'
}

# A release that never became ready makes way for the one before; one that once did is not to blame.
# $1: the release's name; $2: the status
fall_back() {
    local before
    linked_release "$PREVIOUS"
    before=$LINKED
    content "$STARTED"
    if [[ -z $before || $before == "$1" || ${CONTENT%% *} == "$1" ]] || ! release_serves "$RELEASES/$before"; then
        explain_failure "start the service" "$2"
    fi
    show_output
    go_back_to "$before" "$1"
    change "remove the release $1" remove_release "$RELEASES/$1"
    if attempt "start $before again" restart; then
        mark_started "$before"
        die "release $1 did not become ready and was taken back; $before runs again" "see the lines above, or 'journalctl -u pipit'"
    fi
    die "release $1 did not become ready and was taken back; $before does not start now either" "pipit doctor"
}

# With the unit that belongs to it. $1: the release to go back to; $2: the one to leave
go_back_to() {
    install_unit_of "$1"
    point_link "$CURRENT" "$1"
    change "read the unit files and the rules for devices" read_files_anew
    point_link "$PREVIOUS" "$(other_release "$1" "$2")"
}

# $1: the release's name
install_unit_of() {
    local bus buses=() CHECKOUT=$RELEASES/$1
    while read -r bus; do
        [[ ! -e $CHECKOUT/systemd/$bus.conf ]] || buses+=("$bus") # an older release may not know it
    done < <(installed_buses)
    install_unit "${buses[@]}"
}
