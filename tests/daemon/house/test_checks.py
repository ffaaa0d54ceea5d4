"""What only shows between tables, or on this machine; also while other values are wrong."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from daemon.hearing.return_loss import MeasuredWith
from daemon.hearing.return_loss_file import keep
from daemon.house.checks import faults_between, warnings_about
from daemon.house.settings import Settings
from daemon.live.settings import LiveSettings
from daemon.web.certificate import ensure_certificate
from hardware.header.pins import RESERVED
from tests.daemon.hearing.test_return_loss import ENOUGH


def device(name: str, pin: object) -> dict[str, Any]:
    return {"name": name, "kind": "led", "pin": pin}


def test_nothing_to_say() -> None:
    assert faults_between({}) == []
    assert faults_between({"button": {"pin": 17}, "device": [device("a", 22), device("b", 23)]}) == []


@pytest.mark.parametrize(
    ("document", "path", "other"),
    [
        ({"button": {"pin": 17}, "mute": {"pin": 17}}, ("mute", "pin"), ("button", "pin")),
        ({"button": {"pin": 17}, "indicator": {"pin": 17}}, ("indicator", "pin"), ("button", "pin")),
        ({"button": {"pin": 17}, "device": [device("a", 17)]}, ("device", 0, "pin"), ("button", "pin")),
        ({"device": [device("a", 17), device("b", 17)]}, ("device", 1, "pin"), ("device", 0, "pin")),
        ({"device": [device("a", 17)], "input": [{"name": "b", "pin": 17}]}, ("input", 0, "pin"), ("device", 0, "pin")),
        ({"volume": {"up_pin": 17, "down_pin": 17}}, ("volume", "down_pin"), ("volume", "up_pin")),
        ({"volume": {"encoder_a": 17, "encoder_b": 5}, "mute": {"pin": 17}}, ("volume", "encoder_a"), ("mute", "pin")),
        ({"volume": {"encoder_a": 4, "encoder_b": 17}, "mute": {"pin": 17}}, ("volume", "encoder_b"), ("mute", "pin")),
    ],
)
def test_a_pin_used_twice_names_both(
    document: dict[str, Any], path: tuple[str | int, ...], other: tuple[str | int, ...]
) -> None:
    (fault,) = faults_between(document)
    assert "pin 17 is used twice" in fault.what
    assert (fault.path, fault.other) == (path, other)


def test_a_pin_used_three_times_is_two_faults() -> None:
    faults = faults_between({"device": [device("a", 17), device("b", 17), device("c", 17)]})
    assert [fault.path for fault in faults] == [("device", 1, "pin"), ("device", 2, "pin")]


@pytest.mark.parametrize("pin", sorted(RESERVED))
def test_a_reserved_pin_names_its_owner(pin: int) -> None:
    (fault,) = faults_between({"device": [device("desk lamp", pin)]})
    assert 'device "desk lamp"' in fault.what
    assert RESERVED[pin] in fault.what
    assert fault.other is None


def test_an_input_has_a_name_of_its_own_and_scenes_that_exist() -> None:
    taken = {"name": "A", "kind": "button", "pin": 5, "actions": [{"when": "pressed", "scene": "none"}]}
    faults = faults_between({"device": [device("a", 17)], "input": [taken]})
    assert {fault.path for fault in faults} == {("input", 0, "name"), ("input", 0, "actions", 0, "scene")}


def test_halves_of_controls_and_of_quiet_hours_are_told() -> None:
    faults = faults_between({"volume": {"up_pin": 17}, "quiet": {"from": "22:00"}})
    assert [fault.path for fault in faults] == [("volume", "down_pin"), ("quiet", "to")]


def test_a_button_of_the_sound_board_can_be_for_the_volume_but_no_knob() -> None:
    board = {"speaker": {"device": "plughw:CARD=wm8960soundcard"}}
    assert faults_between({**board, "volume": {"up_pin": 17, "down_pin": 27}}) == []
    (fault,) = faults_between({**board, "volume": {"encoder_a": 17, "encoder_b": 27}})
    assert fault.path == ("volume", "encoder_a")
    button = {"name": "own", "kind": "button", "pin": 17}
    assert faults_between({**board, "input": [button]}) == []
    (fault,) = faults_between({**board, "input": [{**button, "kind": "encoder", "b_pin": 27}]})
    assert fault.path == ("input", 0, "pin")


def test_a_device_without_a_name_is_named_by_its_number() -> None:
    (fault,) = faults_between({"device": [{"pin": 0}]})
    assert "device[1]" in fault.what


@pytest.mark.parametrize("side", ["microphone", "speaker"])
@pytest.mark.parametrize(
    ("table", "path"),
    [
        ({"device": [device("fountain", 16)]}, ("device", 0, "pin")),
        ({"button": {"pin": 16}}, ("button", "pin")),
        ({"mute": {"pin": 16}}, ("mute", "pin")),
        ({"indicator": {"pin": 16}}, ("indicator", "pin")),
    ],
)
def test_a_pin_that_the_sound_board_owns_is_refused_whatever_it_is_for(
    side: str, table: dict[str, Any], path: tuple[str | int, ...]
) -> None:
    (fault,) = faults_between({side: {"device": "plughw:CARD=sndrpigooglevoi"}, **table})
    assert fault.path == path
    assert 'taken by the sound board "voicehat" (switches its amplifier on and off)' in fault.what
    assert "one of 2, 3, 4," in fault.fix
    assert " 16," not in fault.fix
    assert fault.other is None
    assert faults_between({side: {"device": "plughw:0"}, **table}) == []


def test_the_button_and_the_light_of_the_board_may_be_named_as_such() -> None:
    zero = {"microphone": {"device": "hw:Zero"}}
    assert faults_between({**zero, "button": {"pin": 27}, "indicator": {"pin": 23}}) == []
    (fault,) = faults_between({**zero, "device": [device("relay", 27)]})
    assert "its button" in fault.what


@pytest.mark.parametrize("wrong", [5, None, ["hw:Zero"], "hw:Zero\0"])
def test_a_sound_card_that_is_no_name_is_left_to_the_models(wrong: object) -> None:
    document = {"microphone": {"device": wrong}, "speaker": 5, "device": [device("relay", 16)]}
    assert faults_between(document) == []


@pytest.mark.parametrize("pin", ["17", 99, True, None, 17.0])
def test_what_is_no_pin_is_left_to_the_models(pin: object) -> None:
    assert faults_between({"button": {"pin": 17}, "device": [device("a", pin)]}) == []


def test_names_are_told_apart_by_ear_alone() -> None:
    (fault,) = faults_between({"device": [device("Straße", 4), device("STRASSE", 5)]})
    assert (fault.path, fault.other) == (("device", 1, "name"), ("device", 0, "name"))
    assert '"STRASSE"' in fault.what


@pytest.mark.parametrize(
    ("one", "other"),
    [
        *(("Küche", "Ku\u0308che"), ("lamp", "ｌａｍｐ"), ("a b", "a\u00a0b"), ("desk-lamp", "Desk lamp")),
        *(("TV", "T.V."), ("Ann's lamp", "Ann’s Lamp"), ("x/y", "x y")),
    ],
)
def test_names_are_told_apart_by_what_they_are_not_by_how_they_are_written(one: str, other: str) -> None:
    (fault,) = faults_between({"device": [device(one, 4), device(other, 5)]})
    assert (fault.path, fault.other) == (("device", 1, "name"), ("device", 0, "name"))


@pytest.mark.parametrize(
    "document", [{"button": 3}, {"device": 3}, {"device": [3]}, {"device": [{"name": 3}]}, {"live": []}]
)
def test_wrong_shapes_are_left_to_the_models(document: dict[str, Any]) -> None:
    assert faults_between(document) == []


def test_the_ca_file_exists(tmp_path: Path) -> None:
    ca_file = tmp_path / "ca.pem"
    (fault,) = faults_between({"live": {"ca_file": str(ca_file)}})
    assert fault.path == ("live", "ca_file")
    assert str(ca_file) in fault.what
    ensure_certificate(tmp_path)
    assert faults_between({"live": {"ca_file": str(ca_file)}}) == []
    assert faults_between({"live": {"ca_file": ""}}) == []


def test_an_unknown_model_is_a_warning() -> None:
    assert warnings_about(Settings()) == []
    (warning,) = warnings_about(Settings(live=LiveSettings(model="gemini-9-live")))
    assert "gemini-9-live" in warning.what


@pytest.mark.parametrize(
    ("turns", "why"),
    [
        ({"interrupts": False}, "no reply could be taken back"),
        ({"taking": "automatic"}, "leaves turns to the service"),
    ],
)
def test_an_eager_that_does_nothing_is_worth_a_warning(turns: dict[str, Any], why: str) -> None:
    def warned(*, eager: bool) -> list[str]:
        settings = Settings.model_validate({"listening": {"eager": eager}, "live": {"turns": turns}})
        return [warning.what for warning in warnings_about(settings) if warning.path == ("listening", "eager")]

    assert warned(eager=False) == []
    (what,) = warned(eager=True)
    assert why in what


@pytest.mark.parametrize(
    ("camera", "key", "what"),
    [
        ({"source": "v4l2"}, "device", "must name the camera"),
        ({"source": "v4l2", "device": "1"}, "device", "must name the camera"),
        ({"source": "picamera", "device": "/dev/video0"}, "device", "is a number"),
        ({"source": "file"}, "path", "must name the file"),
        ({"source": "folder", "path": "/nowhere"}, "path", 'there is no folder "/nowhere"'),
        ({"source": "file", "path": "/"}, "path", '"/" is a folder'),
        ({"source": "folder", "path": __file__}, "path", "is no folder"),
    ],
)
def test_a_camera_that_cannot_be_found(camera: dict[str, Any], key: str, what: str) -> None:
    (fault,) = faults_between({"camera": camera})
    assert fault.path == ("camera", key)
    assert what in fault.what
    assert fault.fix


@pytest.mark.parametrize(
    "camera",
    [
        {},
        {"source": "none", "path": "/nowhere"},
        {"source": "picamera"},
        {"source": "picamera", "device": "1"},
        {"source": "v4l2", "device": "/dev/v4l/by-id/usb-Webcam-video-index0"},
        {"source": "file", "path": __file__},
        {"source": "folder", "path": "/"},
        {"source": "file", "path": 5},
    ],
)
def test_a_camera_that_can_be_found_or_is_wrong_in_itself(camera: dict[str, Any]) -> None:
    assert faults_between({"camera": camera}) == []


def test_a_camera_without_a_light_is_worth_a_warning() -> None:
    def warned(**tables: Any) -> list[tuple[str | int, ...]]:
        return [warning.path for warning in warnings_about(Settings.model_validate(tables))]

    assert warned(camera={"source": "picamera"}) == [("camera", "source")]
    assert warned(camera={"source": "picamera"}, indicator={"pin": 22}) == []
    assert warned() == []


def test_a_screen_that_is_named_by_its_card_alone_is_warned_of() -> None:
    (warning,) = warnings_about(Settings.model_validate({"speaker": {"device": "plughw:CARD=vc4hdmi0"}}))
    assert warning.path == ("speaker", "device")
    assert warning.what == 'HDMI takes no sound by "plughw:CARD=vc4hdmi0"'
    assert warning.fix == 'write device = "sysdefault:CARD=vc4hdmi0"'
    assert warnings_about(Settings.model_validate({"speaker": {"device": "sysdefault:CARD=vc4hdmi0"}})) == []


def test_a_pin_that_the_kernel_has_a_bus_on_is_warned_of() -> None:
    named = Settings.model_validate(
        {"device": [device("a", 4)], "input": [{"name": "knob", "kind": "encoder", "pin": 5, "b_pin": 3}]}
    )
    told = warnings_about(named, ["dtoverlay=w1-gpio", "dtparam=i2c_arm=on"])
    assert [(warning.path, warning.what) for warning in told] == [
        (("device", 0, "pin"), 'pin 4 of device "a" is that of the 1-Wire bus (dtoverlay=w1-gpio in config.txt)'),
        (("input", 0, "b_pin"), 'pin 3 of input "knob" is that of the I2C bus (dtparam=i2c_arm=on in config.txt)'),
    ]
    assert warnings_about(named, []) == []


def test_a_pin_of_its_own_that_the_kernel_has_a_bus_on_is_warned_of() -> None:
    own = {
        "button": {"pin": 3},
        "indicator": {"kind": "rgb", "pins": [17, 2, 22]},
        "volume": {"up_pin": 5, "down_pin": 4},
    }
    told = warnings_about(Settings.model_validate(own), ["dtoverlay=w1-gpio", "dtparam=i2c_arm=on"])
    assert [(warning.path, warning.what.partition(" that of")[0]) for warning in told] == [
        (("button", "pin"), "pin 3 of the button is"),
        (("volume", "down_pin"), "pin 4 of the button for quieter is"),
        (("indicator", "pins"), "pin 2 of the indicator is"),
    ]


@pytest.mark.parametrize("bus", [{}, {"bus": "spidev0.1"}])
def test_a_pin_of_the_lights_on_the_bus_is_theirs(bus: dict[str, str]) -> None:
    lights = {"kind": "apa102", **bus}
    (fault,) = faults_between({"indicator": lights, "device": [device("a", 10), device("b", 12)]})
    assert (fault.path, fault.other) == (("device", 0, "pin"), ("indicator", "kind"))
    assert fault.what == 'pin 10 of device "a" is that of the lights on the SPI bus'
    assert faults_between({"indicator": {**lights, "bus": "spidev1.0"}, "device": [device("a", 10)]}) == []
    assert faults_between({"indicator": {"kind": "usb"}, "device": [device("a", 10)]}) == []


@pytest.mark.parametrize(
    ("given", "key"),
    [
        ({"broker": {"device_per_minute": 61}}, ("broker", "device_per_minute")),
        ({"home_server": {"device_per_minute": 121}}, ("home_server", "device_per_minute")),
        ({"usage": {"daily_limit": 2, "monthly_limit": 1}}, ("usage", "daily_limit")),
        ({"camera": {"path": "/a"}}, ("camera", "path")),
        ({"home_server": {"sessions": 1}}, ("home_server", "device_sessions")),
        ({"home_server": {"sessions": 9, "connections": 8}}, ("home_server", "sessions")),
        ({"home_server": {"models": ["a"]}}, ("home_server", "models")),
        ({"home_server": {"fallback": False}}, ("home_server", "fallback")),
        ({"home_server": {"openai": {"url": "http://a/v1", "ca_file": "/a"}}}, ("home_server", "openai", "ca_file")),
        (
            {
                "home_server": {"brain": "relay", "names": ["Home.local"]},
                "live": {"endpoint": "https://home.local:8445"},
            },
            ("home_server", "brain"),
        ),
    ],
)
def test_what_does_nothing_beside_the_rest_is_warned_of(given: dict[str, Any], key: tuple[str, ...]) -> None:
    (warning,) = warnings_about(Settings.model_validate(given), [])
    assert warning.path == key


def test_a_home_server_that_is_as_it_should_be_is_not_warned_of() -> None:
    relay = {"brain": "relay", "fallback": False, "models": ["a"], "sessions": 20, "device_sessions": 20}
    openai = {"url": "HTTPS://a/v1", "ca_file": "/a"}
    live = {"endpoint": "https://elsewhere:8445"}
    given = Settings.model_validate({"home_server": {**relay, "openai": openai}, "live": live})
    assert warnings_about(given, []) == []


def test_what_wants_a_word_and_is_on_without_one_is_warned_of() -> None:
    (warning,) = warnings_about(
        Settings.model_validate({"device": [{**device("a", 4), "confirm": True, "safe": "on"}]}), []
    )
    assert (warning.path, "without anybody's word" in warning.what) == (("device", 0, "confirm"), True)
    assert warnings_about(Settings.model_validate({"device": [{**device("a", 4), "confirm": True}]}), []) == []


def test_a_camera_that_no_tool_uses_is_warned_of() -> None:
    camera = {"source": "file", "path": "/a.png", "look": False}
    (warning,) = warnings_about(Settings.model_validate({"camera": camera}), [])
    assert warning.what == "sees nothing, for look and watch are false"


def test_what_an_input_starts_and_may_not_is_warned_of() -> None:
    wary = {**device("oven", 17), "confirm": True}
    scenes = [{"name": "dinner", "aliases": ["Abend"], "steps": [{"device": "oven"}]}]
    pressed = [{"when": "pressed", "scene": "abend"}]
    button = {"name": "bell", "kind": "button", "pin": 5, "actions": pressed}
    named = Settings.model_validate({"device": [wary], "scene": scenes, "input": [button]})
    (warning,) = warnings_about(named, [])
    assert warning.path == ("input", 0, "actions", 0, "scene")
    assert warning.what == '"bell" cannot turn on "oven", which needs somebody\'s word (confirm)'


@pytest.mark.parametrize(
    ("one", "other", "what"),
    [
        ({"kind": "ds18b20"}, {"kind": "ds18b20"}, "is needed to tell the two apart"),
        ({"kind": "iio", "address": "x"}, {"kind": "iio", "address": "x"}, "is that of another input"),
        ({"kind": "cpu"}, {"kind": "cpu"}, "is needed to tell the two apart"),
        ({"kind": "ds18b20", "address": "28-0A"}, {"kind": "ds18b20", "address": "28-0a"}, "is that of another input"),
        ({"kind": "ds18b20"}, {"kind": "ds18b20", "address": "28-1"}, "is needed where there are several"),
        ({"kind": "ds18b20"}, {"kind": "iio", "address": "x"}, ""),
        ({"kind": "iio", "address": "x", "channel": 0}, {"kind": "iio", "address": "x", "channel": 1}, ""),
        ({"kind": "ds18b20", "address": "28-1"}, {"kind": "ds18b20", "address": "28-2"}, ""),
    ],
)
def test_two_inputs_are_two_sensors(one: dict[str, Any], other: dict[str, Any], what: str) -> None:
    faults = faults_between({"input": [{"name": "a", **one}, {"name": "b", **other}]})
    assert [fault.what.partition(":")[0] for fault in faults] == ([what] if what else [])


def test_a_voice_that_was_not_measured_to_be_heard_over_replies(tmp_path: Path) -> None:
    settings = Settings.model_validate({"listening": {"barge_in": "voice"}})
    environ = {"STATE_DIRECTORY": str(tmp_path)}
    (fault,) = warnings_about(settings, (), environ)
    assert fault.path == ("listening", "barge_in")
    assert fault.fix == "sudo pipit doctor --hands-on"
    keep(replace(ENOUGH, by=MeasuredWith.of(settings.microphone, settings.speaker.device)), tmp_path)
    assert warnings_about(settings, (), environ) == []
