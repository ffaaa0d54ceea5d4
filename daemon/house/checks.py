"""What no single table can tell: pins and names used twice, and files that should exist on this machine.

The checks read the raw document, so that they also run, and report, when some of its values are wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from daemon.house.settings import Settings
from daemon.live.settings import KNOWN_MODELS
from daemon.machine.facts import CONFIG_FILES
from daemon.names import folded
from daemon.settings.paths import faults_of_paths, table_of
from daemon.settings.problems import Fault, shown_key
from daemon.settings.reader import Reader
from daemon.spending.prices import price_of
from hardware.boards.matching import config_lines, pins_beside
from hardware.header.pins import HEADER_PINS, PinUse, check_pins
from hardware.sound.holder import card_of
from hardware.sound.refusal import converting_pcm, is_bare_hdmi

if TYPE_CHECKING:
    from collections.abc import Iterator

    from daemon.settings.problems import KeyPath
    from hardware.header.pins import Purpose


ANYONE: Final = Reader("this user", 0, behind_walls=False)
"""Who may read everything that is there."""


def faults_between(document: Mapping[str, Any], reader: Reader = ANYONE) -> list[Fault]:
    """Every fault that only shows between tables, or on this machine, where `reader` reads what is named."""
    between = [*_pins(document), *_names(document), *_limits(document), *_camera(document)]
    return [*between, *faults_of_paths(document, reader)]


def warnings_about(settings: Settings) -> list[Fault]:
    """What is allowed but may be a mistake."""
    return [*_model(settings), *_unwritten(settings), *_unseen(settings), *_unheard(settings)]


def _model(settings: Settings) -> Iterator[Fault]:
    if settings.live.model not in KNOWN_MODELS:
        what = f'"{settings.live.model}" is not a model this release knows'
        yield Fault(("live", "model"), what, f"leave it if the service has it; known are {', '.join(KNOWN_MODELS)}")


def _unwritten(settings: Settings) -> Iterator[Fault]:
    """A history lives on what the service puts in writing."""
    for side in ("input", "output"):
        if settings.history.keep and not getattr(settings.live.transcription, side):
            what = f"[live.transcription] {side} is false, so the history lacks what {_SIDES[side]} said"
            yield Fault(("history", "keep"), what, f"write {side} = true in [live.transcription]")


def _unseen(settings: Settings) -> Iterator[Fault]:
    """Who is being looked at should see it."""
    if settings.camera.source != "none" and settings.indicator.pin is None:
        what = "no light will show when the camera is on, for [indicator] has no pin"
        yield Fault(("camera", "source"), what, "wire a light, and name its pin in [indicator]")


def _unheard(settings: Settings) -> Iterator[Fault]:
    """What is known not to play."""
    device = settings.speaker.device
    if is_bare_hdmi(device):
        name = converting_pcm(card_of(device), hdmi=True)
        yield Fault(("speaker", "device"), f'HDMI takes no sound by "{device}"', f'write device = "{name}"')


_SIDES = {"input": "people", "output": "the model"}


def _pins(document: Mapping[str, Any]) -> Iterator[Fault]:
    uses = list(_pin_uses(document))
    wired = pins_beside(_sound_devices(document), config_lines(map(Path, CONFIG_FILES)))
    paths = {id(use): path for path, use in uses}
    for problem in check_pins([use for _, use in uses], wired=wired):
        yield Fault(paths[id(problem.use)], problem.message, problem.fix, paths.get(id(problem.first)))


def _sound_devices(document: Mapping[str, Any]) -> list[str]:
    devices = (table_of(document, side).get("device") for side in ("microphone", "speaker"))
    return [device for device in devices if isinstance(device, str)]


def _pin_uses(document: Mapping[str, Any]) -> Iterator[tuple[KeyPath, PinUse]]:
    """Where each pin is named and by whom; what is no number of a header pin is reported elsewhere."""
    for path, owner, purpose, pin in _named_pins(document):
        if type(pin) is int and pin in HEADER_PINS:
            yield path, PinUse(pin, owner, purpose)


def _named_pins(document: Mapping[str, Any]) -> Iterator[tuple[KeyPath, str, Purpose, Any]]:
    for table, owner, purpose in _OWN_PINS:
        yield (table, "pin"), owner, purpose, table_of(document, table).get("pin")
    for index, device in _devices(document):
        yield ("device", index, "pin"), _spoken(index, device), "device", device.get("pin")


_OWN_PINS: Final[tuple[tuple[str, str, Purpose], ...]] = (
    ("button", "the button", "button"),
    ("mute", "the mute button", "button"),
    ("indicator", "the indicator", "light"),
)


def _spoken(index: int, device: Mapping[str, Any]) -> str:
    name = device.get("name")
    return f'device "{name}"' if isinstance(name, str) else shown_key(("device", index))


def _names(document: Mapping[str, Any]) -> Iterator[Fault]:
    first: dict[str, KeyPath] = {}
    for index, device in _devices(document):
        name, path = device.get("name"), ("device", index, "name")
        if not isinstance(name, str):
            continue
        heard = folded(name)
        if other := first.get(heard):
            yield Fault(path, f'another device is called "{name}" already', "give each a name of its own", other)
        first.setdefault(heard, path)


def _camera(document: Mapping[str, Any]) -> Iterator[Fault]:
    """What a kind of camera needs to be found."""
    camera = table_of(document, "camera")
    device, path = camera.get("device", ""), camera.get("path", "")
    match camera.get("source"):
        case "v4l2" if not str(device).startswith("/"):
            fix = "write device = and a path that `ls /dev/v4l/by-id/*index0` prints"
            yield Fault(("camera", "device"), 'must name the camera when source is "v4l2"', fix)
        case "picamera" if str(device).startswith("/"):
            yield Fault(("camera", "device"), 'is a number when source is "picamera"', 'remove it, or use "v4l2"')
        case ("file" | "folder") as source if not path:
            yield Fault(("camera", "path"), f'must name the {source} when source is "{source}"', "write path =")


def _limits(document: Mapping[str, Any]) -> Iterator[Fault]:
    """Limits that could not be kept, for nobody knows what the model costs."""
    model = table_of(document, "live").get("model", Settings().live.model)
    if not isinstance(model, str) or price_of(model, "") or any(map(model.startswith, _priced(document))):
        return
    for name in ("daily_limit", "monthly_limit"):
        if table_of(document, "usage").get(name):
            what = f'cannot be kept, for "{model}" has no price here'
            yield Fault(("usage", name), what, "add a [[price]] for it, or remove the limit")


def _priced(document: Mapping[str, Any]) -> Iterator[str]:
    """The beginnings of names that the settings give a price."""
    prices = document.get("price")
    for price in prices if isinstance(prices, list) else ():
        if isinstance(price, Mapping) and isinstance(price.get("model"), str):
            yield price["model"]


def _devices(document: Mapping[str, Any]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    devices = document.get("device")
    for index, device in enumerate(devices if isinstance(devices, list) else ()):
        if isinstance(device, Mapping):
            yield index, device
