from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from daemon.doctor.checks.chosen_cards import MICROPHONE_CARD, SPEAKER_CARD
from tests.daemon.doctor.cards import HDMI, HEADPHONES, USB, VOICEHAT, WEBCAM, add_cards, hold
from tests.daemon.doctor.machine import BAD, GOOD, SKIPPED, WARNING, assert_finding
from tests.hardware.sound.usb_sockets import plug_in

if TYPE_CHECKING:
    from tests.daemon.doctor.machine import Machine


def use(machine: Machine, microphone: str = "default", speaker: str = "default") -> None:
    machine.settings(f'[microphone]\ndevice = "{microphone}"\n[speaker]\ndevice = "{speaker}"\n')


class TestTheMicrophone:
    def test_it_is_there_and_free(self, machine: Machine) -> None:
        add_cards(machine, HDMI, USB)
        use(machine, microphone="plughw:CARD=Device,DEV=0")
        finding = machine.finding(MICROPHONE_CARD)
        assert_finding(finding, GOOD, "the microphone is Device (USB PnP Sound Device)")
        assert finding.facts == {"card": "Device", "number": 1, "device": "plughw:CARD=Device,DEV=0"}

    def test_it_is_not_there(self, machine: Machine) -> None:
        add_cards(machine, HDMI, VOICEHAT, WEBCAM)
        use(machine, microphone="plughw:CARD=Device")
        finding = machine.finding(MICROPHONE_CARD)
        assert_finding(finding, BAD, "'plughw:CARD=Device'", "no such card")
        assert '"plughw:CARD=sndrpigooglevoi" or "plughw:CARD=Camera"' in finding.fix
        assert "vc4hdmi0" not in finding.fix

    def test_it_cannot_record(self, machine: Machine) -> None:
        add_cards(machine, HEADPHONES, USB)
        use(machine, microphone="plughw:CARD=Headphones")
        assert_finding(machine.finding(MICROPHONE_CARD), BAD, "cannot record", "Headphones")

    def test_the_default_that_is_hdmi(self, machine: Machine) -> None:
        add_cards(machine, HDMI, USB)
        use(machine)
        finding = machine.finding(MICROPHONE_CARD)
        assert_finding(finding, BAD, "cannot record: ALSA's default is card vc4hdmi0")
        assert '"plughw:CARD=Device"' in finding.fix

    @pytest.mark.parametrize("device", ["default", "hw:0,0", "plughw:0"])
    def test_a_number_may_change(self, machine: Machine, device: str) -> None:
        add_cards(machine, USB, HDMI)
        use(machine, microphone=device)
        finding = machine.finding(MICROPHONE_CARD)
        assert_finding(finding, WARNING, "by its number")
        assert '"plughw:CARD=Device" under [microphone]' in finding.fix

    def test_a_default_that_somebody_configured(self, machine: Machine) -> None:
        add_cards(machine, HDMI, USB)
        machine.file("/etc/asound.conf", "pcm.!default ...")
        use(machine)
        assert_finding(machine.finding(MICROPHONE_CARD), SKIPPED, "ALSA's own configuration decides")

    def test_the_service_may_hold_it(self, machine: Machine) -> None:
        add_cards(machine, HDMI, USB)
        use(machine, microphone="plughw:CARD=Device")
        hold(machine, 1, "c", "pipit", "/system.slice/pipit.service")
        assert_finding(machine.finding(MICROPHONE_CARD), GOOD, "which the Pipit service has open")

    def test_nobody_else_may(self, machine: Machine) -> None:
        add_cards(machine, HDMI, USB)
        use(machine, microphone="plughw:CARD=Device")
        hold(machine, 1, "c", "pipewire", "/user.slice/user-1000.slice/user@1000.service")
        finding = machine.finding(MICROPHONE_CARD)
        assert_finding(finding, BAD, "in use by pipewire (process 812)")
        assert "sound-server" in finding.fix

    def test_who_holds_only_the_speaker_is_not_in_the_way(self, machine: Machine) -> None:
        add_cards(machine, HDMI, USB)
        use(machine, "plughw:CARD=Device", "plughw:CARD=Device")
        hold(machine, 1, "p", "aplay", "/user.slice")
        assert_finding(machine.finding(MICROPHONE_CARD), GOOD)
        assert_finding(machine.finding(SPEAKER_CARD), BAD, "in use by aplay (process 812)")


