"""Each way to fail, as the household will hear of it."""

import socket
import ssl

import pytest
from google.genai.errors import APIError, ClientError
from hypothesis import given
from hypothesis import strategies as st
from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosedError, ConnectionClosedOK, InvalidMessage, InvalidStatus
from websockets.frames import Close
from websockets.http11 import Response

from daemon.conversation.causes import Cause
from daemon.live.failures import DETAIL_LIMIT, ProtocolFault, SetupRefused, explain, scrubbed
from daemon.live.uplink import AudioGone

KEY = "AIzaSyTHISISNOTAREALKEY"


def refused(status: int, body: bytes = b"") -> InvalidStatus:
    return InvalidStatus(Response(status, "", Headers(), body))


def certificate_fault(verify_code: int) -> ssl.SSLCertVerificationError:
    error = ssl.SSLCertVerificationError(1, "certificate verify failed")
    error.verify_code = verify_code
    return error


def cause(error: BaseException, *, opened: bool) -> Cause:
    return explain(error, opened=opened, secret=KEY).cause


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (socket.gaierror(-3, "Temporary failure in name resolution"), Cause.NO_NETWORK),
        (ConnectionRefusedError(111, "refused"), Cause.NO_NETWORK),
        (OSError(101, "Network is unreachable"), Cause.NO_NETWORK),
        (ConnectionResetError(104, "reset"), Cause.NO_NETWORK),
        (InvalidMessage("did not receive a valid HTTP response"), Cause.NO_NETWORK),
        (TimeoutError(), Cause.TIMEOUT),
        (certificate_fault(9), Cause.CLOCK),
        (certificate_fault(10), Cause.CERTIFICATE),
        (certificate_fault(20), Cause.CERTIFICATE),
        (ssl.SSLError(1, "wrong version number"), Cause.CERTIFICATE),
        (FileNotFoundError(2, "no such file"), Cause.CERTIFICATE),
        (refused(401), Cause.KEY_REFUSED),
        (refused(403), Cause.KEY_REFUSED),
        (
            refused(400, b'{"error": {"status": "INVALID_ARGUMENT", "message": "API key not valid."}}'),
            Cause.KEY_REFUSED,
        ),
        (refused(400), Cause.SETUP_REFUSED),
        (refused(404), Cause.SETUP_REFUSED),
        (refused(429), Cause.QUOTA),
        (refused(503), Cause.OVERLOADED),
        (SetupRefused("no", fix="none"), Cause.SETUP_REFUSED),
    ],
)
def test_while_connecting(error: Exception, expected: Cause) -> None:
    assert cause(error, opened=False) is expected


