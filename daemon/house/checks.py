"""What no single table can tell: pins and names used twice, and files that should exist on this machine.

The checks read the raw document, so that they also run, and report, when some of its values are wrong.
"""

from __future__ import annotations

import os
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from daemon.abilities.devices.kinds.keys import PINS
from daemon.abilities.devices.together.called_twice import faults_of_names
from daemon.abilities.quiet.checks import faults_of_quiet
from daemon.abilities.sight.checks import faults_of_camera, warnings_of_camera
from daemon.abilities.volume.checks import faults_of_volume
from daemon.hearing.checks import warnings_of_hearing
from daemon.home_server.checks import warnings_of_home
from daemon.house.settings import Settings
from daemon.live.family import warnings_of_model
from daemon.machine.facts import CONFIG_FILES
from daemon.names import folded
from daemon.sentences.checks import warnings_of_language
from daemon.settings.document import table_of, tables_of
from daemon.settings.paths import faults_of_paths
from daemon.settings.problems import Fault, shown_key
from daemon.settings.reader import Reader
from daemon.settings.server_limits import warnings_of_rates
from daemon.speech.checks import warnings_of_speaker
from daemon.spending.checks import faults_of_limits, warnings_of_limits
from hardware.boards.buses import DATA_PINS_OF_SPI0, pins_of_buses
from hardware.boards.matching import config_lines, pins_beside
from hardware.header.pins import HEADER_PINS, PinUse, check_pins

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from daemon.abilities.devices.together.members import Directory
    from daemon.abilities.devices.together.settings import SceneSettings
    from daemon.settings.problems import KeyPath
    from hardware.header.pins import Purpose


ANYONE: Final = Reader("this user", 0, behind_walls=False)
"""Who may read everything that is there."""


def faults_between(document: Mapping[str, Any], reader: Reader = ANYONE) -> list[Fault]:
    """Every fault that only shows between tables, or on this machine, where `reader` reads what is named."""
    model, prices = table_of(document, "live").get("model", Settings().live.model), tables_of(document, "price")
    between = [
        *_pins(document),
        *faults_of_names(document),
        *_among_devices(document),
        *_among_inputs(document),
        *faults_of_limits(table_of(document, "usage"), model, prices),
        *faults_of_camera(table_of(document, "camera")),
        *faults_of_volume(table_of(document, "volume")),
        *faults_of_quiet(table_of(document, "quiet")),
    ]
    return [*between, *faults_of_paths(Settings, document, reader)]


def _among_devices(document: Mapping[str, Any]) -> Iterator[Fault]:
    """What only shows where several devices have to do with one another."""
    interlocked = any("interlock" in device for _, device in tables_of(document, "device"))
    if not interlocked and document.keys().isdisjoint(("group", "scene")):
        return
    from daemon.abilities.devices.together.checks import faults_of_interlocks, faults_of_members

    yield from faults_of_members(document)
    yield from faults_of_interlocks(document)


def _among_inputs(document: Mapping[str, Any]) -> Iterator[Fault]:
    if "input" in document:
        from daemon.abilities.inputs.checks import faults_of_actions, faults_of_sensors

        yield from faults_of_actions(document)
        yield from faults_of_sensors(document)


def warnings_about(
    settings: Settings, config: Iterable[str] | None = None, environ: Mapping[str, str] = os.environ
) -> list[Fault]:
    """What is allowed but may be a mistake. `config` are the lines of config.txt, if not this machine's.

    `environ` says where the service has its state.
    """
    lines = config_lines(map(Path, CONFIG_FILES)) if config is None else config
    return [
        *warnings_of_language(settings.household.language),
        *warnings_of_model(settings.live.model),
        *_unwritten(settings),
        *warnings_of_camera(settings.camera),
        *_unseen(settings),
        *_unheard(settings),
        *_unagreed(settings),
        *_on_by_itself(settings),
        *_on_buses(settings, pins_of_buses(lines)),
        *_eager_in_vain(settings),
        *warnings_of_speaker(settings.speaker),
        *warnings_of_limits(settings.usage),
        *warnings_of_rates(settings.broker, "broker"),
        *warnings_of_home(settings.home_server, settings.live.endpoint),
        *_by_voice(settings, environ),
    ]


