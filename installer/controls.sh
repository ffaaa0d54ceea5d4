# shellcheck shell=bash
# What an installation does for lights and keys that the settings name.

# Prints the bus that the lights are on: spi or usb; nothing for those on pins, and for none.
lights_bus() {
    case $(setting_of indicator kind) in
        apa102) say spi ;;
        usb) say usb ;;
    esac
}

# Prints what else than pins the controls need, one a line: usb for an array, input for the keys of a device.
controls_buses() {
    if [[ $(lights_bus) == usb || $(setting_of mute kind) == usb ]]; then say usb; fi
    [[ -z $(setting_of keys device) ]] || say input
}
