# shellcheck shell=bash
# The bundle: one file from which a machine of this kind (release, architecture, Python) is installed without a network.
# A folder unpacked from it is a checkout that carries what is otherwise fetched: wheels/, models/ and debs/.

# What of the checkout goes in: what an install reads, not what develops Pipit.
BUNDLE_FILES=(install.sh installer daemon hardware systemd docs pyproject.toml pipit.example.toml README.md LICENSE CHANGELOG.md)
BUNDLE_SETS=(build run wake first-stage models pins camera)
# What an installed Pipit wants of the system. No compilers: all that has no wheel is built when the bundle is made.
BUNDLE_PACKAGES=(alsa-utils ca-certificates espeak-ng flite libasound2-plugins libspeexdsp1)

# Using a bundle

is_bundle() { [[ -f $CHECKOUT/BUNDLE ]]; }

# Dies unless every file of the bundle is whole and it is for this machine; then its Python is the one to use. Changes
# nothing, and does nothing in a checkout that is no bundle.
verify_bundle() {
    is_bundle || return 0
    local release architecture version broken
    read -r release architecture version <"$CHECKOUT/BUNDLE"
    [[ "$release $architecture" == "$(bundle_system)" ]] ||
        die "this bundle is for $architecture $release, this machine is $(bundle_system | awk '{ print $2, $1 }')" \
            "make one on such a machine: ./install.sh bundle"
    [[ -n ${PIPIT_PYTHON:-} ]] || PIPIT_PYTHON=python$version
    [[ -s $CHECKOUT/SHA256SUMS ]] || die "the bundle is not complete: SHA256SUMS is missing" "unpack its file again"
    broken=$(cd "$CHECKOUT" && { sha256sum --check --quiet SHA256SUMS 2>/dev/null || true; } | sed -n '1s/: FAILED.*//p')
    [[ -z $broken ]] || die "the bundle is damaged: $broken is not the file it should be" "copy its file here again and unpack it"
}

