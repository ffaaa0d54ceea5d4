"""The page about a model, as the service's `models.get` gives it: for clients that look before they connect."""

import http
import json
from dataclasses import dataclass
from typing import Any

from daemon.offline.wire.access import Admission, Question, Refusal


@dataclass(frozen=True)
class Page:
    """An answer to a plain request; `body` is JSON, pretty-printed as the service's is."""

    status: http.HTTPStatus
    body: str


def model_page(question: Question, admission: Admission) -> Page:
    """About the model of `question`, or why not (google.rpc.Status in an `error` member)."""
    refusal = admission.refusal(question.visitor, question.model)
    if refusal:
        return Page(refusal.http_status, _json(error_of(refusal)))
    about = {
        "name": f"models/{question.model}",
        "version": "offline",
        "displayName": question.model,
        "description": "Served by this machine.",
        "supportedGenerationMethods": ["bidiGenerateContent"],
    }
    return Page(http.HTTPStatus.OK, _json(about))


def error_of(refusal: Refusal) -> dict[str, Any]:
    """What is sent instead of what was asked for."""
    error: dict[str, Any] = {
        "code": refusal.http_status.value,
        "message": refusal.message,
        "status": refusal.status,
    }
    if refusal.reason:
        kind = "type.googleapis.com/google.rpc.ErrorInfo"
        error["details"] = [{"@type": kind, "reason": refusal.reason, "domain": "googleapis.com"}]
    return {"error": error}


def _json(value: dict[str, Any]) -> str:
    return json.dumps(value, indent=2) + "\n"
