# shellcheck shell=bash
# The service on a real machine: how it is installed, upgraded, taken back and given a key. Each step looks before it acts,
# and what it writes appears whole or not at all: a run that was cut off is finished by running it again.

readonly SETTINGS=$ROOT/etc/pipit/pipit.toml STATE=$ROOT/var/lib/pipit SERVICE_LOG=$ROOT/var/log/pipit-install.log
# There as long as config.txt has changed and the machine was not restarted since.
readonly REBOOT_MARK=$ROOT/run/pipit-reboot-needed

CONSENTED=no
ROLLED_BACK_FROM="" # the name of the release that rollback leaves
RELEASE=""          # the name of the release that this run is about

install_service() {
    begin_service install "$@"
    preflight
    detect_board
    plan_release
    settle_questions
    agree_to install_steps
    install_steps
    finish_install
}

upgrade_service() {
    UNATTENDED=yes # what was asked for is kept
    begin_service upgrade "$@"
    require_installed
    preflight
    plan_release
    settle_units
    CONSENTED=yes
    agree_to upgrade_steps
    upgrade_steps
    finish_install
}

# $1: the subcommand; the rest: its options
begin_service() {
    local task=$1
    shift
    service_options "$task" "$@"
    keep_inside_root
    [[ ! -e $KEPT_ANSWERS ]] || read_answers "$KEPT_ANSWERS"
    # What comes with the release serves it: security updates reach it, and its packages are there.
    PYTHON_CANDIDATES=(python3 python3.14 python3.13 python3.12 python3.11)
    lock_machine
    verify_bundle
}

# $1: the subcommand; the rest: its options
service_options() {
    local task=$1
    shift
    while (($#)); do
        case $1 in
            --dry-run) DRY_RUN=yes ;;
            --unattended) UNATTENDED=yes ;;
            --yes) CONSENTED=yes ;;
            --answers)
                (($# > 1)) || die "--answers wants a file" "./install.sh help" 2
                shift
                read_answers "$1"
                ;;
            *) die "unknown option '$1'" "./install.sh help" 2 ;;
        esac
        shift
    done
    ((EUID == 0)) || [[ $DRY_RUN == yes || -n $ROOT ]] || die "the service is installed for the whole machine" "sudo ./install.sh $task"
    # The service sees no home folder, so neither may its Python come from one.
    [[ -n $ROOT ]] || PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
    umask 022
}

# A folder can be locked without writing anything. A run that was killed lets go of it when its last command has ended.
lock_machine() {
    [[ -d $ROOT/etc ]] || die "$ROOT is not the root of a system: it has no etc" "set ROOT to the folder of an image, or leave it out"
    exec 9<"$ROOT/etc"
    command -v flock >/dev/null || return 0
    flock -n 9 && return
    say "Another install.sh works on this machine; waiting for it."
    flock -w 1800 9 || die "another install.sh has worked on this machine for half an hour" "end it and run this again"
}

# Leaves the name of the release that runs in LINKED.
require_installed() {
    linked_release "$CURRENT"
    [[ -n $LINKED ]] || die "Pipit is not installed here" "sudo ./install.sh install"
}

# --- before anything is changed -------------------------------------------------------------------------------------

