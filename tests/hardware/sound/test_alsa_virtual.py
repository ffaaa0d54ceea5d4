"""Our drivers on the real alsa-lib, with devices of its own making: no sound card, no kernel sound, no pacing.

`null` takes and gives samples as fast as it is asked to, `file` reads or writes them; the plug-ins that refuse rates
and channels are in Debian's libasound2-plugins. alsa-lib reads its configuration once, so each test is a process.
"""

import textwrap
from pathlib import Path

import numpy as np
import pytest

from tests.daemon.processes import run_code
from tests.daemon.sound.signals import sinad_db

CONFIGURATION = """
pcm.null {{ type null }}
pcm.mic {{ type file; slave.pcm null; file /dev/null; infile "{folder}/mic.raw"; format raw }}
pcm.amp {{ type file; slave.pcm null; file "{folder}/amp.raw"; format raw }}
pcm.converting {{ type plug; slave {{ pcm mic48; rate 48000; channels 2; format S16_LE }} }}
pcm.mic48 {{ type file; slave.pcm null; file /dev/null; infile "{folder}/mic48.raw"; format raw }}
pcm.only48 {{ type a52; slavepcm null; rate 48000; channels 2 }}
pcm.only44 {{ type a52; slavepcm null; rate 44100; channels 2 }}
pcm.packed {{ type plug; slave {{ pcm mic; format S24_3LE; rate 44100; channels 1 }} }}
pcm.micfloat {{ type lfloat; slave {{ pcm mic; format S32_LE }} }}
pcm.mono {{ type multi; slaves.a {{ pcm amp; channels 1 }}; bindings.0 {{ slave a; channel 0 }} }}
pcm.array {{ type multi; slaves.a {{ pcm mic; channels 6 }};
 bindings {{ 0 {{ slave a; channel 0 }} 1 {{ slave a; channel 1 }} 2 {{ slave a; channel 2 }}
  3 {{ slave a; channel 3 }} 4 {{ slave a; channel 4 }} 5 {{ slave a; channel 5 }} }} }}
pcm.only4 {{ type vdownmix; slave.pcm null }}
"""

PREAMBLE = """
import asyncio, os, sys
os.dup2(os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT), 1)
from hardware.sound.alsa import AlsaMicrophone, AlsaSpeaker, capture_devices, playback_devices
from hardware.base import PcmFormat
from hardware.errors import HardwareError

FORMAT = PcmFormat(rate_hz=16_000, period_frames=320)

async def take(device, periods, fmt=FORMAT):
    async with AlsaMicrophone(device, fmt, backlog=20_000) as microphone:
        stream = microphone.periods()
        for _ in range(periods):
            sys.stdout.buffer.write(await anext(stream))

class Source:
    def __init__(self, periods, fmt=FORMAT):
        self.left, self.silence, self.delays, self.done = periods, bytes(fmt.period_bytes), [], asyncio.Event()
        self.loop = asyncio.get_running_loop()
        self.drops = 0
    def next_period(self, frames):
        if self.left:
            return self.left.pop(0)
        self.loop.call_soon_threadsafe(self.done.set)
        return self.silence
    def period_written(self, frames, delay_frames):
        self.delays = [*self.delays[-50:], delay_frames]
    def dropped(self):
        self.drops += 1
    def at_rest(self):
        return False
    def at_ease(self):
        return False

def told(part):
    async def start():
        async with part:
            pass
    try:
        asyncio.run(start())
    except HardwareError as error:
        print(type(error).__name__, error, end="")
"""


def in_process(tmp_path: Path, script: str) -> bytes:
    """What a process prints that has the virtual devices; its failure is the test's."""
    (tmp_path / "asound.conf").write_text(CONFIGURATION.format(folder=tmp_path))
    environ = {"ALSA_CONFIG_PATH": str(tmp_path / "asound.conf")}
    done = run_code(PREAMBLE + textwrap.dedent(script), str(tmp_path / "said"), environ=environ)
    assert done.returncode == 0, done.stderr
    return (tmp_path / "said").read_bytes()


