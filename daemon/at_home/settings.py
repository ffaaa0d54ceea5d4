"""The settings of the brain at home."""

from typing import Final, Literal

from daemon.settings.field import Table, setting

RECOGNISER_MB: Final = 120
"""What its process takes, resident, with the recogniser (docs/benchmarks.md)."""


class OfflineSettings(Table):
    """The brain of this machine, which needs no network: when it answers, and what it may take."""

    use: Literal["fallback", "always", "never"] = setting(
        "fallback",
        "When the brain of this machine answers: in the place of the service when that cannot be reached, is too slow,"
        ' refuses or may cost no more; "always", and the service is never asked; "never", and the household hears why'
        " there is no answer.",
        fix='"fallback", "always" or "never"',
    )
    hears: Literal["auto", "english"] = setting(
        "auto",
        "What language it hears: that of the household, where the extra for it is installed (German, Spanish, French,"
        ' Portuguese), else English; "english", and it is English in any case, which takes less memory.',
        fix='"auto" or "english"',
    )
    ready: Literal["auto", "always", "needed"] = setting(
        "auto",
        "When it is loaded, which takes two seconds and more: at the start, to stay, or when it is needed, to be"
        ' unloaded after a while. "auto" is at the start where this machine has 1 GB of memory or more.',
        fix='"auto", "always" or "needed"',
    )
    idle_min: int = setting(
        10,
        "Minutes without a request after which it is unloaded, if it was loaded when it was needed.",
        ge=1,
        le=1440,
        fix="try 10",
    )
    memory_mb: int = setting(
        400,
        "Memory that it may take for its data, in megabytes; beyond that it ends, and the appliance goes on.",
        ge=200,
        le=4000,
        fix="try 400",
    )
