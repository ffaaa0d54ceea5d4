# shellcheck shell=bash
# Which sound board this machine has, and what that asks of config.txt. What cannot be seen is never guessed: a bare I2S
# amplifier or microphone has nothing that software could find.

BOARD=none     # a word of BOARD_WORDS, or none
BOARD_MODEL="" # "Raspberry Pi 4 Model B Rev 1.5"; empty where there is no device tree
BOARD_NOTE=""  # what the household should know about it; empty if nothing
HAT=""         # vendor and product as the EEPROM on the board says them
CARDS=()       # the ids of ALSA's cards, by number
BOOT_LINES=()  # what config.txt must hold
MICROPHONE=""  # PCM names; empty if there is more than one to choose from, or none
SPEAKER=""

BOARD_WORDS=()            # of those that can be named, in their order; set by load_boards
declare -A BOARD_FACTS=() # by WORD.KEY: what hardware/boards/pages.py:_facts tells; lists have ; between
BOARDS_LOADED=no          # or yes, or without: there is no Python to read them with

# Reads hardware/boards, once in a shell and those that it begins. Where there is no Python yet, there are no boards.
load_boards() {
    local IFS=$'\t\n' facts
    [[ $BOARDS_LOADED == no ]] || return 0
    BOARDS_LOADED=without
    if ! facts=$(own_module hardware.boards --facts); then
        [[ -z $facts ]] || die "${facts%%. Fix: *}" "${facts##*. Fix: }"
        return 0
    fi
    set -f # `read` would ask the kernel for each letter
    # shellcheck disable=SC2086  # word, key and value, of which none is empty
    set -- $facts
    set +f
    while (($#)); do
        BOARD_FACTS[$1.$2]=$3
        [[ $2 != title ]] || BOARD_WORDS+=("$1")
        shift 3
    done
    BOARDS_LOADED=yes
}

# Whether it is a word for answers: devices known by their USB ids all go by usb.
is_board() { [[ $1 == none ]] || [[ -v BOARD_FACTS[$1.title] && ! -v BOARD_FACTS[$1.usb] ]]; }

# Why a word cannot be taken. $1: the word
unknown_board() {
    if [[ $BOARDS_LOADED == without ]]; then
        printf '%s\t%s\n' "there is no Python here yet that could read of the board '$1'" \
            "install Python 3.11 or newer ('sudo apt-get install python3') and run this again, or use board = none"
    else
        printf '%s\t%s\n' "unknown board '$1'" "use one of: $(board_words)"
    fi
}

# Prints the remark on a USB device; nothing for one that is not known. $1: vendor:product
usb_remark() {
    local word ids id
    for word in "${BOARD_WORDS[@]}"; do
        IFS=";" read -ra ids <<<"${BOARD_FACTS[$word.usb]-}"
        # shellcheck disable=SC2053  # it is a pattern
        for id in "${ids[@]}"; do [[ $1 != $id ]] || say "${BOARD_FACTS[$word.note]-}"; done
    done
}

# Sets all of the above from what the machine shows: the board's EEPROM, ALSA's cards, what an earlier run wrote for the
# next boot, and, with consent, the I2C bus.
detect_board() {
    local word refusal
    BOARD=none BOARD_NOTE="" BOOT_LINES=() MICROPHONE="" SPEAKER=""
    load_boards
    device_tree_text model
    BOARD_MODEL=$DEVICE_TEXT
    device_tree_text hat/vendor hat/product
    HAT=$DEVICE_TEXT
    read_cards
    choose_pcms
    if [[ $BOARDS_LOADED == without ]]; then
        BOARD_NOTE="there is no Python here yet to read the sound boards with; if there is one, run this again afterwards"
        return
    fi
    word=$(recognise_board)
    if [[ -z $word ]] && may_probe_i2c; then word=$(probe_i2c); fi
    [[ -n $word ]] || word=$(recognise_usb)
    if refusal=$(board_refusal "$word"); then
        BOARD_NOTE="${refusal%%$'\t'*}; ${refusal#*$'\t'}"
        return
    fi
    BOARD=${word:-none}
    board_lines "$BOARD"
    if is_brought_otherwise; then BOOT_LINES=(); fi
}

# Whether the board's card is there without our lines: by an EEPROM, or by another overlay that the household wrote. Many
# overlays have the same id for their card, and two at once would be none.
is_brought_otherwise() {
    [[ $BOARD != none && " ${CARDS[*]} " == *" $(board_card "$BOARD") "* && -z $(boot_config_lines) ]] || return 1
    [[ -n $HAT || -n $(boot_config_conflicts "${BOOT_LINES[@]}") ]]
}

# Sets BOOT_LINES and BOARD_NOTE, and MICROPHONE and SPEAKER as far as the board has them. Dies on an unknown word, and
# on a board that cannot work here. $1: a word of the table
board_lines() {
    local card ability refusal lines hears speaks
    load_boards
    if ! is_board "$1"; then
        refusal=$(unknown_board "$1")
        die "${refusal%%$'\t'*}" "${refusal#*$'\t'}"
    fi
    if refusal=$(board_refusal "$1"); then die "${refusal%%$'\t'*}" "${refusal#*$'\t'}"; fi
    card=$(board_card "$1") ability=${BOARD_FACTS[$1.ability]-} lines=${BOARD_FACTS[$1.lines]-}
    BOARD_NOTE=${BOARD_FACTS[$1.note]-}
    BOOT_LINES=()
    [[ -z $lines ]] || IFS=";" read -ra BOOT_LINES <<<"$lines"
    hears=${BOARD_FACTS[$1.hears_device]-} speaks=${BOARD_FACTS[$1.speaks_device]-}
    case ${card:+$ability} in both | hears) MICROPHONE=plughw:CARD=$card${hears:+,DEV=$hears} ;; esac
    case ${card:+$ability} in both | speaks) SPEAKER=plughw:CARD=$card${speaks:+,DEV=$speaks} ;; esac
    [[ $1 != usb ]] || BOARD_NOTE=$(usb_remarks)
}

