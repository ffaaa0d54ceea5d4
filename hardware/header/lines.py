"""Real pins by gpiozero's driver for lgpio, but for what it does to a line before and after its use.

gpiozero claims every pin as an input before it is an output, then as an output at low, and as an input with no pull
again when it is closed: an active-low relay clicks at each start, and nothing is held at the end (gpiozero PR #1177,
#1146). Here a line is claimed once, as what it is for and at its first level; an output stays one until the chip is
closed. Levels of a dimmer are exact to HUNDREDTHS of a percent, where gpiozero cuts to whole ones (gpiozero #1209).
"""

import logging
import threading
from collections import defaultdict
from collections.abc import Callable
from types import ModuleType
from typing import Any, Final

from gpiozero.pins.local import LocalPiPin  # type: ignore[import-untyped]
from gpiozero.pins.pi import PiBoardInfo  # type: ignore[import-untyped]

from hardware.header.bare_gpiozero import gpiozero

HUNDREDTHS: Final = 10_000
"""Steps from dark to bright: lgpio makes a wave of 100 Hz in whole microseconds."""
WAVE_HZ: Final = 100
"""Frequency of a dimmed output; gpiozero's own."""
HEADER_REVISION: Final = 0xC03111
"""A Pi 4's. On every 40-pin header BCM numbers are the lines of its chip, so no board need be known: Debian's own
kernel does not tell its revision, and the boards of tomorrow have one that gpiozero does not know."""

_log = logging.getLogger(__name__)


def header_factory(lgpio: ModuleType, chip: int) -> Any:
    """gpiozero's LGPIOFactory on `/dev/gpiochip<chip>`, with pins of ours. Raises `lgpio.error`."""
    from gpiozero.pins.lgpio import LGPIOFactory, LGPIOPin  # type: ignore[import-untyped]  # needs a real lgpio

    class Pin(HeaderPin, LGPIOPin):  # type: ignore[misc]
        """A line of the header."""

    class Factory(HeaderPins, LGPIOFactory):  # type: ignore[misc]
        """The lines of the header's chip."""

    return Factory(lgpio, chip, Pin)


def may_be_collected_any_time(factory: Any) -> None:
    """Let a device be garbage while another is reserved.

    gpiozero closes a device that is collected, and holds a lock for that which is no `RLock`: a claim during which
    the collector finds one that had failed before would wait for itself, for ever.
    """
    factory._res_lock = threading.RLock()  # noqa: SLF001


class HeaderPins:
    """What our factory does otherwise than gpiozero's LGPIOFactory, which it stands before."""

    _info: Any

    def __init__(self, lgpio: ModuleType, chip: int, pin_class: type) -> None:
        super().__init__(chip)  # type: ignore[call-arg]
        self.lgpio = lgpio
        # gpiozero's are those of all factories, with the handles of closed ones.
        self.pins: dict[Any, Any] = {}
        self._reservations: dict[Any, list[Any]] = defaultdict(list)
        self.pin_class = pin_class
        may_be_collected_any_time(self)

    def close(self) -> None:
        """Let go of every line. Never raises: one that fails must not keep the others."""
        for pin in self.pins.values():
            self._tried(pin.close)
        self.pins.clear()
        self._tried(super().close)  # type: ignore[misc]

    def _tried(self, close: Callable[[], None]) -> None:
        try:
            close()
        except (self.lgpio.error, gpiozero.GPIOZeroError, OSError) as error:
            _log.error("a GPIO line could not be let go: %s", error)

    def _get_board_info(self) -> Any:
        if self._info is None:
            self._info = PiBoardInfo.from_revision(HEADER_REVISION)
        return self._info


