# shellcheck shell=bash
# Wi-Fi power save, which adds up to a second to the first word of an answer: off, if the owner agrees.

WIFI_SETTINGS=$ROOT/etc/NetworkManager/conf.d/90-pipit-wifi.conf

# Whether there is a Wi-Fi card, and NetworkManager to tell about it.
wifi_is_managed() {
    [[ -x $ROOT/usr/sbin/NetworkManager ]] && compgen -G "$ROOT/sys/class/net/*/phy80211" >/dev/null
}

wifi_power_save_off() {
    local before=$CHANGES
    place_file "$CHECKOUT/installer/wifi.conf" "$WIFI_SETTINGS"
    reload_network_settings "$before"
}

wifi_power_save_undo() {
    local before=$CHANGES
    withdraw_file "$WIFI_SETTINGS"
    withdraw_folder "${WIFI_SETTINGS%/*}"
    withdraw_folder "$ROOT/etc/NetworkManager"
    reload_network_settings "$before"
}

# Only read again: to connect anew could cut off the one who types this. $1: CHANGES before
reload_network_settings() {
    ((CHANGES > $1)) && [[ -z $ROOT ]] && command -v nmcli >/dev/null || return 0
    change "tell NetworkManager; it counts from the next connection on" nmcli general reload conf
}
