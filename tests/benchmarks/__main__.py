"""`./install.sh bench`: measures this machine, and says of each figure whether it passes or falls short."""

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent


def parser() -> argparse.ArgumentParser:
    """What the command line offers; it needs nothing but a Python."""
    words = argparse.ArgumentParser(
        prog="./install.sh bench",
        description="Measures what Pipit takes on this machine (time, processor, memory), and says of each figure "
        "whether it passes or falls short of its bound. The exit status is 1 if one falls short. Nothing else should "
        "be running meanwhile. docs/benchmarks.md has what was measured elsewhere. Other arguments go to pytest.",
    )
    words.add_argument("--list", action="store_true", help="say what would be measured, and measure nothing")
    words.add_argument("--long", action="store_true", help="the recogniser with all its voices: a minute more")
    words.add_argument("--peers", action="store_true", help="Pipit beside others, in one table, and nothing else")
    return words


def command(arguments: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """What to run for these arguments, and the variables that it needs besides."""
    options, others = parser().parse_known_args(arguments)
    if options.peers:
        return [sys.executable, "-m", "tests.benchmarks.peers", *others], {}
    if options.list:
        others = ["--collect-only", "--quiet", *others]
    pytest = [sys.executable, "-m", "pytest", str(FOLDER), "-p", "no:cacheprovider", *others]
    return pytest, {"PIPIT_LONG_BENCHMARKS": "1"} if options.long else {}


if __name__ == "__main__":
    run, variables = command(sys.argv[1:])
    sys.exit(subprocess.run(run, env={**os.environ, **variables}, check=False).returncode)
