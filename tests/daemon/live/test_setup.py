"""Options against the wire: what the SDK will send for them, by the SDK's own conversion."""

import logging
from typing import Any, get_args

import pytest
from google.genai import types
from google.genai.live import AsyncLive

from daemon.live.options import GOOGLE, LiveOptions
from daemon.live.settings import (
    ContextSettings,
    DialogSettings,
    GoogleSettings,
    LiveSettings,
    SafetySettings,
    SamplingSettings,
    ThinkingSettings,
    ToolCallSettings,
    TranscriptionSettings,
    TurnSettings,
)
from daemon.live.setup import client_of, connect_config
from daemon.web.certificate import CertificateFiles
from tests.daemon.live.peer import Peer, hold, serving
from tests.daemon.live.telling import options_with

LAMP = {
    "name": "set_device",
    "description": "Switch a device.",
    "parameters_json_schema": {"type": "object", "properties": {"on": {"type": "boolean"}}, "required": ["on"]},
}


async def setup_sent(certificate: CertificateFiles, **changes: Any) -> dict[str, Any]:
    """The `setup` message a server gets for these options."""
    got: list[dict[str, Any]] = []

    async def script(peer: Peer) -> None:
        got.append((await peer.accept())["setup"])
        await hold(peer)

    async with serving(certificate, script) as service:
        options = service.options(**changes)
        client = client_of(options)
        async with client.aio.live.connect(model=options.live.model, config=connect_config(options)):
            pass
        await client.aio.aclose()
    return got[0]


def config(**changes: Any) -> Any:
    """The same before it is sent; untyped, for the SDK's types are unions of everything it would convert."""
    return connect_config(options_with(api_key="k", **changes))


async def test_the_whole_setup_on_the_wire(certificate: CertificateFiles) -> None:
    setup = await setup_sent(certificate, system_instruction="Be brief.", language="de-CH", tools=[LAMP], voice="Puck")
    assert setup == {
        "model": "models/gemini-3.8-live",
        "generationConfig": {
            "responseModalities": ["AUDIO"],
            "speechConfig": {"voice_config": {"prebuilt_voice_config": {"voice_name": "Puck"}}},
        },
        "systemInstruction": {
            "parts": [
                {"text": "Be brief.\n\nRESPOND IN German (de-CH). YOU MUST RESPOND UNMISTAKABLY IN German (de-CH)."}
            ],
            "role": "user",
        },
        "tools": [{"functionDeclarations": [LAMP | {"behavior": "BLOCKING"}]}],
        "sessionResumption": {},
        "inputAudioTranscription": {"language_codes": ["de-CH"]},
        "outputAudioTranscription": {},
        "realtimeInputConfig": {"automatic_activity_detection": {"disabled": True}},
        "contextWindowCompression": {"sliding_window": {}},
    }