def _by_voice(settings: Settings, environ: Mapping[str, str]) -> Iterator[Fault]:
    """Only who was heard to come back softly is interrupted by voice."""
    if settings.listening.barge_in == "voice":
        from daemon.house.barge_in import on_record_here

        measured = on_record_here(environ)
        yield from warnings_of_hearing(settings.microphone, settings.listening, settings.speaker.device, measured)


def _unwritten(settings: Settings) -> Iterator[Fault]:
    """A history lives on what the service puts in writing."""
    for side in ("input", "output"):
        if settings.history.keep and not getattr(settings.live.transcription, side):
            what = f"[live.transcription] {side} is false, so the history lacks what {_SIDES[side]} said"
            yield Fault(("history", "keep"), what, f"write {side} = true in [live.transcription]")


def _unseen(settings: Settings) -> Iterator[Fault]:
    """Who is being looked at should see it; and a camera that no tool uses sees nothing."""
    if settings.camera.source != "none" and not (settings.camera.look or settings.camera.watch):
        what = "sees nothing, for look and watch are false"
        yield Fault(("camera", "source"), what, 'write look = true, or source = "none"')
        return
    if settings.camera.source != "none" and not settings.indicator.shines:
        what = "no light will show when the camera is on, for [indicator] names none"
        yield Fault(("camera", "source"), what, "wire a light, and name it in [indicator]")


def _unheard(settings: Settings) -> Iterator[Fault]:
    """Who cannot say yes, nor press a button, agrees to nothing."""
    for index, device in enumerate(settings.devices):
        if device.confirm and not settings.live.transcription.input and settings.button.pin is None:
            what = f'nobody can agree to "{device.name}": [live.transcription] input is false, and there is no button'
            yield Fault(("device", index, "confirm"), what, "write input = true in [live.transcription]")


def _on_by_itself(settings: Settings) -> Iterator[Fault]:
    """What wants somebody's word is on without one after each start."""
    for index, device in enumerate(settings.devices):
        if device.confirm and device.safe == "on":
            what = f'"{device.name}" is on at each start and stop without anybody\'s word, for safe is "on"'
            yield Fault(("device", index, "confirm"), what, 'write safe = "off", or remove confirm')


def _unagreed(settings: Settings) -> Iterator[Fault]:
    """An input agrees to nothing: what wants a word is left undone by whatever it starts."""
    if not (settings.inputs and settings.scenes):
        return
    from daemon.abilities.devices.together.members import Directory

    directory = Directory(settings.devices)
    wary = {folded(said): device for scene in settings.scenes for said, device in _wants_a_word(scene, directory)}
    for index, one in enumerate(settings.inputs):
        for number, action in enumerate(one.actions):
            if device := wary.get(folded(action.scene)):
                what = f'"{one.name}" cannot turn on "{device}", which needs somebody\'s word (confirm)'
                where = ("input", index, "actions", number, "scene")
                yield Fault(where, what, "take it out of the scene, or remove confirm")


def _wants_a_word(scene: SceneSettings, directory: Directory) -> Iterator[tuple[str, str]]:
    """A name of the scene, and a device that it turns on and that wants a word; for each name."""
    for step in scene.steps:
        device = directory.find(step.device)
        if device and device.confirm and step.state == "on":
            yield from ((said, device.name) for said in (scene.name, *scene.aliases))


def _on_buses(settings: Settings, buses: Mapping[int, str]) -> Iterator[Fault]:
    """The kernel refuses such a pin, or whoever uses it takes the bus down."""
    fix = "wire it to another pin, or remove the line from config.txt and restart"
    for (table, key), user, _ in _OWN_PINS:
        if owner := buses.get(pin := getattr(getattr(settings, table), key)):
            yield Fault((table, key), f"pin {pin} of {user} is that of {owner}", fix)
    for pin in settings.indicator.pins:
        if owner := buses.get(pin):
            yield Fault(("indicator", "pins"), f"pin {pin} of the indicator is that of {owner}", fix)
    devices = ((("device", index), PINS, one) for index, one in enumerate(settings.devices))
    inputs = ((("input", index), _input_pins(), one) for index, one in enumerate(settings.inputs))
    for path, keys, one in chain[tuple[tuple[str, int], tuple[str, ...], Any]](devices, inputs):
        for key in keys:
            if owner := buses.get(pin := getattr(one, key)):
                yield Fault((*path, key), f'pin {pin} of {path[0]} "{one.name}" is that of {owner}', fix)


