# shellcheck shell=bash
# An image is a folder, and links in it are meant for the machine that it will be: followed from here, an absolute one or
# one with enough .. leads to files of this machine. So all places that install.sh writes to are looked at first.

LINK_OUT="" # set by link_out

# Sets LINK_OUT to the link by which a path leaves the folder that it is in, and fails if it stays inside. Names that are
# not there yet cannot. $1: the folder, without links in its own path; $2: the path below it, as the machine will call it
link_out() {
    local place=$1 rest=$2 part target link="" count=0
    while [[ -n $rest ]]; do
        part=${rest%%/*} rest=${rest#"${rest%%/*}"}
        rest=${rest#/}
        case $part in
            "" | .) continue ;;
            ..)
                if [[ $place == "$1" ]]; then
                    LINK_OUT=$link
                    return
                fi
                place=${place%/*}
                continue
                ;;
        esac
        if [[ ! -L $place/$part ]]; then
            place+=/$part
            continue
        fi
        link=$place/$part count=$((count + 1))
        # A name may end with a newline, which $(…) would take off.
        target=$(readlink -n -- "$link" && printf x) || target=/x
        target=${target%x}
        if [[ $target == /* ]] || ((count > 40)); then
            LINK_OUT=$link
            return
        fi
        rest=$target/$rest
    done
    return 1
}

# Dies if a path leads out of the folder, with nothing changed. $1: the folder; the rest: paths below it
refuse_links_out() {
    local folder=$1 path
    local -A ways=() # of the folders that stay inside: this machine follows it as the other will
    shift
    for path; do
        [[ -z ${ways[_${path%/*}]-} || -L $folder$path ]] || continue
        if ! link_out "$folder" "$path"; then
            ways[_${path%/*}]=yes
            continue
        fi
        die "$LINK_OUT is a link to $(readlink -- "$LINK_OUT"), which from here leads out of the image $folder" \
            "make it a relative link that stays inside, or run install.sh within the image (chroot), where it leads to the right place"
    done
}

# Dies if something that this run may write or remove would be outside ROOT.
keep_inside_root() {
    local place places=()
    [[ -n $ROOT ]] || return 0
    for place in "$KEPT_ANSWERS" "$MADE" "$SETTINGS" "$KEY_FILE" "$KEY_ENCRYPTED" "$KEY_DROP_IN" "$KEY_TRIAL" "$UNIT" \
        "$SYSUSERS" "$UDEV_RULE" "$WIFI_SETTINGS" "$STARTED" "$STATE/models/.complete" "$COMMAND" "$CURRENT" "$PREVIOUS"; do
        places+=("$place.new")
        # These three are links, and are replaced as such.
        [[ $place == "$COMMAND" || $place == "$CURRENT" || $place == "$PREVIOUS" ]] || places+=("$place")
    done
    places+=("$RELEASES" "$SERVICE_LOG" "$REBOOT_MARK" "$UNITS/multi-user.target.wants" "$ROOT"/etc/{passwd,group,shadow,gshadow}{,-})
    places+=("$ROOT"/etc/{subuid,subgid,.pwd.lock} "$ROOT/boot/firmware" "$ROOT"/boot{,/firmware}/config.txt.pipit-new)
    refuse_links_out "$ROOT" "${places[@]#"$ROOT"}"
    mapfile -d '' -t places < <(links_in_our_folders)
    refuse_links_out "$ROOT" "${places[@]#"$ROOT"}"
}

# Prints the links in folders that are ours alone, also where such a folder is a link, with a zero byte after each. A virtual environment's Python is one, to
# be run and never written to.
links_in_our_folders() {
    local folder folders=()
    for folder in "${SETTINGS%/*}" "$OPT" "$STATE" "$DROP_INS"; do [[ ! -d $folder ]] || folders+=("$folder"); done
    ((${#folders[@]} == 0)) || find -H "${folders[@]}" -type l ! -path "$OPT/releases/*/venv/bin/python*" -print0
    find -H "$UNITS" "${SYSUSERS%/*}" "${UDEV_RULE%/*}" "$ROOT"/boot{,/firmware} -maxdepth 1 -type l \( -name '*pipit*' \) -print0 2>/dev/null || true
}