class HeaderPin(LocalPiPin):  # type: ignore[misc]
    """What our pin does otherwise than gpiozero's LGPIOPin, which it stands before."""

    def __init__(self, factory: Any, info: Any) -> None:
        # Not LGPIOPin's own, which claims the line as an input.
        LocalPiPin.__init__(self, factory, info)
        self._lgpio = factory.lgpio
        self._claimed: str | None = None
        self._pulled = ""
        self._wave: int | None = None
        self._wave_hz: float = WAVE_HZ
        self._pwm = None
        self._bounce = None
        self._callback: Any = None
        self._edges = self._lgpio.BOTH_EDGES

    def output_with_state(self, state: float) -> None:
        """Become an output that is at `state`, 0 or 1, from its first moment on."""
        if self._claimed == "output":  # lgpio takes no level for a line that is one already
            self._set_state(state)
            return
        self._release()
        self._lgpio.gpio_claim_output(self._chip, self._number, int(state))
        self._claimed = "output"

    def close(self) -> None:
        """An input is let go. An output stays what it is, driven, until the chip is closed."""
        if self.factory._handle is None:  # noqa: SLF001  as LGPIOPin does
            return
        if self._claimed == "output":
            self._end_wave()
        else:
            self._release()

    @property
    def _chip(self) -> int:
        """The chip's handle. Raises DeviceClosed, for lgpio would stumble over None."""
        handle: int | None = self.factory._handle  # noqa: SLF001
        if handle is None:
            raise gpiozero.DeviceClosed(f"the GPIO chip of {self!r} is closed")
        return handle

    def _release(self) -> None:
        """Free a line that is claimed."""
        with self._when_changed_lock:
            if self._callback:
                self._callback.cancel()
            self._callback = self._when_changed = None
        if self._claimed:
            self._lgpio.gpio_free(self._chip, self._number)
        self._claimed, self._pulled = None, ""

    def _get_function(self) -> str:
        return self._claimed or "input"

    def _set_function(self, value: str) -> None:
        """An input is claimed by its pull, an output by its level."""
        if value != "input":
            raise gpiozero.PinInvalidFunction(f"{self!r} becomes an output with its level alone")
        if self._claimed == "output":
            self._release()

    def _get_pull(self) -> str:
        """Empty before the line is claimed: it is left as it is until then."""
        return self._pulled

    def _set_pull(self, value: str) -> None:
        if self._claimed == "output":
            raise gpiozero.PinFixedPull(f"cannot set pull on non-input pin {self!r}")
        if self.info.pull not in (value, ""):
            raise gpiozero.PinFixedPull(f"{self!r} has a physical pull-{self.info.pull} resistor")
        flags = {
            "up": self._lgpio.SET_PULL_UP,
            "down": self._lgpio.SET_PULL_DOWN,
            "floating": self._lgpio.SET_PULL_NONE,
        }
        self._release()
        self._lgpio.gpio_claim_input(self._chip, self._number, flags[value])
        self._claimed, self._pulled = "input", value

    def _get_state(self) -> float:
        """1 or 0 as the line reads; of a wave its share of high, which no reading tells."""
        if self._wave is not None:
            return self._wave / HUNDREDTHS
        if not self._claimed:  # lgpio would claim it as an input, to read it
            raise gpiozero.DeviceClosed(f"{self!r} is not claimed")
        return float(self._lgpio.gpio_read(self._chip, self._number))

    def _set_state(self, value: float) -> None:
        if self._claimed != "output":
            raise gpiozero.PinSetInput(f"cannot set state of pin {self!r}")
        share = round(value * HUNDREDTHS)
        if 0 < share < HUNDREDTHS:
            self._lgpio.tx_pwm(self._chip, self._number, self._wave_hz, share * 100 / HUNDREDTHS)
            self._wave = share
            return
        self._end_wave()
        self._lgpio.gpio_write(self._chip, self._number, int(share > 0))

    def _end_wave(self) -> None:
        """It ends wherever it is; whoever wants a level sets that next."""
        if self._wave is not None:
            self._lgpio.tx_pwm(self._chip, self._number, 0, 0)
            self._wave = None

    def _get_frequency(self) -> float | None:
        return self._wave_hz if self._wave is not None else None

    def _set_frequency(self, value: float | None) -> None:
        """Of the waves to come; gpiozero's would begin one at low, which lights what is active-low."""
        if value:
            self._wave_hz = value
        else:
            self._end_wave()
