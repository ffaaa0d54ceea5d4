# shellcheck shell=bash
# The operating system: what it must be, the packages taken from it, and files put into it.

# Compilers and headers for the packages that have no wheel, and the voices that speak without a network.
SYSTEM_PACKAGES=(ca-certificates espeak-ng flite gcc libasound2-dev libc6-dev libsystemd-dev pkg-config)
TEST_PACKAGES=(bats libasound2-plugins libspeexdsp1 shellcheck shfmt sox)

# 64-bit kernels under a 32-bit userland are common on a Pi, so the kernel is not asked.
require_64_bit() {
    local architecture bits
    bits=$(getconf LONG_BIT)
    architecture=$(dpkg --print-architecture 2>/dev/null || uname -m)
    if [[ $bits != 64 || ! $architecture =~ ^(arm64|aarch64|amd64|x86_64)$ ]]; then
        die "this is a ${bits}-bit $architecture system; Pipit needs a 64-bit one (arm64 or amd64)" \
            "write the 64-bit Raspberry Pi OS to the card"
    fi
}

# $1: a folder; $2: megabytes needed there
require_space() {
    local folder=$1 free
    while [[ ! -d $folder ]]; do folder=$(dirname "$folder"); done
    free=$(df -Pm "$folder" | awk 'NR == 2 { print $4 }')
    ((free >= $2)) || die "only $free MB free in $folder; $2 MB are needed" "free some space there"
}

# Prints those of its arguments that are not installed, one a line.
missing_packages() {
    local installed package
    installed=$(dpkg-query -W -f='${Package} ${db:Status-Status}\n' "$@" 2>/dev/null || true)
    for package; do
        [[ $'\n'$installed$'\n' == *$'\n'"$package installed"$'\n'* ]] || say "$package"
    done
}

have_apt() { [[ -z ${PIPIT_SKIP_APT:-} ]] && command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; }

# The arguments: packages that are missing
install_packages() {
    local as_root=() command="apt-get install -y --no-install-recommends $*"
    if ((EUID != 0)) && [[ $DRY_RUN == no ]]; then
        command -v sudo >/dev/null || die "system packages are missing and there is no sudo" "as root: $command"
        # Asked here, where the user can see it: below, the terminal belongs to the log.
        sudo -n true 2>/dev/null || { [[ -t 0 ]] && sudo -v; } ||
            die "system packages are missing and sudo asks for a password" "run 'sudo $command', then this again"
        as_root=(sudo)
    fi
    as_root+=(env DEBIAN_FRONTEND=noninteractive)
    # After a power cut in the middle of an installation, apt refuses to work until this is done.
    [[ -z $(dpkg --audit 2>/dev/null) ]] || change "finish what dpkg was interrupted in" "${as_root[@]}" dpkg --configure -a
    if is_bundle; then
        change "install system packages of the bundle: $*" install_bundled_packages "$@"
        return
    fi
    change "update the list of system packages" "${as_root[@]}" apt-get update
    # A machine that was just switched on may still be busy with its own updates.
    change "install system packages: $*" \
        "${as_root[@]}" apt-get -o DPkg::Lock::Timeout=300 install -y --no-install-recommends "$@"
}

# Whether a service manager runs on the machine under ROOT: not in an image, nor in a container.
systemd_runs() { [[ -d $ROOT/run/systemd/system ]]; }

# systemctl for the machine under ROOT.
system_control() { systemctl ${ROOT:+--root="$ROOT"} "$@"; }

# Files of Pipit below /etc begin with this and the checksum of the rest, so that a file of somebody else is never
# overwritten and one that its owner changed is kept.
readonly OURS="# Written by Pipit's install.sh; make changes elsewhere, see docs/installing.md. Checksum"

# A program that is started, and a subshell as $(…) is one, takes a millisecond or more, and an installation looks at
# hundreds of things: what is called often leaves what it found in a variable, and reads files itself.
SUM=""     # set by checksum
CONTENT="" # set by content

# Sets SUM to the checksum of standard input.
checksum() {
    SUM=$(sha256sum) || return
    SUM=${SUM%% *}
}

# Sets CONTENT to a file of text, to the last byte; to nothing for one that is not there. $1: the file
content() {
    CONTENT=""
    { IFS= read -rd "" CONTENT <"$1" || true; } 2>/dev/null
}

SETTING="" # set by setting_of

