"""What each cause of a failed session means: what helps, how a command ends. One table.

What is said of it is in `daemon/sentences/`, a file a language.
"""

import os
from dataclasses import dataclass, field
from typing import Final

from daemon.conversation.causes import Cause
from daemon.conversation.events import SessionLost
from daemon.errors import PipitError


@dataclass(frozen=True, slots=True)
class Meaning:
    """`fix` is written to the maker; `exit_status` is of sysexits.h.

    `may_pass` is whether somebody who sits there may well ask again; otherwise it would fail in the same way until
    something is mended. `Cause.passing` is narrower: what is tried again at once, without asking anybody.
    """

    fix: str
    exit_status: int = os.EX_UNAVAILABLE
    may_pass: bool = field(kw_only=True)


MEANINGS: Final = {
    Cause.NO_NETWORK: Meaning(
        "check the network, and that the endpoint in [live] exists",
        may_pass=True,
    ),
    Cause.TIMEOUT: Meaning(
        "check the network, and try again",
        may_pass=True,
    ),
    Cause.CLOCK: Meaning(
        "set the clock, or wait until it is synchronised",
        may_pass=False,
    ),
    Cause.CERTIFICATE: Meaning(
        "check endpoint and ca_file in [live]",
        may_pass=False,
    ),
    Cause.KEY_MISSING: Meaning(
        "put an API key into a file of mode 0600 and name it in [live.credential] file",
        os.EX_NOPERM,
        may_pass=False,
    ),
    Cause.KEY_REFUSED: Meaning(
        "check the API key, or make a new one",
        os.EX_NOPERM,
        may_pass=False,
    ),
    Cause.KEY_BARRED: Meaning(
        "enable the Gemini API for the key's project, and check the key's restrictions and whether it was suspended",
        os.EX_NOPERM,
        may_pass=False,
    ),
    Cause.MODEL_UNKNOWN: Meaning(
        "name a model that exists in [live] model",
        os.EX_CONFIG,
        may_pass=False,
    ),
    Cause.MODEL_RETIRED: Meaning(
        "name a newer model in [live] model",
        os.EX_CONFIG,
        may_pass=False,
    ),
    Cause.SETUP_REFUSED: Meaning(
        "compare [live] with what the model can do",
        os.EX_CONFIG,
        may_pass=False,
    ),
    Cause.REGION: Meaning(
        "see the regions in the Gemini API's pages; a proxy or VPN may end in a country that is not served",
        may_pass=False,
    ),
    Cause.QUOTA: Meaning(
        "wait, or raise the limit with the service",
        os.EX_TEMPFAIL,
        may_pass=False,
    ),
    Cause.SPENDING_CAP: Meaning(
        "raise the project's spend cap, or pay in advance again, at ai.studio/spend",
        os.EX_TEMPFAIL,
        may_pass=False,
    ),
    Cause.OVERLOADED: Meaning(
        "try again later",
        os.EX_TEMPFAIL,
        may_pass=True,
    ),
    Cause.LOST: Meaning(
        "try again",
        may_pass=True,
    ),
    Cause.NO_REPLY: Meaning(
        "try again",
        may_pass=True,
    ),
    Cause.BUDGET: Meaning(
        "wait for the next day or month, or raise the limit in [usage]; `pipit usage` says which it is",
        os.EX_TEMPFAIL,
        may_pass=False,
    ),
    Cause.BROKER: Meaning(
        "check that `pipit token-broker` runs at the address in [live.credential] broker; `pipit doctor` asks it",
        may_pass=True,
    ),
    Cause.BROKER_REFUSED: Meaning(
        "store the secret that `pipit token-broker add-device` printed where [live.credential] secret_file says",
        os.EX_NOPERM,
        may_pass=False,
    ),
    Cause.HOME: Meaning(
        "run pipit doctor, which looks for the models of the recogniser; the journal tells what it said",
        may_pass=False,
    ),
    Cause.TOKEN_REFUSED: Meaning(
        "try again; if it stays so, check the clock of the token broker's machine, and its API key",
        os.EX_TEMPFAIL,
        may_pass=True,
    ),
}


class SessionFailed(PipitError):
    """The session ended before the reply was complete, for the reason it gave."""

    def __init__(self, lost: SessionLost) -> None:
        meaning = MEANINGS[lost.cause]
        what = f"the session failed: {lost.cause.value.replace('_', ' ')}"
        super().__init__(f"{what} ({lost.detail})" if lost.detail else what, fix=meaning.fix)
        self.exit_status = meaning.exit_status
        self.cause = lost.cause
        self.may_pass = meaning.may_pass
