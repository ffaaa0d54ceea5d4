"""What the service may say: every field of every message, and what becomes of it.

Sources of the reasons: the descriptions in google-genai 3.4.0, and Google's Live API pages of October 2026.
"""

from __future__ import annotations

from typing import Final

from google.genai import types

from tests.live_coverage.kinds import Ignored, Parts, Proved, Read, Row, Rows

ROOTS: Final = (types.LiveServerMessage,)

READING: Final = "tests/daemon/live/test_incoming.py"
AUDIO: Final = {"mimeType": "audio/pcm;rate=24000", "data": "AQIDBA=="}
EXTENDED: Final = "gemini-3.8-live-extended-thinking"

OF_PICTURES: Final = Ignored("about pictures, films, documents or tables; the reply is speech")
OF_VERTEX: Final = Ignored("Vertex AI only")
BY_THE_SERVICE: Final = Ignored("what the service does by itself; its result is in the words that follow")
NOT_A_PAGE: Final = Ignored("no page that could be kept as a source")
NO_TIMES: Final = Ignored("who spoke when is not kept, and only the transcription models tell it")
ENDS_UNSAID: Final = Ignored("what was said ends with its turn; the Gemini API does not send it")

HEARD: Final[dict[str, Row]] = {
    "text": Read("a `Transcribed`"),
    "finished": ENDS_UNSAID,
    "language_code": Ignored("the language is the household's, or the model's choice"),
    **dict.fromkeys(("speaker_label", "words", "start_offset", "end_offset"), NO_TIMES),
}

