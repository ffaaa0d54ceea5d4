"""What takes the echo of the speaker out of what the microphone hears, and whether it can."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from daemon.hearing.echo_choice import EchoChooser
from daemon.house.settings import Settings
from daemon.machine.check import Check
from daemon.machine.facts import CONFIG_FILES
from daemon.machine.finding import CannotTell, Finding, good, warning
from daemon.machine.model import PYTHON, SUDO
from daemon.sound.echo.speexdsp import LIBRARY

if TYPE_CHECKING:
    from daemon.doctor.examining.patient import Patient

TIMEOUT_S: Final = 10.0
FIX: Final = "sudo apt install libspeexdsp1"
_PROGRAM: Final = "import ctypes, sys\nctypes.CDLL(sys.argv[1])"


def examine_echo(site: Patient, library: str = LIBRARY) -> Finding:
    """By the settings and the board; the library is loaded in a child process."""
    settings = site.settings or Settings()
    choice, devices = settings.microphone.echo, (settings.microphone.device, settings.speaker.device)
    config = [str(site.path(file)) for file in CONFIG_FILES]
    match EchoChooser(choice, *devices, config, proc=site.path("/proc")).chosen():
        case "hardware":
            return good("the board takes the echo out of what is heard, by what is known of it or by the settings")
        case "none":
            return good("the echo stays in what is heard, as the settings have it")
    done = site.run([PYTHON, "-P", "-c", _PROGRAM, library], TIMEOUT_S)
    if not done.found:
        raise CannotTell(f"{PYTHON} cannot be started by this user", fix=SUDO)
    if done.ok:
        return good(f"{library} takes the echo out of what is heard while something plays")
    return warning(f"{library} cannot be loaded: the wake word is not heard over a loud reply", FIX)


ECHO = Check("echo", "Is what the speaker plays taken out of what the microphone hears?", examine_echo)
