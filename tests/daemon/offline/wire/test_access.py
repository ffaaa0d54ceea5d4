"""Paths, keys and models."""

import pytest

from daemon.offline.wire.access import Admission, Visitor, read_handshake
from daemon.offline.wire.mapping import WireError

SERVICE = "ws/google.ai.generativelanguage.{}.GenerativeService.BidiGenerateContent"


@pytest.mark.parametrize("version", ["v1", "v1beta", "v1alpha"])
@pytest.mark.parametrize("before", ["/", "//", "/some/proxy/"])
@pytest.mark.parametrize("after", ["", "Constrained"])
def test_paths_of_the_service(version: str, before: str, after: str) -> None:
    visitor = read_handshake(before + SERVICE.format(version) + after, {})
    assert visitor == Visitor(version, frozenset(), constrained=bool(after))


@pytest.mark.parametrize(
    "target",
    ["/", "/ws", "/" + SERVICE.format("v2"), "/" + SERVICE.format("v1") + "Other", "/x" + SERVICE.format("v1")],
)
def test_other_paths(target: str) -> None:
    assert read_handshake(target, {}) is None


@pytest.mark.parametrize(
    ("query", "headers"),
    [
        ("?key=secret", {}),
        ("?alt=ws&access_token=secret", {}),
        ("", {"x-goog-api-key": "secret"}),
        ("", {"authorization": "Token secret"}),
        ("", {"authorization": "Bearer secret"}),
    ],
)
def test_ways_to_show_a_key(query: str, headers: dict[str, str]) -> None:
    visitor = read_handshake("/" + SERVICE.format("v1beta") + query, headers)
    assert visitor is not None
    assert visitor.keys == {"secret"}


VISITOR = Visitor("v1beta", frozenset({"right"}))


def test_anyone_with_a_key_by_default() -> None:
    Admission().check(VISITOR, "any model")


def test_nobody_without_a_key() -> None:
    with pytest.raises(WireError, match="1008 Method doesn't allow unregistered callers"):
        Admission().check(Visitor("v1beta", frozenset()), "m")


def test_a_wrong_key() -> None:
    with pytest.raises(WireError, match=r"1007 API key not valid\. Please pass a valid API key\."):
        Admission(keys={"other"}).check(VISITOR, "m")


def test_one_right_key_is_enough() -> None:
    Admission(keys={"right"}).check(Visitor("v1", frozenset({"right", "token"})), "m")


def test_an_unknown_model() -> None:
    Admission(models={"m"}).check(VISITOR, "m")
    with pytest.raises(WireError, match="1008 models/x is not found for API version v1beta, or is not supported"):
        Admission(models={"m"}).check(VISITOR, "x")
