"""What a client may say: every field of the setup, of the messages, and of the request for an ephemeral token.

Sources of the reasons: the descriptions in google-genai 3.4.0, and Google's Live API pages of October 2026.
"""

from __future__ import annotations

from typing import Final

from google.genai import types

from tests.live_coverage.kinds import (
    ABSENT,
    VERTEX,
    Parts,
    Proved,
    Row,
    Rows,
    Same,
    Setting,
    Unused,
    deprecated,
)

ROOTS: Final = (
    types.LiveClientMessage,
    types.LiveConnectParameters,
    types.LiveSendRealtimeInputParameters,
    types.CreateAuthTokenParameters,
    types.AuthToken,
)

SETUP: Final = "tests/daemon/live/test_setup.py"
SESSION: Final = "tests/daemon/live/test_session.py"
SPEECH_IS_SENT: Final = f"{SESSION}::TestSpeech::test_arrives_bit_exact_however_late_the_session_opens"
TEXT_IS_SENT: Final = f"{SESSION}::TestText::test_is_sent_as_the_family_takes_it"
TOOL_IS_ANSWERED: Final = f"{SESSION}::TestTools::test_answer_carries_id_and_name"
TOOLS: Final = "tests/daemon/live/test_session_tools.py"
RESULT_IS_SCHEDULED: Final = f"{TOOLS}::TestResultsNobodyWaitedFor::test_the_settings_say_when_it_is_spoken_of"
RESULT_COMES_IN_PARTS: Final = (
    f"{TOOLS}::TestResultsNobodyWaitedFor::test_parts_keep_the_call_open_and_the_last_ends_it"
)
PICTURE_IS_SENT: Final = (
    f"{SESSION}::TestPictures::test_go_as_video_after_what_was_sent_before_and_before_what_is_sent_after"
)
TOKEN_IS_MINTED: Final = (
    "tests/daemon/live/test_minting.py::test_a_token_is_for_one_session_of_the_model_and_for_so_long"
)
FIELDS_ARE_LOCKED: Final = "tests/daemon/live/test_minting.py::test_every_lock_closes_its_fields_set_or_not"
TOKEN_IS_USED: Final = "tests/system/test_token_broker.py::test_a_device_without_a_key_holds_a_conversation"
REACH: Final = f"{SETUP}::TestReach::test_google_is_meant_whatever_the_environment_says"
HISTORY_IS_TOLD: Final = (
    f"{SESSION}::TestTakingUpAConversation::test_a_handle_that_is_refused_is_given_up_and_the_history_told_instead"
)
STREAM_PAUSES: Final = "tests/system/test_turns.py::test_automatic_turn_taking_leaves_the_end_of_speech_to_the_service"

AUTOMATIC: Final = {"[live.turns] taking": "automatic"}
HALF_CASCADE: Final = {"[live] model": "gemini-live-2.5-flash-preview"}
NATIVE_2_5: Final = {"[live] model": "gemini-2.5-flash-native-audio-latest", "[live] api_version": "v1alpha"}
FLASH_3_1: Final = {"[live] model": "gemini-3.1-flash-live-preview"}

TO_A_TYPED_ANSWER: Final = Unused(
    "shapes a written answer for programs; Pipit's is spoken, and the Live API refuses it"
)
ONLY_DEPRECATED_WAY: Final = Unused(
    "`LiveConnectConfig` has no such field; it can be sent only through the deprecated `generation_config`"
)
FOR_PICTURES: Final = Unused(
    "about pictures, films, documents or tables in what is written; Pipit talks, and shows a picture as realtime video"
)
OF_TRANSCRIBERS: Final = Unused("of the transcription models (gemini-3.5-transcribe), which do not talk")
SENT_BY_US: Final = Unused("said by the service; a client that tells a history writes it as text")
PLAIN_CLIENT: Final = Unused("of the SDK's plain HTTP calls; a Live session does not use it")
SPEECH_ONLY: Final = Unused("a name for a file; speech and pictures of the moment have none")


