# shellcheck shell=bash
# The service on a real machine: releases side by side in /opt/pipit, settings in /etc/pipit, state in /var/lib/pipit.

readonly RELEASES=/opt/pipit/releases CURRENT=/opt/pipit/current
readonly SETTINGS=/etc/pipit/pipit.toml KEY_FILE=/etc/pipit/gemini-api-key
readonly STATE=/var/lib/pipit SERVICE_LOG=/var/log/pipit-install.log
readonly UNIT=/etc/systemd/system/pipit.service KEY_DROP_IN=/etc/systemd/system/pipit.service.d/10-gemini-api-key.conf
readonly SYSUSERS=/etc/sysusers.d/pipit.conf UDEV_RULE=/etc/udev/rules.d/60-pipit.rules

PURGE=no
API_KEY=""           # never an argument of a command: arguments are visible to every process

install_service() {
    service_options install "$@"
    one_at_a_time
    service_preflight
    local missing=() release before
    mapfile -t missing < <(service_packages)
    release=$RELEASES/$(release_name)
    before=$(readlink "$CURRENT" || true)
    announce_service "$release" "${missing[@]}"
    ask_for_key
    [[ $DRY_RUN == yes ]] || start_log "$SERVICE_LOG"
    ((${#missing[@]} == 0)) || install_packages "${missing[@]}"
    [[ -n $PYTHON || $DRY_RUN == yes ]] || choose_service_python
    build_release "$release"
    install_user
    install_models "$release/venv" "$STATE/models"
    install_settings "$release"
    install_unit
    start_release "$release" "$before"
    if [[ $DRY_RUN == yes ]]; then say "Nothing was changed."; else headline "Pipit is installed: $release"; fi
}

# $1: the subcommand; the rest: its options
service_options() {
    local task=$1 option
    shift
    for option; do
        case $task$option in
            *--dry-run) DRY_RUN=yes ;;
            uninstall--purge) PURGE=yes ;;
            *) die "unknown option '$option'" "./install.sh help" 2 ;;
        esac
    done
    ((EUID == 0)) || [[ $DRY_RUN == yes ]] || die "the service is installed for the whole machine" "sudo ./install.sh $task"
    # The service sees no home folder, so neither may its Python come from one.
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
    umask 022
}

service_preflight() {
    require_64_bit
    command -v systemctl >/dev/null || die "this system does not run systemd" "use Raspberry Pi OS or Debian"
    require_space /opt 1500
    require_space "$STATE" 300
    choose_service_python
}

