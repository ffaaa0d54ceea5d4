# shellcheck shell=bash
# Which sound board this machine has, and what that asks of config.txt. What cannot be seen is never guessed: a bare I2S
# amplifier or microphone has nothing that software could find.

BOARD=none     # a word of board_table
BOARD_MODEL="" # "Raspberry Pi 4 Model B Rev 1.5"; empty where there is no device tree
BOARD_NOTE=""  # what the household should know about it; empty if nothing
HAT=""         # vendor and product as the EEPROM on the board says them
CARDS=()       # the ids of ALSA's cards, by number
BOOT_LINES=()  # what config.txt must hold
MICROPHONE=""  # PCM names; empty if there is more than one to choose from, or none
SPEAKER=""

# One board a line. The columns: the word in answers; what it is; the id of its ALSA card; whether it hears, speaks or
# both; its lines for config.txt with ; between; a pattern of its EEPROM; its address on the I2C bus; a remark.
board_table() {
    cat <<'TABLE'
none|no board, or one that needs nothing||||||
usb|a USB microphone, sound card or speakerphone||||||
voicehat|I2S microphone with MAX98357A amplifier, or AIY Voice HAT v1|sndrpigooglevoi|both|dtoverlay=googlevoicehat-soundcard|*Google*Voice*HAT*||its microphone wants rate_hz = 48000, channels = 2, sample_format = "S32_LE" and gain_db = 30 in the settings; GPIO 16 is taken
wm8960|ReSpeaker 2-Mic HAT v1, Waveshare WM8960 or Adafruit Voice Bonnet|wm8960soundcard|both|dtparam=i2c_arm=on;dtoverlay=wm8960-soundcard||1a|its button is on GPIO 17; its mixer comes up silent, see 'pipit doctor'
respeaker-2mic-v2|ReSpeaker 2-Mic HAT v2|seeed2micvoicec|both|dtparam=i2c_arm=on;dtoverlay=respeaker-2mic-v2_0||18|its button is on GPIO 17; its mixer comes up quiet, see 'pipit doctor'
max98357a|MAX98357A amplifier without an I2S microphone|MAX98357A|speaks|dtoverlay=max98357a|||GPIO 4 is taken; the microphone is another card
speaker-bonnet|Adafruit Speaker Bonnet, or MAX98357A without a wire to SD|MAX98357A|speaks|dtoverlay=max98357a,no-sdmode|||the microphone is another card
hifiberry-dac|I2S DAC without controls: PCM5102A, HiFiBerry DAC|sndrpihifiberry|speaks|dtoverlay=hifiberry-dac|||the microphone is another card
pirate-audio|Pirate Audio with amplifier|sndrpihifiberry|speaks|dtoverlay=hifiberry-dac;gpio=25=op,dh|||its buttons are on GPIO 5, 6, 16 and 24; the microphone is another card
iqaudio-codec-zero|black IQaudIO Codec Zero|Zero|both|dtoverlay=;dtoverlay=rpi-codeczero|*IQaudIO*Codec*Zero*||its mixer comes up silent, see 'pipit doctor'
codec-zero|Raspberry Pi Codec Zero, which brings its overlay itself|Zero|both||*Raspberry Pi*Codec Zero*||its button is on GPIO 27; its mixer comes up silent, see 'pipit doctor'
respeaker-4mic|ReSpeaker 4-Mic Array HAT|seeed4micvoicec|hears|||3b|it needs a driver outside the kernel, which breaks with kernel updates; a USB array is the better choice
respeaker-6mic|ReSpeaker 6-Mic or 4-Mic linear array HAT|seeed8micvoicec|both|||35|it needs a driver outside the kernel, which breaks with kernel updates; a USB array is the better choice
aiy-voice-bonnet|Google AIY Voice Bonnet v2||||*Google*Voice*Bonnet*||
TABLE
}

# Remarks on USB devices, by vendor:product.
usb_remark() {
    case $1 in
        0b0e:*) say "Jabra speakerphones play only rate_hz = 48000; their mute key makes the microphone all zeros" ;;
        1415:2000) say "the PlayStation Eye hears with channels = 4 and rate_hz = 16000, and does not speak" ;;
    esac
}

# Sets all of the above from what the machine shows: the board's EEPROM, ALSA's cards, what an earlier run wrote for the
# next boot, and, with consent, the I2C bus.
detect_board() {
    local word refusal
    BOARD=none BOARD_NOTE="" BOOT_LINES=() MICROPHONE="" SPEAKER=""
    BOARD_MODEL=$(device_tree_text model)
    HAT=$(device_tree_text hat/vendor hat/product)
    read_cards
    choose_pcms
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
    [[ " ${CARDS[*]} " == *" $(board_column "$BOARD" 3) "* && -z $(boot_config_lines) ]] || return 1
    [[ -n $HAT || -n $(boot_config_conflicts "${BOOT_LINES[@]}") ]]
}

