# shellcheck shell=bash
# What an installation does for lights that the settings name.

# Prints the bus that they are on: spi or usb; nothing for those on pins, and for none.
lights_bus() {
    case $(setting_of indicator kind) in
        apa102) say spi ;;
        usb) say usb ;;
    esac
}
