"""What a family of models cannot do is said at the start, with line and fix."""

from typing import Any

import pytest

from daemon.live.family import faults_of_family, warnings_of_family
from daemon.live.settings import KNOWN_MODELS, LiveSettings

NATIVE = "gemini-2.5-flash-native-audio-latest"
HALF_CASCADE = "gemini-live-2.5-flash-preview"
FLASH = "gemini-3.1-flash-live-preview"
LIVE = "gemini-3.8-live"
EXTENDED = "gemini-3.8-live-extended-thinking"


def live(model: str, **tables: Any) -> LiveSettings:
    return LiveSettings.model_validate({"model": model, **tables})


@pytest.mark.parametrize("model", [*KNOWN_MODELS, HALF_CASCADE])
def test_the_defaults_suit_every_model(model: str) -> None:
    assert faults_of_family(live(model)) == []


@pytest.mark.parametrize(
    ("model", "tables", "key", "what", "fix"),
    [
        (NATIVE, {"response": "text"}, "response", "only speak", '"audio"'),
        (LIVE, {"response": "text"}, "response", "only speak", '"audio"'),
        (LIVE, {"thinking": {"level": "low"}}, "thinking.level", "know no level", "remove it"),
        (NATIVE, {"thinking": {"level": "low"}}, "thinking.level", "know no level", "remove it"),
        (EXTENDED, {"thinking": {"level": "minimal"}}, "thinking.level", 'no level "minimal"', "use low, medium, high"),
        (FLASH, {"thinking": {"level": "xhigh"}}, "thinking.level", 'no level "xhigh"', "use minimal, low"),
        (FLASH, {"thinking": {"budget": 0}}, "thinking.budget", "no budget", "use level"),
        (LIVE, {"thinking": {"budget": 0}}, "thinking.budget", "no budget", "remove it"),
        (FLASH, {"tools": {"waiting": "non_blocking"}}, "tools.waiting", "always wait", "remove it"),
        (EXTENDED, {"tools": {"waiting": "blocking"}}, "tools.waiting", "never wait", "remove it"),
        (EXTENDED, {"tools": {"scheduling": "silent"}}, "tools.scheduling", "cannot be told when", "remove it"),
        (FLASH, {"tools": {"scheduling": "interrupt"}}, "tools.scheduling", "cannot be told when", "remove it"),
        (
            LIVE,
            {"tools": {"scheduling": "interrupt"}},
            "tools.scheduling",
            "has no meaning",
            'waiting = "non_blocking"',
        ),
        (LIVE, {"dialog": {"affective": True}}, "dialog.affective", "no affective dialog", "2.5"),
        (LIVE, {"dialog": {"proactive_audio": False}}, "dialog.proactive_audio", "always decide", "remove it"),
        (FLASH, {"dialog": {"proactive_audio": True}}, "dialog.proactive_audio", "cannot decide", "gemini-3.8-live"),
        *[
            (model, {"google": {name: True}}, f"google.{name}", f"cannot {what}", "remove it")
            for model in KNOWN_MODELS
            for name, what in (("code_execution", "run code"), ("url_context", "read pages"))
        ],
        (NATIVE, {"dialog": {"affective": True}}, "api_version", 'must be "v1alpha"', 'api_version = "v1alpha"'),
        (NATIVE, {"dialog": {"proactive_audio": True}}, "api_version", 'must be "v1alpha"', "v1alpha"),
    ],
)
def test_what_a_family_cannot_do(model: str, tables: dict[str, Any], key: str, what: str, fix: str) -> None:
    (fault,) = faults_of_family(live(model, **tables))
    assert fault.path == ("live", *key.split("."))
    assert what in fault.what
    assert fix in fault.fix


@pytest.mark.parametrize(
    ("model", "tables"),
    [
        (HALF_CASCADE, {"response": "text"}),
        (HALF_CASCADE, {"google": {"search": True, "code_execution": True, "url_context": True}}),
        (LIVE, {"google": {"search": True}}),
        (NATIVE, {"thinking": {"budget": -1}}),
        (NATIVE, {"dialog": {"affective": True, "proactive_audio": True}, "api_version": "v1alpha"}),
        (NATIVE, {"dialog": {"proactive_audio": False}}),
        (FLASH, {"thinking": {"level": "minimal"}}),
        (EXTENDED, {"thinking": {"level": "high"}, "tools": {"waiting": "non_blocking"}}),
        (LIVE, {"tools": {"waiting": "blocking"}}),
        (LIVE, {"tools": {"waiting": "non_blocking", "scheduling": "interrupt"}}),
        (LIVE, {"dialog": {"proactive_audio": True}}),
        (
            "gemma-voice",
            {
                "response": "text",
                "thinking": {"level": "xhigh", "budget": 1},
                "dialog": {"affective": True},
                "google": {"code_execution": True},
            },
        ),
    ],
)
def test_what_a_family_can_do(model: str, tables: dict[str, Any]) -> None:
    assert faults_of_family(live(model, **tables)) == []


@pytest.mark.parametrize(
    ("turns", "key"),
    [
        ({"start_sensitivity": "low"}, "start_sensitivity"),
        ({"end_sensitivity": "high"}, "end_sensitivity"),
        ({"prefix_padding_ms": 0}, "prefix_padding_ms"),
        ({"silence_ms": 500}, "silence_ms"),
    ],
)
def test_how_the_service_listens_means_nothing_while_it_does_not(turns: dict[str, Any], key: str) -> None:
    (fault,) = faults_of_family(live(LIVE, turns=turns))
    assert fault.path == ("live", "turns", key)
    assert faults_of_family(live(LIVE, turns={**turns, "taking": "automatic"})) == []


@pytest.mark.parametrize(("model", "count"), [(FLASH, 1), (LIVE, 0), (NATIVE, 0), (EXTENDED, 0), ("gemma-voice", 0)])
def test_what_a_family_takes_and_does_not_mind_is_a_warning(model: str, count: int) -> None:
    """python-genai #2580: 3.1 ends a turn when it likes."""
    turns = {"taking": "automatic", "silence_ms": 500}
    warnings = list(warnings_of_family(live(model, turns=turns)))
    assert [warning.path for warning in warnings] == [("live", "turns", "silence_ms")] * count
    assert faults_of_family(live(model, turns=turns)) == []
    assert list(warnings_of_family(live(model, turns={"taking": "automatic"}))) == []
