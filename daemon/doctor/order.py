"""Every check, in the order of the report: what the others depend on comes first."""

from typing import Final

from daemon.doctor.checks.broker import BROKER
from daemon.doctor.checks.camera import CAMERA
from daemon.doctor.checks.card_formats import MICROPHONE_FORMAT, SPEAKER_FORMAT
from daemon.doctor.checks.chosen_cards import MICROPHONE_CARD, SPEAKER_CARD
from daemon.doctor.checks.echo_cancelling import ECHO
from daemon.doctor.checks.gpio import GPIO, LGPIO, PINS
from daemon.doctor.checks.key import KEY, MODEL
from daemon.doctor.checks.lights_and_keys import LIGHTS_AND_KEYS
from daemon.doctor.checks.mixer_levels import MIXER
from daemon.doctor.checks.models_present import SPEECH_MODELS, WAKE_MODELS
from daemon.doctor.checks.more_words import UNDERSTANDING
from daemon.doctor.checks.native import NATIVE_IMPORTS
from daemon.doctor.checks.network import DNS, TLS
from daemon.doctor.checks.own_voice import OWN_VOICE
from daemon.doctor.checks.service import FAILURES, SERVICE
from daemon.doctor.checks.settings_usable import SETTINGS
from daemon.doctor.checks.small_network import FIRST_STAGE
from daemon.doctor.checks.sound_server import SOUND_SERVER
from daemon.doctor.checks.spoken_languages import SPOKEN_LANGUAGES
from daemon.doctor.checks.taking_back import TAKING_BACK
from daemon.doctor.examining.patient import PatientCheck
from daemon.machine.boot import BOOT_CONFIG
from daemon.machine.clock import CLOCK
from daemon.machine.memory import MEMORY
from daemon.machine.power import HEAT, POWER
from daemon.machine.sound_cards import SOUND_CARDS
from daemon.machine.storage import DISK, DISK_WRITABLE, JOURNAL
from daemon.machine.wifi import WIFI

CHECKS: Final[tuple[PatientCheck, ...]] = (
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
    TAKING_BACK,
    WAKE_MODELS,
    FIRST_STAGE,
    SPEECH_MODELS,
    UNDERSTANDING,
    SPOKEN_LANGUAGES,
    OWN_VOICE,
    BOOT_CONFIG,
    SOUND_CARDS,
    MICROPHONE_CARD,
    SPEAKER_CARD,
    MICROPHONE_FORMAT,
    SPEAKER_FORMAT,
    MIXER,
    ECHO,
    SOUND_SERVER,
    CAMERA,
    LGPIO,
    GPIO,
    PINS,
    LIGHTS_AND_KEYS,
    SERVICE,
    FAILURES,
    JOURNAL,
)
