# shellcheck shell=bash
# What an installation does for a camera that the settings name.

# Prints where the settings say the pictures come from; nothing if there is no camera.
camera_source() {
    setting_of camera source
    [[ ${SETTING:-none} == none ]] || say "$SETTING"
}

# Prints the system packages that the camera needs and this machine lacks. The desktop edition of Raspberry Pi OS has the
# same program in another package.
camera_packages() {
    case $(camera_source) in
        picamera) command -v rpicam-vid >/dev/null || say rpicam-apps-lite ;;
        v4l2) missing_packages v4l-utils ;;
    esac
}
