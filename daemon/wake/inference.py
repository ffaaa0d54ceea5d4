"""Opening an ONNX model the way every model here is run: on one thread, on the CPU, without spinning.

Two threads made one step of the embedding network slower (0.36 to 0.71 ms against 0.25), and a Pi has better uses for
its cores.
"""

import errno
import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from onnxruntime import InferenceSession, SessionOptions  # type: ignore[import-untyped]

from daemon.errors import ModelFileError
from daemon.files import LARGEST_MODEL_BYTES, FileTrouble, check_regular

__all__ = ["InferenceSession", "OpenSession", "open_session"]

OpenSession = Callable[[Path], InferenceSession]
"""How a model is opened, as by `open_session`. A session keeps nothing of what it was asked, so many may share one."""

_FATAL, _NO_SPINNING = 4, "session.intra_op.allow_spinning"


REPLACE: Final = "replace it, or remove it and run install.sh again"


def open_session(path: Path, fix: str = REPLACE) -> InferenceSession:
    """The model in `path`, ready to run; raises ModelFileError if it is missing or no ONNX model."""
    try:
        check_regular(path, LARGEST_MODEL_BYTES)
    except FileTrouble as trouble:
        better = fix if trouble.number == errno.ENODATA else "run install.sh again"
        raise ModelFileError(f"the model file {path} {trouble.what}", fix=better) from trouble
    options = SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = _FATAL  # what is wrong with a model is raised, and said here in one line
    options.add_session_config_entry(_NO_SPINNING, "0")
    try:
        return InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's errors have no other base in common
        if data := _missing_data(path, str(error)):
            raise ModelFileError(
                f"{path} keeps a part of itself in {data}, which is not there or not whole",
                fix=f"copy {data} beside it, or export the model as one file",
            ) from error
        said = " ".join(str(error).split()).rstrip(".")
        raise ModelFileError(f"{path} is no ONNX model that can be run: {said}", fix=fix) from error


def _missing_data(path: Path, complaint: str) -> str:
    """The file with the weights that onnxruntime complains of; empty if it is something else.

    It names the file whole, in brackets, if there is none, and only the weight if it is too short.
    """
    if others := [found for found in _IN_BRACKETS.findall(complaint) if found != str(path)]:
        return Path(others[0]).name
    return f"the file of its data, such as {path.name}.data," if "xternal" in complaint else ""


_IN_BRACKETS: Final = re.compile(r"\[(/[^\]]+)\]")
