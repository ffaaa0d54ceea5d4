"""How large the buffers are that a card is asked for."""

import pytest

from hardware.base import PcmFormat
from hardware.sound.alsa import CAPTURE_BUFFER_MS, open_capture, open_playback


@pytest.mark.parametrize(("period_frames", "periods"), [(160, 50), (320, 25), (512, 16), (1280, 7)])
def test_the_capture_buffer_is_long_enough(monkeypatch, period_frames, periods):
    import alsaaudio

    asked = {}
    monkeypatch.setattr(alsaaudio, "PCM", lambda **options: asked.update(options))
    open_capture("hw:Mic", PcmFormat(rate_hz=16_000, channels=2, sample_format="S32_LE", period_frames=period_frames))
    assert asked["periods"] == periods
    assert asked["periods"] * asked["periodsize"] / 16 >= CAPTURE_BUFFER_MS
    assert (asked["type"], asked["format"], asked["channels"]) == (
        alsaaudio.PCM_CAPTURE,
        alsaaudio.PCM_FORMAT_S32_LE,
        2,
    )


def test_the_playback_buffer_has_room_for_a_stride_beside_four_periods(monkeypatch):
    import alsaaudio

    asked = {}
    monkeypatch.setattr(alsaaudio, "PCM", lambda **options: asked.update(options))
    open_playback("hw:Amp", PcmFormat(rate_hz=24_000, period_frames=480))
    assert (asked["type"], asked["rate"], asked["periodsize"], asked["periods"]) == (
        alsaaudio.PCM_PLAYBACK,
        24_000,
        480,
        8,
    )
