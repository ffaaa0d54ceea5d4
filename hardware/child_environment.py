"""What a program that we start gets to see of our environment: what it needs to run, and never a key."""

from collections.abc import Mapping
from typing import Final

NEEDED: Final = frozenset(
    {
        *("PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "LD_LIBRARY_PATH"),
        *("PYTHONPATH", "PYTHONHOME", "PYTHONDONTWRITEBYTECODE", "PYTHONUTF8", "VIRTUAL_ENV"),
        *("XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "DBUS_SESSION_BUS_ADDRESS"),
    }
)
LOCALE: Final = "LC_"


def child_environment(environ: Mapping[str, str], *wanted: str) -> dict[str, str]:
    """The part of `environ` that any program needs, and what else is `wanted`: names, or beginnings that end with "_".

    The environment may hold the API key, and whatever else the one who started us keeps there.
    """
    beginnings = (LOCALE, *(name for name in wanted if name.endswith("_")))
    names = {*NEEDED, *wanted}
    return {name: value for name, value in environ.items() if name in names or name.startswith(beginnings)}