SERVER: Final[Rows] = {
    "LiveServerMessage": {
        "setup_complete": Proved(
            "a `SessionOpened`; anything else in its place is a refusal",
            "tests/daemon/live/test_connection.py::TestSetup::test_answered_with_something_else",
            parts=True,
        ),
        "server_content": Parts(),
        "tool_call": Read("a `ToolRequested` for each call", parts=True),
        "tool_call_cancellation": Read("a `ToolCancelled`", parts=True),
        "usage_metadata": Read("a `UsageReported`", parts=True),
        "go_away": Read("a `SessionEnding`", parts=True),
        "session_resumption_update": Parts(),
        "voice_activity": Ignored("this machine finds speech itself, or takes the reply for the end of it"),
        "voice_activity_detection_signal": Ignored("this machine finds speech itself; sent to customers on a list"),
    },
    "LiveServerSetupComplete": {
        "session_id": Ignored("a name for the log of Vertex AI; a session is taken up again by its handle"),
        "voice_consent_signature": Ignored("about imitated voices, which are not asked for"),
    },
    "LiveServerContent": {
        "model_turn": Parts(),
        "turn_complete": Read("a `ReplyComplete`, if nothing else ended the reply before"),
        "interrupted": Read("an `Interrupted`"),
        "generation_complete": Read("a `ReplyComplete`"),
        "grounding_metadata": Parts(),
        "input_transcription": Read("a `Transcribed` of the user", parts=True),
        "output_transcription": Read("a `Transcribed` of the model", parts=True),
        "url_context_metadata": Parts(),
        "turn_complete_reason": Proved(
            "a line in the journal", f"{READING}::TestAboutTheSession::test_early_end_of_a_turn_is_logged"
        ),
        "waiting_for_input": Ignored("the conversation knows whose turn it is"),
        "interim_input_transcription": Ignored("guesses that the transcription replaces; nobody reads along"),
        "interaction_status": Read(
            "extended thinking: whether `turnComplete` ends the reply, or more follows",
            given={"turnComplete": True},
            value="IN_PROGRESS",
            model=EXTENDED,
        ),
    },
    "Content": {
        "parts": Parts(),
        "role": Ignored("what comes in a model turn is the model's"),
    },
    "Part": {
        "inline_data": Parts(),
        "text": Read("a `ReplyText`"),
        "thought": Read("left out of the reply", given={"text": "Hm."}),
        "thought_signature": Ignored("for a client that sends thoughts back; a session remembers its own"),
        **dict.fromkeys(
            (
                *("code_execution_result", "executable_code", "function_call", "function_response"),
                *("tool_call", "tool_response"),
            ),
            BY_THE_SERVICE,
        ),
        **dict.fromkeys(
            (
                *("media_resolution", "file_data", "video_metadata", "media_processing"),
                *("document_metadata", "spreadsheet_metadata", "audio_metadata"),
            ),
            OF_PICTURES,
        ),
        "audio_transcription": Ignored("of the transcription models, which do not talk"),
        "speech_metadata": Ignored("of scripts that several voices read; a Live model speaks with one"),
        "part_metadata": Ignored("a client's note to itself; none is sent"),
    },
    "Blob": {
        "data": Read("a `ReplyStarted`, then `ReplyAudio`", given={"mimeType": AUDIO["mimeType"]}),
        "mime_type": Read("the rate of `ReplyAudio`", given={"data": AUDIO["data"]}, value="audio/pcm;rate=16000"),
        "display_name": Ignored("speech has no name", given=AUDIO),
    },
    "Transcription": HEARD,
    "GroundingMetadata": {
        "grounding_chunks": Parts(),
        "grounding_supports": Ignored("which words a source supports: too fine to be said aloud"),
        "search_entry_point": Ignored("a piece of a web page to be shown on a screen"),
        "retrieval_metadata": Ignored("how likely a search would have helped"),
        **dict.fromkeys(("web_search_queries", "image_search_queries"), Ignored("what was searched for, not found")),
        **dict.fromkeys(("retrieval_queries", "source_flagging_uris"), OF_VERTEX),
        "google_maps_widget_context_token": Ignored("deprecated"),
    },
    "GroundingChunk": {
        "web": Parts(),
        **dict.fromkeys(("image", "maps", "retrieved_context"), NOT_A_PAGE),
    },
    "GroundingChunkWeb": {
        "uri": Read("a `SourcesNamed`, kept in the history"),
        "title": Read("the name of the source", given={"uri": "https://a.example"}),
        "domain": Read("the name of a source without a title", given={"uri": "https://a.example"}),
    },
    "UrlContextMetadata": {"url_metadata": Parts()},
    "UrlMetadata": {
        "retrieved_url": Read("a `SourcesNamed`, kept in the history"),
        "url_retrieval_status": Read(
            "a page that could not be read is no source",
            given={"retrievedUrl": "https://a.example"},
            value="URL_RETRIEVAL_STATUS_ERROR",
        ),
    },
    "LiveServerToolCall": {"function_calls": Parts()},
    "FunctionCall": {
        "id": Read("what the answer refers to", given={"name": "set_device"}),
        "name": Read("which tool is run", given={"id": "fc_1"}),
        "args": Read("what the tool is told", given={"id": "fc_1", "name": "set_device"}),
        "partial_args": OF_VERTEX,
        "will_continue": OF_VERTEX,
    },
    "LiveServerToolCallCancellation": {"ids": Read("which tools are stopped")},
    "UsageMetadata": {
        **{
            name: Read("tokens in `pipit usage` and the budget")
            for name in (
                *("prompt_token_count", "cached_content_token_count", "response_token_count"),
                *("tool_use_prompt_token_count", "thoughts_token_count", "total_token_count"),
            )
        },
        **{
            name: Read("tokens by kind, which have prices of their own", value=[{"modality": "AUDIO", "tokenCount": 7}])
            for name in ("cache_tokens_details", "response_tokens_details", "tool_use_prompt_tokens_details")
        },
        "prompt_tokens_details": Read("tokens by kind, which have prices of their own", parts=True),
        "traffic_type": OF_VERTEX,
        "service_tier": Ignored("sessions are of one tier, and the price table says its prices"),
    },
    "ModalityTokenCount": {
        "modality": Read("the kind of the tokens", given={"tokenCount": 7}, value="AUDIO"),
        "token_count": Read("how many", given={"modality": "TEXT"}),
    },
    "LiveServerGoAway": {"time_left": Read("how long the connection still lives")},
    "LiveServerSessionResumptionUpdate": {
        "new_handle": Read("a `HandleIssued`", given={"resumable": True}),
        "resumable": Read("whether the handle counts", given={"newHandle": "h1"}),
        "last_consumed_client_message_index": Ignored("of transparent resumption, which is Vertex AI only"),
    },
}