def needs_plugin(name: str) -> pytest.MarkDecorator:
    """Skips where Debian's libasound2-plugins is not installed."""
    found = any(Path("/usr/lib").glob(f"*/alsa-lib/libasound_module_pcm_{name}.so"))
    return pytest.mark.skipif(not found, reason=f"alsa-lib's plug-in {name} (libasound2-plugins) is not installed")


def test_captures_what_the_device_gives_bit_for_bit(tmp_path):
    heard = np.random.default_rng(1).integers(-30_000, 30_000, 320 * 40).astype("<i2").tobytes()
    (tmp_path / "mic.raw").write_bytes(heard)
    assert in_process(tmp_path, "asyncio.run(take('mic', 40))") == heard


def test_captures_32_bit_stereo(tmp_path):
    heard = np.random.default_rng(2).integers(-(2**31), 2**31, 2 * 480 * 20).astype("<i4").tobytes()
    (tmp_path / "mic.raw").write_bytes(heard)
    script = """
        wide = PcmFormat(rate_hz=48_000, channels=2, sample_format="S32_LE", period_frames=480)
        asyncio.run(take("mic", 20, wide))
    """
    assert in_process(tmp_path, script) == heard


def test_lets_alsa_convert_rate_and_channels(tmp_path):
    t = np.arange(48_000) / 48_000
    tone = (8000 * np.sin(2 * np.pi * 1000 * t)).astype("<i2")
    (tmp_path / "mic48.raw").write_bytes(np.repeat(tone, 2).tobytes())
    heard = np.frombuffer(in_process(tmp_path, "asyncio.run(take('converting', 40))"), "<i2")
    spectrum = np.abs(np.fft.rfft(heard[1600:11200]))
    assert np.argmax(spectrum) * 16_000 / 9600 == pytest.approx(1000, abs=5)


def test_a_device_without_a_clock_does_not_fill_the_memory(tmp_path):
    script = """
        async def main():
            async with AlsaMicrophone("null", FORMAT, backlog=10) as microphone:
                while microphone.counters.dropped_periods < 1000:
                    await asyncio.sleep(0)
                print(len(microphone._waiting))
        asyncio.run(main())
    """
    assert in_process(tmp_path, script) == b"10\n"


def test_muting_closes_the_device_and_unmuting_opens_it_again(tmp_path):
    (tmp_path / "mic.raw").write_bytes(np.full(320 * 40, 7, "<i2").tobytes())
    script = """
        async def main():
            short = PcmFormat(rate_hz=16_000, period_frames=16)
            async with AlsaMicrophone("mic", short, backlog=1) as microphone:
                seen = []
                async for period in microphone.periods():
                    kind = "sound" if any(period) else "zeros"
                    if seen[-1:] != [kind]:
                        seen.append(kind)
                        microphone.mute(muted=kind == "sound")
                    if len(seen) == 5:
                        break
                print(*seen, microphone.counters.reopened)
        asyncio.run(main())
    """
    assert in_process(tmp_path, script) == b"sound zeros sound zeros sound 0\n"


def test_plays_what_the_source_says_bit_for_bit(tmp_path):
    script = """
        async def main():
            source = Source([bytes([n]) * FORMAT.period_bytes for n in range(1, 100)])
            async with AlsaSpeaker("amp", FORMAT, source) as speaker:
                await asyncio.wait_for(source.done.wait(), 60)
            print(speaker.counters.xruns, max(source.delays))
        asyncio.run(main())
    """
    assert in_process(tmp_path, script) == b"0 0\n"
    said = b"".join(bytes([number]) * 640 for number in range(1, 100))
    played = (tmp_path / "amp.raw").read_bytes()
    assert played[: len(said)] == said
    assert not any(played[len(said) :])