def _tool(key: str, at: str) -> Setting:
    return Setting(f"[live.google] {key}", True, {}, at, parts=True)


def _tool_of_old(key: str, at: str) -> Setting:
    """One that the service closes the session for, with every Live model that it still has."""
    but = "refused by the settings for the models of 2.5, 3.1 and 3.8, whose sessions the service closes at the word"
    return Setting(f"[live.google] {key}", True, {}, at, beside=HALF_CASCADE, parts=True, but=but)


TRANSCRIBED: Final[dict[str, Row]] = {
    "language_codes": Setting(
        "[live.transcription] languages", ["de-CH", "rm"], ["de-CH", "rm"], "inputAudioTranscription.languageCodes"
    ),
    "custom_vocabulary": Setting(
        "[live.transcription] vocabulary", ["Pipit"], ["Pipit"], "inputAudioTranscription.customVocabulary"
    ),
    "language_auto": deprecated("left out, and so is `languages` by default"),
    "language_hints": deprecated("`language_codes` is sent"),
    "adaptation_phrases": deprecated("`custom_vocabulary` is sent"),
    **dict.fromkeys(("word_timestamp", "diarization", "mode", "source_text"), OF_TRANSCRIBERS),
}

GENERATION: Final[dict[str, Row]] = {
    "temperature": Setting("[live.sampling] temperature", 0.25, 0.25),
    "top_p": Setting("[live.sampling] top_p", 0.75, 0.75),
    "top_k": Setting("[live.sampling] top_k", 17, 17),
    "max_output_tokens": Setting("[live.sampling] max_output_tokens", 123, 123),
    "seed": Setting("[live.sampling] seed", 42, 42),
    "response_modalities": Setting("[live] response", "text", ["TEXT"], beside=HALF_CASCADE),
    "media_resolution": Setting("[live] media_resolution", "high", "MEDIA_RESOLUTION_HIGH"),
    "speech_config": Parts(),
    "thinking_config": Parts(),
    "enable_affective_dialog": Setting("[live.dialog] affective", True, True, beside=NATIVE_2_5),
    "translation_config": Unused(
        "of the interpreter models (gemini-3.5-live-translate), which translate a stream and answer no request"
    ),
    **dict.fromkeys(("frequency_penalty", "presence_penalty", "enable_enhanced_civic_answers"), ONLY_DEPRECATED_WAY),
    **dict.fromkeys(
        ("response_json_schema", "response_mime_type", "response_schema", "response_format", "stop_sequences"),
        TO_A_TYPED_ANSWER,
    ),
    **dict.fromkeys(("candidate_count", "logprobs", "response_logprobs"), TO_A_TYPED_ANSWER),
    "audio_timestamp": VERTEX,
    "routing_config": VERTEX,
    "model_selection_config": Unused("chooses among models; Pipit is told one"),
    "audio_transcription_config": OF_TRANSCRIBERS,
}

PART: Final[dict[str, Row]] = {
    "text": Setting(
        "[live] system_instruction", "Whistle.", "Whistle.", "systemInstruction.parts.text", beside=HALF_CASCADE
    ),
    **dict.fromkeys(
        (
            *("media_resolution", "file_data", "inline_data", "video_metadata", "media_processing"),
            *("document_metadata", "spreadsheet_metadata", "audio_metadata", "speech_metadata", "audio_transcription"),
        ),
        FOR_PICTURES,
    ),
    **dict.fromkeys(
        (
            *("code_execution_result", "executable_code", "function_call", "function_response"),
            *("thought", "thought_signature", "tool_call", "tool_response"),
        ),
        SENT_BY_US,
    ),
    "part_metadata": Unused("a note to oneself that the model does not see"),
}

