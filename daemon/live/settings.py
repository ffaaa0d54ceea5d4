"""The settings of the Live session: everything the API lets a client choose that means something to an appliance.

Whether the chosen model can do what is chosen is checked by `family`, for it takes several tables to say.
"""

from dataclasses import replace
from string import Template
from typing import Annotated, Literal

from pydantic import Field, ValidationInfo, field_validator

from daemon.files import KB
from daemon.settings.field import JOINERS, LANGUAGE, LANGUAGE_FIX, OptionalFile, Table, problem, setting, zero_or_more
from daemon.settings.host import WHAT_A_HOST_IS, is_service_url
from daemon.settings.place import LARGEST_AUTHORITY_BYTES, Place

KNOWN_MODELS = (
    "gemini-3.8-live",
    "gemini-3.8-live-extended-thinking",
    "gemini-3.1-flash-live-preview",
    "gemini-2.5-flash-native-audio-preview-12-2025",
    "gemini-2.5-flash-native-audio-latest",
)
"""Live models that talk, of Google's list of 2026-10-09. Another name earns a warning: only the service knows."""

Voice = Literal[
    "Achernar", "Achird", "Algenib", "Algieba", "Alnilam", "Aoede", "Autonoe", "Callirrhoe", "Charon", "Despina",
    "Enceladus", "Erinome", "Fenrir", "Gacrux", "Iapetus", "Kore", "Laomedeia", "Leda", "Orus", "Pulcherrima", "Puck",
    "Rasalgethi", "Sadachbia", "Sadaltager", "Schedar", "Sulafat", "Umbriel", "Vindemiatrix", "Zephyr", "Zubenelgenubi",
]  # fmt: skip
"""The prebuilt voices of Google's speech generation documentation (2026-10-09)."""

PLACEHOLDERS = ("household", "room", "devices", "language", "date", "time")
"""What a system instruction may name, with $ before it."""

_INSTRUCTION = (
    "You are Pipit, the voice assistant of a household. Your replies are spoken aloud: answer in one or two short"
    " sentences of plain words, without lists, markup or emoji. Use the tools to work the devices, and report only"
    " what a tool's result confirms. If a tool refuses, say why and what is possible instead. If you did not"
    " understand, ask."
)

Threshold = Literal["", "off", "block_none", "block_only_high", "block_medium_and_above", "block_low_and_above"]


_KEY = Place(
    largest_bytes=64 * KB, if_missing="warned", secret=True, fix="write it into a file of mode 0600, and name that"
)
_AUTHORITY = Place(
    largest_bytes=LARGEST_AUTHORITY_BYTES, content="authority", fix="correct the path, or leave it empty"
)


class CredentialSettings(Table):
    """Where the API key is, or who has it. A key: the first counts of systemd credential, `file`, $GEMINI_API_KEY."""

    file: OptionalFile = setting(
        "",
        "File that holds nothing but the API key, readable by its owner alone (mode 0600).",
        fix="name a file, or ''",
        place=_KEY,
    )
    broker: str = setting(
        "",
        "Address of a token broker, which has the key and gives this device tokens for one session each"
        " (docs/token-broker.md); empty is none.",
        max_length=300,
        fix='write "https://host:8444"',
    )
    broker_ca_file: OptionalFile = setting(
        "",
        "Certificate authority (PEM) to trust for the broker; empty is the system's.",
        fix="name the file that `pipit token-broker` made",
        place=replace(_AUTHORITY, fix="copy the one that `pipit token-broker` made to this place"),
    )
    secret_file: OptionalFile = setting(
        "",
        "File that holds nothing but this device's secret for the broker (mode 0600); not needed where systemd hands it"
        " on.",
        fix="name a file, or ''",
        place=_KEY,
    )

    @field_validator("broker")
    @classmethod
    def _whose(cls, broker: str, info: ValidationInfo) -> str:
        if not broker:
            return broker
        if info.data.get("file"):
            raise problem(
                "cannot be used together with file: a device has the key or a broker", "remove one of the two"
            )
        if not is_service_url(broker, {"https"}):
            raise problem(
                "must be an https:// URL of a host, without user, password or query",
                f'write "https://host:8444"; a host is {WHAT_A_HOST_IS}',
            )
        return broker.rstrip("/")

    @field_validator("broker_ca_file", "secret_file")
    @classmethod
    def _of_a_broker(cls, file: str, info: ValidationInfo) -> str:
        if file and info.data.get("broker") == "":
            raise problem("has no meaning without broker", "write broker, or remove it")
        return file


