"""What needs a guest is collected only by `./install.sh test-vm`; the harness's own tests always."""

import os

collect_ignore = [] if "PIPIT_VM_SUITES" in os.environ else ["proof"]
if "PIPIT_VM_NO_ARM64" in os.environ:
    collect_ignore.append("proof/test_arm64.py")
