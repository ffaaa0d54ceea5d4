# shellcheck shell=bash
# Model files: fetched and checked by the daemon's own installers, which know their hashes.

MODEL_INSTALLERS=(daemon.wake.install daemon.brain.recognition.install)

COMPLETE_MODELS="" # the folder in which all models were found by this run

# Sets SUM to what the files were made by and what they are now: changes when either does. $1: the folder
models_fingerprint() {
    checksum < <({
        cat "$CHECKOUT"/daemon/wake/*.py "$CHECKOUT"/daemon/brain/recognition/install.py "$CHECKOUT"/daemon/fetch/*.py
        find "$1" -type f ! -name '.complete*' ! -path "$1/whisper_*" -printf '%P %s %T@\n' | sort
    } 2>/dev/null || true)
}

# $1: the folder
models_are_complete() {
    [[ $COMPLETE_MODELS != "$1" ]] || return 0
    [[ -e $1/.complete ]] || return 1
    models_fingerprint "$1"
    content "$1/.complete"
    [[ $CONTENT == "$SUM"$'\n' ]] && COMPLETE_MODELS=$1
}

# $1: the folder
announce_models() {
    models_are_complete "$1" && return
    say "  models             in $1, made by others, fetched from them:"
    say "                     wake words (openWakeWord), CC BY-NC-SA 4.0: not for commercial use;"
    say "                     end of speech (Silero, MIT) and speech recognition (Moonshine, MIT)"
}

# $1: the environment; $2: the folder
install_models() {
    local installer
    models_are_complete "$2" && return
    if [[ -d $CHECKOUT/models ]] && is_bundle; then change "copy the models of the bundle" place_bundled_models "$2"; fi
    for installer in "${MODEL_INSTALLERS[@]}"; do
        change "fetch and check models by $installer" env -C / "$1/bin/python" -m "$installer" "$2"
    done
    [[ $DRY_RUN == no ]] || return 0
    models_fingerprint "$2"
    write_text "$2/.complete" "$SUM"$'\n'
}
