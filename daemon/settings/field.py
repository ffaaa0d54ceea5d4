"""What the tables of the settings are written with: a field, a table, and how a validator says what is wrong."""

import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePath
from typing import Annotated, Any, ClassVar, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, create_model, field_validator
from pydantic_core import PydanticCustomError

from daemon.errors import one_line
from daemon.settings.host import WHAT_A_HOST_IS, is_host
from daemon.settings.place import Places
from hardware.sound.usb_place import usb_place
from hardware.stand_ins import NO_METADATA, stand_ins

with stand_ins(NO_METADATA):
    create_model("First")  # the first model makes pydantic look for plugins, of which Pipit has none

LANGUAGE = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
"""The subtags of BCP 47 that name a language, script or region."""
LANGUAGE_FIX = 'write a BCP 47 tag such as "en" or "de-CH"'

LONGEST_PATH: Final = 4096
"""PATH_MAX of Linux."""
JOINERS: Final = "\u200c\u200d"
"""Invisible, but some scripts and pictures are misspelt without them."""
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Categories of Unicode: controls, marks of format and direction, halves of pairs, ends of line and paragraph."""


class Table(BaseModel):
    """A TOML table: no unknown keys, no conversions (a string is no number), no change once read.

    No text in it holds a character that cannot be seen, but for those that `prose` allows to a field.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False, validate_by_name=True)
    prose: ClassVar[Mapping[str, str]] = {}

    @field_validator("*", mode="before")
    @classmethod
    def _can_be_seen(cls, value: Any, info: ValidationInfo) -> Any:
        allowed = cls.prose.get(info.field_name or "", "")
        for text in _texts(value):
            if hidden := hidden_in(text, allowed):
                raise problem(
                    f"must not hold {one_line(hidden)}, a character that cannot be seen",
                    "write it anew, without what was pasted along; for a backslash write two",
                )
        return value


def hidden_in(text: str, allowed: str = "") -> str:
    """The first character of `text` that cannot be seen and is none of `allowed`; empty if there is none."""
    if text.isprintable():
        return ""
    return next((c for c in text if unicodedata.category(c) in _HIDDEN and c not in allowed), "")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str | PurePath):
        yield str(value)
    elif isinstance(value, list | tuple):
        yield from (inner for inner in value if isinstance(inner, str))


Share = Literal["harmless", "language", "model", "pcm", "wake words"]
"""What a text is, of which a support bundle may show something: all, if a pattern limits it to what is "harmless"."""


def setting(
    default: Any, meaning: str, *, fix: str = "", share: Share | None = None, place: Places | None = None, **bounds: Any
) -> Any:
    """A field with its meaning in one sentence, pydantic's bounds (`ge`, `pattern`, …) and advice for a bad value.

    Without `share` a support bundle leaves out whatever may be somebody's words (`daemon.settings.sharing`).
    A setting that names a path says with `place` what has to be there (`daemon.settings.place`).
    """
    ours: Any = {"fix": fix, "share": share, "place": place}
    return Field(default=default, description=meaning, json_schema_extra=ours, **bounds)


def problem(what: str, fix: str) -> PydanticCustomError:
    """What a validator raises: `settings_problems` reports `what` and `fix` word for word."""
    return PydanticCustomError("setting", "{what}", {"what": what, "fix": fix})


def named_hosts(given: str | tuple[str, ...]) -> str | tuple[str, ...]:
    """Raises `problem` for one that is no name or address of a host."""
    for host in (given,) if isinstance(given, str) else given:
        if not is_host(host):
            raise problem(
                f'must be the name or address of a host, not "{host}"', f"that is {WHAT_A_HOST_IS}, no brackets"
            )
    return given


def zero_or_more(least: float, value: float) -> float:
    """`value`, if it is 0, which stands for none, or at least so much: less is none in effect, and not meant."""
    if 0 < value < least:
        raise problem(f"must be 0, or at least {least:g}, not {value:g}", f"write 0 for none, or {least:g}")
    return value


def absolute(value: Path) -> Path:
    if not value.is_absolute():
        raise problem(
            f'must be an absolute path, not "{str(value)[:100]}"',
            "begin it with /: the service has no working directory",
        )
    return value


def sound_device(name: str) -> str:
    """Refuses a name that begins like a USB port's and is none; others are ALSA's business, which may be configured."""
    try:
        usb_place(name)
    except ValueError as error:
        raise problem(str(error), "`pipit doctor` tells the ports of the cards") from None
    return name


def _absolute_or_empty(value: str) -> str:
    # The value is not shown: someone may have put the key itself in the place of its file.
    if value and not PurePath(value).is_absolute():
        raise problem("must be an absolute path, or empty", "begin it with /: the service has no working directory")
    return value


OptionalFile = Annotated[str, AfterValidator(_absolute_or_empty)]
