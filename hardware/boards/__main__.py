"""`python3 -m hardware.boards`: what install.sh and the pages ask. Works with the system's Python, 3.11 or newer."""

import sys

from hardware.boards.pages import as_table, as_text, for_installer
from hardware.boards.reading import known_boards
from hardware.errors import PipitError

WAYS = {"--facts": for_installer, "--table": as_table, "--text": as_text}


def main(arguments: list[str]) -> int:
    """The exit status; 2 for an argument that there is not."""
    if len(arguments) != 1 or arguments[0] not in WAYS:
        print(f"usage: python3 -m hardware.boards {'|'.join(WAYS)}", file=sys.stderr)
        return 2
    try:
        print(WAYS[arguments[0]](known_boards()))
    except PipitError as error:
        print(error, file=sys.stderr)
        return error.exit_status
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
