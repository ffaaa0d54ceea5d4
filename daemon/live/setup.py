"""Our options in the SDK's words: how to reach the service, and the `setup` message."""

import ssl

from google.genai import Client, types

from daemon.live.languages import english_name
from daemon.live.options import GOOGLE, LiveOptions
from daemon.live.profiles import Profile, profile_of
from daemon.live.transport import socket_arguments


def client_of(options: LiveOptions) -> Client:
    """An SDK client for one session; reads certificate files, so not on the loop's thread.

    Whatever the environment says, it talks to `options.endpoint` by the Gemini API at a pinned version.
    """
    trust = ssl.create_default_context(cafile=options.ca_file or None)
    endpoint = options.endpoint.rstrip("/") or GOOGLE
    http_options = types.HttpOptions(
        base_url=endpoint,
        api_version=options.api_version,
        client_args={"verify": trust},  # … of the SDK's HTTP clients, which would each load the trust store anew
        async_client_args=socket_arguments(options, endpoint, trust) | {"verify": trust},
    )
    return Client(enterprise=False, api_key=options.api_key, http_options=http_options)


def connect_config(options: LiveOptions) -> types.LiveConnectConfig:
    """The `setup` message: manual activity, both transcriptions, compression and resumption on."""
    profile = profile_of(options.model)
    speaks = options.modality == "AUDIO"
    return types.LiveConnectConfig(
        response_modalities=[types.Modality(options.modality)],
        speech_config=_speech(options, profile) if speaks else None,
        thinking_config=_thinking(profile),
        system_instruction=_instruction(options, profile) or None,
        tools=_tools(options, profile),
        realtime_input_config=types.RealtimeInputConfig(
            automatic_activity_detection=types.AutomaticActivityDetection(disabled=True)
        ),
        input_audio_transcription=_transcription(options, profile),
        output_audio_transcription=types.AudioTranscriptionConfig() if speaks else None,
        context_window_compression=types.ContextWindowCompressionConfig(sliding_window=types.SlidingWindow()),
        session_resumption=types.SessionResumptionConfig(),
    )


def _speech(options: LiveOptions, profile: Profile) -> types.SpeechConfig:
    voice = types.VoiceConfig(prebuilt_voice_config=types.PrebuiltVoiceConfig(voice_name=options.voice))
    language = options.language if options.language and profile.obeys_language_code else None
    return types.SpeechConfig(voice_config=voice, language_code=language)


def _thinking(profile: Profile) -> types.ThinkingConfig | None:
    if profile.thinking_level is None:
        return None
    return types.ThinkingConfig(thinking_level=types.ThinkingLevel(profile.thinking_level))


def _instruction(options: LiveOptions, profile: Profile) -> str:
    """The system instruction, with Google's own sentence for models that take their language only from it."""
    sentences = [options.system_instruction]
    if options.language and not profile.obeys_language_code:
        name = english_name(options.language)
        sentences.append(f"RESPOND IN {name}. YOU MUST RESPOND UNMISTAKABLY IN {name}.")
    return "\n\n".join(filter(None, sentences))


def _transcription(options: LiveOptions, profile: Profile) -> types.AudioTranscriptionConfig:
    hint = [options.language] if options.language and profile.hints_transcription else None
    return types.AudioTranscriptionConfig(language_codes=hint)


def _tools(options: LiveOptions, profile: Profile) -> list[types.ToolUnion] | None:
    if not options.tools:
        return None
    behavior = types.Behavior(profile.tool_behavior) if profile.tool_behavior else None
    declarations = [
        types.FunctionDeclaration(
            name=tool["name"],
            description=tool["description"],
            parameters_json_schema=tool["parameters_json_schema"],
            behavior=behavior,
        )
        for tool in options.tools
    ]
    return [types.Tool(function_declarations=declarations)]