async def test_everything_that_can_be_chosen_on_the_wire(certificate: CertificateFiles) -> None:
    setup = await setup_sent(
        certificate,
        model="gemini-2.5-flash-native-audio-latest",
        media_resolution="high",
        turns=TurnSettings(
            taking="automatic",
            start_sensitivity="low",
            end_sensitivity="high",
            prefix_padding_ms=0,
            silence_ms=500,
            interrupts=False,
            coverage="all_input",
        ),
        transcription=TranscriptionSettings(languages=("de", "en"), vocabulary=("Pipit",)),
        sampling=SamplingSettings(temperature=0.0, top_p=0.9, top_k=40, max_output_tokens=100, seed=0),
        thinking=ThinkingSettings(budget=0),
        dialog=DialogSettings(affective=True, proactive_audio=True),
        google=GoogleSettings(search=True, url_context=True, code_execution=True),
        safety=SafetySettings(harassment="block_none"),
        context=ContextSettings(trigger_tokens=25_000, target_tokens=8_000),
        tools=[LAMP],
    )
    assert setup["generationConfig"] | {"speechConfig": None} == {
        "responseModalities": ["AUDIO"],
        "temperature": 0.0,
        "topP": 0.9,
        "topK": 40,
        "maxOutputTokens": 100,
        "seed": 0,
        "mediaResolution": "MEDIA_RESOLUTION_HIGH",
        "speechConfig": None,
        "thinkingConfig": {"thinking_budget": 0},
        "enableAffectiveDialog": True,
    }
    assert setup["realtimeInputConfig"] == {
        "automatic_activity_detection": {
            "disabled": False,
            "start_of_speech_sensitivity": "START_SENSITIVITY_LOW",
            "end_of_speech_sensitivity": "END_SENSITIVITY_HIGH",
            "prefix_padding_ms": 0,
            "silence_duration_ms": 500,
        },
        "activity_handling": "NO_INTERRUPTION",
        "turn_coverage": "TURN_INCLUDES_ALL_INPUT",
    }
    assert setup["inputAudioTranscription"] == {"language_codes": ["de", "en"], "custom_vocabulary": ["Pipit"]}
    assert setup["outputAudioTranscription"] == {"language_codes": ["de", "en"]}
    assert setup["proactivity"] == {"proactive_audio": True}
    assert setup["safetySettings"] == [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "BLOCK_NONE"}]
    assert setup["contextWindowCompression"] == {"trigger_tokens": 25_000, "sliding_window": {"target_tokens": 8_000}}
    assert [next(iter(tool)) for tool in setup["tools"]] == [
        "googleSearch",
        "urlContext",
        "codeExecution",
        "functionDeclarations",
    ]


def test_what_is_turned_off_is_not_asked_for() -> None:
    bare = config(
        transcription=TranscriptionSettings(input=False, output=False), context=ContextSettings(compress=False)
    )
    assert bare.input_audio_transcription is None
    assert bare.output_audio_transcription is None
    assert bare.context_window_compression is None


@pytest.mark.parametrize("coverage", get_args(TurnSettings.__annotations__["coverage"]))
def test_every_coverage_has_the_services_name(coverage: Any) -> None:
    named = config(turns=TurnSettings(coverage=coverage)).realtime_input_config.turn_coverage
    assert (named is None) is (coverage == "")


class TestFamilies:
    @pytest.mark.parametrize(
        ("model", "proactive"),
        [
            ("gemini-3.8-live", True),  # it is anyway
            ("gemini-2.5-flash-native-audio-latest", False),  # it is not unless it is asked
            ("gemini-2.5-flash-native-audio-latest", None),
        ],
    )
    def test_proactivity_is_not_mentioned_where_that_changes_nothing(self, model: str, proactive: bool | None) -> None:
        """The version of the API that these settings go with refuses the field itself."""
        assert config(model=model, dialog=DialogSettings(proactive_audio=proactive)).proactivity is None

    def test_half_cascade_obeys_the_language_code(self) -> None:
        half_cascade = config(model="gemini-live-2.5-flash-preview", language="fr", system_instruction="Hi")
        assert half_cascade.speech_config.language_code == "fr"
        assert half_cascade.system_instruction == "Hi"

    def test_native_audio_is_asked_in_words(self) -> None:
        native = config(model="gemini-2.5-flash-native-audio-latest", language="fr")
        assert native.speech_config.language_code is None
        assert native.system_instruction == "RESPOND IN French. YOU MUST RESPOND UNMISTAKABLY IN French."
        assert native.input_audio_transcription.language_codes is None

    @pytest.mark.parametrize(
        ("model", "behavior"),
        [
            ("gemini-3.8-live", types.Behavior.BLOCKING),
            ("gemini-3.8-live-extended-thinking", types.Behavior.NON_BLOCKING),
            ("gemini-3.1-flash-live-preview", None),
            ("gemini-2.5-flash-native-audio-latest", None),
        ],
    )
    def test_tools_block_wherever_there_is_a_choice(self, model: str, behavior: types.Behavior | None) -> None:
        assert config(model=model, tools=[LAMP]).tools[0].function_declarations[0].behavior is behavior

    @pytest.mark.parametrize(
        ("model", "behavior"),
        [
            ("gemini-3.8-live", None),  # its own way
            ("gemini-2.5-flash-native-audio-latest", types.Behavior.NON_BLOCKING),
            ("gemini-3.1-flash-live-preview", None),  # it knows no other way than to wait
        ],
    )
    def test_no_model_is_made_to_wait_for_a_picture(self, model: str, behavior: types.Behavior | None) -> None:
        look = LAMP | {"name": "look"}
        waiting = ToolCallSettings(waiting="blocking")
        tools = config(model=model, tools=[LAMP, look], showing=frozenset({"look"}), calls=waiting).tools
        assert tools[0].function_declarations[1].behavior is behavior

    def test_extended_thinking_needs_a_level(self) -> None:
        thinking = config(model="gemini-3.8-live-extended-thinking").thinking_config
        assert thinking.thinking_level is types.ThinkingLevel.LOW
        assert config(model="gemini-3.8-live").thinking_config is None

    def test_a_chosen_level_is_the_services_own_word(self) -> None:
        thinking = config(
            model="gemini-3.8-live-extended-thinking", thinking=ThinkingSettings(level="high")
        ).thinking_config
        assert thinking.thinking_level is types.ThinkingLevel.HIGH


