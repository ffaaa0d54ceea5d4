"""Values in the bytes of a sound card, and bytes of values, for each format that a card may have.

What has more than 16 bits is read as if it had 32, so that one gain fits 24 and 32 bits.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from hardware.base import PcmFormat, SampleFormat

CardValues = NDArray[np.int16] | NDArray[np.int32] | NDArray[np.float32]

FULL_SCALE: Final[dict[SampleFormat, float]] = {
    "S16_LE": 2.0**15,
    "S24_3LE": 2.0**31,
    "S24_LE": 2.0**31,
    "S32_LE": 2.0**31,
    "FLOAT_LE": 1.0,
}
"""What `channel_values` says where a sample is as far from zero as it can be."""


def channel_values(data: bytes, pcm_format: PcmFormat, channel: int) -> CardValues:
    """What one channel (from 0) says in each frame, shape (frames,). Raises ValueError if these are not whole frames.

    A card of floats that says what is no number has said nothing there: one would make all that is filtered after it
    none either.
    """
    if len(data) % pcm_format.frame_bytes:
        raise ValueError(f"a period of {len(data)} bytes is not whole frames of {pcm_format.frame_bytes}")
    column = slice(channel, None, pcm_format.channels)
    match pcm_format.sample_format:
        case "S16_LE":
            return np.frombuffer(data, np.dtype("<i2"))[column]
        case "S24_3LE":
            return _packed(data, pcm_format, channel)
        case "S24_LE":
            words = np.frombuffer(data, np.dtype("<i4"))[column]
            return np.left_shift(words, 8, dtype=np.int32)  # the highest byte may be anything
        case "S32_LE":
            return np.frombuffer(data, np.dtype("<i4"))[column]
        case "FLOAT_LE":
            floats = np.frombuffer(data, np.dtype("<f4"))[column]
            return np.nan_to_num(floats, nan=0.0).clip(-1, 1)


def all_channels_of(data: bytes, pcm_format: PcmFormat) -> NDArray[np.float32]:
    """Shape (frames, channels), full scale is 1.0; float32 keeps 24 bits. Raises ValueError as `channel_values`."""
    columns = [channel_values(data, pcm_format, channel) for channel in range(pcm_format.channels)]
    return np.stack(columns, axis=1).astype(np.float32) / np.float32(FULL_SCALE[pcm_format.sample_format])


def bytes_of(values: NDArray[np.float64], pcm_format: PcmFormat) -> bytes:
    """Mono values in the scale of int16, with fractions, as frames that say the same on every channel."""
    match pcm_format.sample_format:
        case "S16_LE":
            mono = np.rint(values).astype("<i2")
        case "S24_3LE" | "S24_LE":
            mono = np.rint(values * 256).astype("<i4")
        case "S32_LE":
            mono = np.rint(values * 65_536).astype("<i4")
        case "FLOAT_LE":
            mono = (values / FULL_SCALE["S16_LE"]).astype("<f4")
    frames = np.repeat(mono, pcm_format.channels)
    if pcm_format.sample_format == "S24_3LE":
        return frames.view(np.uint8).reshape(-1, 4)[:, :3].tobytes()
    return frames.tobytes()


def _packed(data: bytes, pcm_format: PcmFormat, channel: int) -> NDArray[np.int32]:
    """Each value is read with the byte before it, which is then taken out: a third of what unpacking bytes costs."""
    frames = len(data) // pcm_format.frame_bytes
    if not frames:
        return np.zeros(0, np.int32)
    overlapping = np.ndarray((frames,), "<i4", b"\0" + data, 3 * channel, (pcm_format.frame_bytes,))
    values: NDArray[np.int32] = overlapping & -256
    return values
