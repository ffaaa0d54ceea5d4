"""A stand-in for the module lgpio, over which gpiozero's real factory runs: it writes down what happens to each line.

It behaves as lgpio 0.2.2.0 does on a Raspberry Pi's kernel, as far as its sources tell (src/lgGpio.c, src/lgPthTx.c):
a line that is an output already takes no level with a claim; a claim frees what this process had claimed otherwise; a
wave that is ended stays wherever it is; a level outlives the process. `hardware.fake_board` is the kernel's side;
the module is one process.
"""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any, Final

from hardware.fake_board import OUR_NAME, Board, Pad

_PULLS: Final = {32: "up", 64: "down", 128: "none"}
_KERNEL_OUTPUT, _LG_INPUT, _LG_OUTPUT, _LG_ALERT = 2, 256, 512, 1024


class LgpioError(Exception):
    """`lgpio.error`, which derives from nothing else and quotes its text."""

    def __str__(self) -> str:
        return repr(self.args[0])


class FakeLgpio(ModuleType):
    """The module, for one process. Its functions are lgpio's, and take what gpiozero gives them."""

    SET_PULL_UP, SET_PULL_DOWN, SET_PULL_NONE = _PULLS
    RISING_EDGE, FALLING_EDGE, BOTH_EDGES = 1, 2, 3
    TX_PWM, TX_WAVE = 0, 1
    error = LgpioError

    def __init__(self, board: Board) -> None:
        super().__init__("lgpio")
        self.board = board
        self._modes: dict[int, int] = {}
        self._waves: set[int] = set()
        self._open = False

    def gpiochip_open(self, gpiochip: int) -> int:
        self.board.calls.append(("gpiochip_open",))
        self._open = True
        return gpiochip << 16

    def gpiochip_close(self, handle: int) -> int:
        self._called("gpiochip_close", handle)
        for line in list(self._modes):
            self._freed(line)
        self._open = False
        return 0

    def gpio_get_chip_info(self, handle: int) -> list[Any]:
        return [0, len(self.board.pads), f"gpiochip{handle >> 16}", self.board.label]

    def gpio_get_line_info(self, handle: int, gpio: int) -> list[Any]:
        return [0, gpio, self.gpio_get_mode(handle, gpio), f"GPIO{gpio}", self.board.pads[gpio].user]

    def gpio_get_mode(self, handle: int, gpio: int) -> int:
        pad = self._pad(handle, gpio)
        pull = next((flag for flag, name in _PULLS.items() if name == pad.pull), 0)
        return pull | (0 if pad.seen[-1] == "in" else _KERNEL_OUTPUT) | self._modes.get(gpio, 0) | bool(pad.user)

    def gpio_claim_input(self, handle: int, gpio: int, lFlags: int = 0) -> int:  # noqa: N803  lgpio's name
        self._called("gpio_claim_input", handle, gpio, lFlags)
        if self._modes.get(gpio) != _LG_INPUT:
            self._claimed(gpio, _LG_INPUT, lFlags)
            self.board.pads[gpio].becomes("in")
        return 0

    def gpio_claim_output(self, handle: int, gpio: int, level: int = 0, lFlags: int = 0) -> int:  # noqa: N803
        self._called("gpio_claim_output", handle, gpio, level)
        if self._modes.get(gpio) != _LG_OUTPUT:
            self._claimed(gpio, _LG_OUTPUT, lFlags)
            self.board.pads[gpio].becomes(1 if level else 0)
        return 0

    def gpio_claim_alert(self, handle: int, gpio: int, eFlags: int, lFlags: int = 0) -> int:  # noqa: N803
        self._called("gpio_claim_alert", handle, gpio, eFlags, lFlags)
        self._claimed(gpio, _LG_ALERT, lFlags)
        self.board.pads[gpio].becomes("in")
        return 0

    def gpio_free(self, handle: int, gpio: int) -> int:
        self._called("gpio_free", handle, gpio)
        if gpio not in self._modes:
            raise LgpioError("GPIO not allocated")
        self._freed(gpio)
        return 0

    def gpio_read(self, handle: int, gpio: int) -> int:
        self._sound(gpio)
        if gpio not in self._modes:
            self.gpio_claim_input(handle, gpio)
        return self._pad(handle, gpio).reading

    def gpio_write(self, handle: int, gpio: int, level: int) -> int:
        self._called("gpio_write", handle, gpio, level)
        if self._modes.get(gpio) != _LG_OUTPUT:
            self._claimed(gpio, _LG_OUTPUT, 0)
        if gpio not in self._waves:  # else the wave goes on over it
            self.board.pads[gpio].becomes(1 if level else 0)
        return 0

    def tx_pwm(self, handle: int, gpio: int, pwm_frequency: float, pwm_duty_cycle: float) -> int:
        self._called("tx_pwm", handle, gpio, pwm_frequency, pwm_duty_cycle)
        if self._modes.get(gpio) != _LG_OUTPUT:  # as open drain, by a slip of the source
            self._claimed(gpio, _LG_OUTPUT, 8)
            self.board.pads[gpio].becomes(0)
        if pwm_frequency == 0:
            if gpio not in self._waves:
                raise LgpioError("bad PWM micros")
            self._waves.discard(gpio)
            return 0
        if not 0.1 <= pwm_frequency <= 10_000:
            raise LgpioError("bad PWM frequency")
        if not 0 <= pwm_duty_cycle <= 100:
            raise LgpioError("bad PWM duty cycle")
        self._waves.add(gpio)
        self.board.pads[gpio].becomes(("wave", pwm_duty_cycle))
        return 9

    def tx_busy(self, handle: int, gpio: int, kind: int) -> int:
        self._pad(handle, gpio)
        return int(kind == self.TX_PWM and gpio in self._waves)

    def gpio_set_debounce_micros(self, handle: int, gpio: int, debounce_micros: int) -> int:
        self._called("gpio_set_debounce_micros", handle, gpio, debounce_micros)
        return 0

    def callback(self, _chip: int, gpio: int, _edge: int, func: Callable[[int, int, int, int], None]) -> Any:
        self.board.listeners.setdefault(gpio, []).append(func)
        return _Callback(lambda: self._unheard(gpio, func))

    def _unheard(self, gpio: int, func: Callable[[int, int, int, int], None]) -> None:
        listeners = self.board.listeners.get(gpio, [])
        if func in listeners:
            listeners.remove(func)

    def die(self) -> None:
        """The process is killed: the kernel takes what it had claimed, and what it would still do goes nowhere."""
        board = self.board
        self.board = replace(board, pads=deepcopy(board.pads), calls=[], broken=set(), listeners={})
        board.listeners.clear()
        for line in self._modes:
            board.let_go(line)

    def _called(self, name: str, handle: int, *about: Any) -> None:
        if about:
            self._pad(handle, about[0])
        self.board.calls.append((name, *about))
        if about:
            self._sound(about[0])

    def _pad(self, handle: int, gpio: int) -> Pad:
        if handle & 0xFFFF or not self._open:
            raise LgpioError("unknown handle")
        if gpio not in self.board.pads:
            raise LgpioError("bad GPIO number")
        return self.board.pads[gpio]

    def _sound(self, gpio: int) -> None:
        if gpio in self.board.broken:
            raise LgpioError("unexpected error")

    def _claimed(self, gpio: int, mode: int, flags: int) -> None:
        if gpio in self._modes:
            self._freed(gpio)
        pad = self.board.pads[gpio]
        if pad.user:
            raise LgpioError("GPIO busy")
        pad.user, pad.pull = OUR_NAME, next((name for flag, name in _PULLS.items() if flags & flag), pad.pull)
        self._modes[gpio] = mode

    def _freed(self, gpio: int) -> None:
        self._waves.discard(gpio)
        del self._modes[gpio]
        self.board.let_go(gpio)


@dataclass(frozen=True)
class _Callback:
    cancel: Callable[[], None]


@contextmanager
def in_place_of_lgpio(board: Board) -> Iterator[FakeLgpio]:
    """A process whose module lgpio is the stand-in; gpiozero's driver is loaded anew, for it keeps the one it found."""
    names = ("lgpio", "gpiozero.pins.lgpio")
    kept = {name: sys.modules.pop(name, None) for name in names}
    module = sys.modules["lgpio"] = FakeLgpio(board)
    try:
        yield module
    finally:
        for name in names:
            sys.modules.pop(name, None)
        sys.modules.update({name: module for name, module in kept.items() if module})
