"""Our options in the SDK's words: how to reach the service, and the `setup` message."""

from collections.abc import Sequence
from enum import Enum
from itertools import groupby
from typing import Final, TypeVar

from google.genai import Client, types

from daemon.live.languages import english_name
from daemon.live.options import GOOGLE, LiveOptions, Remark
from daemon.live.profiles import Profile, behavior_of, profile_of
from daemon.live.settings import ContextSettings, TurnSettings
from daemon.live.transport import socket_arguments
from daemon.live.unacknowledged import Unacknowledged
from daemon.trust import trusting

E = TypeVar("E", bound=Enum)


def client_of(options: LiveOptions, acknowledged: Unacknowledged | None = None) -> Client:
    """An SDK client for one session; reads certificate files, so not on the loop's thread.

    Whatever the environment says, it talks to `options.live.endpoint` by the Gemini API at a pinned version. Raises
    NoAuthority, ProxyUnusable.
    """
    trust = trusting(options.live.ca_file)
    endpoint = options.live.endpoint.rstrip("/") or GOOGLE
    unused = {"verify": trust, "trust_env": False}  # the SDK's HTTP clients, which would load trust and proxies anew
    http_options = types.HttpOptions(
        base_url=endpoint,
        api_version=options.live.api_version,
        client_args=unused,
        async_client_args=socket_arguments(options, endpoint, trust, acknowledged) | unused,
    )
    return Client(enterprise=False, api_key=options.api_key, http_options=http_options)


def connect_config(options: LiveOptions) -> types.LiveConnectConfig:
    """The `setup` message. What an option leaves to the model or the service is not sent."""
    profile = profile_of(options.live.model)
    speaks = options.modality == "AUDIO"
    live, sampling = options.live, options.live.sampling
    return types.LiveConnectConfig(
        response_modalities=[types.Modality(options.modality)],
        temperature=sampling.temperature,
        top_p=sampling.top_p,
        top_k=sampling.top_k,
        max_output_tokens=sampling.max_output_tokens,
        seed=sampling.seed,
        media_resolution=_named(types.MediaResolution, "MEDIA_RESOLUTION", live.media_resolution),
        speech_config=_speech(options, profile) if speaks else None,
        thinking_config=_thinking(options, profile),
        enable_affective_dialog=live.dialog.affective or None,
        proactivity=_proactivity(options, profile),
        system_instruction=_instruction(options, profile) or None,
        tools=_tools(options, profile) or None,
        safety_settings=_safety(options) or None,
        realtime_input_config=_turn_taking(live.turns),
        input_audio_transcription=_transcription(options, profile) if live.transcription.input else None,
        output_audio_transcription=_transcribed_reply(options) if speaks and live.transcription.output else None,
        context_window_compression=_compression(live.context),
        session_resumption=_resumption(options),
        history_config=_history(options, profile),
    )


def _named(kind: type[E], prefix: str, name: str) -> E | None:
    """The member of an enumeration of the SDK that `name` is the end of; None for an empty one."""
    return kind(f"{prefix}_{name.upper()}") if name else None


COVERAGE: Final = {
    "activity": types.TurnCoverage.TURN_INCLUDES_ONLY_ACTIVITY,
    "all_input": types.TurnCoverage.TURN_INCLUDES_ALL_INPUT,
    "activity_and_video": types.TurnCoverage.TURN_INCLUDES_AUDIO_ACTIVITY_AND_ALL_VIDEO,
}


def _turn_taking(turns: TurnSettings) -> types.RealtimeInputConfig:
    detection = types.AutomaticActivityDetection(disabled=True)
    if turns.automatic:
        detection = types.AutomaticActivityDetection(
            disabled=False,
            start_of_speech_sensitivity=_named(types.StartSensitivity, "START_SENSITIVITY", turns.start_sensitivity),
            end_of_speech_sensitivity=_named(types.EndSensitivity, "END_SENSITIVITY", turns.end_sensitivity),
            prefix_padding_ms=turns.prefix_padding_ms,
            silence_duration_ms=turns.silence_ms,
        )
    return types.RealtimeInputConfig(
        automatic_activity_detection=detection,
        activity_handling=None if turns.interrupts else types.ActivityHandling.NO_INTERRUPTION,
        turn_coverage=COVERAGE.get(turns.coverage),
    )


def _compression(context: ContextSettings) -> types.ContextWindowCompressionConfig | None:
    if not context.compress:
        return None
    return types.ContextWindowCompressionConfig(
        trigger_tokens=context.trigger_tokens,
        sliding_window=types.SlidingWindow(target_tokens=context.target_tokens),
    )


