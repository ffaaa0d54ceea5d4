"""From `[keys]` to buttons: the keys of an input device, where a pin has none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from daemon.abilities.volume.volume_controls import VolumeControls
    from daemon.controls.keys_settings import KeysSettings
    from hardware.base import Button


@dataclass(frozen=True, kw_only=True)
class Keys:
    """Those that the settings name."""

    talk: Button | None = None
    mute: Button | None = None
    louder: Button | None = None
    quieter: Button | None = None

    def beside(self, controls: VolumeControls) -> VolumeControls:
        """What is on pins, and these for what is not."""
        return replace(controls, up=controls.up or self.louder, down=controls.down or self.quieter)


def keys_of(table: KeysSettings, root: Path = Path("/")) -> Keys:
    """Not open yet."""
    if not table.device:
        return Keys()
    from hardware.kernel.key_button import KeyButton

    def button(key: str) -> Button | None:
        return KeyButton(table.device, key, root) if key else None

    return Keys(
        talk=button(table.talk),
        mute=button(table.mute),
        louder=button(table.louder),
        quieter=button(table.quieter),
    )
