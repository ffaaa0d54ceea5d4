"""What a client tells the run: lines of JSON on its standard output, with moments of CLOCK_MONOTONIC."""

import json
import time


def note(what: str, at_s: float | None = None) -> None:
    """`microphone` when the recording begins; `sound` when the first sample of a reply is handed to the speaker, and
    `silence` when it was silent again."""
    print(json.dumps({"what": what, "at_s": time.monotonic() if at_s is None else at_s}), flush=True)
