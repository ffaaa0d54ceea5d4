"""The page about a model, word for word."""

from __future__ import annotations

import json
from http import HTTPStatus

import pytest

from daemon.offline.wire.access import Admission, Question, read_question
from daemon.offline.wire.catalogue import model_page

ADMISSION = Admission(keys={"right"}, models={"gemini-3.8-live"})


def asked(target: str, headers: dict[str, str] | None = None) -> Question:
    question = read_question(target, headers or {})
    assert question is not None
    return question


def test_a_model_that_is_served() -> None:
    page = model_page(asked("/v1beta/models/gemini-3.8-live", {"x-goog-api-key": "right"}), ADMISSION)
    about = json.loads(page.body)
    assert page.status is HTTPStatus.OK
    assert about["name"] == "models/gemini-3.8-live"
    assert "bidiGenerateContent" in about["supportedGenerationMethods"]


@pytest.mark.parametrize(
    ("target", "status", "word", "message"),
    [
        (
            "/v1beta/models/gemini-9?key=right",
            HTTPStatus.NOT_FOUND,
            "NOT_FOUND",
            "models/gemini-9 is not found for API",
        ),
        ("/v1/models/gemini-3.8-live?key=wrong", HTTPStatus.BAD_REQUEST, "INVALID_ARGUMENT", "API key not valid."),
        ("/v1/models/gemini-3.8-live", HTTPStatus.FORBIDDEN, "PERMISSION_DENIED", "Method doesn't allow unregistered"),
    ],
)
def test_refusals_are_the_services(target: str, status: HTTPStatus, word: str, message: str) -> None:
    page = model_page(asked(target), ADMISSION)
    error = json.loads(page.body)["error"]
    assert page.status is status
    assert (error["code"], error["status"]) == (status.value, word)
    assert error["message"].startswith(message)


def test_a_wrong_key_has_the_services_reason() -> None:
    page = model_page(asked("/v1/models/m?key=wrong"), ADMISSION)
    [detail] = json.loads(page.body)["error"]["details"]
    assert (detail["reason"], detail["@type"]) == ("API_KEY_INVALID", "type.googleapis.com/google.rpc.ErrorInfo")


@pytest.mark.parametrize(
    "target", ["/v1beta/models", "/v1beta/models/a/b", "/v2/models/m", "/v1beta/tunedModels/m", "/"]
)
def test_other_pages_are_none_of_ours(target: str) -> None:
    assert read_question(target, {}) is None


def test_the_version_and_the_key_are_read() -> None:
    question = asked("//v1alpha/models/m.1-2?key=k")
    assert (question.model, question.visitor.api_version, question.visitor.keys) == ("m.1-2", "v1alpha", {"k"})
