"""What each cause of a failed session means to people: what is said, what helps, how a command ends. One table.

And, beside it, what is said of a budget that runs low.
"""

import os
from dataclasses import dataclass, field
from typing import Final

from daemon.conversation.events import Cause, Notice, SessionLost
from daemon.errors import PipitError


@dataclass(frozen=True, slots=True)
class Meaning:
    """`sentence` is spoken to the household, `fix` is written to the maker; `exit_status` is of sysexits.h.

    `may_pass` is whether somebody who sits there may well ask again; otherwise it would fail in the same way until
    something is mended. `Cause.passing` is narrower: what is tried again at once, without asking anybody.
    """

    sentence: str
    fix: str
    exit_status: int = os.EX_UNAVAILABLE
    may_pass: bool = field(kw_only=True)


MEANINGS: Final = {
    Cause.NO_NETWORK: Meaning(
        "I cannot reach the internet.",
        "check the network, and that the endpoint in [live] exists",
        may_pass=True,
    ),
    Cause.TIMEOUT: Meaning(
        "The service does not answer.",
        "check the network, and try again",
        may_pass=True,
    ),
    Cause.CLOCK: Meaning(
        "My clock is not set yet. Please try again in a minute.",
        "set the clock, or wait until it is synchronised",
        may_pass=False,
    ),
    Cause.CERTIFICATE: Meaning(
        "I cannot trust this connection.",
        "check endpoint and ca_file in [live]",
        may_pass=False,
    ),
    Cause.KEY_MISSING: Meaning(
        "I have no A P I key yet.",
        "put an API key into a file of mode 0600 and name it in [live.credential] file",
        os.EX_NOPERM,
        may_pass=False,
    ),
    Cause.KEY_REFUSED: Meaning(
        "My A P I key is not accepted.",
        "check the API key, or make a new one",
        os.EX_NOPERM,
        may_pass=False,
    ),
    Cause.KEY_BARRED: Meaning(
        "My A P I key may not use this service.",
        "enable the Gemini API for the key's project, and check the key's restrictions and whether it was suspended",
        os.EX_NOPERM,
        may_pass=False,
    ),
    Cause.MODEL_UNKNOWN: Meaning(
        "The model in my settings does not exist.",
        "name a model that exists in [live] model",
        os.EX_CONFIG,
        may_pass=False,
    ),
    Cause.MODEL_RETIRED: Meaning(
        "The model in my settings is no longer offered.",
        "name a newer model in [live] model",
        os.EX_CONFIG,
        may_pass=False,
    ),
    Cause.SETUP_REFUSED: Meaning(
        "The service does not accept my settings.",
        "compare [live] with what the model can do",
        os.EX_CONFIG,
        may_pass=False,
    ),
    Cause.REGION: Meaning(
        "The service is not available where I am.",
        "see the regions in the Gemini API's pages; a proxy or VPN may end in a country that is not served",
        may_pass=False,
    ),
    Cause.QUOTA: Meaning(
        "My budget with the service is used up.",
        "wait, or raise the limit with the service",
        os.EX_TEMPFAIL,
        may_pass=False,
    ),
    Cause.SPENDING_CAP: Meaning(
        "The spending limit of my account with the service is reached.",
        "raise the project's spend cap, or pay in advance again, at ai.studio/spend",
        os.EX_TEMPFAIL,
        may_pass=False,
    ),
    Cause.OVERLOADED: Meaning(
        "The service is too busy. Please try again later.",
        "try again later",
        os.EX_TEMPFAIL,
        may_pass=True,
    ),
    Cause.LOST: Meaning(
        "I lost the connection. Please ask again.",
        "try again",
        may_pass=True,
    ),
    Cause.NO_REPLY: Meaning(
        "I got no answer. Please ask again.",
        "try again",
        may_pass=True,
    ),
    Cause.BUDGET: Meaning(
        "I am sorry, I have spent all that I may spend for now.",
        "wait for the next day or month, or raise the limit in [usage]; `pipit usage` says which it is",
        os.EX_TEMPFAIL,
        may_pass=False,
    ),
    Cause.BROKER: Meaning(
        "I cannot reach my token broker.",
        "check that `pipit token-broker` runs at the address in [live.credential] broker; `pipit doctor` asks it",
        may_pass=True,
    ),
    Cause.BROKER_REFUSED: Meaning(
        "My token broker does not let me in.",
        "store the secret that `pipit token-broker add-device` printed where [live.credential] secret_file says",
        os.EX_NOPERM,
        may_pass=False,
    ),
    Cause.TOKEN_REFUSED: Meaning(
        "My access pass is not accepted. Please ask again.",
        "try again; if it stays so, check the clock of the token broker's machine, and its API key",
        os.EX_TEMPFAIL,
        may_pass=True,
    ),
}

NOTICES: Final = {
    Notice.DAY_NEARLY_SPENT: "By the way, most of my budget for today is spent.",
    Notice.SPEAKER_BACK: "My speaker was away. I can be heard again.",
    Notice.MONTH_NEARLY_SPENT: "By the way, most of my budget for this month is spent.",
}
"""What is said though nothing has failed."""


class SessionFailed(PipitError):
    """The session ended before the reply was complete, for the reason it gave."""

    def __init__(self, lost: SessionLost) -> None:
        meaning = MEANINGS[lost.cause]
        what = f"the session failed: {lost.cause.value.replace('_', ' ')}"
        super().__init__(f"{what} ({lost.detail})" if lost.detail else what, fix=meaning.fix)
        self.exit_status = meaning.exit_status
        self.cause = lost.cause
        self.may_pass = meaning.may_pass
