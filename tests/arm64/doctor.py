"""`pipit doctor --json | python doctor.py`: what the doctor says of what an emulated system can have; 1 at a fault.

There is no sound card, no pin and no service there, so most of what it says is of no interest.
"""

import json
import sys
from collections.abc import Mapping
from typing import Any, Final

ASKED: Final = ("native-imports", "settings", "wake-models", "speech-models")


def judge(report: Mapping[str, Any]) -> int:
    """Show the findings of `ASKED`; the exit status."""
    findings = {finding["name"]: finding for finding in report["findings"]}
    for name in ASKED:
        finding = findings.get(name, {"verdict": "missing", "sentence": ""})
        print(f"{finding['verdict']:8} {name} {finding['sentence']}")
    return (
        1 if any(findings.get(name, {"verdict": "missing"})["verdict"] in {"fault", "missing"} for name in ASKED) else 0
    )


if __name__ == "__main__":
    sys.exit(judge(json.load(sys.stdin)))
