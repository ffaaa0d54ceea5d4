"""The command line of the model installers, which install.sh runs: `python -m daemon.….install DIR [--from COPY]`."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from daemon.errors import PipitError
from daemon.fetch.fetching import Tell, fetch, missing_files
from daemon.fetch.model_file import ModelFile


def _nothing(_directory: Path, _tell: Tell) -> None:
    """For files that are used as they come."""


@dataclass(frozen=True)
class Installer:
    """What one installer brings: `notice` says whose the files are; `finish` makes what is derived from them."""

    module: str
    notice: str
    files: Sequence[ModelFile]
    finish: Callable[[Path, Tell], None] = _nothing
    folder: str = ""
    """Below the one that is named, for files whose names are not ours."""
    made: Sequence[ModelFile] = ()
    """What is left in the end, where that is not `files`: if it is there, nothing is fetched."""

    def run(self, arguments: Sequence[str] | None = None) -> int:
        """Fetch what is missing, whose notice comes first; the exit status."""
        parser = argparse.ArgumentParser(prog=f"python -m {self.module}", description="Fetch model files of Pipit's.")
        parser.add_argument("directory", type=Path, metavar="DIR", help="where to put them")
        parser.add_argument(
            "--from", dest="given", type=Path, metavar="DIR_OR_ZIP", help="take them from here if it has them"
        )
        options = parser.parse_args(arguments)
        try:
            directory = options.directory / self.folder
            if missing := self._missing(directory):
                print(self.notice, flush=True)
                fetch(directory, missing, options.given, print)
            self.finish(directory, print)
        except PipitError as error:
            print(f"pipit: {error}", file=sys.stderr)
            return error.exit_status
        return os.EX_OK

    def _missing(self, directory: Path) -> list[ModelFile]:
        done = self.made and not missing_files(directory, self.made)
        return [] if done else missing_files(directory, self.files)
