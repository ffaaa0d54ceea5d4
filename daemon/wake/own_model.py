"""A wake word model of one's own, opened as the engine does: whatever it would trip over is said beforehand."""

from pathlib import Path
from typing import Any, Final

import numpy as np

from daemon.errors import ModelFileError
from daemon.wake.embedding import EMBEDDING_SIZE
from daemon.wake.inference import InferenceSession, open_session

MOST_STEPS: Final = 120
"""Of 80 ms, that a model may look back: as many features as openWakeWord itself keeps. Its own models look at 16."""
_FLOATS: Final = "tensor(float)"


def check_own_model(path: Path) -> None:
    """Raises ModelFileError unless it makes one score of so and so many features."""
    session = open_session(path, fix="export it again, as one file, and copy that here")
    inputs, outputs = session.get_inputs(), session.get_outputs()
    if not (_is_of_features(inputs) and _is_a_score(outputs)):
        shown = f"inputs {[_shown(i) for i in inputs]}, outputs {[_shown(o) for o in outputs]}"
        raise ModelFileError(
            f"{path} is no openWakeWord model of one wake word ({shown})",
            fix=f"it must have one input of floats of shape (1, n, {EMBEDDING_SIZE}), n a number from 1 to {MOST_STEPS}"
            " that the file itself gives (no dynamic axis), and one output of shape (1, 1)",
        )
    _try_out(session, inputs[0], path)


def _is_of_features(inputs: list[Any]) -> bool:
    if len(inputs) != 1 or inputs[0].type != _FLOATS or len(inputs[0].shape) != 3:
        return False
    batch, steps, size = inputs[0].shape
    return _is_one_or_free(batch) and type(steps) is int and 1 <= steps <= MOST_STEPS and size == EMBEDDING_SIZE


def _is_a_score(outputs: list[Any]) -> bool:
    if len(outputs) != 1 or outputs[0].type != _FLOATS or len(outputs[0].shape) != 2:
        return False
    batch, score = outputs[0].shape
    return _is_one_or_free(batch) and score == 1


def _is_one_or_free(axis: Any) -> bool:
    """A number, or the name of a dimension that takes any; negative ones are such, too."""
    return not isinstance(axis, int) or axis == 1 or axis < 0


def _shown(tensor: Any) -> str:
    return f"{tensor.shape} of {tensor.type}"


def _try_out(session: InferenceSession, given: Any, path: Path) -> None:
    """One step over silence: some faults of a network show only when it runs."""
    features = np.zeros((1, *given.shape[1:]), np.float32)
    fix = "export it again, and try it with onnxruntime"
    try:
        (score,) = session.run(None, {given.name: features})
    except Exception as error:  # onnxruntime's errors have no other base in common
        raise ModelFileError(f"{path} cannot be run: {error}", fix=fix) from error
    if np.shape(score) != (1, 1) or not np.isfinite(score).all():
        raise ModelFileError(f"{path} makes no score of silence, but something of shape {np.shape(score)}", fix=fix)
