# shellcheck shell=bash
# What an installation does for lights and keys that the settings name.

# Prints the bus that the lights are on: spi or usb; nothing for those on pins, and for none.
lights_bus() {
    setting_of indicator kind
    case $SETTING in
        apa102) say spi ;;
        usb) say usb ;;
    esac
}

# Prints what else than pins the controls need, one a line: usb for an array, input for the keys of a device.
controls_buses() {
    local lights
    setting_of indicator kind
    lights=$SETTING
    setting_of mute kind
    if [[ $lights == usb || $SETTING == usb ]]; then say usb; fi
    setting_of keys device
    [[ -z $SETTING ]] || say input
}
