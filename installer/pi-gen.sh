#!/bin/bash -e
# A stage of pi-gen in one script: an image of Raspberry Pi OS with Pipit in it, that starts with the image.
#
#   stage-pipit/00-pipit/00-run.sh          this file, executable
#   stage-pipit/00-pipit/files/pipit/       a bundle, unpacked; or a checkout, for a build with a network
#   stage-pipit/00-pipit/files/answers      what install.sh would ask (optional)
#   stage-pipit/prerun.sh                   as in pi-gen's own stages: [ -d "$ROOTFS_DIR" ] || copy_previous
#
# The image gets no API key: every copy of it would carry the same. On the Pi, `sudo /usr/local/src/pipit/install.sh key`
# asks for it, or cloud-init brings it. pi-gen provides ROOTFS_DIR and on_chroot.
set -euo pipefail

HERE=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
readonly PLACE=/usr/local/src/pipit # stays in the image: upgrade, key and uninstall are run from there

[[ -d ${ROOTFS_DIR:-} ]] || {
    echo "pi-gen.sh: ROOTFS_DIR names no folder — fix: let pi-gen run this script, in a stage of its own" >&2
    exit 1
}
[[ -x $HERE/files/pipit/install.sh ]] || {
    echo "pi-gen.sh: $HERE/files/pipit has no install.sh — fix: unpack a bundle there, or copy a checkout" >&2
    exit 1
}

# What is written from out here must not follow a link of the image into this computer.
ROOTFS_DIR=$(realpath -- "$ROOTFS_DIR")
for place in "$PLACE" /root/pipit-answers /etc/pipit/gemini-api-key; do
    [[ $(realpath -m -- "$ROOTFS_DIR$place") == "$ROOTFS_DIR$place" ]] || {
        echo "pi-gen.sh: there is a link on the way to $ROOTFS_DIR$place — fix: take it out of the image" >&2
        exit 1
    }
done

rm -rf "${ROOTFS_DIR:?}$PLACE"
mkdir -p "$ROOTFS_DIR$PLACE"
cp -r "$HERE/files/pipit/." "$ROOTFS_DIR$PLACE"
rm -rf "$ROOTFS_DIR$PLACE"/{.git,.venv,install.log}

answers=$ROOTFS_DIR/root/pipit-answers
{
    echo "consent = yes"
    # No sound board is connected to the computer that makes the image, and config.txt must not follow that computer's.
    [[ -e $HERE/files/answers ]] || echo "board = none"
    [[ ! -e $HERE/files/answers ]] || grep -v '^ *\(consent\|api_key_file\) *=' "$HERE/files/answers"
} >"$answers"

# No service manager runs in there, so install.sh installs and enables, and starts nothing. 10: config.txt has changed.
on_chroot <<EOF
$PLACE/install.sh install --unattended --answers /root/pipit-answers || test \$? -eq 10
EOF
rm -f "$answers"

# What no two machines may share.
rm -f "$ROOTFS_DIR"/etc/pipit/gemini-api-key*
