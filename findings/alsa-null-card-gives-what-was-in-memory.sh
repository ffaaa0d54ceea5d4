#!/usr/bin/env bash
# A second of sound captured by pyalsaaudio from alsa-lib's card "null", as test set-ups do that have no sound card. Needs a
# C compiler and libasound2-dev, for pyalsaaudio has no wheel.
#
# The good guess: it gives silence; alsa-lib's pages call it a plugin that discards what is written and gives zeros.
# Seen with pyalsaaudio 0.11.0 and alsa-lib 1.2.8: alsa-lib says that a period was read and writes nothing into the buffer,
# which pyalsaaudio has just had from malloc. So "null" gives what stood there: zeros in a young process, and something
# like noise in one that has lived a while. A plugin "file" in front of it, with /dev/zero as its infile, gives silence.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet pyalsaaudio==0.11.0
cat >"$folder/asound.conf" <<'ALSA'
pcm.nothing { type null }
pcm.zeros { type file slave.pcm "nothing" file "/dev/null" infile "/dev/zero" format "raw" }
ALSA
ALSA_CONFIG_PATH="/usr/share/alsa/alsa.conf:$folder/asound.conf" "$folder/venv/bin/python" - <<'PYTHON'
import sys

import alsaaudio

PERIODS, FRAMES = 50, 320


def sounding(name):
    """How many periods are no silence, in a process whose freed memory is not blank."""
    options = {"channels": 1, "rate": 16_000, "format": alsaaudio.PCM_FORMAT_S16_LE, "periodsize": FRAMES}
    card = alsaaudio.PCM(alsaaudio.PCM_CAPTURE, device=name, **options)
    count = 0
    for _ in range(PERIODS):
        lived = [b"Z" * size for size in range(2 * FRAMES, 2 * FRAMES + 64)]
        del lived
        frames, data = card.read()
        assert frames == FRAMES
        count += any(data)
    card.close()
    return count


found = {name: sounding(name) for name in ("nothing", "zeros")}
print(f"pyalsaaudio 0.11.0, {alsaaudio.asoundlib_version()}: {found} of {PERIODS} periods are no silence")
if not found["nothing"] or found["zeros"]:
    sys.exit("this has changed")
PYTHON
