#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154  # lines for another shell; variables of one test; bats sets and reads some
# Which sound board is there, by folders that look as such machines do, and what it asks of config.txt.

load machine

setup() {
    setup_machine report root system python answers boot board preflight
    mkdir -p "$ROOT"/{boot/firmware/overlays,proc/device-tree}
    cp "$FIXTURES/config-trixie.txt" "$CONFIG"
    put proc/device-tree/model "Raspberry Pi 4 Model B Rev 1.5"
    touch "$ROOT"/boot/firmware/overlays/{googlevoicehat-soundcard,wm8960-soundcard,max98357a,hifiberry-dac,rpi-codeczero}.dtbo
}

detects() {
    works 'detect_board
        say "board $BOARD"
        say "microphone $MICROPHONE"
        say "speaker $SPEAKER"
        for line in "${BOOT_LINES[@]}"; do say "line $line"; done
        say "note $BOARD_NOTE"'
}

# Fails unless the output of `detects` is this but for its note. $1: board; $2: microphone; $3: speaker; the rest: lines
finds() {
    local expected=$'board '$1$'\nmicrophone '$2$'\nspeaker '$3 line
    for line in "${@:4}"; do expected+=$'\nline '$line; done
    [[ ${output%$'\n'note*} == "$expected" ]] || report_run
}

put_hat() {
    mkdir -p "$ROOT/proc/device-tree/hat"
    printf '%s\0' "$1" >"$ROOT/proc/device-tree/hat/vendor"
    printf '%s\0' "$2" >"$ROOT/proc/device-tree/hat/product"
}

# $1: vendor; $2: product; an ALSA card of it follows by put_card
put_usb() {
    put "sys/bus/usb/devices/1-1.$1/idVendor" "$1"$'\n'
    put "sys/bus/usb/devices/1-1.$1/idProduct" "$2"$'\n'
}

@test "a Pi with its screens and its jack alone: nothing is proposed to hear with" {
    put_card 0 vc4hdmi0 pcm0p
    put_card 1 vc4hdmi1 pcm0p
    put_card 2 Headphones pcm0p
    detects
    finds none "" "plughw:CARD=Headphones"
    says "note "
}