# Prints the words for the boards that can work here, in one line.
board_words() {
    local word words=(none)
    load_boards
    for word in "${BOARD_WORDS[@]}"; do
        is_board "$word" || continue
        board_refusal "$word" >/dev/null || words+=("$word")
    done
    say "${words[*]}"
}

# Prints the id of the board's ALSA card, of several the first. $1: a word
board_card() {
    local cards
    cards=${BOARD_FACTS[$1.cards]-}
    say "${cards%%;*}"
}

# Prints why a board cannot work on this machine and what to do, with a tab between; fails if it can. $1: a word
board_refusal() {
    local folder overlay module
    if is_for_other_models "$1"; then
        printf '%s\t%s\n' "${BOARD_FACTS[$1.refusal]-}" "${BOARD_FACTS[$1.refusal_fix]-}"
        return
    fi
    boot_config_file
    folder=${BOOT_FILE%/*}/overlays
    [[ -d $folder ]] || return 1
    board_overlay "$1"
    overlay=$OVERLAY
    module=${BOARD_FACTS[$1.module]-}
    if [[ -n $overlay && ! -e $folder/$overlay.dtbo ]]; then
        printf '%s\t%s\n' "the board $1 needs the overlay $overlay, which is not in $folder" "$(overlay_source "$1")"
    elif [[ -n $module && -d $ROOT/lib/modules ]] && [[ -z $(find "$ROOT/lib/modules/" -name "$module.ko*" -print -quit) ]]; then
        printf '%s\t%s\n' "this kernel has no driver for the ${BOARD_FACTS[$1.title]-} ($module)" \
            "update Raspberry Pi OS, or use another board"
    else
        return 1
    fi
}

OVERLAY="" # set by board_overlay

# Sets OVERLAY to the name of the board's overlay, without its options; empty if it needs none. $1: a word
board_overlay() {
    local line lines name=""
    IFS=";" read -ra lines <<<"${BOARD_FACTS[$1.lines]-}"
    for line in "${lines[@]}"; do
        [[ $line != dtoverlay=?* ]] || name=${line#dtoverlay=}
    done
    OVERLAY=${name%%,*}
}

# Whether the board is refused on this model; those that name no models are on all. $1: a word
is_for_other_models() {
    local models model
    [[ -v BOARD_FACTS[$1.refusal] ]] || return 1
    IFS=";" read -ra models <<<"${BOARD_FACTS[$1.refusal_models]-}"
    ((${#models[@]})) || return 0
    for model in "${models[@]}"; do [[ $BOARD_MODEL != *"$model"* ]] || return 0; done
    return 1
}

# $1: a word
overlay_source() {
    local source
    source=${BOARD_FACTS[$1.overlay_from]-}
    say "${source:-update Raspberry Pi OS, or name another board}"
}

DEVICE_TEXT="" # set by device_tree_text

# Sets DEVICE_TEXT to texts of the device tree, each of which ends with a zero byte; to nothing where there are none. The
# arguments: names below it
device_tree_text() {
    local name
    DEVICE_TEXT=""
    for name; do
        content "$ROOT/proc/device-tree/$name"
        DEVICE_TEXT+=${CONTENT:+${DEVICE_TEXT:+ }$CONTENT}
    done
}

# Prints the word of the board that is there, if it shows. Before the reboot that an earlier run asked for there is no
# card yet, but its lines.
recognise_board() {
    local word id
    word=$(boards_by_eeprom)
    [[ -n $word ]] || word=$(board_by_lines)
    for id in "${CARDS[@]}"; do [[ -n $word ]] || word=$(boards_by_card "$id"); done
    say "${word%%$'\n'*}"
}

boards_by_eeprom() {
    local word pattern
    [[ -n $HAT ]] || return 0
    for word in "${BOARD_WORDS[@]}"; do
        pattern=${BOARD_FACTS[$word.eeprom]-}
        # shellcheck disable=SC2053  # it is a pattern
        if [[ -n $pattern && $HAT == $pattern ]]; then say "$word"; fi
    done
}

# Prints the word of the board whose lines are all in config.txt, in Pipit's block or outside: of several, the one with
# most lines.
board_by_lines() {
    local file word line present=$'\n' best="" most=0 wanted
    boot_config_file
    file=$BOOT_FILE
    [[ -n $file ]] || return 0
    present+=$(boot_config_lines)$'\n'
    BOOT_SETTINGS=()
    boot_settings "$file"
    for line in "${BOOT_SETTINGS[@]}"; do
        [[ $line != yes$'\t'no$'\t'* ]] || present+=${line#*$'\t'*$'\t'*$'\t'}$'\n'
    done
    for word in "${BOARD_WORDS[@]}"; do
        IFS=";" read -ra wanted <<<"${BOARD_FACTS[$word.lines]-}"
        for line in "${wanted[@]}"; do [[ $present == *$'\n'"$line"$'\n'* ]] || continue 2; done
        if ((${#wanted[@]} > most)); then best=$word most=${#wanted[@]}; fi
    done
    say "$best"
}

# Prints the words of the boards with this ALSA card. $1: its id
boards_by_card() {
    local word
    for word in "${BOARD_WORDS[@]}"; do
        [[ ";${BOARD_FACTS[$word.cards]-};" != *";$1;"* ]] || say "$word"
    done
}

# Sets CARDS from lines such as " 1 [sndrpigooglevoi]: RPi-simple - snd_rpi_googlevoicehat_soundcar".
read_cards() {
    local line
    CARDS=()
    [[ -r $ROOT/proc/asound/cards ]] || return 0
    while read -r line; do
        [[ $line =~ ^([0-9]+)\ \[([^ ]+)\ *\]: ]] && CARDS[BASH_REMATCH[1]]=${BASH_REMATCH[2]}
    done <"$ROOT/proc/asound/cards"
    return 0
}

# Sets MICROPHONE and SPEAKER if there is one card to choose from, screens aside. A card that hears and is the only one
# that does is taken to speak with too: one clock, and its own echo cancelling if it is a speakerphone.
choose_pcms() {
    local number hears speaks hearing=() speaking=() own=""
    for number in "${!CARDS[@]}"; do
        ! is_hdmi_card "${CARDS[number]}" || continue
        hears=$(pcm_name "$number" c) speaks=$(pcm_name "$number" p)
        [[ -z $speaks ]] || speaking+=("$speaks")
        [[ -z $hears ]] || { hearing+=("$hears") && own=$speaks; }
    done
    [[ ${#hearing[@]} != 1 ]] || MICROPHONE=${hearing[0]}
    if ((${#speaking[@]} == 1)); then
        SPEAKER=${speaking[0]}
    elif ((${#hearing[@]} == 1)); then
        SPEAKER=$own
    fi
}

# $1: the id of a card
is_hdmi_card() {
    local pattern patterns
    read -ra patterns <<<"$HDMI_CARDS"
    # shellcheck disable=SC2053  # it is a pattern
    for pattern in "${patterns[@]}"; do [[ $1 != $pattern ]] || return 0; done
    return 1
}

# Prints the name of a card's first PCM, without its number where that is 0. $1: the card's number; $2: c to capture, p to play
pcm_name() {
    local pcm device first=""
    for pcm in "$ROOT/proc/asound/card$1"/pcm[0-9]*"$2"; do
        if [[ ! -d $pcm ]] || grep -qsi '^id:.*hdmi' "$pcm/info"; then continue; fi
        device=${pcm##*/pcm} device=${device%?}
        if [[ -z $first ]] || ((device < first)); then first=$device; fi
    done
    [[ -n $first ]] || return 0
    device=,DEV=$first
    say "plughw:CARD=${CARDS[$1]}${device%,DEV=0}"
}