def test_playback_goes_on_after_a_drop(tmp_path):
    script = """
        async def main():
            source = Source([])
            async with AlsaSpeaker("null", FORMAT, source) as speaker:
                for drops in range(1, 6):
                    speaker.drop()
                    async with asyncio.timeout(60):
                        while source.drops < drops:
                            await asyncio.sleep(0)
                    source.left = [b"1" * FORMAT.period_bytes]
                    source.done.clear()
                    await asyncio.wait_for(source.done.wait(), 60)
            print(source.drops, speaker.counters.reopened, speaker.counters.xruns)
        asyncio.run(main())
    """
    assert in_process(tmp_path, script) == b"5 0 0\n"


@pytest.mark.parametrize("part", ["AlsaMicrophone('hw:CARD=Nope', FORMAT)", "AlsaSpeaker('nosuch', FORMAT, None)"])
def test_a_device_that_does_not_exist_is_missing(tmp_path, part):
    said = in_process(tmp_path, f"told({part})").decode()
    assert said.startswith("DeviceMissing there is no ")
    assert ". Fix: plug" in said


@needs_plugin("a52")
def test_a_device_with_another_rate_is_refused(tmp_path):
    said = in_process(tmp_path, "told(AlsaSpeaker('only48', FORMAT, None))").decode()
    assert said.startswith(
        "FormatRefused speaker 'only48' gave 48000 Hz where 16000 Hz were asked for. Fix: set rate_hz"
    )


@needs_plugin("vdownmix")
def test_a_device_with_other_channels_is_refused(tmp_path):
    said = in_process(tmp_path, "told(AlsaSpeaker('only4', FORMAT, None))").decode()
    assert said.startswith("FormatRefused speaker 'only4' gave 4 channels where 1 were asked for")


def test_a_machine_without_sound_has_no_devices_to_name(tmp_path):
    assert in_process(tmp_path, "print(capture_devices(), playback_devices())") == b"[] []\n"


def test_24_bits_in_three_bytes_are_heard_bit_for_bit(tmp_path):
    heard = np.random.default_rng(3).integers(0, 256, 882 * 3 * 10, np.uint8).tobytes()
    (tmp_path / "mic.raw").write_bytes(heard)
    script = """
        packed = PcmFormat(rate_hz=44_100, sample_format="S24_3LE", period_frames=882)
        asyncio.run(take("mic", 10, packed))
    """
    assert in_process(tmp_path, script) == heard


def test_by_plug_a_card_of_24_bits_loses_nothing_with_32(tmp_path):
    heard = np.random.default_rng(5).integers(-(2**23), 2**23, 882 * 10).astype("<i4")
    (tmp_path / "mic.raw").write_bytes(heard.view(np.uint8).reshape(-1, 4)[:, :3].tobytes())
    script = """
        wide = PcmFormat(rate_hz=44_100, sample_format="S32_LE", period_frames=882)
        asyncio.run(take("packed", 10, wide))
    """
    assert np.frombuffer(in_process(tmp_path, script), "<i4").tolist() == (heard << 8).tolist()


def test_a_card_of_nothing_but_floats_is_heard(tmp_path):
    heard = np.random.default_rng(4).integers(-(2**23), 2**23, 882 * 10).astype("<i4") << 8
    (tmp_path / "mic.raw").write_bytes(heard.tobytes())
    script = """
        floats = PcmFormat(rate_hz=44_100, sample_format="FLOAT_LE", period_frames=882)
        asyncio.run(take("micfloat", 10, floats))
    """
    said = np.frombuffer(in_process(tmp_path, script), "<f4")
    assert np.array_equal(said.astype(np.float64) * 2**31, heard)


def test_a_card_of_nothing_but_floats_is_told_by_its_format(tmp_path):
    (tmp_path / "mic.raw").write_bytes(b"")
    said = in_process(tmp_path, "told(AlsaMicrophone('micfloat', FORMAT))").decode()
    assert said.startswith("FormatRefused microphone 'micfloat' gave FLOAT_LE where S16_LE was asked for. Fix: set")
    assert 'sample_format = "FLOAT_LE" under [microphone]' in said


