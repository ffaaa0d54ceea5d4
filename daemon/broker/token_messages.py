"""What a device and a broker say to each other: JSON over HTTPS, one request a connection.

    POST /v1/token   {"time": 1800000000.0}            → {"token", "lasts_s", "model", "time"}
    POST /v1/device  {"time": 1800000000.0}            → {"device", "model", "time"}
    refused                                            → {"error": {"code", "message", …}, "time"}

`Authorization: Bearer SECRET` says who asks. Times are Unix seconds; how long a token lasts is a duration, so that it
does not matter how far the clocks are apart.
"""

from enum import Enum
from typing import Final

TOKEN_PATH: Final = "/v1/token"  # noqa: S105 - where tokens are, not one
DEVICE_PATH: Final = "/v1/device"
REQUEST_BYTES: Final = 4_096
"""Of a request's body; a device sends less than a hundred."""


class Code(Enum):
    """Why a broker refuses."""

    BAD_REQUEST = "bad_request"
    NOT_FOUND = "not_found"
    UNAUTHORISED = "unauthorised"
    RATE_LIMITED = "rate_limited"  # with `retry_after_s`, and a header Retry-After
    CLOCK_SKEW = "clock_skew"  # with `ahead_s`: by how much the device's clock is ahead of the broker's
    SERVICE_REFUSED = "service_refused"  # with `cause`: a value of `daemon.conversation.causes.Cause`
    BROKEN = "broken"  # the broker's own trouble: no key, a file it cannot read
