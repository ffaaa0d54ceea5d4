#!/usr/bin/env bash
# A stream of soxr is fed 10 ms at a time, and asked by delay() how much of the sound it has taken it still holds back; once as
# usual and once with vr=True, the mode with the even flow of output that suits live sound. And a click is sent through both.
#
# The good guess: delay() counts what was taken and not yet given, as its docstring says (length of the pending output), and
# the two modes differ in how they flow, not in where in time the sound comes out.
# Seen with soxr 1.1.0: as usual delay() is right to the sample at every step. With vr=True it says 100.0 at every rate and at
# every step, while 120 to 520 samples are held back: libsoxr has a constant there. And where the rate goes down the sound
# comes out a tenth of a millisecond late for ever, two samples at 16 kHz, which its length does not show.
# (The docstring calls the mode experimental, and says nothing of either.)
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet soxr==1.1.0 numpy==2.4.6
"$folder/venv/bin/python" - <<'PYTHON'
import sys

import numpy as np
import soxr

RATES = [(24_000, 48_000), (48_000, 16_000), (44_100, 16_000), (48_000, 24_000), (22_050, 48_000)]


def flow(source, target, vr):
    """What delay() said and what was held back in the second second; where a click at 1 s comes out; how much comes out."""
    stream = soxr.ResampleStream(source, target, 1, dtype="float32", quality="HQ", vr=vr)
    sound = np.zeros(2 * source, np.float32)
    sound[source] = 1
    taken, out, said, held = 0, [], [], []
    for piece in np.split(sound, range(source // 100, len(sound), source // 100)):
        out.append(stream.resample_chunk(piece))
        taken += len(piece)
        if taken > source:
            said.append(stream.delay())
            held.append(taken * target / source - sum(map(len, out)))
    out.append(stream.resample_chunk(np.zeros(0, np.float32), last=True))
    whole = np.concatenate(out)
    return np.array(said), np.array(held), int(np.argmax(np.abs(whole))) - target, len(whole)


print(f"soxr {soxr.__version__}, libsoxr {soxr.__libsoxr_version__}")
as_seen = True
for source, target in RATES:
    for vr in (False, True):
        said, held, late, length = flow(source, target, vr)
        print(f"{source} to {target}, vr={vr!s:5}: says {said.min():.0f} to {said.max():.0f}, holds {held.min():.0f} to ", end="")
        print(f"{held.max():.0f}, a click is {late} samples late, length {length}")
        honest = np.allclose(said, held, atol=0.01)
        as_seen &= (not vr and honest and late == 0) or (vr and set(said) == {100.0} and held.min() > 110)
        as_seen &= length == 2 * target and (late > 0) == (vr and target < source)
if not as_seen:
    sys.exit("this has changed")
PYTHON
