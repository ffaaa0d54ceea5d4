#!/usr/bin/env bats
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154  # lines for another shell; variables of one test; bats sets and reads some
# config.txt: Pipit's lines in one marked block, everything else to the byte as it was.

load machine

MIKE="dtoverlay=googlevoicehat-soundcard"
CODEC=(dtparam=i2c_arm=on dtoverlay=wm8960-soundcard)

setup() {
    setup_machine report root system python answers boot board preflight
    mkdir -p "$ROOT/boot/firmware"
}

# $1: the text of config.txt, with the escapes of printf; a copy is kept as `before`
given_config() {
    # shellcheck disable=SC2059  # the escapes are the point
    printf "$1" >"$CONFIG"
    cp "$CONFIG" "$BATS_TEST_TMPDIR/before"
}

given_stock() {
    cp "$FIXTURES/config-$1.txt" "$CONFIG"
    cp "$CONFIG" "$BATS_TEST_TMPDIR/before"
}

given_model() { put proc/device-tree/model "$1"; }

# $1: the end of lines; the rest: the lines of the block after its remark
expected_block() {
    local end=$1
    shift
    printf "%s$end" "# >>> pipit (managed) >>>" \
        "# Written by Pipit's install.sh, which takes it out again. What is changed in here is lost." \
        "$@" "# <<< pipit (managed) <<<"
}

applies() {
    works 'changed=no
        ! boot_config_differs "$@" || changed=yes
        boot_config_apply "$@"
        say "changed: $changed"' "$@"
}

is_as_before() { cmp "$BATS_TEST_TMPDIR/before" "$CONFIG"; }

# Nothing is left of it, not in the file and not beside it.
undoes_exactly() {
    works boot_config_remove
    is_as_before
    [[ $(ls -A "$ROOT/boot/firmware") == config.txt ]]
}

# What holds for every file: it grows by the block alone, a second run does nothing, and undo is exact.
takes_the_block() {
    works 'boot_config_differs "$@" && boot_config_apply "$@" >/dev/null
        cp "$ROOT/boot/firmware/config.txt" "$BATS_TEST_TMPDIR/after"
        ! boot_config_differs "$@" && boot_config_apply "$@"' "${CODEC[@]}"
    [[ -z $output ]] || report_run
    cmp <(cat "$BATS_TEST_TMPDIR/before" && expected_block "${1:-\n}" "[all]" "${CODEC[@]}") "$CONFIG"
    cmp "$BATS_TEST_TMPDIR/before" "$CONFIG.pipit-$(date +%Y%m%d)"
    cmp "$BATS_TEST_TMPDIR/after" "$CONFIG"
    undoes_exactly
}

@test "stock Bookworm" {
    given_stock bookworm
    takes_the_block
}

@test "stock Trixie" {
    given_stock trixie
    takes_the_block
}

@test "it ends in the section of another board: the block has its own [all]" {
    given_config 'dtparam=audio=on\n[pi4]\narm_boost=1\n'
    takes_the_block
    given_config 'dtparam=audio=on\n\n[cm5]\ndtoverlay=dwc2,dr_mode=host\n'
    takes_the_block
}

@test "CRLF is kept" {
    sed 's/$/\r/' "$FIXTURES/config-trixie.txt" >"$CONFIG"
    cp "$CONFIG" "$BATS_TEST_TMPDIR/before"
    takes_the_block '\r\n'
}

@test "a few lines with CRLF do not make the block so" {
    given_config 'dtparam=audio=on\r\narm_64bit=1\ngpu_mem=16\n'
    takes_the_block
}

@test "no newline at the end: it is put between, and taken back" {
    given_config 'arm_64bit=1\n[pi4]\narm_boost=1'
    applies "$MIKE"
    cmp <(cat "$BATS_TEST_TMPDIR/before" && echo &&
        expected_block '\n' "# The line above had no newline at its end." "[all]" "$MIKE") "$CONFIG"
    applies "$MIKE"
    [[ $output == "changed: no" ]]
    undoes_exactly
}

@test "no newline at the end, with CRLF, after the lines of the block have changed" {
    given_config 'arm_64bit=1\r\narm_boost=1'
    applies "$MIKE"
    applies "${CODEC[@]}"
    cmp <(cat "$BATS_TEST_TMPDIR/before" && printf '\r\n' &&
        expected_block '\r\n' "# The line above had no newline at its end." "[all]" "${CODEC[@]}") "$CONFIG"
    undoes_exactly
}