@test "a machine that is no Pi and has no card" {
    rm -r "${ROOT:?}"/*
    detects
    finds none "" ""
    put proc/asound/cards $'--- no soundcards ---\n'
    detects
    finds none "" ""
}

@test "the model and the EEPROM are read without their zero bytes" {
    put_hat "Raspberry Pi Ltd." "Raspberry Pi Codec Zero"
    printf 'Raspberry Pi 5 Model B Rev 1.0\0' | put proc/device-tree/model
    works 'detect_board; say "$BOARD_MODEL, $HAT"'
    [[ $output == "Raspberry Pi 5 Model B Rev 1.0, Raspberry Pi Ltd. Raspberry Pi Codec Zero" ]] || report_run
}

@test "a board is known by its card, and its lines are proposed again" {
    put_card 0 vc4hdmi0 pcm0p
    put_card 1 sndrpigooglevoi pcm0p pcm0c
    detects
    finds voicehat "plughw:CARD=sndrpigooglevoi" "plughw:CARD=sndrpigooglevoi" "dtoverlay=googlevoicehat-soundcard"
    says 'sample_format = "S32_LE"'
}

@test "a WM8960 board" {
    put_card 0 wm8960soundcard pcm0p pcm0c
    detects
    finds wm8960 "plughw:CARD=wm8960soundcard" "plughw:CARD=wm8960soundcard" dtparam=i2c_arm=on dtoverlay=wm8960-soundcard
}

@test "a board that hears by another PCM than its first" {
    put_card 0 Satellite1 pcm0p pcm1c
    detects
    finds satellite1 "plughw:CARD=Satellite1,DEV=1" "plughw:CARD=Satellite1"
}

@test "an amplifier alone speaks, and a USB microphone hears" {
    put_card 0 MAX98357A pcm0p
    put_card 1 Device pcm0c
    put proc/asound/card1/usbid "08bb:2902"
    detects
    finds max98357a "plughw:CARD=Device" "plughw:CARD=MAX98357A" dtoverlay=max98357a
}

@test "before the reboot the lines of an earlier run tell the board, and it stays the one that was named" {
    local words=(voicehat speaker-bonnet pirate-audio)
    [[ -z $THOROUGH ]] || words+=(wm8960 max98357a hifiberry-dac iqaudio-codec-zero)
    works 'for word; do
        board_lines "$word"
        boot_config_apply "${BOOT_LINES[@]}" >/dev/null
        detect_board
        boot_config_apply "${BOOT_LINES[@]}"
        say "$BOARD"
    done' "${words[@]}"
    [[ $output == "$(printf '%s\n' "${words[@]}")" ]] || report_run
    # With the card, which two boards share, it is still the one that was named.
    works 'board_lines pirate-audio; boot_config_apply "${BOOT_LINES[@]}"'
    put_card 0 sndrpihifiberry pcm0p
    detects
    says "board pirate-audio"
    # Not by the order of the table: of two boards whose lines are all there, the one with more of them.
    works 'load_boards
        mapfile -t BOARD_WORDS < <(printf "%s\n" "${BOARD_WORDS[@]}" | tac)
        detect_board
        say "$BOARD"'
    [[ $output == pirate-audio ]] || report_run
}

@test "lines that the household wrote itself tell the board too, but not those of another Pi" {
    printf 'dtparam=i2c_arm=on\ndtoverlay=wm8960-soundcard\n' >>"$CONFIG"
    detects
    says "board wm8960"
    printf '[pi5]\ndtparam=i2c_arm=on\ndtoverlay=wm8960-soundcard\n' >"$CONFIG"
    detects
    says "board none"
}

@test "a Codec Zero with its own EEPROM needs no lines; the black one does" {
    put_hat "Raspberry Pi Ltd." "Raspberry Pi Codec Zero"
    put_card 0 Zero pcm0p pcm0c
    detects
    finds codec-zero "plughw:CARD=Zero" "plughw:CARD=Zero"
    rm -r "$ROOT/proc/asound"
    put_hat "IQaudIO Limited www.iqaudio.com" "Pi-Codec Zero"
    detects
    finds iqaudio-codec-zero "plughw:CARD=Zero" "plughw:CARD=Zero" dtoverlay= dtoverlay=rpi-codeczero
}

@test "an EEPROM goes before what an earlier board has left in config.txt" {
    works 'board_lines wm8960; boot_config_apply "${BOOT_LINES[@]}"'
    put_hat "Raspberry Pi Ltd." "Raspberry Pi Codec Zero"
    detects
    finds codec-zero "plughw:CARD=Zero" "plughw:CARD=Zero"
}

@test "the AIY Voice HAT; its card without our lines has come by its EEPROM" {
    put_hat "Google, Inc." "Google AIY Voice HAT"
    detects
    finds voicehat "plughw:CARD=sndrpigooglevoi" "plughw:CARD=sndrpigooglevoi" dtoverlay=googlevoicehat-soundcard
    put_card 0 sndrpigooglevoi pcm0p pcm0c
    detects
    finds voicehat "plughw:CARD=sndrpigooglevoi" "plughw:CARD=sndrpigooglevoi"
    works 'board_lines voicehat; boot_config_apply "${BOOT_LINES[@]}"'
    detects
    finds voicehat "plughw:CARD=sndrpigooglevoi" "plughw:CARD=sndrpigooglevoi" dtoverlay=googlevoicehat-soundcard
}

@test "another overlay or EEPROM with the same id for its card gets no second overlay beside it" {
    put_card 0 sndrpihifiberry pcm0p
    detects
    finds hifiberry-dac "" "plughw:CARD=sndrpihifiberry" dtoverlay=hifiberry-dac
    put_hat "HiFiBerry" "DAC+"
    detects
    finds hifiberry-dac "" "plughw:CARD=sndrpihifiberry"
    rm -r "$ROOT/proc/device-tree/hat"
    printf 'dtoverlay=hifiberry-dacplus\n' >>"$CONFIG"
    detects
    finds hifiberry-dac "" "plughw:CARD=sndrpihifiberry"
}

@test "the AIY Voice Bonnet is refused with a sentence" {
    put_hat "Google, Inc." "Google AIY Voice Bonnet"
    detects
    finds none "" ""
    says "note the AIY Voice Bonnet v2 has no driver for this kernel"
    refuses "the AIY Voice Bonnet v2 has no driver" board_lines\ aiy-voice-bonnet
}

@test "four and six microphones: refused on a Pi 5, warned of elsewhere" {
    local model
    put_card 0 seeed4micvoicec pcm0c
    detects
    finds respeaker-4mic "plughw:CARD=seeed4micvoicec" ""
    says "breaks with kernel updates"
    for model in "Raspberry Pi 5 Model B Rev 1.0" "Raspberry Pi Compute Module 5 Rev 1.0" "Raspberry Pi 500 Rev 1.0"; do
        put proc/device-tree/model "$model"
        detects
        finds none "plughw:CARD=seeed4micvoicec" ""
        says "cannot work on a Pi 5"
    done
    refuses "cannot work on a Pi 5" 'detect_board; board_lines respeaker-6mic'
}

@test "a USB speakerphone beside the jack speaks as well: one clock, and its own echo cancelling" {
    put_card 0 vc4hdmi0 pcm0p
    put_card 1 Headphones pcm0p pcm1p
    put_card 2 USB pcm0p pcm0c
    put proc/asound/card2/usbid "0b0e:0412"
    put_usb 0b0e 0412
    detects
    finds usb "plughw:CARD=USB" "plughw:CARD=USB"
    says "note Jabra speakerphones play only rate_hz = 48000"
}

@test "a USB array that is known: what it wants is said" {
    put_card 0 Array pcm0p pcm0c
    put proc/asound/card0/usbid "2886:001a"
    put_usb 2886 001a
    detects
    finds usb "plughw:CARD=Array" "plughw:CARD=Array"
    says "note the ReSpeaker XVF3800 hears with channels = 2"
}

@test "two that hear: none is guessed" {
    put_card 0 USB pcm0p pcm0c
    put_card 1 Webcam pcm0c
    put proc/asound/card0/usbid "0b0e:0412"
    put proc/asound/card1/usbid "046d:0825"
    detects
    finds usb "" "plughw:CARD=USB"
}

@test "two that speak and a microphone that does not: none is guessed" {
    put_card 0 Headphones pcm0p
    put_card 1 Dongle pcm0p
    put_card 2 Webcam pcm0c
    detects
    finds none "plughw:CARD=Webcam" ""
}

@test "a PCM that is not the first is named by its number; screens on a PC's card are left out" {
    put_card 0 PCH pcm10c pcm2c pcm3p pcm7p
    put proc/asound/card0/pcm3p/info $'card: 0\ndevice: 3\nid: HDMI 0\n'
    put proc/asound/card0/pcm7p/info $'card: 0\ndevice: 7\nid: Speaker\n'
    detects
    finds none "plughw:CARD=PCH,DEV=2" "plughw:CARD=PCH,DEV=7"
}

@test "the I2C bus is asked only with consent, and only if nothing hears" {
    stand_in i2cdetect 'echo "i2cdetect $*" >>"$BATS_TEST_TMPDIR/probed"
        echo "     0  1  2  3  4  5  6  7  8  9  a  b  c  d  e  f"
        echo "10: -- -- -- -- -- -- -- -- -- -- $FOUND -- -- -- -- -- "
        echo "20: -- -- -- -- -- -- -- -- 28 -- -- -- -- -- -- -- "'
    export FOUND=1a
    GIVEN=i2c_probe=yes detects
    finds none "" ""
    put dev/i2c-1 ""
    detects
    finds none "" ""
    GIVEN=i2c_probe=no detects
    [[ ! -e $BATS_TEST_TMPDIR/probed ]]
    GIVEN=i2c_probe=yes detects
    finds wm8960 "plughw:CARD=wm8960soundcard" "plughw:CARD=wm8960soundcard" dtparam=i2c_arm=on dtoverlay=wm8960-soundcard
    [[ $(<"$BATS_TEST_TMPDIR/probed") == "i2cdetect -y 1" ]]
    FOUND=-- GIVEN=i2c_probe=yes detects
    finds none "" ""
    rm "$BATS_TEST_TMPDIR/probed"
    put_card 0 Device pcm0c
    GIVEN=i2c_probe=yes detects
    [[ ! -e $BATS_TEST_TMPDIR/probed ]]
}

@test "the ReSpeaker v2 needs an overlay and a driver that not every system has" {
    refuses "needs the overlay respeaker-2mic-v2_0" 'board_lines respeaker-2mic-v2'
    put boot/firmware/overlays/respeaker-2mic-v2_0.dtbo ""
    mkdir -p "$ROOT/lib/modules/6.12.75/kernel"
    refuses "no driver for the ReSpeaker 2-Mic HAT v2" 'board_lines respeaker-2mic-v2'
    put lib/modules/6.12.75/kernel/snd-soc-tlv320aic3x-i2c.ko.xz ""
    works 'board_lines respeaker-2mic-v2; say "${BOOT_LINES[*]} $MICROPHONE"'
    [[ $output == "dtparam=i2c_arm=on dtoverlay=respeaker-2mic-v2_0 plughw:CARD=seeed2micvoicec" ]] || report_run
}

@test "an unknown word is refused, with those that there are" {
    refuses "unknown board 'voicehut' — fix: use one of: none usb voicehat wm8960" 'board_lines voicehut'
    [[ $stderr != *aiy-voice-bonnet* && $stderr != *respeaker-2mic-v2* ]]
    refuses "unknown board '" 'board_lines "voice.*"'
}

@test "none and usb ask nothing of config.txt, and leave the cards that were found" {
    put_card 0 Device pcm0p pcm0c
    works 'detect_board; for word in none usb; do board_lines $word; say "${#BOOT_LINES[@]} $MICROPHONE $SPEAKER"; done'
    [[ $output == $'0 plughw:CARD=Device plughw:CARD=Device\n0 plughw:CARD=Device plughw:CARD=Device' ]] || report_run
}

@test "no board of the table is in conflict with the stock file, and the firmware reads its lines whole" {
    put boot/firmware/overlays/respeaker-2mic-v2_0.dtbo ""
    works 'for word in $(board_words); do
        board_lines "$word"
        boot_config_conflicts "${BOOT_LINES[@]}"
        for line in "${BOOT_LINES[@]}"; do ((${#line} < 80)); [[ $line == dt*=* || $line == gpio=* ]]; done
    done'
    [[ -z $output ]] || report_run
}

@test "what the boot part knows of the pins of overlays is what the boards say" {
    works 'load_boards
        for word in "${BOARD_WORDS[@]}"; do
            IFS=";" read -ra lines <<<"${BOARD_FACTS[$word.lines]-}"
            IFS=";" read -ra pins <<<"${BOARD_FACTS[$word.pins]-}"
            ((${#lines[@]})) || continue
            claimed=" "
            for line in "${lines[@]}"; do boot_pins "$line" && claimed+="$BOOT_PINS "; done
            for pin in "${pins[@]}"; do
                # An overlay shares the I2C bus, and claims nothing of it.
                [[ $pin == [23] || $claimed == *" ${pin%:*} "* ]] || say "$word does not claim GPIO $pin"
                if [[ $pin == *:* ]]; then
                    boot_pins "${lines[-1]},${pin#*:}=27"
                    [[ $BOOT_PINS == *" 27" ]] || say "$word does not move GPIO $pin"
                fi
            done
        done'
    [[ -z $output ]] || report_run
}

@test "a machine without a Python that could read the boards: nothing is guessed, and a word is refused with the reason" {
    local name
    for name in python3 python3.{11..14}; do stand_in "$name" 'exit 1'; done
    put_card 0 sndrpigooglevoi pcm0p pcm0c
    detects
    finds none "plughw:CARD=sndrpigooglevoi" "plughw:CARD=sndrpigooglevoi"
    says "note there is no Python here yet"
    works 'board_words'
    [[ $output == none ]] || report_run
    refuses "there is no Python here yet that could read of the board 'voicehat' — fix: install Python 3.11" 'board_lines voicehat'
}

@test "a board file that is wrong ends the run with its name" {
    local copy=$BATS_TEST_TMPDIR/copy
    mkdir "$copy"
    cp -r "$CHECKOUT/hardware" "$copy"
    echo 'colour = "red"' >"$copy/hardware/boards/seashell.toml"
    refuses "the board file seashell.toml cannot be used: colour is not a key" 'CHECKOUT=$1; detect_board' "$copy"
}