def test_a_speaker_behind_hdmi_needs_a_screen(machine: Machine) -> None:
    add_cards(machine, HDMI, USB)
    use(machine, speaker="plughw:CARD=vc4hdmi0")
    finding = machine.finding(SPEAKER_CARD)
    assert_finding(finding, WARNING, "silent without a screen")
    assert finding.fix.index("Device") < finding.fix.index("vc4hdmi0")


@pytest.mark.parametrize("device", ["plughw:CARD=vc4hdmi0", "hw:vc4hdmi0,0", "plughw:0"])
def test_hdmi_does_not_play_by_the_card_alone(machine: Machine, device: str) -> None:
    add_cards(machine, HDMI, USB)
    use(machine, speaker=device)
    finding = machine.finding(SPEAKER_CARD)
    assert_finding(finding, WARNING, f"and HDMI takes no sound by '{device}'")
    assert finding.fix.endswith('"plughw:CARD=Device" or "sysdefault:CARD=vc4hdmi0"')


def test_hdmi_by_the_pcm_that_converts(machine: Machine) -> None:
    add_cards(machine, HDMI, USB)
    use(machine, speaker="sysdefault:CARD=vc4hdmi0")
    finding = machine.finding(SPEAKER_CARD)
    assert_finding(finding, WARNING, "silent without a screen that is on")
    assert "takes no sound" not in finding.sentence


class TestEqualCards:
    """Two of the same dongles, told apart by their ports alone."""

    def plug_both_in(self, machine: Machine) -> None:
        add_cards(machine, HDMI, USB, ("Device_1", USB[1], "pc"))
        for number, card, port in ((1, "Device", "1-1.3"), (2, "Device_1", "1-1.2")):
            machine.file(f"/proc/asound/card{number}/usbid", "0d8c:013c\n")
            plug_in(machine.root / "sys", number, card, port)

    def test_by_its_id_it_may_be_the_other_tomorrow(self, machine: Machine) -> None:
        self.plug_both_in(machine)
        use(machine, microphone="plughw:CARD=Device_1", speaker="usb:1-1.3")
        finding = machine.finding(MICROPHONE_CARD)
        assert_finding(finding, WARNING, "Device_1 (USB PnP Sound Device), one of several that are equal")
        assert finding.fix == 'set device = "usb:1-1.2" under [microphone]'
        assert_finding(machine.finding(SPEAKER_CARD), GOOD, "the speaker is Device (USB PnP Sound Device)")

    def test_a_port_that_is_empty(self, machine: Machine) -> None:
        self.plug_both_in(machine)
        use(machine, microphone="usb:1-1.1")
        finding = machine.finding(MICROPHONE_CARD)
        assert_finding(finding, BAD, "the microphone is at the USB port 1-1.1, and no sound card is")
        assert '"usb:1-1.3" or "usb:1-1.2"' in finding.fix

    def test_one_alone_is_known_by_its_id(self, machine: Machine) -> None:
        add_cards(machine, HDMI, USB)
        plug_in(machine.root / "sys", 1, "Device", "1-1.3")
        use(machine, microphone="plughw:CARD=Device")
        assert_finding(machine.finding(MICROPHONE_CARD), GOOD, "the microphone is Device")


class TestACardOfTwoDevices:
    """It plays by its first PCM and captures by its second, as a Satellite1 does."""

    def test_the_second_is_named(self, machine: Machine) -> None:
        add_cards(machine, HDMI, ("Satellite1", "simple-card - Satellite1", "p"))
        machine.file("/proc/asound/card1/pcm1c/sub0/status", "closed\n")
        use(machine, microphone="plughw:CARD=Satellite1", speaker="plughw:CARD=Satellite1")
        finding = machine.finding(MICROPHONE_CARD)
        assert_finding(finding, BAD, "the microphone cannot record: that is another PCM of card Satellite1")
        assert finding.fix == 'set device = "plughw:CARD=Satellite1,DEV=1" under [microphone]'
        assert_finding(machine.finding(SPEAKER_CARD), GOOD, "Satellite1")
        use(machine, microphone="hw:Satellite1,1")
        assert_finding(machine.finding(MICROPHONE_CARD), GOOD, "Satellite1")