@test "an empty file" {
    given_config ''
    takes_the_block
}

@test "a file of one newline" {
    given_config '\n'
    takes_the_block
}

@test "managed already, with other lines: they are replaced in place" {
    given_config 'arm_64bit=1\n'
    applies "$MIKE"
    printf 'arm_boost=1\n' >>"$CONFIG"
    applies "${CODEC[@]}"
    says "changed: yes"
    cmp <(echo arm_64bit=1 && expected_block '\n' "[all]" "${CODEC[@]}" && echo arm_boost=1) "$CONFIG"
    [[ $(ls "$ROOT/boot/firmware") == config.txt$'\n'config.txt.pipit-$(date +%Y%m%d) ]]
}

@test "managed already, with a change made by hand: it is put right" {
    given_config 'arm_64bit=1\n'
    applies "${CODEC[@]}"
    cp "$CONFIG" "$BATS_TEST_TMPDIR/after"
    sed -i 's/^dtoverlay=wm.*/#&/' "$CONFIG"
    applies "${CODEC[@]}"
    cmp "$BATS_TEST_TMPDIR/after" "$CONFIG"
}

@test "no lines are wanted any more: the block goes" {
    given_config 'arm_64bit=1\n'
    applies "$MIKE"
    applies
    says "changed: yes"
    is_as_before
}

@test "damaged marks are named, and nothing is touched" {
    local begin="# >>> pipit (managed) >>>" end="# <<< pipit (managed) <<<" text
    for text in "$begin\n" "$end\n" "$end\n$begin\n" "$begin\n$end\n$begin\n$end\n" "$begin\n$begin\n$end\n" "$begin\n$end\n$end\n"; do
        given_config "arm_64bit=1\n$text"
        refuses "config.txt are damaged: line " 'boot_config_apply "$@"' "$MIKE"
        is_as_before
    done
    refuses "config.txt are damaged: line " boot_config_apply
    refuses "config.txt are damaged: line " boot_config_remove
    is_as_before
}

@test "zero bytes, as a card leaves them after a power cut, would not be kept: they are named, and nothing is touched" {
    given_config 'arm_64bit=1\ngpu_mem=16\0\0\n'
    refuses "config.txt has zero bytes in it, which are no text" 'boot_config_apply "$@"' "$MIKE"
    is_as_before
    refuses "config.txt has zero bytes in it" boot_config_remove
    is_as_before
}

@test "letters of any encoding stay as they are" {
    given_config '# gr\xfc\xdfe, gr\xc3\xbc\xc3\x9fe \x80\xff\\n \\\\ *\narm_64bit=1 \t\n'
    takes_the_block
}

@test "lines that are in force already are not repeated" {
    given_config 'dtparam=i2c_arm=on,spi=on\n[all]\ndtoverlay=wm8960-soundcard\n'
    applies "${CODEC[@]}"
    [[ $output == "changed: no" ]]
    given_config 'dtparam=i2c_arm=on\n'
    applies "${CODEC[@]}"
    cmp <(cat "$BATS_TEST_TMPDIR/before" && expected_block '\n' "[all]" dtoverlay=wm8960-soundcard) "$CONFIG"
}

@test "a line in the section of another board is not in force" {
    given_model "Raspberry Pi 4 Model B Rev 1.5"
    given_config "[pi5]\n$MIKE\n"
    applies "$MIKE"
    says "changed: yes"
    given_config "[pi4]\n$MIKE\n"
    applies "$MIKE"
    [[ $output == "changed: no" ]]
    given_config "[none]\n$MIKE\n[pi4]\narm_boost=1\n"
    applies "$MIKE"
    says "changed: yes"
}