# Prints "what is in the way", a tab and the fix, one a line. Ours are known by their first line, links by their target.
foreign_files() {
    local file away="move it away and run this again"
    if [[ -e $OPT && ! -d $RELEASES && -n $(ls -A "$OPT" 2>&1) ]]; then
        printf '%s\t%s\n' "$OPT is there and not Pipit's" "$away"
    fi
    if [[ -e $COMMAND || -L $COMMAND ]] && [[ $(readlink "$COMMAND") != "$COMMAND_TARGET" ]]; then
        printf '%s\t%s\n' "$COMMAND is another program" "$away"
    fi
    for file in "$UNIT" "$KEY_TRIAL" "$SYSUSERS" "${SYSUSERS%.conf}"-*.conf "$UDEV_RULE" "${UDEV_RULE%.rules}"-*.rules "$WIFI_SETTINGS"; do
        if [[ -e $file || -L $file ]] && ! is_ours "$file"; then printf '%s\t%s\n' "$file was not written by Pipit" "$away"; fi
    done
    for file in "$ROOT/etc/pipit" "$STATE" "$STATE/models" "$DROP_INS"; do
        if [[ -e $file && ! -d $file ]]; then printf '%s\t%s\n' "$file is not a folder" "$away"; fi
    done
    content "$ROOT/etc/passwd"
    if [[ $'\n'$CONTENT =~ $'\n'(pipit:[^$'\n']*) && ${BASH_REMATCH[1]} != *:/var/lib/pipit:* ]]; then
        printf '%s\t%s\n' "there is a user pipit who is not the service's" "give that user another name ('usermod --login')"
    fi
}

plan_release() {
    choose_service_python
    RELEASE=$(release_name)
}

