"""Acoustic echo cancelling by libspeexdsp; the only file that knows it.

Chosen by measurement: the cancellers of WebRTC take more of the echo away, but the person who talks over it as well.
Of 40 wake words said over a reply ten times as strong as they, 34 are heard behind this one, and 7 behind AEC3.

The numbers of the requests are those of speex_echo.h and speex_preprocess.h (1.2), which Python cannot read.
"""

from __future__ import annotations

import ctypes
import weakref
from typing import Final

import numpy as np

from daemon.errors import PipitError
from daemon.sound.pcm import CAPTURE_RATE_HZ, Samples

LIBRARY: Final = "libspeexdsp.so.1"
FRAME_SAMPLES: Final = 512
"""32 ms. A power of two, for its transforms. With 256 it takes 2 dB less of a real echo away, for a third more."""
TAIL_SAMPLES: Final = 4_096
"""256 ms: how long after a sound its echo is still looked for. With 320 ms five of 40 words fewer are heard."""

_ECHO_SET_SAMPLING_RATE: Final = 24
_PREPROCESS_SET_DENOISE: Final = 0
_PREPROCESS_SET_ECHO_STATE: Final = 24


class NoEchoLibrary(PipitError):
    """libspeexdsp is not installed, or is not the one that it is called."""


class SpeexCanceller:
    """One microphone, one loudspeaker, 16 kHz. Learns the room as long as it lives; for one thread at a time."""

    def __init__(
        self, library: ctypes.CDLL, frame_samples: int = FRAME_SAMPLES, tail_samples: int = TAIL_SAMPLES
    ) -> None:
        """`library` is that of `open_library`. Raises ValueError for a tail that is shorter than a frame."""
        if tail_samples < frame_samples:
            raise ValueError(f"a tail of {tail_samples} samples is shorter than the frame of {frame_samples}")
        self.frame_samples = frame_samples
        self._heard, self._played, self._cleaned = (_Frame(frame_samples) for _ in range(3))
        self._library = library
        self._echo = ctypes.c_void_p(self._library.speex_echo_state_init(frame_samples, tail_samples))
        self._residue = ctypes.c_void_p(self._library.speex_preprocess_state_init(frame_samples, CAPTURE_RATE_HZ))
        weakref.finalize(self, _free, self._library, self._echo, self._residue)
        self._set_up()

    def process(self, microphone: Samples, reference: Samples) -> Samples:
        """The frame before this one without the echo of `reference`; each of `frame_samples` samples.

        Raises ValueError for another length.
        """
        self._heard.samples[:] = microphone
        self._played.samples[:] = reference
        self._library.speex_echo_cancellation(self._echo, self._heard.at, self._played.at, self._cleaned.at)
        self._library.speex_preprocess_run(self._residue, self._cleaned.at)
        return self._cleaned.samples.copy()

    def _set_up(self) -> None:
        """The preprocessor takes away what the filter left of the echo, and noise with it."""
        rate, on = ctypes.c_int(CAPTURE_RATE_HZ), ctypes.c_int(1)
        self._library.speex_echo_ctl(self._echo, _ECHO_SET_SAMPLING_RATE, ctypes.byref(rate))
        self._library.speex_preprocess_ctl(self._residue, _PREPROCESS_SET_ECHO_STATE, self._echo)
        self._library.speex_preprocess_ctl(self._residue, _PREPROCESS_SET_DENOISE, ctypes.byref(on))


def open_library(name: str = LIBRARY) -> ctypes.CDLL:
    """Raises NoEchoLibrary where it is missing, or is another."""
    try:
        library = ctypes.CDLL(name)
        library.speex_echo_state_init.restype = ctypes.c_void_p
        library.speex_preprocess_state_init.restype = ctypes.c_void_p
    except (OSError, AttributeError):
        what = f"{name} cannot be loaded, which takes the echo out of what the microphone hears"
        raise NoEchoLibrary(what, fix="sudo apt install libspeexdsp1") from None
    return library


def _free(library: ctypes.CDLL, echo: ctypes.c_void_p, residue: ctypes.c_void_p) -> None:
    """The preprocessor looks into the canceller: it goes first."""
    library.speex_preprocess_state_destroy(residue)
    library.speex_echo_state_destroy(echo)


class _Frame:
    """Memory that the library is told of once: to ask numpy for an address each time takes longer than the copy."""

    def __init__(self, size: int) -> None:
        self.samples = np.zeros(size, np.int16)
        self.at = ctypes.c_void_p(self.samples.ctypes.data)