def _resumption(options: LiveOptions) -> types.SessionResumptionConfig | None:
    return types.SessionResumptionConfig(handle=options.handle or None) if options.resumable else None


def _history(options: LiveOptions, profile: Profile) -> types.HistoryConfig | None:
    announced = options.history and not options.handle and profile.takes_history == "setup"
    return types.HistoryConfig(initial_history_in_client_content=True) if announced else None


def history_turns(history: Sequence[Remark]) -> list[types.Content]:
    """What was said, as the service takes it: in turns, those of one speaker together, beginning with the user."""
    turns = [
        types.Content(role=speaker, parts=[types.Part(text=remark.text) for remark in remarks])
        for speaker, remarks in groupby(history, key=lambda remark: remark.speaker)
    ]
    return turns[1:] if turns and turns[0].role == "model" else turns


def _proactivity(options: LiveOptions, profile: Profile) -> types.ProactivityConfig | None:
    """Only where it changes something: v1beta refuses the field for every model, whatever it holds (js-genai #696)."""
    if not options.live.dialog.proactive_audio or profile.proactive == "always":
        return None
    return types.ProactivityConfig(proactive_audio=True)


def _safety(options: LiveOptions) -> list[types.SafetySetting]:
    return [
        types.SafetySetting(
            category=types.HarmCategory(f"HARM_CATEGORY_{category.upper()}"),
            threshold=types.HarmBlockThreshold(threshold.upper()),
        )
        for category, threshold in options.live.safety
        if threshold
    ]


def _speech(options: LiveOptions, profile: Profile) -> types.SpeechConfig:
    voice = types.VoiceConfig(prebuilt_voice_config=types.PrebuiltVoiceConfig(voice_name=options.live.voice))
    language = options.language if options.language and profile.obeys_language_code else None
    return types.SpeechConfig(voice_config=voice, language_code=language)


def _thinking(options: LiveOptions, profile: Profile) -> types.ThinkingConfig | None:
    level = options.live.thinking.level.upper()
    if not level and profile.needs_thinking_level:
        level = profile.thinking_levels[0]
    if not level and options.live.thinking.budget is None:
        return None
    return types.ThinkingConfig(
        thinking_level=types.ThinkingLevel(level) if level else None, thinking_budget=options.live.thinking.budget
    )


def _instruction(options: LiveOptions, profile: Profile) -> str:
    """The system instruction, with Google's own sentence for models that take their language only from it."""
    sentences = [options.system_instruction]
    if options.language and not profile.obeys_language_code:
        name = english_name(options.language)
        sentences.append(f"RESPOND IN {name}. YOU MUST RESPOND UNMISTAKABLY IN {name}.")
    return "\n\n".join(filter(None, sentences))


def _transcription(options: LiveOptions, profile: Profile) -> types.AudioTranscriptionConfig:
    wanted = options.live.transcription
    spoken = list(wanted.languages) or [options.language] * bool(options.language and profile.hints_transcription)
    return types.AudioTranscriptionConfig(
        language_codes=spoken or None, custom_vocabulary=list(wanted.vocabulary) or None
    )


def _transcribed_reply(options: LiveOptions) -> types.AudioTranscriptionConfig:
    return types.AudioTranscriptionConfig(language_codes=list(options.live.transcription.languages) or None)


def _tools(options: LiveOptions, profile: Profile) -> list[types.ToolUnion]:
    """What the service may do by itself, and our own functions: it waits for those wherever that can be had."""
    tools: list[types.ToolUnion] = []
    if options.live.google.search:
        tools.append(types.Tool(google_search=types.GoogleSearch()))
    if options.live.google.url_context:
        tools.append(types.Tool(url_context=types.UrlContext()))
    if options.live.google.code_execution:
        tools.append(types.Tool(code_execution=types.ToolCodeExecution()))
    if options.tools:
        functions = [
            types.FunctionDeclaration(
                name=tool["name"],
                description=tool["description"],
                parameters_json_schema=tool["parameters_json_schema"],
                behavior=_behavior(tool["name"], options, profile),
            )
            for tool in options.tools
        ]
        tools.append(types.Tool(function_declarations=functions))
    return tools


def _behavior(tool: str, options: LiveOptions, profile: Profile) -> types.Behavior | None:
    """How the model treats a call of `tool`; None is what it does untold."""
    mode = "non_blocking" if tool in options.showing and profile.lets_talk_on else options.live.tools.waiting
    wanted = behavior_of(profile, mode)
    return types.Behavior(wanted) if wanted != profile.default_behavior or profile.needs_behavior else None
