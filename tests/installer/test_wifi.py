"""installer/wifi.sh: power save goes off only where NetworkManager and a Wi-Fi card are, and comes back exactly."""

from typing import Final

import pytest

from tests.installer.parts import Parts, parts

__all__ = ["parts"]

SETTINGS: Final = "etc/NetworkManager/conf.d/90-pipit-wifi.conf"
MANAGED: Final = "if wifi_is_managed; then say yes; else say no; fi"


@pytest.mark.parametrize(
    ("manager", "card", "managed"),
    [(True, "wlan0/phy80211", "yes"), (True, "eth0/device", "no"), (False, "wlan0/phy80211", "no")],
)
def test_it_is_managed_with_networkmanager_and_a_card(parts: Parts, manager: bool, card: str, managed: str) -> None:
    (parts.root / "sys/class/net" / card).mkdir(parents=True)
    if manager:
        parts.write("usr/sbin/NetworkManager", "").chmod(0o755)
    assert parts.ran(MANAGED) == f"{managed}\n"


def test_power_save_is_off_for_every_wifi_connection(parts: Parts) -> None:
    parts.ran("wifi_power_save_off")
    sections = [line for line in parts.read(SETTINGS).splitlines() if line and not line.startswith("#")]
    assert sections == ["[connection-pipit-wifi]", "match-device=type:wifi", "wifi.powersave=2"]
    assert parts.record == [], "in an image there is nobody to tell"


def test_a_second_run_changes_nothing(parts: Parts) -> None:
    parts.ran("wifi_power_save_off")
    assert parts.ran("wifi_power_save_off; say $CHANGES") == "0\n"


def test_undone_it_is_as_before(parts: Parts) -> None:
    parts.write("etc/NetworkManager/conf.d/other.conf", "[main]\n")
    before = parts.files()
    parts.ran("wifi_power_save_off; wifi_power_save_undo")
    assert parts.files() == before
    assert parts.ran("wifi_power_save_undo; say $CHANGES") == "0\n"


def test_a_folder_that_it_made_goes_too(parts: Parts) -> None:
    (parts.root / "etc/NetworkManager").mkdir()
    parts.ran("wifi_power_save_off; wifi_power_save_undo")
    assert (parts.root / "etc/NetworkManager").is_dir()
    assert not (parts.root / "etc/NetworkManager/conf.d").exists()


def test_what_the_owner_changed_is_kept_beside(parts: Parts) -> None:
    parts.ran("wifi_power_save_off")
    path = parts.root / SETTINGS
    path.write_text(path.read_text().replace("powersave=2", "powersave=3"))
    parts.ran("wifi_power_save_undo")
    kept = [place for place in parts.files() if place.startswith(f"{SETTINGS}.yours-")]
    assert len(kept) == 1
    assert "powersave=3" in parts.read(kept[0])
    assert not path.exists()


def test_a_dry_run_only_says_it(parts: Parts) -> None:
    before = parts.files()
    assert "would write" in parts.ran("DRY_RUN=yes; wifi_power_save_off")
    assert parts.files() == before
