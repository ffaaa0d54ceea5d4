"""Opening an ONNX model the way every model here is run: on one thread, on the CPU, without spinning.

Two threads made one step of the embedding network slower (0.36 to 0.71 ms against 0.25), and a Pi has better uses for
its cores.
"""

from pathlib import Path

from onnxruntime import InferenceSession, SessionOptions  # type: ignore[import-untyped]

from daemon.errors import ModelFileError

__all__ = ["InferenceSession", "open_session"]

_ERROR, _NO_SPINNING = 3, "session.intra_op.allow_spinning"


def open_session(path: Path) -> InferenceSession:
    """The model in `path`, ready to run; raises ModelFileError if it is missing or no ONNX model."""
    if not path.is_file():
        raise ModelFileError(f"the model file {path} does not exist", fix="run install.sh again")
    options = SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = _ERROR
    options.add_session_config_entry(_NO_SPINNING, "0")
    try:
        return InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's errors have no other base in common
        raise ModelFileError(
            f"{path} is no ONNX model that can be run: {error}", fix="replace it, or remove it and run install.sh again"
        ) from error
