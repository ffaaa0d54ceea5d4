"""What the tables of the settings are written with: a field, a table, and how a validator says what is wrong."""

from pathlib import Path, PurePath
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

LANGUAGE = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$"
"""The subtags of BCP 47 that name a language, script or region."""
LANGUAGE_FIX = 'write a BCP 47 tag such as "en" or "de-CH"'


class Table(BaseModel):
    """A TOML table: no unknown keys, no conversions (a string is no number), no change once read."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, allow_inf_nan=False, validate_by_name=True)


def setting(default: Any, meaning: str, *, fix: str = "", **bounds: Any) -> Any:
    """A field with its meaning in one sentence, pydantic's bounds (`ge`, `pattern`, …) and advice for a bad value."""
    return Field(default=default, description=meaning, json_schema_extra={"fix": fix}, **bounds)


def problem(what: str, fix: str) -> PydanticCustomError:
    """What a validator raises: `settings_problems` reports `what` and `fix` word for word."""
    return PydanticCustomError("setting", "{what}", {"what": what, "fix": fix})


def absolute(value: Path) -> Path:
    if not value.is_absolute():
        raise problem(
            f'must be an absolute path, not "{value}"', "begin it with /: the service has no working directory"
        )
    return value


def _absolute_or_empty(value: str) -> str:
    # The value is not shown: someone may have put the key itself in the place of its file.
    if value and not PurePath(value).is_absolute():
        raise problem("must be an absolute path, or empty", "begin it with /: the service has no working directory")
    return value


OptionalFile = Annotated[str, AfterValidator(_absolute_or_empty)]