class SamplingSettings(Table):
    """How the model chooses its words. What is left out is the model's own."""

    temperature: float | None = setting(None, "Higher is livelier, lower more predictable.", ge=0, le=2, fix="try 1")
    top_p: float | None = setting(
        None, "Choose among the likeliest words that make up this share.", ge=0.01, le=1, fix="try 0.95"
    )
    top_k: int | None = setting(None, "Choose among this many of the likeliest words.", ge=1, le=1000, fix="try 40")
    max_output_tokens: int | None = setting(
        None,
        "Longest reply; speech takes 25 tokens a second. The reply ends there, in mid-sentence.",
        ge=16,
        le=65_536,
        fix="leave it out, or try 1000",
    )
    seed: int | None = setting(
        None, "The same seed makes replies more alike.", ge=-(2**31), le=2**31 - 1, fix="leave it out"
    )


class ThinkingSettings(Table):
    """How much the model thinks before it speaks. What is left out is the model's own, or the least it allows."""

    level: Literal["", "minimal", "low", "medium", "high", "xhigh"] = setting(
        "",
        "For models of 3.1 and extended thinking: more is cleverer, slower and dearer.",
        fix='leave it out, or "low"',
    )
    budget: int | None = setting(
        None,
        "For models of 2.5: tokens to think with; 0 is none, -1 as many as it likes.",
        ge=-1,
        le=32_768,
        fix="try 0",
    )


class DialogSettings(Table):
    """How the model behaves in a conversation."""

    affective: bool = setting(False, "Answer in the tone in which it was asked (2.5 only).")  # noqa: FBT003
    proactive_audio: bool | None = setting(
        None, "Let the model keep silent when it is not meant (2.5; the models of 3.8 always do)."
    )


class ToolCallSettings(Table):
    """What the model does while a tool works."""

    waiting: Literal["", "blocking", "non_blocking"] = setting(
        "", '"blocking" waits for the result, "non_blocking" talks on; empty waits wherever the model can.'
    )
    scheduling: Literal["", "interrupt", "when_idle", "silent"] = setting(
        "",
        "Non-blocking: speak of the result at once, when nothing else is being said, or not at all; empty is the"
        " service's own.",
    )


class TurnSettings(Table):
    """Who decides when you begin and end speaking."""

    taking: Literal["manual", "automatic"] = setting(
        "manual",
        '"manual" decides here and sends only what was said; "automatic" streams while the light shows listening, and'
        " leaves it to the service, which bills all of it.",
    )
    start_sensitivity: Literal["", "low", "high"] = setting(
        "", "Automatic: how easily a sound counts as the beginning of speech; empty is the service's own."
    )
    end_sensitivity: Literal["", "low", "high"] = setting(
        "", "Automatic: how easily a pause counts as the end of speech; empty is the service's own."
    )
    prefix_padding_ms: int | None = setting(
        None, "Automatic: speech that is needed before it counts.", ge=0, le=2_000, fix="try 20"
    )
    silence_ms: int | None = setting(None, "Automatic: silence that ends the turn.", ge=100, le=5_000, fix="try 700")
    interrupts: bool = setting(True, "Speech ends a reply that is being given.")  # noqa: FBT003
    coverage: Literal["", "activity", "all_input", "activity_and_video"] = setting(
        "",
        "What belongs to a turn: speech only, all that was sent, or speech and all pictures; empty is the model's own.",
    )

    @property
    def automatic(self) -> bool:
        """Whether the service finds the beginning and end of speech."""
        return self.taking == "automatic"


class TranscriptionSettings(Table):
    """What was said, in writing: for the history, `pipit chat` and the log of the demo. Billed as text."""

    prose = {"vocabulary": JOINERS}  # noqa: RUF012 - a ClassVar of Table

    input: bool = setting(True, "Transcribe what you say.")  # noqa: FBT003
    output: bool = setting(True, "Transcribe what the model says.")  # noqa: FBT003
    languages: tuple[Annotated[str, Field(pattern=LANGUAGE)], ...] = setting(
        (),
        "Languages spoken here, as BCP 47 tags; empty is the language of the session.",
        strict=False,
        max_length=8,
        fix=LANGUAGE_FIX,
    )
    vocabulary: tuple[Annotated[str, Field(min_length=1, max_length=60)], ...] = setting(
        (), "Names that would be misheard.", strict=False, max_length=100, fix='write a list, such as ["Pipit"]'
    )


class SafetySettings(Table):
    """From which probability of harm on the service refuses. Empty is the service's own."""

    harassment: Threshold = setting("", "Insults and threats.")
    hate_speech: Threshold = setting("", "Hate.")
    sexually_explicit: Threshold = setting("", "Sexual content.")
    dangerous_content: Threshold = setting("", "Advice that harms.")


class GoogleSettings(Table):
    """What the service does by itself while it answers. Each may cost extra; sources are kept in the history."""

    search: bool = setting(False, "Look things up with Google Search.")  # noqa: FBT003
    url_context: bool = setting(False, "Read pages whose addresses are named.")  # noqa: FBT003
    code_execution: bool = setting(False, "Calculate by running code at the service.")  # noqa: FBT003