@test "models and their filters" {
    local cases=("5 Model B Rev 1.0:pi5" "500 Rev 1.0:pi5" "Compute Module 5 Rev 1.0:cm5" "4 Model B Rev 1.5:pi4" "400 Rev 1.0:pi4"
        "Compute Module 4 Rev 1.1:cm4" "3 Model B Plus Rev 1.3:pi3+" "3 Model B Rev 1.2:pi3" "Zero 2 W Rev 1.0:pi02" "Zero 2 W Rev 1.0:pi0")
    given_model ""
    works 'for case; do
        printf "Raspberry Pi %s\0" "${case%:*}" >"$ROOT/proc/device-tree/model"
        device_tree_text model
        BOARD_MODEL=$DEVICE_TEXT said=$case
        for filter in "${case#*:} yes" "pi2 yes" "${case#*:} no"; do boot_filter $filter && said+=" $FILTER"; done
        say "$said"
    done' "${cases[@]}"
    [[ $output == "$(printf '%s yes no yes\n' "${cases[@]}")" ]] || report_run
}

@test "the empty overlay line goes with the one that it is for" {
    given_config 'dtoverlay=rpi-codeczero\n'
    applies dtoverlay= dtoverlay=rpi-codeczero
    [[ $output == "changed: no" ]]
    given_config ''
    applies dtoverlay= dtoverlay=rpi-codeczero
    grep -qx dtoverlay= "$CONFIG"
}

