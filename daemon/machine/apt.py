"""The servers of system packages: an installation needs one, and what runs does not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory
from typing import Final
from urllib.parse import urlsplit

from daemon.machine.check import Check
from daemon.machine.finding import CannotTell, Finding, bad, good, warning
from daemon.machine.site import Site

CHECKOUT: Final = Path(__file__).parents[2]
CURRENT: Final = "/opt/pipit/current"
"""The installed release."""

SERVERS_ASKED: Final = 3
"""Of the first servers of apt's sources: one of a third party may be gone."""
LIST_TIMEOUT_S: Final = 60.0
"""apt reads its sources, which takes long only on a card that fails."""
ANSWER_TIMEOUT_S: Final = 15.0

_ENVIRONMENT: Final = tuple(
    name for word in ("http", "https", "ftp", "all", "no") for name in (f"{word}_proxy", f"{word}_proxy".upper())
)
_HELPER: Final = "/usr/lib/apt/apt-helper"
_IMPATIENT: Final = (
    *("-o", "Acquire::Retries=0", "-o", "Acquire::http::Timeout=8"),
    *("-o", "Acquire::https::Timeout=8", "download-file"),
)


@dataclass(frozen=True)
class Plan(Site):
    """A machine, and the folder that Pipit is to be installed from."""

    checkout: Path = CHECKOUT

    @property
    def is_bundle(self) -> bool:
        return (self.checkout / "BUNDLE").is_file()

    def has(self, program: str) -> bool:
        return which(program, path=self.environ.get("PATH")) is not None


def _examine(site: Plan) -> Finding:
    if site.is_bundle:
        return good("not needed: this bundle brings the packages along")
    if site.environ.get("PIPIT_SKIP_APT") or not (site.has("apt-get") and site.has("dpkg-query")):
        raise CannotTell("not looked at: there is no apt to ask")
    addresses = _addresses(site)
    if any(_answers(site, address) for address in addresses):
        return good("apt's server answers")
    if not addresses:
        raise CannotTell("apt knows no server to ask")
    if site.path(CURRENT).exists():
        return warning(f"apt's server does not answer ({addresses[0]}), so nothing new can be fetched", "")
    return bad(
        f"apt's server does not answer: {addresses[0]}",
        "check the network, and apt's sources and proxy with 'sudo apt-get update'",
    )


def _addresses(site: Plan) -> list[str]:
    """The address of a small file on each of the first servers that apt is set up with."""
    done = site.run(["apt-get", "update", "--print-uris"], LIST_TIMEOUT_S, _ENVIRONMENT)
    found = re.findall(r"^'([a-z+]*http[^']*)'", done.output, re.MULTILINE)
    by_server = {urlsplit(address).netloc: address for address in reversed(found)}
    wanted = dict.fromkeys(urlsplit(address).netloc for address in found)
    return [by_server[server] for server in islice(wanted, SERVERS_ASKED)]


def _answers(site: Plan, address: str) -> bool:
    """Whether apt itself gets the file: with its proxy, certificates and passwords."""
    helper = "apt-helper" if site.has("apt-helper") else _HELPER
    try:
        with TemporaryDirectory() as folder:
            return site.run([helper, *_IMPATIENT, address, f"{folder}/answer"], ANSWER_TIMEOUT_S, _ENVIRONMENT).ok
    except OSError as error:  # a full disk, which the check of it tells
        raise CannotTell(f"not looked at: no temporary file can be written ({error.strerror or error})") from error


APT: Final[Check[Plan]] = Check("network", "Does a server of apt's answer?", _examine)
"""For an installation."""