class ContextSettings(Table):
    """How much of the conversation the model keeps in mind. All of it is billed again at every turn."""

    compress: bool = setting(
        True,  # noqa: FBT003
        "Forget the oldest turns when it grows; without, a session ends after 15 minutes of audio.",
    )
    resume_h: float = setting(
        2.0,
        "Take up the last conversation again within so many hours; the service keeps it for 2. 0 always begins anew.",
        ge=0,
        le=24,
        fix="try 2, or 0",
    )
    trigger_tokens: int | None = setting(
        None,
        "Forget from this size on; empty is 80 percent of what the model can hold.",
        ge=5_000,
        le=128_000,
        fix="try 25000",
    )
    target_tokens: int | None = setting(
        None, "… down to this size; empty is half of it.", ge=1_000, le=128_000, fix="try 8000"
    )

    @field_validator("resume_h")
    @classmethod
    def _long_enough_to_return(cls, resume_h: float) -> float:
        return zero_or_more(0.01, resume_h)

    @field_validator("target_tokens")
    @classmethod
    def _below_trigger(cls, target: int | None, info: ValidationInfo) -> int | None:
        trigger = info.data.get("trigger_tokens")
        if target is not None and trigger is not None and target >= trigger:
            raise problem(f"must be below trigger_tokens, which is {trigger}, not {target}", "try a third of it")
        return target


class LiveSettings(Table):
    """The Live session: which model, which voice, told what."""

    prose = {"system_instruction": f"\n\t{JOINERS}"}  # noqa: RUF012 - a ClassVar of Table

    model: str = setting(
        "gemini-3.8-live",
        "The Live model, without models/ before it.",
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$",
        max_length=100,
        fix='use "gemini-3.8-live"',
        share="model",
    )
    voice: Voice = setting("Kore", "The voice of the replies.", fix="choose a voice of docs/settings.md")
    language: Annotated[str, Field(pattern=f"^$|{LANGUAGE}")] = setting(
        "", "Language of the replies as a BCP 47 tag; empty is the household's.", fix=LANGUAGE_FIX, share="language"
    )
    response: Literal["audio", "text"] = setting(
        "audio", 'How the model replies; "text" is spoken by this machine, in a plainer voice and for less.'
    )
    system_instruction: str = setting(
        _INSTRUCTION,
        "What the model is told about its task. $household, $room, $devices, $language, $date and $time stand for"
        " what is so when the session opens; $$ is a dollar sign. Name and room are told even if they are not named.",
        max_length=20_000,
        fix="shorten it",
    )
    media_resolution: Literal["", "low", "medium", "high"] = setting(
        "", "Detail in which pictures are looked at; more is dearer. Empty is the model's own."
    )
    endpoint: str = setting(
        "",
        'Where the service is; empty is Google, "https://127.0.0.1:8443" an offline server.',
        max_length=300,
        fix='write "https://host", or leave it empty',
    )
    ca_file: OptionalFile = setting(
        "",
        "Certificate authority (PEM) to trust for the endpoint; empty is the system's.",
        fix="name a file, or ''",
        place=_AUTHORITY,
    )
    api_version: Literal["v1", "v1beta", "v1alpha"] = setting(
        "v1beta", "Version of the service's API.", fix='use "v1beta"'
    )
    connect_timeout_s: float = setting(10.0, "Longest time to open a session.", ge=1, le=60, fix="try 10")
    credential: CredentialSettings = CredentialSettings()
    turns: TurnSettings = TurnSettings()
    tools: ToolCallSettings = ToolCallSettings()
    transcription: TranscriptionSettings = TranscriptionSettings()
    sampling: SamplingSettings = SamplingSettings()
    thinking: ThinkingSettings = ThinkingSettings()
    dialog: DialogSettings = DialogSettings()
    google: GoogleSettings = GoogleSettings()
    safety: SafetySettings = SafetySettings()
    context: ContextSettings = ContextSettings()

    @field_validator("system_instruction")
    @classmethod
    def _fillable(cls, instruction: str) -> str:
        template = Template(instruction)
        if not template.is_valid():
            raise problem("holds a $ that names nothing", "write $$ for a dollar sign")
        if strangers := [name for name in template.get_identifiers() if name not in PLACEHOLDERS]:
            known = ", ".join(f"${name}" for name in PLACEHOLDERS)
            raise problem(f"names ${strangers[0]}, which stands for nothing", f"use {known}, or $$ for a dollar sign")
        return instruction

    @field_validator("endpoint")
    @classmethod
    def _secure_url(cls, endpoint: str) -> str:
        fix = f'write "https://host" or "https://host:port", or leave it empty for Google; a host is {WHAT_A_HOST_IS}'
        if endpoint and not is_service_url(endpoint, {"https", "wss"}):
            raise problem("must be an https:// or wss:// URL of a host, without user, password or query", fix)
        return endpoint
