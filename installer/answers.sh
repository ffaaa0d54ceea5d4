# shellcheck shell=bash
# What the household is asked: answered by a file, by an earlier run, at the terminal, or by a default that is safe.

readonly KEPT_ANSWERS=$ROOT/etc/pipit/install.answers

UNATTENDED=no
ANSWER=""                   # what the last `ask` came to
declare -A ANSWERS=()       # by key
declare -A ANSWER_PLACES=() # FILE:LINE of those that were read from a file

# Prints what a key takes; fails for a key that does not exist. $1: the key
answer_range() {
    case $1 in
        consent) say "yes" ;;
        spi | i2c | i2c_probe | any_release | config_conflict | understanding | spoken) say "yes or no" ;;
        wifi_power_save) say "off or keep" ;;
        voice) say "rhvoice or espeak" ;;
        board) say "the name of a board, detected or none" ;;
        api_key_file) say "the path of a file that holds the key alone" ;;
        microphone | speaker) say "the name of a PCM as 'arecord -L' or 'aplay -L' prints it" ;;
        language) say 'a BCP 47 tag such as en, de or pt-BR' ;;
        *) return 1 ;;
    esac
}

# $1: the key; $2: a value
answer_fits() {
    local pattern
    case $1 in
        consent) pattern='yes' ;;
        spi | i2c | i2c_probe | any_release | config_conflict | understanding | spoken) pattern='yes|no' ;;
        wifi_power_save) pattern='off|keep' ;;
        voice) pattern='rhvoice|espeak' ;;
        board) pattern='[a-z0-9][a-z0-9_-]*' ;;
        api_key_file) pattern='.+' ;;
        # What would need escaping in TOML or in sed has no place in the name of a PCM.
        microphone | speaker) pattern='[A-Za-z0-9_][A-Za-z0-9_:=,.@/ -]*' ;;
        language) pattern='[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*' ;;
    esac
    [[ $2 =~ ^($pattern)$ ]]
}

# Takes the answers of a file; those that are there already win. Ends the run at the first mistake. $1: the file
read_answers() {
    local line number=0 key value place
    [[ -f $1 && -r $1 ]] || die "cannot read the answers in $1" "give --answers a file of lines such as 'consent = yes'" 2
    refuse_utf_16 "$1"
    local -A seen=()
    while read -r line || [[ -n $line ]]; do
        number=$((number + 1)) place=$1:$number
        ((number > 1)) || line=${line#$'\xef\xbb\xbf'} # the mark with which some editors begin a file
        line=${line#"${line%%[![:blank:]]*}"}
        line=${line%$'\r'}
        [[ $line != "" && $line != "#"* ]] || continue
        [[ $line =~ ^([a-z0-9_]+)[[:blank:]]*=[[:blank:]]*(.*[^[:blank:]])[[:blank:]]*$ ]] ||
            die "$place: '$(shown "$line")' is not an answer" "write it as 'key = value'" 2
        key=${BASH_REMATCH[1]} value=${BASH_REMATCH[2]}
        value=${value%%[[:blank:]]#*}
        value=${value%"${value##*[![:blank:]]}"}
        answer_range "$key" >/dev/null || die "$place: there is no question '$key'" "see docs/installing.md for those that there are" 2
        answer_fits "$key" "$value" || die "$place: $key cannot be '$(shown "$value")'" "write $(answer_range "$key")" 2
        [[ ! -v seen[$key] ]] || die "$place: $key is answered in line ${seen[$key]} already" "remove one of them" 2
        seen[$key]=$number
        [[ ! -v ANSWERS[$key] ]] || continue
        ANSWERS[$key]=$value ANSWER_PLACES[$key]=$place
    done <"$1"
}

# bash drops zero bytes without a word: what is saved as UTF-16 would be read, and hardly as it was meant. $1: the file
refuse_utf_16() {
    # A zero byte is what this reads up to; it fails where it finds none.
    ! IFS= read -rd "" _ <"$1" ||
        die "$1 is not plain text: it has zero bytes in it, as UTF-16 has" "save it as UTF-8" 2
}

may_ask() { [[ $UNATTENDED == no && $DRY_RUN == no && -t 0 ]]; }

# Sets ANSWER. Each question is asked once. $1: the key; $2: the question; $3: the default
ask() {
    local key=$1 question=$2 default=$3 tries
    ANSWER=${ANSWERS[$key]-$default}
    [[ ! -v ANSWERS[$key] ]] || return 0
    may_ask || return 0
    for tries in 1 2 3; do
        read -rp "$question [$default] " ANSWER || ANSWER=""
        ANSWER=${ANSWER:-$default}
        if answer_fits "$key" "$ANSWER"; then
            ANSWERS[$key]=$ANSWER
            return
        fi
        say "Please answer with $(answer_range "$key")."
    done
    die "no usable answer after $tries tries: $question" "answer with $(answer_range "$key")"
}

# Keeps what later runs must not ask again. The arguments: key=value
keep_answers() {
    local text answer
    text="# What install.sh was told. It takes this as given; change it here and run it again.
"
    for answer; do text+="${answer%%=*} = ${answer#*=}
"; done
    content "$KEPT_ANSWERS"
    [[ $text != "$CONTENT" ]] || return 0
    make_folder "${KEPT_ANSWERS%/*}"
    change "keep the answers in $KEPT_ANSWERS" write_text "$KEPT_ANSWERS" "$text"
}

# Nothing is installed without it. At the terminal the default is no; anywhere else it must have been given.
require_consent() {
    local reply=""
    may_ask || die "nothing was changed: it takes your consent" "run it with --yes, or with 'consent = yes' among the answers"
    read -rp "Go on? [y/N] " reply || true
    [[ $reply =~ ^[yYjJ] ]] || die "nothing was changed, as you wished" "run it again when you like" 1
}