choose_service_python() {
    choose_python
    case $PYTHON in /home/* | /root/*) die "$PYTHON is in a home folder, which the service cannot see" "unset PIPIT_PYTHON" ;; esac
}

# lgpio has no wheel for Python 3.13 and later; swig is what its build needs besides the compiler. Without the plugins
# alsa-lib resamples by linear interpolation, which is heard.
service_packages() {
    have_apt || return 0
    missing_packages "${SYSTEM_PACKAGES[@]}" alsa-utils libasound2-plugins swig
    ((${#PYTHON_PACKAGES[@]} == 0)) || printf '%s\n' "${PYTHON_PACKAGES[@]}"
}

# The version, and a mark of the sources, so that a changed checkout becomes a release of its own.
release_name() {
    local version mark
    version=$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' "$ROOT/daemon/__init__.py")
    mark=$(cd "$ROOT" && find daemon hardware requirements pyproject.toml -type f ! -name '*.pyc' -print0 | sort -z |
        xargs -0 sha256sum | sha256sum | cut -c1-8)
    say "$version-$mark"
}

# $1: the release; the rest: missing system packages
announce_service() {
    local release=$1
    shift
    headline "Pipit: this will install"
    (($#)) && say "  system packages    $*"
    say "  program            $release, with the Python packages of requirements/{build,run,wake,models,pins}.txt, pinned by hash"
    announce_models "$STATE/models"
    say "  user               pipit, in the groups audio and gpio"
    say "  settings           $SETTINGS (left alone if it exists)"
    say "  service            $UNIT, $UDEV_RULE"
}

# An installed key is kept; without a terminal nothing is asked.
ask_for_key() {
    [[ ! -s $KEY_FILE && -z ${PIPIT_KEY_FILE:-} && $DRY_RUN == no && -t 0 ]] || return 0
    read -rsp "Gemini API key (not shown; Enter for none yet): " API_KEY
    printf '\n'
}

# $1: the release
build_release() {
    local release=$1
    [[ -e $release/complete ]] && return
    [[ ! -e $release ]] || change "remove the unfinished $release" rm -rf "$release"
    change "make the folder $release" mkdir -p "$release"
    make_environment "$release/venv"
    install_runtime "$release/venv"
    PYPI=1 install_set "$release/venv" pins
    change "install Pipit into $release" install_program "$release"
    change "mark $release as complete" touch "$release/complete"
}

# A copy is built, so that nothing is written into the checkout. $1: the release
install_program() {
    local copy status=0
    copy=$(mktemp -d)
    cp -r "$ROOT"/{daemon,hardware,pyproject.toml,README.md,LICENSE} "$copy"
    pip_install "$1/venv" --no-deps --no-index "$copy" || status=$?
    rm -rf "$copy"
    cp "$ROOT"/{README.md,LICENSE,CHANGELOG.md,pipit.example.toml,docs/pipit.schema.json} "$1" || status=$?
    return "$status"
}

install_user() {
    change "write $SYSUSERS" install -D -m 0644 "$ROOT/systemd/pipit.sysusers.conf" "$SYSUSERS"
    change "make the user pipit" systemd-sysusers "$SYSUSERS"
    change "make the folder $STATE" install -d -m 0755 -o pipit -g pipit "$STATE"
    change "make the folder $STATE/models" install -d -m 0755 "$STATE/models"
}

# The example, with the schema where this machine has it.
write_settings() {
    local new=$SETTINGS.new
    sed "1s|^#:schema .*|#:schema file://$CURRENT/pipit.schema.json|" "$ROOT/pipit.example.toml" >"$new"
    chmod 0644 "$new"
    mv "$new" "$SETTINGS"
}

# $1: the release
install_settings() {
    change "make the folder /etc/pipit" install -d -m 0755 /etc/pipit
    if [[ -e $SETTINGS ]]; then
        change "check $SETTINGS" "$1/venv/bin/pipit" check --settings "$SETTINGS"
    else
        change "write $SETTINGS" write_settings
    fi
    if [[ ! -s $KEY_FILE ]]; then
        if [[ -n ${PIPIT_KEY_FILE:-} ]]; then
            change "store the API key in $KEY_FILE" install -m 0600 "$PIPIT_KEY_FILE" "$KEY_FILE"
        elif [[ -n $API_KEY ]]; then
            change "store the API key in $KEY_FILE" write_key
        else
            say "  no API key yet: run this again to be asked for one"
        fi
    fi
}

write_key() { (umask 077 && printf '%s\n' "$API_KEY" >"$KEY_FILE"); }

install_unit() {
    change "write $UDEV_RULE" install -D -m 0644 "$ROOT/systemd/60-pipit.rules" "$UDEV_RULE"
    change "write $UNIT" install -D -m 0644 "$ROOT/systemd/pipit.service" "$UNIT"
    if [[ -e $KEY_FILE ]]; then
        change "write $KEY_DROP_IN" install -D -m 0644 "$ROOT/systemd/gemini-api-key.conf" "$KEY_DROP_IN"
    fi
}

# Makes a release the current one; if it does not start, the one before comes back.
# $1: the release; $2: the one before, or nothing
start_release() {
    local release=$1 before=$2
    change "make $release the current release" point_current_at "$release"
    if [[ ! -d /run/systemd/system ]]; then
        [[ $DRY_RUN == yes ]] || say "  systemd does not run here: the service is installed, not started"
        return
    fi
    change "apply the rule for GPIO lines" reload_udev
    change "read the unit files" systemctl daemon-reload
    change "start the service at every boot" systemctl enable pipit.service
    if [[ -n $before && $before != "$release" ]]; then
        change "start the service" restart_or_fall_back "$before"
        change "remove releases older than $before" remove_old_releases "$release" "$before"
    else
        change "start the service" restart
    fi
}

# A link is replaced in one step: there is always a current release. $1: the release
point_current_at() { ln -sfn "$1" "$CURRENT.new" && mv -T "$CURRENT.new" "$CURRENT"; }

reload_udev() { udevadm control --reload && udevadm trigger --subsystem-match=gpio; }

# Returns when the service is READY: when it hears. On failure, what it said is what to read.
restart() { systemctl restart pipit.service || { journalctl --no-pager -n 12 -o cat -u pipit.service; return 1; }; }

# $1: the release before
restart_or_fall_back() {
    restart && return
    point_current_at "$1"
    systemctl restart pipit.service && echo "the new release did not start; $1 runs again"
    return 1
}

# The arguments: the releases to keep
remove_old_releases() {
    local release keep
    for release in "$RELEASES"/*; do
        for keep; do [[ $release == "$keep" ]] && continue 2; done
        rm -rf "$release"
    done
}

uninstall_service() {
    service_options uninstall "$@"
    one_at_a_time
    [[ $DRY_RUN == yes ]] || start_log "$SERVICE_LOG"
    if [[ -d /run/systemd/system && -e $UNIT ]]; then
        change "stop the service" systemctl disable --now pipit.service
    fi
    change "remove $UNIT, $UDEV_RULE, $SYSUSERS" rm -f "$UNIT" "$KEY_DROP_IN" "$UDEV_RULE" "$SYSUSERS"
    [[ ! -d $(dirname "$KEY_DROP_IN") ]] || change "remove $(dirname "$KEY_DROP_IN") if it is empty" \
        rmdir --ignore-fail-on-non-empty "$(dirname "$KEY_DROP_IN")"
    change "remove /opt/pipit" rm -rf /opt/pipit
    [[ ! -d /run/systemd/system ]] || change "read the unit files" systemctl daemon-reload
    if [[ $PURGE == yes ]]; then
        change "remove /etc/pipit and $STATE" rm -rf /etc/pipit "$STATE"
        ! id pipit >/dev/null 2>&1 || change "remove the user pipit" userdel pipit
    else
        say "  kept: /etc/pipit, $STATE and the user pipit (remove them with --purge)"
    fi
}
