"""Figures in sentences, with as many digits as it takes to tell a value from the bound that it is refused for."""

DIGITS = 12
"""More than any device, setting or price has, and few enough to hide the rounding of binary fractions."""


def shown(value: float) -> str:
    """`value` as people write it, without zeros at its end."""
    return f"{value:.{DIGITS}g}"


def percent(share: float) -> str:
    """A share of 1, such as "80.4%"."""
    return f"{shown(100 * share)}%"