CLIENT: Final[Rows] = {
    "LiveClientMessage": {
        "setup": Parts(),
        "client_content": Parts(),
        "realtime_input": Parts(),
        "tool_response": Parts(),
        "context_update": Unused(
            "instruction and tools follow from the settings, and date and time are told anew when a session opens"
        ),
    },
    "LiveConnectParameters": {"model": Same("LiveClientSetup.model"), "config": Parts()},
    "LiveClientSetup": {
        "model": Setting("[live] model", "gemini-9-live", "models/gemini-9-live"),
        "generation_config": Parts(),
        "system_instruction": Parts(),
        "tools": Parts(),
        "session_resumption": Setting("[live.context] resume_h", 0, ABSENT, parts=True),
        "context_window_compression": Setting("[live.context] compress", False, ABSENT, parts=True),
        "input_audio_transcription": Setting("[live.transcription] input", False, ABSENT, parts=True),
        "output_audio_transcription": Setting("[live.transcription] output", False, ABSENT, parts=True),
        "proactivity": Parts(),
        "explicit_vad_signal": VERTEX,
        "history_config": Parts(),
        "avatar_config": Unused("a moving face beside the voice; the appliance has no screen"),
        "safety_settings": Parts(),
        "labels": Unused("words for the bill of Vertex AI; the Gemini API does nothing with them"),
    },
    "LiveConnectConfig": {
        "http_options": Parts(),
        "realtime_input_config": Parts(),
        "generation_config": deprecated("its fields are sent by those of `LiveConnectConfig` itself"),
        **{
            name: Same(f"GenerationConfig.{name}")
            for name in (
                *("response_modalities", "temperature", "top_p", "top_k", "max_output_tokens", "seed"),
                *("media_resolution", "speech_config", "thinking_config", "enable_affective_dialog"),
                "translation_config",
            )
        },
        **{
            name: Same(f"LiveClientSetup.{name}")
            for name in (
                *("system_instruction", "tools", "session_resumption", "context_window_compression", "proactivity"),
                *("input_audio_transcription", "output_audio_transcription"),
                *("explicit_vad_signal", "history_config", "avatar_config", "safety_settings", "labels"),
            )
        },
    },
    "HttpOptions": {
        "base_url": Proved("`[live] endpoint`", REACH),
        "api_version": Proved("`[live] api_version`", f"{SETUP}::TestKey::test_travels_in_a_header_alone", REACH),
        "async_client_args": Proved(
            "`[live] ca_file`, `[live] connect_timeout_s`, and pings that may be late",
            "tests/daemon/live/test_transport.py::test_deadlines_and_bounds",
        ),
        "client_args": Proved("trust for the SDK's plain HTTP calls", REACH),
        **dict.fromkeys(
            (
                *("base_url_resource_scope", "headers", "timeout", "extra_body", "retry_options"),
                *("httpx_client", "httpx_async_client", "aiohttp_client"),
            ),
            PLAIN_CLIENT,
        ),
    },
    "GenerationConfig": GENERATION,
    "SpeechConfig": {
        "voice_config": Parts(),
        "language_code": Setting("[live] language", "fr", "fr", beside=HALF_CASCADE),
        "multi_speaker_voice_config": Unused("several voices read a script; a Live model speaks with one"),
    },
    "VoiceConfig": {
        "prebuilt_voice_config": Parts(),
        "replicated_voice_config": Unused("the imitation of a person's voice, for customers on Google's list"),
        "voice": Unused("the name of an imitated voice, for customers on Google's list"),
    },
    "PrebuiltVoiceConfig": {"voice_name": Setting("[live] voice", "Puck", "Puck")},
    "ThinkingConfig": {
        "include_thoughts": Unused("thoughts are not spoken; those that come unasked are read and left out"),
        "thinking_budget": Setting("[live.thinking] budget", 0, 0, beside=NATIVE_2_5),
        "thinking_level": Setting("[live.thinking] level", "high", "HIGH", beside=FLASH_3_1),
    },
    "Content": {
        "parts": Parts(),
        "role": Proved("`user` or `model`, in the history that is told to a new session", HISTORY_IS_TOLD),
    },
    "Part": PART,
    "Tool": {
        "google_search": _tool("search", "tools.googleSearch"),
        "url_context": _tool_of_old("url_context", "tools.urlContext"),
        "code_execution": _tool_of_old("code_execution", "tools.codeExecution"),
        "function_declarations": Parts(),
        "google_maps": Unused("no Live model takes it (Google's table of tools in Live sessions)"),
        "file_search": Unused("no Live model takes it (Google's table of tools in Live sessions)"),
        "computer_use": Unused("the model works a web browser; the appliance has none"),
        "google_search_retrieval": Unused("the search tool of models before 2.0"),
        "mcp_servers": Unused("servers that the service calls; what the appliance can do are its own functions"),
        **dict.fromkeys(("retrieval", "enterprise_web_search", "parallel_ai_search", "exa_ai_search"), VERTEX),
    },
    "GoogleSearch": {
        "search_types": Unused("pages are what is looked for if nothing is said, and pictures cannot be spoken"),
        "time_range_filter": Unused("the same span of time for every question; a question can name its own"),
        **dict.fromkeys(("blocking_confidence", "exclude_domains"), VERTEX),
    },
    "FunctionDeclaration": {
        "name": Setting("[[device]] kind", "pwm", "set_level"),
        "description": Proved("from the docstring of the tool", f"{SETUP}::test_the_whole_setup_on_the_wire"),
        "parameters_json_schema": Proved(
            "from the signature of the tool and the list of devices", f"{SETUP}::test_the_whole_setup_on_the_wire"
        ),
        "behavior": Setting("[live.tools] waiting", "non_blocking", "NON_BLOCKING", beside=NATIVE_2_5),
        "parameters": Unused("`parameters_json_schema` says the same in JSON Schema"),
        "response": Unused("what a tool returns describes itself: one short object"),
        "response_json_schema": Unused("what a tool returns describes itself: one short object"),
    },
    "SessionResumptionConfig": {
        "handle": Proved(
            "kept in the state directory for `[live.context] resume_h`",
            f"{SESSION}::TestTakingUpAConversation::test_a_handle_is_sent_and_its_history_is_not",
            "tests/system/test_resumption.py::test_after_a_restart_the_conversation_goes_on",
        ),
        "transparent": VERTEX,
    },
    "AudioTranscriptionConfig": TRANSCRIBED,
    "RealtimeInputConfig": {
        "automatic_activity_detection": Parts(),
        "activity_handling": Setting("[live.turns] interrupts", False, "NO_INTERRUPTION"),
        "turn_coverage": Setting("[live.turns] coverage", "all_input", "TURN_INCLUDES_ALL_INPUT"),
        "interim_transcript_timestamp_enabled": OF_TRANSCRIBERS,
    },
    "AutomaticActivityDetection": {
        "disabled": Setting("[live.turns] taking", "automatic", False),
        "start_of_speech_sensitivity": Setting(
            "[live.turns] start_sensitivity", "low", "START_SENSITIVITY_LOW", beside=AUTOMATIC
        ),
        "end_of_speech_sensitivity": Setting(
            "[live.turns] end_sensitivity", "low", "END_SENSITIVITY_LOW", beside=AUTOMATIC
        ),
        "prefix_padding_ms": Setting("[live.turns] prefix_padding_ms", 33, 33, beside=AUTOMATIC),
        "silence_duration_ms": Setting("[live.turns] silence_ms", 777, 777, beside=AUTOMATIC),
    },
    "ContextWindowCompressionConfig": {
        "trigger_tokens": Setting("[live.context] trigger_tokens", 25_000, 25_000),
        "sliding_window": Parts(),
    },
    "SlidingWindow": {"target_tokens": Setting("[live.context] target_tokens", 8_000, 8_000)},
    "ProactivityConfig": {
        "proactive_audio": Setting("[live.dialog] proactive_audio", True, True, beside=NATIVE_2_5),
        "proactive_video": Unused("a reply to each picture; pictures are looked at when somebody asks"),
    },
    "HistoryConfig": {"initial_history_in_client_content": Proved("when a history is told", HISTORY_IS_TOLD)},
    "SafetySetting": {
        "category": tuple(
            Setting(f"[live.safety] {name}", "block_none", f"HARM_CATEGORY_{name.upper()}")
            for name in ("harassment", "hate_speech", "sexually_explicit", "dangerous_content")
        ),
        "threshold": Setting("[live.safety] harassment", "block_only_high", "BLOCK_ONLY_HIGH"),
        "method": VERTEX,
    },
    "LiveClientContent": {
        "turns": Parts(),
        "turn_complete": Proved(
            "after a typed turn; after a history, as the family takes it", TEXT_IS_SENT, HISTORY_IS_TOLD
        ),
    },
    "LiveClientRealtimeInput": {
        "audio": Proved("what was said, between the ends of its activity", SPEECH_IS_SENT, parts=True),
        "activity_start": Proved("when speech begins", SPEECH_IS_SENT),
        "activity_end": Proved("when speech has ended", SPEECH_IS_SENT),
        "audio_stream_end": Proved("`[live.turns] taking` automatic: when the stream pauses", STREAM_PAUSES),
        "text": Proved("a typed turn, for the models of 3.1", TEXT_IS_SENT),
        "video": Proved("`[camera] source`: a picture, when the model has asked for it", PICTURE_IS_SENT),
        "media_chunks": deprecated("`audio` is sent"),
    },
    "Blob": {
        "data": Proved("speech, S16_LE", SPEECH_IS_SENT),
        "mime_type": Proved("`audio/pcm;rate=16000`", SPEECH_IS_SENT),
        "display_name": SPEECH_ONLY,
    },
    "LiveSendRealtimeInputParameters": {
        **{
            name: Same(f"LiveClientRealtimeInput.{name}")
            for name in ("audio", "audio_stream_end", "video", "text", "activity_start", "activity_end")
        },
        "media": Same("LiveClientRealtimeInput.media_chunks"),
    },
    "LiveClientToolResponse": {"function_responses": Proved("one for each call", TOOL_IS_ANSWERED, parts=True)},
    "FunctionResponse": {
        "id": Proved("that of the call", TOOL_IS_ANSWERED),
        "name": Proved("that of the call", TOOL_IS_ANSWERED),
        "response": Proved("what was read back, or why not", TOOL_IS_ANSWERED),
        "scheduling": Proved("`[live.tools] scheduling`, for a model that does not wait", RESULT_IS_SCHEDULED),
        "will_continue": Proved("an answer in parts, to a model that does not wait", RESULT_COMES_IN_PARTS),
        "parts": FOR_PICTURES,
    },
    "AuthToken": {
        "name": Proved("`[live.credential] broker`: what a session begins with instead of the key", TOKEN_IS_USED),
        **dict.fromkeys(
            ("expire_time", "new_session_expire_time", "uses"),
            Unused("what was asked for, once more; the broker knows it"),
        ),
    },
    "CreateAuthTokenParameters": {"config": Parts()},
    "CreateAuthTokenConfig": {
        "http_options": PLAIN_CLIENT,
        "expire_time": Proved("`[broker] session_s`", TOKEN_IS_MINTED),
        "new_session_expire_time": Proved("`[broker] start_s`", TOKEN_IS_MINTED),
        "uses": Proved("always 1", TOKEN_IS_MINTED),
        "live_connect_constraints": Proved("the model, and what `[broker] lock` names", FIELDS_ARE_LOCKED),
        "lock_additional_fields": Proved("what `[broker] lock` names, set or not", FIELDS_ARE_LOCKED),
    },
}