# The models that the bundle carries, where the installers of models look first. A running release keeps the files that it
# has open. $1: the folder
place_bundled_models() { cp --remove-destination --preserve=timestamps "$CHECKOUT"/models/* "$1"; }

# Installs system packages from debs/ and from nowhere else. apt keeps what is installed and takes what is missing.
# The arguments: packages
install_bundled_packages() {
    local own status=0
    own=$(mktemp -d)
    # Not signed: SHA256SUMS has been checked.
    printf 'deb [trusted=yes] file:%s/debs ./\n' "${CHECKOUT// /%20}" >"$own/sources.list"
    bundle_apt "$own" update && bundle_apt "$own" install --yes --no-install-recommends "$@" || status=$?
    rm -rf "$own"
    return "$status"
}

# apt-get with lists and caches of its own. $1: the folder for them, with a sources.list; the rest: apt-get's arguments
bundle_apt() {
    local own=$1
    shift
    mkdir -p "$own/lists/partial" "$own/archives/partial"
    DEBIAN_FRONTEND=noninteractive apt-get -o Dir::State::lists="$own/lists" -o Dir::Cache::archives="$own/archives" \
        -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o APT::Sandbox::User=root -o DPkg::Lock::Timeout=300 \
        -o Dir::Etc::sourcelist="$own/sources.list" -o Dir::Etc::sourceparts=/dev/null "$@"
}

# Making one

bundle() {
    local output=$CHECKOUT name
    bundle_options "$@"
    ! is_bundle || die "this folder is a bundle itself" "make one from a checkout"
    have_apt || die "a bundle carries system packages, and there is no apt here" "make it on Raspberry Pi OS or Debian"
    [[ -d $output && -w $output ]] || die "cannot write to $output" "name a folder that exists: --output DIR"
    require_space "$output" 1500
    set_up bundle "$@"
    [[ -n $LOG ]] || start_log "$CHECKOUT/install.log"
    name=$(bundle_name)
    headline "Pipit bundle: $output/$name.tar.gz"
    fill_bundle "$output/$name.partial"
    change "pack $output/$name.tar.gz" pack_bundle "$output" "$name"
    cat "$CHECKOUT/installer/bundle-notice.txt"
}

# Sets output. The arguments: those of the subcommand
bundle_options() {
    while (($#)); do
        case $1 in
            --output=*) output=${1#*=} ;;
            --output)
                (($# > 1)) || die "--output names no folder" "--output DIR" 2
                output=$2
                shift
                ;;
            *) die "unknown option '$1'" "./install.sh help" 2 ;;
        esac
        shift
    done
    output=$(realpath -m -- "$output")
}

# Prints "release architecture": the part of the name that says where system packages and built wheels fit.
bundle_system() {
    printf '%s %s\n' "$(sed -n 's/^VERSION_CODENAME=//p' "$ROOT/etc/os-release")" "$(dpkg --print-architecture)"
}

bundle_python() { "$VENV/bin/python" -c 'import sys; print("%d.%d" % sys.version_info[:2])'; }

bundle_name() {
    local release architecture
    read -r release architecture < <(bundle_system)
    product_version
    say "pipit-$PRODUCT_VERSION-$release-cp$(bundle_python | tr -d .)-$architecture"
}

# Everything is made in a folder beside the result: an interrupted run leaves nothing that looks like a bundle. $1: the folder
fill_bundle() {
    local folder=$1 set
    change "begin with an empty folder" remake_folder "$folder"
    change "copy Pipit's files" copy_product "$folder"
    for set in "${BUNDLE_SETS[@]}"; do
        change "collect the wheels of requirements/$set.txt" collect_wheels "$folder" "$set"
    done
    change "build the wheel of Pipit" build_own_wheel "$folder"
    change "copy the models" copy_models "$folder"
    change "download system packages: ${BUNDLE_PACKAGES[*]}" download_debs "$folder/debs"
    change "write SHA256SUMS" seal_bundle "$folder"
}

# $1: the folder
remake_folder() { rm -rf "$1" && mkdir -p "$1/wheels" "$1/requirements"; }

# $1: the folder
copy_product() {
    (cd "$CHECKOUT" && cp -r "${BUNDLE_FILES[@]}" "$1")
    cp "$CHECKOUT/installer/bundle-notice.txt" "$1/NOTICE"
    find "$1" -name __pycache__ -prune -exec rm -rf {} +
    printf '%s %s\n' "$(bundle_system)" "$(bundle_python)" >"$1/BUNDLE"
}

# Wheels of a set, built where there are none, and a requirement file that pins just these. $1: the folder; $2: the set
collect_wheels() {
    local own=$1/$2.wheels wheel name version
    # As in build_release, for lgpio.
    PATH="$VENV/bin:$PATH" PYPI=1 CFLAGS=-std=gnu17 "$VENV/bin/python" -m pip wheel --disable-pip-version-check --no-input --no-build-isolation --use-pep517 --no-deps \
        --require-hashes --wheel-dir "$own" --requirement "$CHECKOUT/requirements/$2.txt" || return
    for wheel in "$own"/*.whl; do
        IFS=- read -r name version _ <<<"${wheel##*/}"
        printf '%s==%s --hash=sha256:%s\n' "$name" "$version" "$(sha256sum <"$wheel" | cut -d' ' -f1)"
    done >"$1/requirements/$2.txt"
    mv "$own"/*.whl "$1/wheels" && rmdir "$own"
}

# A copy is built, so that nothing is written into the checkout. $1: the folder
build_own_wheel() {
    local copy status=0
    copy=$(mktemp -d)
    cp -r "$CHECKOUT"/{daemon,hardware,pyproject.toml,README.md,LICENSE} "$copy"
    "$VENV/bin/python" -m pip wheel --disable-pip-version-check --no-build-isolation --use-pep517 --no-deps --no-index \
        --wheel-dir "$1/wheels" "$copy" || status=$?
    rm -rf "$copy"
    return "$status"
}

# $1: the folder
copy_models() { mkdir "$1/models" && cp --preserve=timestamps "$MODELS"/* "$1/models"; }

# Packages with all they depend on: apt is asked as if nothing were installed, so that the bundle serves a machine that
# has less than this one. The machine's own lists and packages are not touched. $1: the folder
download_debs() {
    local own status=0 version as_if_new
    version=$(bundle_python)
    own=$(mktemp -d)
    cat /etc/apt/sources.list >"$own/sources.list" 2>/dev/null || : >"$own/sources.list"
    : >"$own/status"
    # Of an option that is given twice, apt takes the last: here the machine's own sources are read.
    as_if_new=(-o Dir::Etc::sourceparts=/etc/apt/sources.list.d -o Dir::State::status="$own/status" -o Debug::NoLocking=1)
    bundle_apt "$own" "${as_if_new[@]}" update &&
        bundle_apt "$own" "${as_if_new[@]}" install --yes --no-install-recommends --download-only \
            "${BUNDLE_PACKAGES[@]}" "python$version" "python$version-venv" &&
        mkdir "$1" && mv "$own"/archives/*.deb "$1" && index_debs "$1" || status=$?
    rm -rf "$own"
    return "$status"
}

# What apt reads of a folder of packages. $1: the folder
index_debs() {
    local deb name
    for deb in "$1"/*.deb; do
        name=${deb##*/}
        name=${name//%3a/.} # an encoded colon, which apt would decode
        [[ $deb == "$1/$name" ]] || mv "$deb" "$1/$name"
        dpkg-deb --field "$1/$name"
        printf 'Filename: ./%s\nSize: %s\n' "$name" "$(stat -c %s "$1/$name")"
        printf 'SHA256: %s\n\n' "$(sha256sum <"$1/$name" | cut -d' ' -f1)"
    done >"$1/Packages"
}

# $1: the folder
seal_bundle() {
    (cd "$1" && find . -type f ! -name 'SHA256SUMS*' -printf '%P\0' | sort -z | xargs -0 sha256sum) >"$1/SHA256SUMS.new"
    mv "$1/SHA256SUMS.new" "$1/SHA256SUMS"
}

# $1: the folder of the result; $2: its name
pack_bundle() {
    tar --create --gzip --file "$1/$2.tar.gz.partial" --directory "$1" --sort=name --owner=0 --group=0 --numeric-owner \
        --transform "s|^$2.partial|$2|" "$2.partial" || return
    mv "$1/$2.tar.gz.partial" "$1/$2.tar.gz"
    rm -rf "${1:?}/$2.partial"
}
