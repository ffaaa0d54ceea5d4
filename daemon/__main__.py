"""`pipit`, and `python -m daemon`."""

import sys

from daemon.cli import run_command


def main() -> None:
    sys.exit(run_command(sys.argv[1:]))


if __name__ == "__main__":
    main()
