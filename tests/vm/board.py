"""The device tree of a Raspberry Pi as far as software looks at it: its names, its revision, and its GPIO chip.

Numbers are those of the boards themselves: revision codes as the Raspberry Pi documentation lists them, labels and
sizes of the GPIO chips as `gpiodetect` prints them.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Board:
    """What tells one Pi from another."""

    model: str
    compatible: tuple[str, ...]
    revision: int
    chip_label: str
    lines: int


PI_4 = Board(
    "Raspberry Pi 4 Model B Rev 1.4", ("raspberrypi,4-model-b", "brcm,bcm2711"), 0xC03114, "pinctrl-bcm2711", 58
)
PI_5 = Board("Raspberry Pi 5 Model B Rev 1.0", ("raspberrypi,5-model-b", "brcm,bcm2712"), 0xC04170, "pinctrl-rp1", 54)

TREE = """\
/dts-v1/;
/ {{
    model = "{model}";
    compatible = {compatible};
    serial-number = "10000000deadbeef";
    #address-cells = <1>;
    #size-cells = <1>;
    system {{ linux,revision = <{revision:#x}>; linux,serial = <0x10000000 0xdeadbeef>; }};
    gpio {{
        compatible = "gpio-simulator";
        bank0 {{
            gpio-controller;
            #gpio-cells = <2>;
            ngpios = <{lines}>;
            gpio-sim,label = "{label}";
            gpio-line-names = {names};
        }};
    }};
}};
"""


def device_tree(board: Board) -> str:
    """The source text, for `dtc`."""
    names = ["ID_SDA", "ID_SCL", *(f"GPIO{number}" for number in range(2, board.lines))]
    return TREE.format(
        model=board.model,
        compatible=_strings(board.compatible),
        revision=board.revision,
        lines=board.lines,
        label=board.chip_label,
        names=_strings(names),
    )


def _strings(words: tuple[str, ...] | list[str]) -> str:
    return ", ".join(f'"{word}"' for word in words)
