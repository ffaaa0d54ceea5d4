"""The API key: is there one, does nobody else have it, does the service get it, and does Google take it?"""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING, Final, NamedTuple

from daemon.conversation.no_session import KeyMissing
from daemon.doctor.checks.stored_key import DROP_IN, STORE_IT, StoredKey, read_key, stored_key
from daemon.errors import PipitError
from daemon.house.settings import Settings
from daemon.live.lookup import Answer, look_up
from daemon.live.options import LiveOptions
from daemon.machine.check import Check
from daemon.machine.finding import CannotTell, Fact, Finding, Verdict, bad, good, warning

if TYPE_CHECKING:
    from pathlib import Path

    from daemon.doctor.examining.patient import Patient

LOOKUP_TIMEOUT_S: Final = 6.0
"""For one step of the network, of which a question has three."""


def _examine(site: Patient) -> Finding:
    if site.settings and site.settings.live.credential.broker:
        return _needs_none(site)
    stored = stored_key(site)
    read_key(site, stored)
    facts: dict[str, Fact] = {"place": str(stored), "encrypted": stored.encrypted}
    if stored.of_service and (problem := _not_handed_on(site, stored)):
        return bad(problem, STORE_IT, **facts)
    if stored.path is None:
        return warning("there is a key in $GEMINI_API_KEY, which the service does not see", STORE_IT, **facts)
    if not stored.of_service and (owner := _other_owner(site, stored.path)):
        return bad(
            f"the key file {stored} belongs to {owner}, and the service, which runs as pipit, cannot read it",
            f"sudo chown pipit {stored}, or {STORE_IT}",
            **facts,
        )
    kind = "encrypted for this machine" if stored.encrypted else "closed to others"
    return good(f"there is a key in {stored}, {kind}", **facts)


def _needs_none(site: Patient) -> Finding:
    """With a token broker a key is one too many: the sessions refuse it, and it is what the broker is to keep away."""
    try:
        stored = stored_key(site)
    except KeyMissing:
        return good("no key is needed: a token broker has it")
    return bad(
        f"there are both a token broker and a key, in {stored}: only one can be meant",
        "remove the key (docs/token-broker.md), or broker in [live.credential]",
    )


def _not_handed_on(site: Patient, stored: StoredKey) -> str:
    """Why the service does not get this key: no drop-in of the unit, or one for the other file; empty if it does."""
    drop_in = site.text(DROP_IN)
    if drop_in is None:
        return f"the key {stored} is stored, but the service is not told of it ({DROP_IN} is missing)"
    if ("\nLoadCredentialEncrypted=" in f"\n{drop_in}") != stored.encrypted:
        return f"the key {stored} is newer than the other one, which the service still gets"
    return ""


def _other_owner(site: Patient, path: Path) -> str:
    """Who owns the file, if it is not the user of the service; empty if it is, or if there is no such user."""
    users = {line.split(":")[2]: line.split(":")[0] for line in (site.text("/etc/passwd") or "").splitlines() if line}
    owner = str(path.stat().st_uid)
    if "pipit" not in users.values() or users.get(owner) == "pipit":
        return ""
    return users.get(owner, f"the user {owner}")


def _close(site: Patient) -> str:
    """Take the file away from everyone but its owner; says the old mode, so that it can be undone."""
    stored = stored_key(site)
    mode = stat.S_IMODE(stored.path.stat().st_mode) if stored.path else 0
    if stored.path is None or stored.encrypted or not mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise KeyMissing("only a key file that is open to others can be mended without you", fix=STORE_IT)
    stored.path.chmod(stat.S_IMODE(mode) & stat.S_IRWXU & ~stat.S_IXUSR)
    return f"closed {stored.path} to others (its mode was {mode:04o})"


class _Meaning(NamedTuple):
    verdict: Verdict
    sentence: str
    fix: str = ""


_NEW_KEY: Final = "make a new key in Google AI Studio, and " + STORE_IT
_MEANINGS: Final = {
    Answer.AVAILABLE: _Meaning(Verdict.GOOD, "the service takes the key and has {model}"),
    Answer.NOT_LIVE: _Meaning(
        Verdict.BAD, "{model} exists, but holds no Live sessions", 'set model = "{known}" in [live]'
    ),
    Answer.MODEL_UNKNOWN: _Meaning(Verdict.BAD, "the service has no model {model}", 'set model = "{known}" in [live]'),
    Answer.KEY_WRONG: _Meaning(Verdict.BAD, "the service does not know this key", "copy the key again and " + STORE_IT),
    Answer.KEY_EXPIRED: _Meaning(Verdict.BAD, "the key has expired", _NEW_KEY),
    Answer.KEY_LEAKED: _Meaning(Verdict.BAD, "the key was reported as leaked and is blocked for good", _NEW_KEY),
    Answer.KEY_RESTRICTED: _Meaning(
        Verdict.BAD,
        "the key may not be used from here or for this",
        "allow the Generative Language API and this network's address among the restrictions of the key",
    ),
    Answer.API_DISABLED: _Meaning(
        Verdict.BAD,
        "the Generative Language API is turned off in the key's project",
        "turn it on in the Google Cloud console, and wait some minutes",
    ),
    Answer.REGION: _Meaning(
        Verdict.BAD, "the service does not serve this country", "see the list of regions in the Gemini API's pages"
    ),
    Answer.QUOTA: _Meaning(
        Verdict.BAD, "the budget of the key's project is used up", "wait, or raise the limit in Google AI Studio"
    ),
    Answer.OVERLOADED: _Meaning(Verdict.WARNING, "the service is too busy to answer", "try again later"),
    Answer.UNREACHABLE: _Meaning(Verdict.BAD, "the service cannot be reached", "see the checks dns and tls"),
    Answer.CLOCK: _Meaning(Verdict.BAD, "the service's certificate is not valid yet: the clock is wrong", "see clock"),
    Answer.CERTIFICATE: _Meaning(Verdict.BAD, "the service's certificate is not trusted", "see the check tls"),
    Answer.STRANGE: _Meaning(
        Verdict.BAD, "the service did not answer as the Gemini API does", "check endpoint and api_version in [live]"
    ),
}


def _ask(site: Patient) -> Finding:
    if site.settings and site.settings.live.credential.broker:
        raise CannotTell("a token broker has the key", fix="see the check broker")
    if not site.consent:
        raise CannotTell("the key was not sent to the service", fix="`pipit doctor --check-key` asks it once, for free")
    try:
        key = read_key(site, stored_key(site))
    except PipitError as error:
        raise CannotTell(f"there is no key to ask with: {error.message}", fix="see the check key") from error
    return _answered(site.settings or Settings(), key)


def _answered(settings: Settings, key: str) -> Finding:
    live = settings.live
    told = look_up(LiveOptions(live=live, api_key=key), LOOKUP_TIMEOUT_S)
    meaning = _MEANINGS[told.answer]
    names = {"model": live.model, "known": Settings().live.model}
    sentence = meaning.sentence.format(**names)
    detail = f" ({told.detail})" if told.detail else ""
    return Finding(
        meaning.verdict,
        sentence + detail,
        meaning.fix.format(**names),
        {"answer": told.answer.value, "model": live.model},
    )


KEY = Check("key", "Is there an API key, closed to others, that the service gets?", _examine, _close)
MODEL = Check("model", "Does the service take the key, and has it the model? (only with --check-key)", _ask)
