# shellcheck shell=bash
# Releases of the program side by side in /opt/pipit. `current` is a link, so that a switch is one step; `previous` is the
# one to go back to. A release without its file `complete` does not count: it was interrupted.

readonly OPT=$ROOT/opt/pipit
readonly RELEASES=$OPT/releases CURRENT=$OPT/current PREVIOUS=$OPT/previous STARTED=$OPT/started
readonly COMMAND=$ROOT/usr/local/bin/pipit COMMAND_TARGET=/opt/pipit/current/venv/bin/pipit

# What has machine code in it, each with something that must be in there: the lgpio that pip takes where there is no wheel
# is an empty one.
NATIVE_MODULES=(
    numpy:array onnxruntime:InferenceSession alsaaudio:PCM lgpio:gpiochip_open systemd.daemon:notify soxr:ResampleStream
    pydantic_core:SchemaValidator tree_sitter:Parser tree_sitter_toml:language cryptography.x509:Certificate
    soundfile:SoundFile google.genai:Client
)

# The version, and a mark of the sources, so that a changed checkout becomes a release of its own.
release_name() {
    local mark
    product_version
    mark=$(cd "$CHECKOUT" && find daemon hardware requirements systemd pyproject.toml pipit.example.toml -type f \
        ! -name '*.pyc' -print0 | sort -z | xargs -0 sha256sum | sha256sum)
    say "$PRODUCT_VERSION-${mark:0:8}"
}

PRODUCT_VERSION="" # set by product_version

# Sets PRODUCT_VERSION to that of the checkout.
product_version() {
    content "$CHECKOUT/daemon/__init__.py"
    [[ $CONTENT =~ __version__\ =\ \"([^\"]*)\" ]] && PRODUCT_VERSION=${BASH_REMATCH[1]}
}

LINKED="" # set by linked_release

# Sets LINKED to the name of the release that a link names, or to nothing. $1: the link
linked_release() {
    LINKED=""
    [[ ! -L $1 ]] || LINKED=$(readlink "$1")
    LINKED=${LINKED##*/}
}

# After an update of the whole system the Python that a release was made with can be gone. $1: the release
release_serves() { [[ -e $1/complete && $("$1/venv/bin/python" -VV 2>/dev/null) == "$(<"$1/complete")" ]]; }

# $1: the release
build_release() {
    local release=$1
    release_serves "$release" && return
    make_folder "$RELEASES"
    [[ ! -e $release ]] || change "remove the unfinished $release" remove_release "$release"
    change "make the folder $release" mkdir "$release"
    make_environment "$release/venv"
    install_runtime "$release/venv"
    # Where lgpio has no wheel it is built: PYPI asks its setup.py for its C library inside; newer C it does not compile as.
    PYPI=1 CFLAGS=-std=gnu17 install_set "$release/venv" pins
    change "install Pipit into $release" install_program "$release"
    check_imports "$release"
    compile_lean "$release"
    # A power cut must not leave a release that is complete by name and empty on the card.
    change "see to it that $release is on the disk" sync -f "$release"
    change "mark $release as complete" mark_complete "$release"
}

# The mark goes first: what is half removed must not count as a release.
remove_release() { rm -f "$1/complete" && rm -rf "$1"; }

mark_complete() {
    local python
    python=$("$1/venv/bin/python" -VV) && write_text "$1/complete" "$python"$'\n'
}

# A copy is built, so that nothing is written into the checkout; it is in the release, so that nothing is left elsewhere.
# With it go the unit and its companions, for the day when it is gone back to. $1: the release
install_program() {
    local source=$1/source wheel
    wheel=$(find "$CHECKOUT/wheels" -name 'pipit-*.whl' -print -quit 2>/dev/null || true)
    if [[ -n $wheel ]]; then
        pip_install "$1/venv" --no-deps "$wheel" || return
    else
        mkdir -p "$source" && cp -r "$CHECKOUT"/{daemon,hardware,pyproject.toml,README.md,LICENSE} "$source" &&
            pip_install "$1/venv" --no-deps "$source" && rm -rf "$source" || return
    fi
    cp -r "$CHECKOUT"/{README.md,LICENSE,CHANGELOG.md,pipit.example.toml,docs/pipit.schema.json,systemd} "$1"
}

# A wheel that the processor cannot run kills the interpreter (an illegal instruction, on a Pi 4 with some releases of
# onnxruntime), so each is tried in a process of its own. $1: the release
check_imports() {
    local module
    [[ $DRY_RUN == no ]] || return 0
    mkdir -p "$1/imports"
    for module in "${NATIVE_MODULES[@]}"; do attempt_import "$1" "${module%:*}" "${module#*:}"; done
    rm -rf "$1/imports"
}

# Saves memory and nothing else: what is not there is imported as it always is. $1: the release
compile_lean() {
    attempt "compile the libraries without docstrings" env -C / timeout 600 \
        "$1/venv/bin/python" -X no_debug_ranges -m daemon.house.lean_imports ||
        say "The libraries stay as they are, which takes 3 MB more of memory."
}

# lgpio makes a pipe where LG_WD says, and stays in that folder. $1: the release; $2: the module; $3: what it must have
attempt_import() {
    local status=0
    logged "try $2" env -C "$1/imports" LG_WD="$1/imports" timeout 600 "$1/venv/bin/python" -c \
        'import importlib, sys; getattr(importlib.import_module(sys.argv[1]), sys.argv[2])' "$2" "$3" || status=$?
    case $status in
        0) ;;
        124) die "the import of $2 took longer than ten minutes" "run it again when the machine has less to do" ;;
        129 | 1[3-9]?)
            die "the package of $2 does not run on this machine: its import ended by SIG$(kill -l "$status")" \
                "report this line with the model of the machine; the release before is still in place"
            ;;
        *) explain_failure "import $2" "$status" ;;
    esac
}

# A link is replaced in one step: it names one release or the other, at every moment. $1: the link; $2: the release's name
point_link() {
    linked_release "$1"
    [[ -n $2 && $LINKED != "$2" ]] || return 0
    change "make $2 the ${1##*/} release" replace_link "releases/$2" "$1"
}

# $1: what it names; $2: the link
replace_link() { ln -sfn "$1" "$2.new" && mv -T "$2.new" "$2"; }

install_command() {
    [[ ! -L $COMMAND || $(readlink "$COMMAND") != "$COMMAND_TARGET" ]] || return 0
    make_folder "${COMMAND%/*}"
    change "make the command $COMMAND" replace_link "$COMMAND_TARGET" "$COMMAND"
}

# All but the one of this run and the one before it.
remove_old_releases() {
    local release before
    linked_release "$CURRENT"
    [[ $LINKED != "$RELEASE" ]] || linked_release "$PREVIOUS"
    before=$LINKED
    for release in "$RELEASES"/*; do
        [[ -d $release && ${release##*/} != "$RELEASE" && ${release##*/} != "$before" ]] || continue
        change "remove the old release ${release##*/}" remove_release "$release"
    done
}
