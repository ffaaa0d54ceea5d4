"""`pipit`, and `python -m daemon`."""

import sys

from daemon.cli import run_command
from daemon.streams import prepare


def main() -> None:
    prepare()
    sys.exit(run_command(sys.argv[1:]))


if __name__ == "__main__":
    main()
