# shellcheck shell=bash
# What an installation does for a camera that the settings name.

# Prints where the settings say the pictures come from; nothing if there is no camera. A drop-in that is read later wins.
camera_source() {
    local file source=none said
    for file in "$SETTINGS" "${SETTINGS%/*}"/conf.d/*.toml; do
        [[ -e $file ]] || continue
        said=$(sed -n -e '/^ *\[camera\]/,/^ *\[/s/^ *source *= *"\([a-z0-9]*\)".*/\1/p' \
            -e 's/^ *camera\.source *= *"\([a-z0-9]*\)".*/\1/p' "$file" | tail -n 1)
        source=${said:-$source}
    done
    [[ $source == none ]] || say "$source"
}

# Prints the system packages that the camera needs and this machine lacks. The desktop edition of Raspberry Pi OS has the
# same program in another package.
camera_packages() {
    case $(camera_source) in
        picamera) command -v rpicam-vid >/dev/null || say rpicam-apps-lite ;;
        v4l2) missing_packages v4l-utils ;;
    esac
}