@test "another sound overlay: shown and refused, and nothing is commented out" {
    given_config 'arm_64bit=1\ndtoverlay=hifiberry-dac\n'
    refuses "config.txt, line 2: dtoverlay=hifiberry-dac needs the I2S pins, as does $MIKE" 'boot_config_apply "$@"' "$MIKE"
    is_as_before
    [[ $(ls "$ROOT/boot/firmware") == config.txt ]]
    works 'boot_config_conflicts "$@"' "$MIKE"
    [[ ${#lines[@]} == 1 ]]
}

@test "another sound overlay in a section that may be this board's is a conflict, one of another board is not" {
    given_config '[pi4]\ndtoverlay=hifiberry-dac\n'
    refuses "hifiberry-dac" 'boot_config_apply "$@"' "$MIKE"
    given_config '[EDID=VSC-TD2220]\ndtoverlay=hifiberry-dac\n'
    refuses "hifiberry-dac" 'boot_config_apply "$@"' "$MIKE"
    given_model "Raspberry Pi 5 Model B Rev 1.0"
    given_config '[pi4]\ndtoverlay=hifiberry-dac\n'
    applies "$MIKE"
    says "changed: yes"
}

@test "a conflict in an included file is found, and named with its file" {
    given_config 'include sound.txt\ninclude missing.txt\n'
    printf '# mine\ndtoverlay=hifiberry-dac\ninclude config.txt\n' >"$ROOT/boot/firmware/sound.txt"
    refuses "sound.txt, line 2: dtoverlay=hifiberry-dac needs" 'boot_config_apply "$@"' "$MIKE"
    # It is not Pipit's to change, consent or not.
    GIVEN=config_conflict=yes refuses "sound.txt, line 2" 'boot_config_apply "$@"' "$MIKE"
    is_as_before
}

@test "with consent a conflicting line is switched off, and comes back to the byte" {
    given_config 'arm_64bit=1\r\n  dtoverlay=hifiberry-dac\r\ngpio=16=op,dh\r\n#dtoverlay=max98357a\r\ndtparam=audio=on'
    GIVEN=config_conflict=yes applies "$MIKE"
    [[ $(grep -c 'line [23]: ' <<<"$output") == 2 ]] || report_run
    grep -qx $'#pipit-off#   dtoverlay=hifiberry-dac\r' "$CONFIG"
    grep -qx $'#pipit-off# gpio=16=op,dh\r' "$CONFIG"
    grep -qx $'#dtoverlay=max98357a\r' "$CONFIG"
    # Consent is not asked for twice.
    applies "$MIKE"
    [[ $output == "changed: no" ]]
    undoes_exactly
}

@test "a line that no longer conflicts is switched on again" {
    given_config 'dtoverlay=w1-gpio\ngpio=16=op,dh\n'
    GIVEN=config_conflict=yes applies dtoverlay=max98357a
    grep -qx '#pipit-off# dtoverlay=w1-gpio' "$CONFIG"
    GIVEN=config_conflict=yes applies "$MIKE"
    grep -qx 'dtoverlay=w1-gpio' "$CONFIG"
    grep -qx '#pipit-off# gpio=16=op,dh' "$CONFIG"
}

@test "where nothing is written but a line switched off, that too is undone without a trace" {
    given_config "$MIKE\ndtoverlay=w1-gpio,gpiopin=16"
    GIVEN=config_conflict=yes applies "$MIKE"
    [[ $(<"$CONFIG") == "$MIKE"$'\n#pipit-off# dtoverlay=w1-gpio,gpiopin=16' ]]
    GIVEN=config_conflict=yes applies "${CODEC[@]}"
    undoes_exactly
}

@test "one's own line that was switched off and is wanted now comes on again, and is not repeated" {
    given_config "$MIKE\n"
    GIVEN=config_conflict=yes applies dtoverlay=max98357a
    grep -qx "#pipit-off# $MIKE" "$CONFIG"
    applies "$MIKE"
    is_as_before
}

@test "what conflicts and what does not" {
    local cases=(
        "dtoverlay=w1-gpio|dtoverlay=max98357a|needs GPIO 4"
        "dtoverlay=w1-gpio,gpiopin=17|dtoverlay=max98357a|"
        "dtoverlay=w1-gpio|dtoverlay=max98357a,no-sdmode|"
        "dtoverlay=dht11,gpiopin=24|dtoverlay=max98357a,sdmode-pin=24|needs GPIO 24"
        "dtparam=audio=on|$MIKE|"
        "dtparam=audio=on|dtoverlay=pwm-2chan,pin=12,pin2=13|needs the PWM channels"
        "dtparam=audio=on|dtparam=audio=off|is the opposite of"
        "dtparam=i2s=off|dtparam=i2s=on|is the opposite of"
        "dtparam=i2c_arm=off|dtparam=i2c_arm=on|is the opposite of"
        "dtparam=i2c_arm_baudrate=400000|dtparam=i2c_arm=on|"
        "dtoverlay=gpio-shutdown|dtparam=i2c_arm=on|needs GPIO 3"
        "dtoverlay=i2c-rtc,ds3231|dtparam=i2c_arm=on|"
        "dtoverlay=spi1-1cs|$MIKE|needs GPIO 19"
        "dtoverlay=gpio-ir,gpio_pin=17|$MIKE|"
        "gpio=17-19=op|$MIKE|needs GPIO 18"
        "gpio=25=op,dh|$MIKE|"
        "dtoverlay=max98357a,no-sdmode|dtoverlay=max98357a|needs the I2S pins"
        "#dtoverlay=hifiberry-dac|$MIKE|"
        "dtoverlay=vc4-kms-v3d|$MIKE|"
        "dtoverlay=|$MIKE|")
    given_config ''
    works 'for case; do
        IFS="|" read -r there wanted reason <<<"$case"
        say "$there" >"$ROOT/boot/firmware/config.txt"
        conflict=$(boot_config_conflicts "$wanted")
        conflict=${conflict#config.txt, line 1: "$there" } 
        conflict=${conflict%, as does*}
        say "$there|$wanted|${conflict% "$wanted"}"
    done' "${cases[@]}"
    diff <(printf '%s\n' "${cases[@]}") - <<<"$output"
}

@test "Pipit's own block is no conflict" {
    given_config ''
    applies dtoverlay=hifiberry-dac
    applies "$MIKE"
    says "changed: yes"
    ! grep hifiberry "$CONFIG" || false
}

@test "no Raspberry Pi: it says so, and that is no error" {
    rmdir "$ROOT/boot/firmware"
    applies "$MIKE"
    says "no config.txt, so this is not a Raspberry Pi"
    says "changed: no"
    works boot_config_remove
    works 'boot_config_conflicts "$@"' "$MIKE"
    works 'boot_config_file; say "$BOOT_FILE"'
    [[ -z $output ]]
}

@test "/boot/config.txt that says it has moved is not the one" {
    put boot/config.txt $'DO NOT EDIT THIS FILE\n\nThe file you are looking for has moved to /boot/firmware/config.txt\n'
    cp "$ROOT/boot/config.txt" "$BATS_TEST_TMPDIR/stub"
    applies "$MIKE"
    says "not a Raspberry Pi"
    given_config 'arm_64bit=1\n'
    works 'boot_config_file; say "$BOOT_FILE"'
    [[ $output == "$CONFIG" ]]
    applies "$MIKE"
    cmp "$BATS_TEST_TMPDIR/stub" "$ROOT/boot/config.txt"
}

@test "the file that Debian generates is not edited" {
    given_config '# Do not modify this file!\n#\n# It is automatically generated upon install or update\narm_64bit=1\n'
    refuses "/etc/default/raspi-firmware-custom" 'boot_config_apply "$@"' "$MIKE"
    is_as_before
    applies
}

# Runs the rest as a user who may write nothing here.
as_nobody() {
    if [[ $EUID != 0 ]]; then
        "$@"
        return
    fi
    chmod a+rx "$BATS_RUN_TMPDIR" "$BATS_TEST_TMPDIR" "$BATS_TEST_TMPDIR"/.. "$ROOT"
    setpriv --reuid=65534 --regid=65534 --clear-groups "$@"
}

@test "read-only: refused before anything is written" {
    given_config 'arm_64bit=1\n'
    chmod a-w "$ROOT/boot/firmware" "$CONFIG"
    if ! as_nobody test -r "$CHECKOUT/install.sh"; then skip "the checkout is not readable for everybody"; fi
    export -f run_line
    touch "$BATS_TEST_TMPDIR/log" && chmod a+rw "$BATS_TEST_TMPDIR/log"
    run --separate-stderr as_nobody bash -c 'source "$PARTS" && run_line "$@"' bash 'boot_config_apply dtparam=spi=on'
    chmod u+w "$ROOT/boot/firmware"
    [[ $status == 1 && $stderr == *"config.txt cannot be written — fix: remount it"* ]] || report_run
    is_as_before
}

@test "a rehearsal shows the lines and changes nothing" {
    given_stock trixie
    DRY=yes applies "${CODEC[@]}"
    says "would have in config.txt: dtparam=i2c_arm=on"
    says "would write Pipit's lines to $CONFIG"
    is_as_before
    [[ $(ls "$ROOT/boot/firmware") == config.txt ]]
    applies "${CODEC[@]}"
    cp "$CONFIG" "$BATS_TEST_TMPDIR/after"
    DRY=yes works boot_config_remove
    says "would take Pipit's lines out"
    says "would remove $CONFIG.pipit-"
    cmp "$BATS_TEST_TMPDIR/after" "$CONFIG"
}

@test "the household's later edits survive the undo, with their backup" {
    given_config 'arm_64bit=1\n[pi4]\narm_boost=1'
    applies "$MIKE"
    printf 'gpu_mem=16\n' >>"$CONFIG"
    works boot_config_remove
    says "kept: $CONFIG.pipit-"
    # The line was for every board below the block, and still is.
    [[ $(<"$CONFIG") == $'arm_64bit=1\n[pi4]\narm_boost=1\n[all]\ngpu_mem=16' ]]
    [[ -e $CONFIG.pipit-$(date +%Y%m%d) ]]
}

@test "what follows the block needs no [all] of its own where no filter stands above" {
    given_config 'arm_64bit=1\n'
    applies "$MIKE"
    printf 'gpu_mem=16\n' >>"$CONFIG"
    works boot_config_remove
    [[ $(<"$CONFIG") == $'arm_64bit=1\ngpu_mem=16' ]]
    given_config '[pi4]\narm_boost=1\n'
    applies "$MIKE"
    printf '\n# mine\n[pi5]\ngpu_mem=16\n' >>"$CONFIG"
    works boot_config_remove
    [[ $(<"$CONFIG") == $'[pi4]\narm_boost=1\n\n# mine\n[pi5]\ngpu_mem=16' ]]
}

@test "a backup of another state is never overwritten" {
    given_config 'arm_64bit=1\n'
    applies "$MIKE"
    printf 'gpu_mem=16\n' >>"$CONFIG"
    works boot_config_remove
    applies "$MIKE"
    cmp "$BATS_TEST_TMPDIR/before" "$CONFIG.pipit-$(date +%Y%m%d)"
    [[ $(<"$CONFIG.pipit-$(date +%Y%m%d)-2") == $'arm_64bit=1\ngpu_mem=16' ]]
}

@test "if the disk fails in the middle, the file is as before and the run says so" {
    given_stock bookworm
    stand_in sync 'echo "sync: error syncing: Input/output error" >&2; exit 1'
    run --separate-stderr in_installer 'boot_config_apply "$@"' "$MIKE"
    [[ $status == 1 && ${stderr##*$'\n'} == "install.sh: could not keep a copy of config.txt"* ]] || report_run
    is_as_before
    stand_in sync ""
    # Half of the text is no text.
    cp "$CONFIG" "$CONFIG.pipit-20200101"
    ln -sf /dev/full "$CONFIG.pipit-new"
    run --separate-stderr in_installer 'boot_config_apply "$@"' "$MIKE"
    [[ $status == 1 && ${stderr##*$'\n'} == "install.sh: no space left on the disk: could not write Pipit's lines"* ]] || report_run
    is_as_before
    rm "$CONFIG.pipit-new"
    applies "$MIKE"
    undoes_exactly
}

# Makes the programs that write end the installer, as a power cut would, at their n-th call. $1: n; $2: before or after it
cut_power_at() {
    local name cutting=()
    : >"$BATS_TEST_TMPDIR/count"
    for name in cp sync mv rm; do
        cutting+=("$name" "
            printf x >>'$BATS_TEST_TMPDIR/count'
            read -r count <'$BATS_TEST_TMPDIR/count'
            ((\${#count} == $1)) && cut=$2
            [[ \$cut != before ]] || { kill -9 \$PPID; exit; }
            [[ $name == sync ]] || /bin/$name \"\$@\" || exit
            [[ \$cut != after ]] || kill -9 \$PPID")
    done
    stand_in "${cutting[@]}"
}

restore_power() {
    (cd "$PROGRAMS" && /bin/rm -f cp mv rm)
    stand_in sync ""
}

@test "on the card before its name changes, and the folder after: nothing else makes a rename safe" {
    local folder=$ROOT/boot/firmware
    given_config 'arm_64bit=1\n'
    stand_in mv "printf 'mv %s\n' \"\$*\" >>'$BATS_TEST_TMPDIR/calls'; exec /bin/mv \"\$@\""
    applies "$MIKE"
    diff "$BATS_TEST_TMPDIR/calls" - <<CALLS
sync $CONFIG.pipit-new
mv -f $CONFIG.pipit-new $CONFIG.pipit-$(date +%Y%m%d)
sync $folder
sync $CONFIG.pipit-new
mv -f $CONFIG.pipit-new $CONFIG
sync $folder
CALLS
}

@test "a power cut at any step leaves the old file or the new one, and the next run goes on" {
    local moment moments=("2 before" "6 before" "7 after")
    [[ -z $THOROUGH ]] || moments+=("1 before" "4 before" "7 before")
    given_stock trixie
    printf 'arm_boost=0' >>"$CONFIG"
    cp "$CONFIG" "$BATS_TEST_TMPDIR/before"
    applies "${CODEC[@]}"
    cp "$CONFIG" "$BATS_TEST_TMPDIR/after"
    undoes_exactly
    for moment in "${moments[@]}"; do
        # shellcheck disable=SC2086  # two words
        cut_power_at $moment
        run in_installer 'boot_config_apply "$@"' "${CODEC[@]}"
        restore_power
        [[ $status == 137 ]] || report_run
        cmp -s "$BATS_TEST_TMPDIR/before" "$CONFIG" || cmp "$BATS_TEST_TMPDIR/after" "$CONFIG"
        works 'boot_config_apply "$@"
            cmp "$BATS_TEST_TMPDIR/after" "$ROOT/boot/firmware/config.txt"
            cmp "$BATS_TEST_TMPDIR/before" "$ROOT/boot/firmware/config.txt.pipit-"*
            boot_config_remove' "${CODEC[@]}"
        is_as_before
        [[ $(ls -A "$ROOT/boot/firmware") == config.txt ]]
    done
}

@test "a power cut in the undo" {
    local moment moments=("2 before" "4 after")
    [[ -z $THOROUGH ]] || moments+=("1 before" "3 before")
    given_config 'arm_64bit=1'
    for moment in "${moments[@]}"; do
        applies "$MIKE"
        # shellcheck disable=SC2086  # two words
        cut_power_at $moment
        run in_installer boot_config_remove
        restore_power
        [[ $status == 137 ]] || report_run
        undoes_exactly
    done
}