def test_an_array_of_nothing_but_six_channels(tmp_path):
    heard = np.random.default_rng(6).integers(-30_000, 30_000, 6 * 320 * 10).astype("<i2").tobytes()
    (tmp_path / "mic.raw").write_bytes(heard)
    script = """
        asyncio.run(take("mic", 10, PcmFormat(rate_hz=16_000, channels=6, period_frames=320)))
        sys.stdout.flush()
        told(AlsaMicrophone("array", FORMAT))
    """
    said = in_process(tmp_path, script)
    assert said.startswith(heard)
    assert b"gave 6 channels where 1 were asked for. Fix: set channels = 6" in said[len(heard) :]


def test_a_card_that_plays_nothing_but_mono(tmp_path):
    script = """
        async def main():
            source = Source([bytes(FORMAT.period_bytes)] * 9)
            async with AlsaSpeaker("mono", FORMAT, source):
                await asyncio.wait_for(source.done.wait(), 60)
        asyncio.run(main())
        told(AlsaSpeaker("mono", PcmFormat(rate_hz=16_000, channels=2, period_frames=320), None))
    """
    said = in_process(tmp_path, script).decode()
    assert said.startswith("FormatRefused speaker 'mono' gave 1 channels where 2 were asked for. Fix: set channels = 1")


@pytest.mark.parametrize(("sample_format", "frame"), [("S24_3LE", "010203" * 2), ("FLOAT_LE", "0000003e" * 2)])
def test_plays_in_a_cards_own_format_bit_for_bit(tmp_path, sample_format, frame):
    script = f"""
        async def main():
            fmt = PcmFormat(rate_hz=44_100, channels=2, sample_format="{sample_format}", period_frames=882)
            source = Source([bytes.fromhex("{frame}") * 882] * 20, fmt)
            async with AlsaSpeaker("amp", fmt, source):
                await asyncio.wait_for(source.done.wait(), 60)
        asyncio.run(main())
    """
    in_process(tmp_path, script)
    assert (tmp_path / "amp.raw").read_bytes().startswith(bytes.fromhex(frame) * 882 * 20)


@needs_plugin("a52")
def test_a_card_of_nothing_but_44100_hz_is_told_by_its_rate(tmp_path):
    said = in_process(tmp_path, "told(AlsaSpeaker('only44', FORMAT, None))").decode()
    assert "gave 44100 Hz where 16000 Hz were asked for. Fix: set rate_hz = 44100 under [speaker]" in said


def test_a_usb_port_without_a_card_is_told_by_its_port(tmp_path):
    said = in_process(tmp_path, "told(AlsaMicrophone('usb:99-1.3', FORMAT))").decode()
    assert said.startswith("DeviceMissing there is no sound card at the USB port 99-1.3. Fix: plug ")


def test_a_whisper_in_one_of_six_channels_of_24_bits_at_44100_hz_arrives_whole(tmp_path):
    """From the card's bytes to what the models hear: 3 steps of 16 bits, and 40 dB of gain."""
    whisper = 3 * np.sin(2 * np.pi * 1000 * np.arange(44_100) / 44_100)
    words = np.zeros((44_100, 6), "<i4")
    words[:, 3] = np.rint(whisper * 256)
    (tmp_path / "mic.raw").write_bytes(words.view(np.uint8).reshape(-1, 4)[:, :3].tobytes())
    script = """
        from daemon.sound.capture import CaptureConverter
        array = PcmFormat(rate_hz=44_100, channels=6, sample_format="S24_3LE", period_frames=882)
        async def main():
            converter = CaptureConverter(array, channel=3, gain_db=40)
            async with AlsaMicrophone("mic", array, backlog=20_000) as microphone:
                stream = microphone.periods()
                for _ in range(45):
                    sys.stdout.buffer.write(converter.convert(await anext(stream)).tobytes())
        asyncio.run(main())
    """
    heard = np.frombuffer(in_process(tmp_path, script), "<i2")
    assert sinad_db(heard[3_200:], 1000, 16_000) > 45  # cut to 16 bits first it would be 18
    assert np.abs(heard[3_200:].astype(int)).max() == pytest.approx(300, abs=5)