def test_nothing_is_sent_that_was_not_set() -> None:
    bare = config()
    assert bare.system_instruction is None
    assert bare.tools is None
    assert bare.input_audio_transcription.language_codes is None


def test_text_needs_no_voice() -> None:
    written = config(response="text")
    assert written.response_modalities == [types.Modality.TEXT]
    assert written.speech_config is None
    assert written.output_audio_transcription is None


class TestReach:
    async def test_google_is_meant_whatever_the_environment_says(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("GOOGLE_GEMINI_BASE_URL", "https://elsewhere.example")
        monkeypatch.setenv("GOOGLE_GENAI_USE_ENTERPRISE", "true")
        monkeypatch.setenv("GOOGLE_GENAI_API_VERSION", "alpha")
        client = client_of(options_with(api_key="k"))
        assert not client.vertexai
        http_options = api(client.aio.live)._http_options
        assert http_options.base_url == GOOGLE
        assert http_options.api_version == "v1beta"
        await client.aio.aclose()


def api(live: AsyncLive) -> Any:
    """The SDK's inner client, where it keeps what it was told."""
    return live._api_client


class TestKey:
    async def test_travels_in_a_header_alone(self, certificate: CertificateFiles) -> None:
        paths: list[str] = []
        keys: list[str] = []

        async def script(peer: Peer) -> None:
            assert peer.socket.request is not None
            paths.append(peer.socket.request.path)
            keys.append(peer.socket.request.headers["x-goog-api-key"])
            await peer.accept()
            await hold(peer)

        async with serving(certificate, script) as service:
            options = service.options(api_key="s3cret")
            client = client_of(options)
            async with client.aio.live.connect(model="m", config=connect_config(options)):
                pass
            await client.aio.aclose()
        assert paths == ["/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent"]
        assert keys == ["s3cret"]

    async def test_is_not_logged_at_any_level(
        self, certificate: CertificateFiles, caplog: pytest.LogCaptureFixture
    ) -> None:
        logging.getLogger("websockets.server").setLevel(logging.INFO)  # the other end of this test sees it, rightly
        with caplog.at_level(logging.DEBUG):
            await setup_sent(certificate, api_key="s3cret")
        assert "s3cret" not in caplog.text


def test_what_became_of_language_and_instruction_counts_and_not_what_the_settings_say() -> None:
    """There the language may be the household's, and the instruction is a template."""
    live = LiveSettings(language="fr", system_instruction="You stand in the $room.")
    told = connect_config(LiveOptions(live=live, api_key="k", language="de", system_instruction="In the kitchen."))
    setup = told.model_dump_json(exclude_none=True)
    assert "In the kitchen." in setup
    assert not any(word in setup for word in ("$room", "fr", "FRENCH"))
