# shellcheck shell=bash
# What the build scripts share.

VM_CACHE=${PIPIT_VM_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/pipit-vm}

tell() { printf '[%4d s] %s\n' "$SECONDS" "$*"; }

# The last line of a failed run. $1: what went wrong; $2: how to fix it
give_up() {
    printf 'test-vm: %s — fix: %s\n' "$1" "$2" >&2
    exit 1
}

# The Debian mirror that this machine's apt uses; nothing, which is mmdebstrap's own choice, if it uses none.
debian_mirror() {
    # shellcheck disable=SC2016 # the words of apt's own format
    apt-get indextargets --format '$(ORIGIN) $(LABEL) $(REPO_URI)' 'Created-By: Packages' 2>/dev/null |
        awk '$1 == "Debian" && $2 == "Debian" { print $3; exit }'
}

# True if a product of the cache was made from these very inputs. $1: its name; $2: the key
is_built() { [[ -s $VM_CACHE/$1 && $(cat "$VM_CACHE/$1.key" 2>/dev/null) == "$2" ]]; }

# A folder for building, removed however the script ends.
make_workshop() {
    mkdir -p "$VM_CACHE"
    WORKSHOP=$(mktemp -d "$VM_CACHE/building.XXXXXX")
    trap 'rm -rf "$WORKSHOP"' EXIT
}
