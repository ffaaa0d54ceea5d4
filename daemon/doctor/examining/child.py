"""How a module of the program is run as a process of its own: never one that only lies in the working directory."""

import sys
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[3]
"""The folder of `daemon`, in a checkout or in site-packages."""

_RUN: Final = (
    "import runpy, sys; sys.path.insert(0, sys.argv.pop(1));"
    " runpy.run_module(sys.argv.pop(1), run_name='__main__', alter_sys=True)"
)


def own_module(name: str, *arguments: str, python: str = sys.executable) -> list[str]:
    """The command. `python -m` looks into the working directory first, where root may be among anybody's files."""
    return [python, "-P", "-c", _RUN, str(ROOT), name, *arguments]
