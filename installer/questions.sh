# shellcheck shell=bash
# What an installation must know: from the machine, an earlier run, the answers, or the household.

USED_BUSES=() # of spi, i2c and video, those whose devices the service may use
WIFI=keep     # or off: whether Wi-Fi may save power

settle_questions() {
    settle_board
    settle_units
    boot_config_check "${BOOT_LINES[@]}"
    if [[ ! -e $SETTINGS ]]; then
        ask microphone "Microphone ('arecord -L' prints the names)?" "${MICROPHONE:-default}"
        MICROPHONE=$ANSWER
        ask speaker "Speaker ('aplay -L' prints the names)?" "${SPEAKER:-default}"
        SPEAKER=$ANSWER
        ask language "Language (en, de, pt-BR …)?" en
    fi
    settle_voice
    settle_understanding
    settle_spoken
    if wifi_is_managed; then
        ask wifi_power_save "Wi-Fi power saving delays the first answer by up to a second. Switch it off (off/keep)?" keep
        WIFI=$ANSWER
    fi
    key_is_stored || take_key
}

# Sets BOOT_LINES and BOARD to what is wanted. Without a config.txt this is no Raspberry Pi, and there is nothing to ask.
settle_board() {
    local detected=$BOARD refusal
    boot_config_file
    [[ -n $BOOT_FILE ]] || {
        BOARD=none BOOT_LINES=()
        return
    }
    [[ -z $BOARD_MODEL ]] || say "This is a $BOARD_MODEL."
    [[ $detected == none ]] || say "Found: board $detected."
    [[ -z $BOARD_NOTE ]] || say "Note: $BOARD_NOTE."
    ask board "Sound board ($(board_words))?" "$detected"
    [[ $ANSWER == detected ]] && ANSWER=$detected
    if ! is_board "$ANSWER"; then
        refusal=$(unknown_board "$ANSWER")
        die "${ANSWER_PLACES[board]:+${ANSWER_PLACES[board]}: }${refusal%%$'\t'*}" "${refusal#*$'\t'}" 2
    fi
    [[ $ANSWER == "$detected" ]] || board_lines "$ANSWER"
    BOARD=$ANSWER
}

# What the unit must be allowed, and config.txt switch on, for devices of the household.
settle_units() {
    local bus installed lights
    USED_BUSES=()
    lights=$(lights_bus)
    boot_config_file
    mapfile -t installed < <(installed_buses)
    for bus in spi i2c; do
        ANSWER=no
        ! is_among "$bus" "${installed[@]}" "$lights" || ANSWER=yes
        # Elsewhere than on a Raspberry Pi there is hardly a bus to ask about.
        [[ -z $BOOT_FILE && ! -v ANSWERS[$bus] ]] ||
            ask "$bus" "Will something besides the sound board use ${bus^^} (yes/no)?" "$ANSWER"
        [[ $ANSWER == no ]] || USED_BUSES+=("$bus")
    done
    is_among spi "${USED_BUSES[@]}" && BOOT_LINES+=(dtparam=spi=on)
    is_among i2c "${USED_BUSES[@]}" && ! is_among dtparam=i2c_arm=on "${BOOT_LINES[@]}" && BOOT_LINES+=(dtparam=i2c_arm=on)
    [[ -z $(camera_source) ]] || USED_BUSES+=(video)
    mapfile -t -O "${#USED_BUSES[@]}" USED_BUSES < <(controls_buses)
    return 0
}

# Sets API_KEY from a file or the terminal. An installed key is kept by `install`; `install.sh key` replaces it.
take_key() {
    local file=${ANSWERS[api_key_file]-${PIPIT_KEY_FILE:-}}
    if [[ -n $file ]]; then read_key "$file"; elif may_ask; then ask_for_key; fi
}