# Sets BOOT_LINES and BOARD_NOTE, and MICROPHONE and SPEAKER as far as the board has them. Dies on an unknown word, and
# on a board that cannot work here. $1: a word of the table
board_lines() {
    local card ability refusal lines
    [[ -n $(board_column "$1" 2) ]] || die "unknown board '$1'" "use one of: $(board_words)"
    if refusal=$(board_refusal "$1"); then die "${refusal%%$'\t'*}" "${refusal#*$'\t'}"; fi
    card=$(board_column "$1" 3) ability=$(board_column "$1" 4) lines=$(board_column "$1" 5)
    BOARD_NOTE=$(board_column "$1" 8)
    BOOT_LINES=()
    [[ -z $lines ]] || IFS=";" read -ra BOOT_LINES <<<"$lines"
    case $ability in both | hears) MICROPHONE=plughw:CARD=$card ;; esac
    case $ability in both | speaks) SPEAKER=plughw:CARD=$card ;; esac
    [[ $1 != usb ]] || BOARD_NOTE=$(usb_remarks)
}

# Prints the words for the boards that can work here, in one line.
board_words() {
    local word words=() _
    while IFS='|' read -r word _; do
        board_refusal "$word" >/dev/null || words+=("$word")
    done < <(board_table)
    say "${words[*]}"
}

# $1: a word; $2: the number of the column
board_column() { board_table | awk -F'|' -v word="$1" -v column="$2" '$1 == word { print $column }'; }

# Prints why a board cannot work on this machine and what to do, with a tab between; fails if it can. $1: a word
board_refusal() {
    local folder overlay
    case $1:$BOARD_MODEL in
        aiy-voice-bonnet:*)
            printf '%s\t%s\n' "the AIY Voice Bonnet v2 has no driver for this kernel: its own was given up at Linux 5.15" \
                "use a USB speakerphone, or the AIY Voice HAT v1"
            return
            ;;
        respeaker-[46]mic:"Raspberry Pi 5"* | respeaker-[46]mic:*"Compute Module 5"*)
            printf '%s\t%s\n' "the ReSpeaker with 4 or 6 microphones cannot work on a Pi 5: its I2S has two channels" \
                "use a USB microphone array"
            return
            ;;
    esac
    folder=$(boot_config_file)
    folder=${folder%/*}/overlays
    [[ -d $folder ]] || return 1
    overlay=$(board_column "$1" 5 | tr ';' '\n' | sed -n 's/^dtoverlay=\([^,]\+\).*/\1/p')
    if [[ -n $overlay && ! -e $folder/$overlay.dtbo ]]; then
        printf '%s\t%s\n' "the board $1 needs the overlay $overlay, which is not in $folder" "$(overlay_source "$1")"
    elif [[ $1 == respeaker-2mic-v2 && -d $ROOT/lib/modules ]] &&
        [[ -z $(find "$ROOT/lib/modules/" -name 'snd-soc-tlv320aic3x-i2c.ko*' -print -quit) ]]; then
        printf '%s\t%s\n' "this kernel has no driver for the ReSpeaker 2-Mic HAT v2 (snd-soc-tlv320aic3x-i2c)" \
            "update Raspberry Pi OS, or use another board"
    else
        return 1
    fi
}

overlay_source() {
    case $1 in
        respeaker-2mic-v2) say "compile respeaker-2mic-v2_0-overlay.dts of Seeed's seeed-linux-dtoverlays into that folder" ;;
        *) say "update Raspberry Pi OS, or name another board" ;;
    esac
}

# Prints texts of the device tree in one line; nothing where there are none. The arguments: names below it
device_tree_text() {
    local name text=()
    for name; do
        [[ ! -r $ROOT/proc/device-tree/$name ]] || text+=("$(tr -d '\0' <"$ROOT/proc/device-tree/$name")")
    done
    say "${text[*]}"
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
    local word pattern _
    [[ -n $HAT ]] || return 0
    while IFS='|' read -r word _ _ _ _ pattern _; do
        # shellcheck disable=SC2053  # it is a pattern
        if [[ -n $pattern && $HAT == $pattern ]]; then say "$word"; fi
    done < <(board_table)
}

# Prints the word of the board whose lines are all in config.txt, in Pipit's block or outside: of several, the one with
# most lines.
board_by_lines() {
    local file word lines line present=$'\n' best="" most=0 wanted _
    file=$(boot_config_file)
    [[ -n $file ]] || return 0
    present+=$(boot_config_lines && boot_settings "$file" | awk -F'\t' '$1 == "yes" && $2 == "no" { print $4 }')$'\n'
    while IFS='|' read -r word _ _ _ lines _; do
        IFS=";" read -ra wanted <<<"$lines"
        for line in "${wanted[@]}"; do [[ $present == *$'\n'"$line"$'\n'* ]] || continue 2; done
        if ((${#wanted[@]} > most)); then best=$word most=${#wanted[@]}; fi
    done < <(board_table)
    say "$best"
}

# Prints the words of the boards with this ALSA card. $1: its id
boards_by_card() { board_table | awk -F'|' -v card="$1" '$3 == card { print $1 }'; }

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
        case ${CARDS[number]} in vc4hdmi* | HDMI* | b1 | b2) continue ;; esac
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
    local answers word address _
    answers=$(timeout 10 i2cdetect -y 1 2>/dev/null || true)
    while IFS='|' read -r word _ _ _ _ _ address _; do
        if [[ -n $address ]] && grep -qw "$address" <<<"$answers"; then
            say "$word"
            return
        fi
    done < <(board_table)
}
