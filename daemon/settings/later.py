"""Tables whose model is imported, and built, only where the settings have such a table.

Most households name no scene and no sensor: what reads those tables would be loaded for nothing, for ever.
"""

from __future__ import annotations

from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, TypeAdapter
from pydantic_core.core_schema import no_info_plain_validator_function

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic_core import CoreSchema


class Later:
    """Stands in the type of a field for an array of tables: `Annotated[tuple[Any, ...], Later(module, name)]`."""

    def __init__(self, module: str, name: str) -> None:
        self._module, self._name = module, name

    @cached_property
    def model(self) -> type[BaseModel]:
        model: type[BaseModel] = getattr(import_module(self._module), self._name)
        return model

    @cached_property
    def _tables(self) -> TypeAdapter[tuple[BaseModel, ...]]:
        return TypeAdapter(tuple[self.model, ...])  # type: ignore[name-defined]

    def _validated(self, value: object) -> tuple[BaseModel, ...]:
        """As pydantic would, and with its errors."""
        return () if value == () else self._tables.validate_python(value)

    def __get_pydantic_core_schema__(self, _source: object, _handler: object) -> CoreSchema:
        return no_info_plain_validator_function(self._validated)

    def __get_pydantic_json_schema__(
        self, _schema: CoreSchema, handler: Callable[[CoreSchema], Mapping[str, Any]]
    ) -> Mapping[str, Any]:
        return handler(self._tables.core_schema)
