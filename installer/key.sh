# shellcheck shell=bash
# The API key: checked, then stored as a credential of systemd, encrypted where systemd can. It is never an argument of
# a program nor in the environment, which other processes can see, and nothing that is logged prints it.

KEY_FILE=$ROOT/etc/pipit/gemini-api-key           # of mode 0600, where systemd cannot encrypt
KEY_ENCRYPTED=$ROOT/etc/pipit/gemini-api-key.cred # by the key of this machine
KEY_DROP_IN=$ROOT/etc/systemd/system/pipit.service.d/10-gemini-api-key.conf
KEY_TRIAL=$ROOT/etc/systemd/system/pipit-key.service
readonly KEY_NAME=gemini-api-key LONGEST_KEY=500
API_KEY=""

key_is_stored() { [[ -s $KEY_FILE || -s $KEY_ENCRYPTED ]]; }

# The file that was written last is the one that was meant: an owner may write the plain one by hand.
key_is_encrypted() { [[ -s $KEY_ENCRYPTED && ! $KEY_FILE -nt $KEY_ENCRYPTED ]]; }

# Asks on the terminal until it gets a key or nothing, which it leaves in API_KEY.
ask_for_key() {
    local fault
    while true; do
        read -rsp "Gemini API key (not shown; Enter for none yet): " API_KEY || API_KEY=""
        printf '\n'
        trim_key
        [[ -n $API_KEY ]] || return 0
        fault=$(key_fault)
        [[ -n $fault ]] || return 0
        say "  This key $fault. Copy it again, alone."
    done
}

# Reads API_KEY from a file and refuses what cannot be one. $1: the file
read_key() {
    local fault
    [[ -f $1 && -r $1 ]] || die "the key file $1 cannot be read" "name a file that holds the API key and nothing else"
    # bash keeps no zero bytes; as spaces they are noticed.
    API_KEY=$(head -c $((LONGEST_KEY * 2)) <"$1" | tr '\0' ' ')
    trim_key
    fault=$(key_fault)
    [[ -z $fault ]] || die "the key in $1 $fault" "copy the key from Google AI Studio again, alone on one line$(strange_bytes)"
}

# Without what an editor or a copy leaves around it.
trim_key() {
    API_KEY=${API_KEY#"${API_KEY%%[![:space:]]*}"}
    API_KEY=${API_KEY%"${API_KEY##*[![:space:]]}"}
}

# Prints what is wrong with API_KEY, never the key; nothing if it may be one.
key_fault() {
    local LC_ALL=C
    case $API_KEY in
        "") say "is empty" ;;
        *[[:space:]]*) say "has a space or a line break in it" ;;
        *[!!-~]*) say "has a character in it that no key has" ;;
        *) ((${#API_KEY} <= LONGEST_KEY)) || say "is longer than $LONGEST_KEY characters" ;;
    esac
}

# Names those bytes of API_KEY that no key has, up to eight: most of them cannot be seen. A no-break space is c2 a0, the mark
# with which some editors begin a file ef bb bf, and that of UTF-16 ff fe.
strange_bytes() {
    local LC_ALL=C bytes
    bytes=${API_KEY//[[:graph:][:space:]]/}
    [[ -z $bytes ]] || printf '; it has the bytes %s in it' "$(head -c 8 <<<"$bytes" | od -An -tx1 -N "${#bytes}" | sed 's/^ *//; s/ *$//')"
}

# Stores the key in place of any other. $1: the file that holds it; without one API_KEY is stored
store_key() {
    [[ -z ${1:-} ]] || read_key "$1"
    [[ -n $API_KEY ]] || return 0
    make_folder "${KEY_FILE%/*}"
    change "store the API key in ${KEY_FILE%/*}, encrypted where systemd can" place_key
    if [[ $DRY_RUN == yes ]]; then
        if can_encrypt; then fit_key_files encrypted; else fit_key_files plain; fi
        return
    fi
    settle_key
    if key_is_encrypted; then
        say "  the API key is encrypted with this machine's own key: that protects a backup, not a stolen card"
    else
        say "  the API key is stored for root alone, but not encrypted"
    fi
}

place_key() { encrypt_key || write_plain_key; }

# A key that cannot be read back never replaces one that can. Not by a TPM's key: firmware updates make that unusable.
encrypt_key() (
    umask 077
    new=$KEY_ENCRYPTED.new
    can_encrypt &&
        printf '%s\n' "$API_KEY" | systemd-creds encrypt --with-key=host --name="$KEY_NAME" - "$new" &&
        [[ $(systemd-creds decrypt --name="$KEY_NAME" "$new" -) == "$API_KEY" ]] &&
        chmod 0600 "$new" && sync "$new" && mv "$new" "$KEY_ENCRYPTED" && exit
    rm -f "$new"
    exit 1
)

# Not in an image: the host key would be the one of the machine that makes it, unless systemd is told of another.
can_encrypt() {
    [[ -z $ROOT || -n ${SYSTEMD_CREDENTIAL_SECRET:-} ]] && command -v systemd-creds >/dev/null
}

# In a subshell, for the umask. The encrypted one before it goes only when this one is in place.
write_plain_key() (
    umask 077
    rm -f "$KEY_FILE.new" && write_text "$KEY_FILE" "$API_KEY"$'\n' && rm -f "$KEY_ENCRYPTED"
)

# Makes the service's files fit the stored key, and ends what an interrupted run left half-way.
settle_key() {
    local before=$CHANGES kind=none
    if key_is_encrypted; then kind=encrypted; elif [[ -s $KEY_FILE ]]; then kind=plain; fi
    fit_key_files "$kind"
    reread_units "$before"
    [[ $kind != encrypted ]] || try_key "$before"
}

# $1: how the key is stored: encrypted, plain or none
fit_key_files() {
    case $1 in
        encrypted)
            place_file "$CHECKOUT/systemd/pipit-key.service" "$KEY_TRIAL"
            place_file "$CHECKOUT/systemd/gemini-api-key.encrypted.conf" "$KEY_DROP_IN"
            ;;
        plain)
            [[ ! -e $KEY_FILE || $(stat -c %a "$KEY_FILE") == [46]00 ]] ||
                change "close $KEY_FILE to others" chmod 0600 "$KEY_FILE"
            place_file "$CHECKOUT/systemd/gemini-api-key.conf" "$KEY_DROP_IN"
            withdraw_file "$KEY_TRIAL"
            ;;
        none) withdraw_key_files ;;
    esac
}

withdraw_key_files() {
    withdraw_file "$KEY_DROP_IN"
    withdraw_file "$KEY_TRIAL"
}

# The plain key goes when the service manager itself has decrypted the other; if it cannot, the plain one serves.
# $1: CHANGES before
try_key() {
    if systemd_runs && ((CHANGES > $1)) &&
        ! attempt "try the encrypted API key as the service will" system_control restart pipit-key.service; then
        [[ -n $API_KEY ]] || return 0
        change "store the API key without encryption instead" write_plain_key
        settle_key
        return
    fi
    [[ ! -e $KEY_FILE ]] || change "remove $KEY_FILE, which is encrypted now" rm -f "$KEY_FILE"
}

remove_key() {
    local file stored=()
    for file in "$KEY_FILE" "$KEY_ENCRYPTED" "$KEY_FILE.new" "$KEY_ENCRYPTED.new"; do
        [[ ! -e $file ]] || stored+=("$file")
    done
    ((${#stored[@]} == 0)) || change "remove the API key" rm -f "${stored[@]}"
    [[ $DRY_RUN == yes ]] || settle_key
}
