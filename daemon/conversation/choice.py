"""What the kinds of things in a conversation are made of: enumerations that are looked up often."""

from enum import Enum


class Choice(Enum):
    """Each member is one object, and is hashed as that: `Enum` hashes its name, in Python, which says no more."""

    __hash__ = object.__hash__