# Sets SETTING to what the settings say, if it is a plain word; to nothing if they do not. A drop-in that is read later wins.
# $1: the table; $2: the key
setting_of() {
    local file said word='"\([A-Za-z0-9-]*\)".*'
    SETTING=""
    for file in "$SETTINGS" "${SETTINGS%/*}"/conf.d/*.toml; do
        [[ -e $file ]] || continue
        said=$(sed -n -e "/^ *\\[$1\\]/,/^ *\\[/s/^ *$2 *= *$word/\\1/p" \
            -e "s/^ *$1\\.$2 *= *$word/\\1/p" "$file")
        said=${said##*$'\n'}
        SETTING=${said:-$SETTING}
    done
}

declare -A SUMS=() # of files of ours, by path

# Sets SUM to the checksum of a file of ours, which nobody changes meanwhile: those of its folder are made together. $1: the file
own_checksum() {
    local sum name
    if [[ -z ${SUMS[$1]-} ]]; then
        while read -r sum name; do
            name=${1%/*}/$name
            SUMS[$name]=$sum
        done < <({ cd "${1%/*}" && sha256sum -- *; } 2>/dev/null || true)
    fi
    SUM=${SUMS[$1]-}
    [[ -n $SUM ]]
}

# Sets CONTENT to a file with its stamp above. $1: the file
stamped() {
    own_checksum "$1" || return
    content "$1"
    CONTENT="$OURS $SUM"$'\n'$CONTENT
}
is_ours() {
    local line=""
    [[ -f $1 ]] || return 1
    { IFS= read -r line <"$1" || true; } 2>/dev/null
    [[ $line == "$OURS "* ]]
}
is_unedited() {
    local stamp sum
    is_ours "$1" || return
    IFS= read -r stamp <"$1"
    sum=$(tail -n +2 "$1" | sha256sum)
    [[ $stamp == "$OURS ${sum%% *}" ]]
}

# Puts a file into /etc unless it is there already; one that was edited is kept beside it. $1: the source; $2: the place
place_file() {
    local wanted
    if [[ -f $2 ]]; then
        stamped "$1"
        wanted=$CONTENT
        content "$2"
        [[ $CONTENT != "$wanted" ]] || return 0
    fi
    keep_edited "$2"
    make_folder "${2%/*}"
    change "write $2" write_stamped "$1" "$2"
}

# Says in a file what was not there before, so that its removal leaves nothing behind and takes nothing else.
readonly MADE=$ROOT/etc/pipit/made-by-install

# $1: what was made, such as "group gpio"
note_made() {
    was_made "$1" && return
    make_folder "${MADE%/*}"
    change "note in $MADE: $1" write_note "$1"
}

# Sorted, so that the file does not tell in what order an interrupted run went on.
write_note() {
    local LC_ALL=C note new=$1 text="# What install.sh made outside its own folders, and takes away with the rest."$'\n' notes=()
    was_made "$1" && return
    [[ ! -e $MADE ]] || mapfile -t notes <"$MADE"
    for note in "${notes[@]}"; do
        [[ -n $note && $note != "#"* ]] || continue
        [[ -z $new || $note < $new ]] || { text+=$new$'\n' && new=""; }
        text+=$note$'\n'
    done
    write_text "$MADE" "$text${new:+$new$'\n'}"
}

was_made() { [[ -e $MADE && $'\n'$(<"$MADE")$'\n' == *$'\n'"$1"$'\n'* ]]; }

# $1: a folder
make_folder() {
    [[ -n $1 && ! -d $1 ]] || return 0
    make_folder "${1%/*}"
    if [[ $1 == "$ROOT/etc/"* && $1 != "${MADE%/*}" ]]; then
        make_folder "${MADE%/*}"
        change "make the folder $1" make_noted_folder "$1"
    else
        change "make the folder $1" mkdir -m 0755 "$1"
    fi
}

make_noted_folder() { write_note "folder ${1#"$ROOT"}" && mkdir -m 0755 "$1"; }

# A name that belongs to the content: made twice, it is the same file. $1: a file that will be replaced or removed
keep_edited() {
    local copy
    if [[ ! -e $1 ]] || is_unedited "$1"; then return 0; fi
    checksum <"$1"
    copy=$1.yours-${SUM:0:8}
    [[ -e $copy ]] || change "keep your $1 as $copy; a drop-in would stay in force" copy_whole "$1" "$copy"
}

# Whole or not at all: under its name a file appears when it is complete and on the disk. $1: the source; $2: the place
copy_whole() { cp "$1" "$2.new" && sync "$2.new" && mv "$2.new" "$2"; }

# $1: the place, beside which the finished file is
put_in_place() { sync "$1.new" && mv "$1.new" "$1"; }

# Its mode is what the umask leaves of 0666. $1: the place; $2: the content
write_text() { printf '%s' "$2" >"$1.new" && put_in_place "$1"; }

write_stamped() { stamped "$1" && write_text "$2" "$CONTENT"; }

# What has been removed, one a line: for a rehearsal, which finds it still there.
GONE=$'\n'

# Removes a file of ours, and what an interrupted run left of it; the user's changes stay. $1: the file
withdraw_file() {
    local file left=()
    is_ours "$1" && keep_edited "$1"
    if is_ours "$1"; then left+=("$1"); fi
    [[ ! -e $1.new ]] || left+=("$1.new")
    ((${#left[@]} == 0)) || change "remove ${left[*]}" rm -f "${left[@]}"
    for file in "${left[@]}"; do GONE+=$file$'\n'; done
}

# Removes a folder that this script made, if nothing is left in it. $1: the folder
withdraw_folder() {
    local name
    if [[ ! -d $1 ]] || ! was_made "folder ${1#"$ROOT"}"; then return 0; fi
    while read -r name; do
        [[ $GONE == *$'\n'"$1/$name"$'\n'* ]] || return 0
    done < <(ls -A "$1")
    change "remove the empty $1" rmdir "$1"
    GONE+=$1$'\n'
}

# All of them, the deeper ones first.
withdraw_made_folders() {
    local folder made
    [[ -e $MADE ]] || return 0
    mapfile -t made < <(sed -n 's/^folder //p' "$MADE" | sort -r)
    for folder in "${made[@]}"; do
        # The note is the image's, and may name anything; we made none by way of a link.
        [[ -n $ROOT ]] && link_out "$ROOT" "$folder" && continue
        withdraw_folder "$ROOT$folder"
    done
}
