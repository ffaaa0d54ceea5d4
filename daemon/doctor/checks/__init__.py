"""Every check, in the order of the report: what the others depend on comes first."""

from typing import Final

from daemon.doctor.check import Check
from daemon.doctor.checks.boot import BOOT_CONFIG
from daemon.doctor.checks.broker import BROKER
from daemon.doctor.checks.camera import CAMERA
from daemon.doctor.checks.clock import CLOCK
from daemon.doctor.checks.key import KEY, MODEL
from daemon.doctor.checks.memory import MEMORY
from daemon.doctor.checks.mixer import MIXER
from daemon.doctor.checks.models import SPEECH_MODELS, WAKE_MODELS
from daemon.doctor.checks.native import NATIVE_IMPORTS
from daemon.doctor.checks.network import DNS, TLS
from daemon.doctor.checks.pins import GPIO, LGPIO, PINS
from daemon.doctor.checks.power import HEAT, POWER
from daemon.doctor.checks.service import FAILURES, SERVICE
from daemon.doctor.checks.settings import SETTINGS
from daemon.doctor.checks.sound_cards import MICROPHONE_CARD, SOUND_CARDS, SPEAKER_CARD
from daemon.doctor.checks.sound_server import SOUND_SERVER
from daemon.doctor.checks.storage import DISK, DISK_WRITABLE, JOURNAL
from daemon.doctor.checks.wifi import WIFI

CHECKS: Final[tuple[Check, ...]] = (
    SETTINGS,
    POWER,
    HEAT,
    DISK,
    DISK_WRITABLE,
    MEMORY,
    NATIVE_IMPORTS,
    CLOCK,
    WIFI,
    DNS,
    TLS,
    KEY,
    BROKER,
    MODEL,
    WAKE_MODELS,
    SPEECH_MODELS,
    BOOT_CONFIG,
    SOUND_CARDS,
    MICROPHONE_CARD,
    SPEAKER_CARD,
    MIXER,
    SOUND_SERVER,
    CAMERA,
    LGPIO,
    GPIO,
    PINS,
    SERVICE,
    FAILURES,
    JOURNAL,
)
