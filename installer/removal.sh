# shellcheck shell=bash
# Removing Pipit. What it changed is changed back; settings, key and state stay unless they are to go too.

uninstall_service() {
    begin_service uninstall "$@"
    remove_by uninstall_steps
    say "Kept: ${SETTINGS%/*}, $STATE and the user pipit ('sudo ./install.sh purge' removes them), and the system packages."
}

purge_service() {
    begin_service purge "$@"
    remove_by purge_steps
    # Last, so that a failure before still has it.
    rm -f "$SERVICE_LOG"
    say "The system packages stay: other programs may use them."
}

# $1: the function with the steps
remove_by() {
    CONSENTED=yes
    agree_to "$1"
    "$1"
    headline "Pipit is removed."
}

uninstall_steps() {
    stop_service
    remove_unit
    boot_config_remove
    wifi_power_save_undo
    if [[ $(readlink "$COMMAND" || true) == "$COMMAND_TARGET" ]]; then change "remove $COMMAND" rm -f "$COMMAND"; fi
    [[ ! -L $COMMAND.new ]] || change "remove $COMMAND.new" rm -f "$COMMAND.new"
    # The links first: a release that is half removed is not the current one.
    [[ ! -d $OPT ]] || change "remove $OPT" remove_program
    withdraw_made_folders
    [[ ! -e $REBOOT_MARK ]] || change "remove $REBOOT_MARK" rm -f "$REBOOT_MARK"
}

remove_program() { rm -f "$CURRENT" "$PREVIOUS" && rm -rf "$OPT"; }

# A unit that is not there cannot be stopped; one that is half there can.
stop_service() {
    [[ -e $UNIT ]] || return 0
    # Waiting for its next try is not "active".
    if systemd_runs && [[ ! $(system_control is-active pipit.service 2>/dev/null) =~ ^(inactive|unknown|)$ ]]; then
        change "stop the service" stop_for_good
    fi
    if command -v systemctl >/dev/null && system_control is-enabled --quiet pipit.service >/dev/null 2>&1; then
        change "no longer start it at boot" system_control disable pipit.service
    fi
}

stop_for_good() { system_control stop pipit.service && { system_control reset-failed pipit.service || true; }; }

# The settings last: they say what was made and goes with the rest.
purge_steps() {
    uninstall_steps
    remove_key
    remove_accounts
    [[ ! -e $STATE ]] || change "remove $STATE" rm -rf "$STATE"
    [[ ! -d ${SETTINGS%/*} ]] || change "remove ${SETTINGS%/*}" rm -rf "${SETTINGS%/*}"
}