@pytest.mark.parametrize(
    ("code", "reason", "opening", "opened"),
    [
        (1007, "Request contains an invalid argument.", Cause.SETUP_REFUSED, Cause.SETUP_REFUSED),
        (
            1007,
            "Invalid JSON payload received. Unknown name \"x\" at 'setup'",
            Cause.SETUP_REFUSED,
            Cause.SETUP_REFUSED,
        ),
        (1007, "API key expired. Please renew the API key.", Cause.KEY_REFUSED, Cause.KEY_REFUSED),
        (1008, "Your API key was reported as leaked. Please use another", Cause.KEY_REFUSED, Cause.KEY_REFUSED),
        (1007, "User location is not supported for the API use.", Cause.REGION, Cause.REGION),
        (
            1007,
            "Request trace id: 6e8473cab002, [ORIGINAL ERROR] generic::failed_precondition: User location is not supp",
            Cause.REGION,
            Cause.REGION,
        ),
        (1008, "Gemini API is not available in your country.", Cause.REGION, Cause.REGION),
        (
            1011,
            "Your project has exceeded its monthly spending cap. Please go to AI Studio at https://ai.studio/sp",
            Cause.SPENDING_CAP,
            Cause.SPENDING_CAP,
        ),
        (1008, "Project spend cap exceeded: RESOURCE_EXHAUSTED", Cause.SPENDING_CAP, Cause.SPENDING_CAP),
        (
            1011,
            "Your prepayment credits are depleted. Please go to AI Studio to manage your project and billing.",
            Cause.SPENDING_CAP,
            Cause.SPENDING_CAP,
        ),
        (1008, "Your project has been denied access. Please contact support.", Cause.KEY_BARRED, Cause.KEY_BARRED),
        (
            1008,
            "Generative Language API has not been used in project 1 before or it is disabled. PERMISSION_DENIED",
            Cause.KEY_BARRED,
            Cause.KEY_BARRED,
        ),
        (1011, "Your project has reached its monthly spend limit.", Cause.SPENDING_CAP, Cause.SPENDING_CAP),
        (1008, "The caller does not have permission", Cause.KEY_BARRED, Cause.KEY_BARRED),
        (1008, "Permission denied: Consumer 'api_key:x' has been suspended.", Cause.KEY_BARRED, Cause.KEY_BARRED),
        (1008, "Requests to this API method google.ai are blocked.", Cause.KEY_BARRED, Cause.KEY_BARRED),
        (
            1008,
            "This model models/gemini-2.0-flash-live-001 is no longer available to new users. Please update your code",
            Cause.MODEL_RETIRED,
            Cause.MODEL_RETIRED,
        ),
        (1011, "models/gemini-2 is no longer available.", Cause.MODEL_RETIRED, Cause.MODEL_RETIRED),
        (1008, "The model gemini-2 was deprecated and shut down.", Cause.MODEL_RETIRED, Cause.MODEL_RETIRED),
        (1007, "Field x is deprecated and no longer supported", Cause.SETUP_REFUSED, Cause.SETUP_REFUSED),
        (1008, "models/gemini-9 is not found for API version v1beta", Cause.MODEL_UNKNOWN, Cause.MODEL_UNKNOWN),
        (1008, "Publisher model projects/x was not found", Cause.MODEL_UNKNOWN, Cause.MODEL_UNKNOWN),
        (1008, "Requested entity was not found.", Cause.MODEL_UNKNOWN, Cause.LOST),
        (1008, "Operation is not implemented, or supported, or enabled.", Cause.SETUP_REFUSED, Cause.LOST),
        (1008, "The operation was aborted.", Cause.SETUP_REFUSED, Cause.LOST),
        (1011, "You exceeded your current quota, please check", Cause.QUOTA, Cause.QUOTA),
        (1011, "RESOURCE_EXHAUSTED", Cause.QUOTA, Cause.QUOTA),
        (1011, "Internal error encountered.", Cause.OVERLOADED, Cause.OVERLOADED),
        (1011, "The service is currently unavailable.", Cause.OVERLOADED, Cause.OVERLOADED),
        (1011, "Deadline expired before operation could complete.", Cause.LOST, Cause.LOST),
        (1011, "keepalive ping timeout", Cause.LOST, Cause.LOST),
        (1013, "", Cause.OVERLOADED, Cause.OVERLOADED),
        (1006, "abnormal closure [internal]", Cause.LOST, Cause.LOST),
        (1000, "", Cause.LOST, Cause.LOST),
        (1001, "going away", Cause.LOST, Cause.LOST),
        (4321, "unheard of", Cause.LOST, Cause.LOST),
    ],
)
def test_close_codes(code: int, reason: str, opening: Cause, opened: Cause) -> None:
    """The SDK turns a close into an APIError when receiving, and lets websockets' own through when sending."""
    for error in (APIError(code, reason), ConnectionClosedError(Close(code, reason), None)):
        assert cause(error, opened=False) is opening
        assert cause(error, opened=True) is opened


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (TimeoutError(), Cause.LOST),
        (OSError(113, "No route to host"), Cause.LOST),
        (ConnectionResetError(), Cause.LOST),
        (ConnectionClosedError(None, None), Cause.LOST),
        (ConnectionClosedOK(Close(1000, ""), Close(1000, ""), rcvd_then_sent=True), Cause.LOST),
        (ClientError(429, {"code": 429, "status": "RESOURCE_EXHAUSTED", "message": "slow down"}), Cause.QUOTA),
        (ProtocolFault("unreadable", fix="none"), Cause.LOST),
        (AudioGone("overwritten", fix="none"), Cause.LOST),
        (SetupRefused("no", fix="none"), Cause.SETUP_REFUSED),
    ],
)
def test_in_an_open_session(error: Exception, expected: Cause) -> None:
    assert cause(error, opened=True) is expected


def test_of_a_group_the_first_counts() -> None:
    group = ExceptionGroup("", [ExceptionGroup("", [APIError(1011, "Internal error occurred.")]), ValueError()])
    assert cause(group, opened=True) is Cause.OVERLOADED


def test_the_detail_says_what_happened() -> None:
    assert explain(APIError(1011, "Internal error."), opened=True, secret=KEY).detail == "1011 Internal error."
    assert explain(TimeoutError("timed out"), opened=False, secret=KEY).detail == "TimeoutError: timed out"


@given(st.text(), st.text())
def test_the_key_is_never_in_the_detail(before: str, after: str) -> None:
    detail = explain(APIError(1008, before + KEY + after), opened=True, secret=KEY).detail
    assert KEY not in detail
    assert len(detail) <= DETAIL_LIMIT
    assert "\n" not in detail


@pytest.mark.parametrize(
    "text",
    [
        "wss://host/path?key=hunter2hunter2&alt=ws",
        "wss://host/path?access_token=hunter2hunter2",
        "API key AIzaSyhunter2hunter2 was leaked",
        "Token auth_tokens/hunter2hunter2",
    ],
)
def test_nor_is_anybody_elses(text: str) -> None:
    assert "hunter2" not in scrubbed(text, secret="")
