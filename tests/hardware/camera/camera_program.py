"""A program in the place of rpicam-vid or v4l2-ctl: it sends JPEGs whose width tells their number, or does worse.

It is written into a folder of its own that a test puts first on the PATH, and writes its arguments and environment
down there, as they came.
"""

import sys
from pathlib import Path
from typing import Final

PROGRAM: Final = """#!{python}
import io, json, os, signal, sys, time
from pathlib import Path
from PIL import Image

here = Path(__file__).parent
(here / "arguments").write_text(json.dumps([os.getpid(), sys.argv[1:], dict(os.environ)]))
signal.signal(signal.SIGTERM, lambda *_: {on_stop})
print("starting", file=sys.stderr, flush=True)
{body}
"""

FRAMES: Final = """
width = 16
while True:
    out = io.BytesIO()
    Image.new("RGB", (width, 16)).save(out, "JPEG")
    sys.stdout.buffer.write(out.getvalue())
    sys.stdout.buffer.flush()
    width += 2
    time.sleep(0.01)
"""
"""Pictures of 16, 18, 20 … pixels across, a hundred a second at most."""

SILENCE: Final = "time.sleep(60)"


def complaint(text: str) -> str:
    return f"print({text!r}, file=sys.stderr); sys.exit(1)"


def install(folder: Path, name: str, body: str, *, on_stop: str = "os._exit(0)") -> None:
    """Put the program `name` into `folder`."""
    file = folder / name
    file.write_text(PROGRAM.format(python=sys.executable, body=body, on_stop=on_stop))
    file.chmod(0o755)
