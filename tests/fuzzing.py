"""How many examples the fuzzers of the boundaries try."""

import os

EXAMPLES = int(os.environ.get("PIPIT_FUZZ_EXAMPLES", "2000"))