choose_service_python() {
    choose_python
    [[ -n $ROOT ]] && return
    case $PYTHON in /home/* | /root/*) die "$PYTHON is in a home folder, which the service cannot see" "unset PIPIT_PYTHON" ;; esac
}

# Shows what the steps would change, asks whether they may, and opens the log. Ends the run if there is nothing to do, or
# if nothing shall be done. $1: the function with the steps
agree_to() {
    local plan
    plan=$(rehearse "$1") || exit
    plan=$(once_each "$plan")
    if [[ $plan != *"  would "* ]]; then
        [[ -z $plan ]] || say "$plan"
        nothing_to_do
        exit
    fi
    [[ -z $RELEASE ]] || announce_models "$STATE/models"
    if [[ $DRY_RUN == yes ]]; then
        say "$plan"
        say "Nothing was changed."
        exit
    fi
    if [[ $CONSENTED == no && ${ANSWERS[consent]-} != yes ]]; then
        headline "Pipit $RELEASE: this will"
        say "${plan//  would /  }"
        require_consent
    fi
    [[ -d ${SERVICE_LOG%/*} ]] || mkdir -p "${SERVICE_LOG%/*}"
    start_log "$SERVICE_LOG" append
}

# Prints a text without the lines that it had before. $1: the text
once_each() {
    local -A seen=()
    local line rest=$1$'\n'
    while [[ -n $rest ]]; do
        line=${rest%%$'\n'*} rest=${rest#*$'\n'}
        [[ -z ${seen[_$line]-} ]] || continue
        seen[_$line]=yes
        say "$line"
    done
}

nothing_to_do() {
    if [[ -z $RELEASE ]]; then
        headline "There is nothing to change."
        return
    fi
    headline "Nothing to change: Pipit $RELEASE is installed as it shall be."
    ! reboot_is_needed || hint_at_reboot
}

# --- the steps ------------------------------------------------------------------------------------------------------

install_steps() {
    local before kept=()
    # What was declined is offered again.
    [[ $BOARD == none ]] || kept+=("board=$BOARD")
    for before in "${USED_BUSES[@]}"; do
        [[ $before == video ]] || kept+=("$before=yes") # the settings tell that
    done
    [[ $WIFI == keep ]] || kept+=("wifi_power_save=$WIFI")
    [[ ${ANSWERS[voice]-} != rhvoice ]] || kept+=("voice=rhvoice")
    [[ ! -v ANSWERS[any_release] ]] || kept+=("any_release=${ANSWERS[any_release]}")
    keep_answers "${kept[@]}"
    provide_release
    install_settings "$RELEASES/$RELEASE"
    before=$CHANGES
    [[ -z $API_KEY ]] || store_key ""
    switch_release "$RELEASE"
    install_unit "${USED_BUSES[@]}"
    before=$((CHANGES - before))
    install_boot_lines
    if [[ $WIFI == off ]]; then wifi_power_save_off; else wifi_power_save_undo; fi
    start_service "$RELEASE" "$before"
    remove_old_releases
}

upgrade_steps() {
    local before
    provide_release
    install_settings "$RELEASES/$RELEASE"
    before=$CHANGES
    switch_release "$RELEASE"
    install_unit "${USED_BUSES[@]}"
    start_service "$RELEASE" $((CHANGES - before))
    remove_old_releases
}

# What can be prepared while the release before goes on running.
provide_release() {
    local missing=()
    mapfile -t missing < <(service_packages)
    if [[ -n $ROOT ]]; then say "  system packages are left to the one who makes this image"; fi
    ((${#missing[@]} == 0)) || install_packages "${missing[@]}"
    if [[ -z $PYTHON && $DRY_RUN == no ]]; then
        choose_service_python
        preflight_of_machine
    fi
    install_user
    build_release "$RELEASES/$RELEASE"
    # Not a part of every release: the settings may name a camera later than the release was built.
    [[ -z $(camera_source) ]] || install_set "$RELEASES/$RELEASE/venv" camera
    [[ $UNDERSTANDING == no ]] || install_set "$RELEASES/$RELEASE/venv" understanding
    install_models "$RELEASES/$RELEASE/venv" "$STATE/models"
    install_spoken "$RELEASES/$RELEASE/venv" "$STATE/models"
}

# Without the plugins alsa-lib resamples by linear interpolation, which is heard; libspeexdsp1 takes the echo out.
service_packages() {
    [[ -z $ROOT ]] && have_apt || return 0
    if is_bundle; then
        missing_packages "${BUNDLE_PACKAGES[@]}"
    else
        missing_packages "${SYSTEM_PACKAGES[@]}" alsa-utils libasound2-plugins libspeexdsp1
        camera_packages
    fi
    ((${#VOICE_PACKAGES[@]} == 0)) || printf '%s\n' "${VOICE_PACKAGES[@]}"
    ((${#PYTHON_PACKAGES[@]} == 0)) || printf '%s\n' "${PYTHON_PACKAGES[@]}"
}

# The state belongs to the service; its models are root's, for they are programs in a way.
install_user() {
    install_accounts "${USED_BUSES[@]}"
    make_folder "${STATE%/*}"
    if [[ -n $ROOT ]]; then
        make_folder "$STATE"
    elif [[ $(stat -c %U "$STATE" 2>/dev/null) != pipit ]]; then
        change "make the folder $STATE" install -d -m 0755 -o pipit -g pipit "$STATE"
    fi
    make_folder "$STATE/models"
}

# $1: the release
install_settings() {
    if [[ -e $SETTINGS ]]; then
        verify "check $SETTINGS" check_settings "$1" "$SETTINGS"
        return
    fi
    make_folder "${SETTINGS%/*}"
    change "write $SETTINGS from the example" write_settings "$1"
}

# In an image the models are not where the settings say they will be. $1: the release; $2: the file
check_settings() {
    if [[ -z $ROOT ]]; then
        "$1/venv/bin/pipit" check --settings "$2"
    else
        "$1/venv/bin/python" -P -c 'import pathlib, sys; from daemon.house.file import check
report = check(pathlib.Path(sys.argv[1])); print(report); sys.exit(not report.ok)' "$2"
    fi
}

# The example, with the answers and the schema where this machine has it; it takes its place only if it is right. $1: the release
write_settings() {
    local new=$SETTINGS.new program=(-e "1s|^#:schema .*|#:schema file:///opt/pipit/current/pipit.schema.json|")
    fill microphone device "$MICROPHONE" default
    fill speaker device "$SPEAKER" default
    fill household language "${ANSWERS[language]-}" en
    sed "${program[@]}" "$CHECKOUT/pipit.example.toml" >"$new" && chmod 0644 "$new" && check_settings "$1" "$new" &&
        sync "$new" && mv "$new" "$SETTINGS"
}

# Adds to the program of its caller. $1: the table; $2: the key; $3: its value; $4: the default, which needs no line
fill() {
    [[ -n $3 && $3 != "$4" ]] || return 0
    program+=(-e "/^\[$1\]/,/^\[/s|^#$2 = .*|$2 = \"$3\"|")
}

# The link that is gone back to is set first: there is always one. $1: the release's name
switch_release() {
    linked_release "$CURRENT"
    [[ -z $LINKED || $LINKED == "$1" ]] || point_link "$PREVIOUS" "$LINKED"
    point_link "$CURRENT" "$1"
    install_command
}

# The mark is made first and lies in memory: a restart removes it, a run that was cut off does not.
install_boot_lines() {
    if systemd_runs && [[ ! -e $REBOOT_MARK ]] && boot_config_differs "${BOOT_LINES[@]}"; then
        change "note that config.txt is read at the next start" touch "$REBOOT_MARK"
    fi
    boot_config_apply "${BOOT_LINES[@]}"
}

reboot_is_needed() { [[ -e $REBOOT_MARK ]]; }

# --- after the installation -----------------------------------------------------------------------------------------

finish_install() {
    if systemd_runs && [[ -z $ROOT ]]; then
        headline "pipit doctor"
        # What it finds is for the household to mend; the installation itself is done.
        timeout 180 "$COMMAND" doctor --no-check-key --no-hands-on </dev/null || true
    fi
    headline "Pipit is installed: $RELEASE"
    [[ -z $BOARD_NOTE ]] || say "About the board: $BOARD_NOTE."
    key_is_stored || say "There is no API key yet: sudo ./install.sh key"
    say "The log is $SERVICE_LOG."
    ! reboot_is_needed || hint_at_reboot
}

hint_at_reboot() {
    headline "Restart the machine: config.txt has changed, and is read only then ('sudo reboot')."
    exit 10
}

key_service() {
    RELEASE=""
    begin_service key "$@"
    require_installed
    take_key
    [[ -n $API_KEY || $DRY_RUN == yes ]] || die "no key was given" "name a file: 'api_key_file = PATH' among the answers, or PIPIT_KEY_FILE"
    CONSENTED=yes
    agree_to key_steps
    key_steps
    say "The key is stored."
}

key_steps() {
    local before=$CHANGES
    [[ -z $API_KEY ]] || store_key ""
    linked_release "$CURRENT"
    start_service "$LINKED" $((CHANGES - before))
}

# Back to the release before: the links change places, and the unit goes with them.
rollback_service() {
    local now
    begin_service rollback "$@"
    require_installed
    now=$LINKED
    linked_release "$PREVIOUS"
    RELEASE=$LINKED
    if [[ -z $RELEASE ]] || ! release_serves "$RELEASES/$RELEASE"; then
        die "there is no release to go back to" "fetch the sources of the one you want and run its install.sh"
    fi
    CONSENTED=yes
    # Where both links name one release, a run before was cut off between them.
    ROLLED_BACK_FROM=$now
    [[ $RELEASE != "$now" ]] || ROLLED_BACK_FROM=$(other_release "$now" "$now")
    agree_to rollback_steps
    rollback_steps
    headline "Pipit is back at release $RELEASE."
}

rollback_steps() {
    verify "check $SETTINGS with it" check_settings "$RELEASES/$RELEASE" "$SETTINGS"
    local before=$CHANGES
    install_unit_of "$RELEASE"
    point_link "$CURRENT" "$RELEASE"
    start_service "$RELEASE" $((CHANGES - before))
    [[ -z $ROLLED_BACK_FROM ]] || point_link "$PREVIOUS" "$ROLLED_BACK_FROM"
}

# Prints the name of a complete release besides these two, or nothing. $1, $2: names
other_release() {
    local release
    for release in "$RELEASES"/*; do
        [[ -e $release/complete ]] || continue
        release=${release##*/}
        if [[ $release != "$1" && $release != "$2" ]]; then
            say "$release"
            return
        fi
    done
}
