"""The mute key of a ReSpeaker XVF3800, which closes the microphones in the array itself: asked, for it tells nobody."""

from __future__ import annotations

import asyncio
import logging
import threading
from typing import TYPE_CHECKING, Final

from hardware.errors import HardwareError
from hardware.kernel.usb_port import UsbId, UsbPort

if TYPE_CHECKING:
    from collections.abc import Callable

    from hardware.kernel.usb_port import Requests

ARRAY: Final = UsbId(0x2886, 0x001A)
OUTPUTS: Final = 20
"""The part of the array (respeaker/reSpeaker_XVF3800_USB_4MIC_ARRAY, xvf_host.py: GPO_READ_VALUES)."""
READ_LEVELS: Final = 0x80
LENGTH: Final = 6
"""How it went, and five levels, of which the second is 1 while it is muted."""
DONE, BUSY = 0, 64
ATTEMPTS: Final = 5
EVERY_S: Final = 1.0

_log = logging.getLogger(__name__)


class ArrayMute:
    """Implements `hardware.base.Switch`, by a thread that asks once a second while it is watched."""

    name = "the mute key of the USB array"

    def __init__(self, *, port: Requests | None = None, every_s: float = EVERY_S) -> None:
        """`port` is the device itself unless a test says."""
        self._port = port or UsbPort((ARRAY,))
        self._every_s = every_s
        self._is_open = False
        self._told = False
        self._failing = False
        self._ending = threading.Event()
        self._thread: threading.Thread | None = None

    def read(self) -> bool:
        """Whether it was muted when it was asked last; not, before it was. Never blocks."""
        return self._told

    def watch(self, changed: Callable[[bool], None]) -> None:
        """It begins as not muted; an array that is muted then is told at once. Needs a running loop."""
        loop = asyncio.get_running_loop()

        def tell(muted: bool) -> None:
            if not self._ending.is_set():
                loop.call_soon_threadsafe(changed, muted)

        self._thread = threading.Thread(target=self._ask_on, args=(tell,), name="array mute", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Tell nothing any more."""
        self._ending.set()
        if self._thread:
            self._thread.join()
        self._port.close()

    def _ask_on(self, tell: Callable[[bool], None]) -> None:
        while not self._ending.is_set():
            muted = self._read()
            if muted is not None and muted != self._told:
                self._told = muted
                tell(muted)
            self._ending.wait(self._every_s)

    def _read(self) -> bool | None:
        """None if it does not answer, which is told once; it may be plugged in again."""
        try:
            if not self._is_open:
                self._port.open()
                self._is_open = True
            muted = self._asked()
        except HardwareError as error:
            self._port.close()
            self._is_open = False
            if not self._failing:
                _log.error("whether it is muted cannot be asked: %s", error)
            self._failing = True
            return None
        self._failing = False
        return muted

    def _asked(self) -> bool:
        for _ in range(ATTEMPTS):
            answer = self._port.ask(READ_LEVELS, OUTPUTS, LENGTH)
            if len(answer) == LENGTH and answer[0] == DONE:
                return answer[2] == 1
            if not answer or answer[0] != BUSY:
                break
        raise HardwareError(
            "the USB array does not say whether it is muted", fix="look for newer firmware of its maker"
        )
