#!/usr/bin/env bash
# A second of sound written by soundfile.write() in every pair of container and codec that it writes, and read back from the
# same path in pieces: by the function soundfile.blocks(), and by the method of its name of an open SoundFile.
#
# The good guess: what it writes without a word it reads back, and function and method are one.
# Seen with soundfile 0.14.0 (libsndfile 1.2.2): twelve codecs are read by the function and refused by the method ("frames must
# be specified for non-seekable files"). AIFF's two DWVW codecs are read by neither: they count as seekable, after each piece
# soundfile seeks to where it already is, and that fails, so that no piece is ever returned.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet soundfile==0.14.0 numpy==2.3.5
"$folder/venv/bin/python" - "$folder/sound" <<'PYTHON'
import sys
from collections import defaultdict

import numpy as np
import soundfile

path = sys.argv[1]
tone = 0.5 * np.sin(2 * np.pi * 500 * np.arange(16_000) / 16_000)
refused = defaultdict(list)


def by_method(path, frames):
    with soundfile.SoundFile(path) as file:
        yield from file.blocks(frames)


for kind in soundfile.available_formats():
    for codec in soundfile.available_subtypes(kind):
        if kind in {"RAW", "SD2"} or not soundfile.check_format(kind, codec):
            continue  # without a header, or with a second file
        try:
            soundfile.write(path, tone, 16_000, format=kind, subtype=codec)
        except soundfile.LibsndfileError:
            continue
        for how, blocks in (("function", soundfile.blocks), ("method", by_method)):
            try:
                assert sum(map(len, blocks(path, 4_096))) >= 16_000
            except (ValueError, soundfile.LibsndfileError) as error:
                refused[f"{how}: {error}"].append(f"{kind} {codec}")

print(f"soundfile {soundfile.__version__}, libsndfile {soundfile.__libsndfile_version__}")
for why, pairs in refused.items():
    print(f"{why}\n    {', '.join(pairs)}")
if sorted(map(len, refused.values())) != [2, 2, 12]:
    sys.exit("this has changed")
PYTHON
