"""`python imports.py`: tries each package that has machine code in it, in a process of its own, and says how it went.

A wheel for another processor, or for instructions that this one lacks, ends its process; the others are tried as well.
"""

import subprocess
import sys
import tempfile
from typing import Final

NATIVE: Final = {
    "alsaaudio": "pcms()",
    "cryptography.x509": "load_pem_x509_certificate",
    "daemon.wake.package": "import_model_module()",
    "google.genai": "Client",
    "lgpio": "get_module_version()",
    "numpy": "fft.fft([0.0, 1.0, 0.0, -1.0])",
    "onnx": "TensorProto.FLOAT",
    "onnxruntime": "get_available_providers()",
    "pydantic_core": "SchemaValidator",
    "soundfile": "available_formats()",
    "soxr": "ResampleStream(16000, 48000, 1)",
    "systemd.daemon": "booted()",
    "tree_sitter": "Parser()",
    "tree_sitter_toml": "language()",
}
"""Each with something that runs its machine code; an empty lgpio has none of it."""

DEADLINE_S: Final = 300.0
"""For one of them; under emulation on a busy machine onnxruntime takes 40 s."""


def attempt(module: str, expression: str) -> str:
    """What went wrong with a module; nothing if it works."""
    code = f"import importlib; module = importlib.import_module({module!r}); module.{expression}"
    with tempfile.TemporaryDirectory() as folder:  # lgpio leaves a pipe in its working directory
        result = subprocess.run(
            [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, timeout=DEADLINE_S, check=False
        )
    if result.returncode < 0:
        return f"ended by signal {-result.returncode}"
    return result.stderr.strip().splitlines()[-1] if result.returncode else ""


def main() -> int:
    """Try all of them; 1 if one does not work."""
    failures = {module: attempt(module, expression) for module, expression in NATIVE.items()}
    for module, failure in failures.items():
        print(f"{'FAILED' if failure else 'ok':6} {module} {failure}")
    return 1 if any(failures.values()) else 0


if __name__ == "__main__":
    sys.exit(main())