# Prints usb if one of the cards is; only those have a usbid.
recognise_usb() {
    local number
    for number in "${!CARDS[@]}"; do
        [[ -e $ROOT/proc/asound/card$number/usbid ]] || continue
        say usb
        return
    done
}

usb_remarks() {
    local vendor
    for vendor in "$ROOT"/sys/bus/usb/devices/*/idVendor; do
        [[ ! -r ${vendor%idVendor}idProduct ]] || usb_remark "$(<"$vendor"):$(<"${vendor%idVendor}idProduct")"
    done | paste -sd';'
}

# A probe can disturb what else is connected, so it is asked for, and only where nothing else has shown what hears.
may_probe_i2c() {
    [[ -z $MICROPHONE && -e $ROOT/dev/i2c-1 ]] && command -v i2cdetect >/dev/null || return 1
    ask i2c_probe "Look for a sound board on the I2C bus (yes/no)?" no
    [[ $ANSWER == yes ]]
}

# Prints the word of a board that answers on the I2C bus.
probe_i2c() {
    local answers word address
    answers=$(timeout 10 i2cdetect -y 1 2>/dev/null || true)
    for word in "${BOARD_WORDS[@]}"; do
        address=${BOARD_FACTS[$word.i2c]-}
        if [[ -n $address ]] && grep -qw "$address" <<<"$answers"; then
            say "$word"
            return
        fi
    done
}