def _input_pins() -> tuple[str, ...]:
    from daemon.abilities.inputs.settings import INPUT_PINS

    return INPUT_PINS


def _eager_in_vain(settings: Settings) -> Iterator[Fault]:
    """Who thinks ahead has to be interrupted when he was too early, and has to be told where a turn ends."""
    turns = settings.live.turns
    why = "" if turns.interrupts else "[live.turns] interrupts is false: no reply could be taken back"
    why = "[live.turns] leaves turns to the service" if turns.automatic else why
    if settings.listening.eager and why:
        yield Fault(("listening", "eager"), f"eager does nothing, for {why}", "write eager = false")


_SIDES = {"input": "people", "output": "the model"}


def _pins(document: Mapping[str, Any]) -> Iterator[Fault]:
    uses = list(_pin_uses(document))
    wired = pins_beside(_sound_devices(document), config_lines(map(Path, CONFIG_FILES)))
    paths = {id(use): path for path, use in uses}
    for problem in check_pins([use for _, use in uses], wired=wired):
        yield Fault(paths[id(problem.use)], problem.message, problem.fix, paths.get(id(problem.first)))
    indicator = table_of(document, "indicator")
    if indicator.get("kind") == "apa102" and str(indicator.get("bus", "spidev0.0")).startswith("spidev0."):
        for path, use in uses:
            if use.pin in DATA_PINS_OF_SPI0:
                what = f"pin {use.pin} of {use.owner} is that of the lights on the SPI bus"
                yield Fault(path, what, "wire it to another pin", ("indicator", "kind"))


def _sound_devices(document: Mapping[str, Any]) -> list[str]:
    devices = (table_of(document, side).get("device") for side in ("microphone", "speaker"))
    return [device for device in devices if isinstance(device, str)]


def _pin_uses(document: Mapping[str, Any]) -> Iterator[tuple[KeyPath, PinUse]]:
    """Where each pin is named and by whom; what is no number of a header pin is reported elsewhere."""
    for path, owner, purpose, pin in _named_pins(document):
        if type(pin) is int and pin in HEADER_PINS:
            yield path, PinUse(pin, owner, purpose)


def _named_pins(document: Mapping[str, Any]) -> Iterator[tuple[KeyPath, str, Purpose, Any]]:
    for (table, key), owner, purpose in _OWN_PINS:
        yield (table, key), owner, purpose, table_of(document, table).get(key)
    colours = table_of(document, "indicator").get("pins")
    for pin in colours if isinstance(colours, list) else ():
        yield ("indicator", "pins"), "the indicator", "light", pin
    for index, device in tables_of(document, "device"):
        for key in PINS:
            yield ("device", index, key), _spoken("device", index, device), "device", device.get(key)
    if "input" in document:
        yield from _pins_of_inputs(document)


def _pins_of_inputs(document: Mapping[str, Any]) -> Iterator[tuple[KeyPath, str, Purpose, Any]]:
    from daemon.abilities.inputs.settings import purpose_of

    for index, one in tables_of(document, "input"):
        for key in _input_pins():
            yield ("input", index, key), _spoken("input", index, one), purpose_of(one.get("kind")), one.get(key)


_OWN_PINS: Final[tuple[tuple[tuple[str, str], str, Purpose], ...]] = (
    (("button", "pin"), "the button", "button"),
    (("mute", "pin"), "the mute button", "button"),
    (("indicator", "pin"), "the indicator", "light"),
    (("volume", "up_pin"), "the button for louder", "button"),
    (("volume", "down_pin"), "the button for quieter", "button"),
    (("volume", "encoder_a"), "the knob's A", "knob"),
    (("volume", "encoder_b"), "the knob's B", "knob"),
)


def _spoken(what: str, index: int, table: Mapping[str, Any]) -> str:
    name = table.get("name")
    return f'{what} "{name}"' if isinstance(name, str) else shown_key((what, index))
