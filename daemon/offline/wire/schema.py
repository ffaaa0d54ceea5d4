"""The fields of every message a Live client may send (google-genai 3.4.0's types, Gemini mode)."""

from typing import Final

from daemon.offline.wire.mapping import Choice, Kind, Message, Repeated, Scalar

TEXT, BOOL, INTEGER = Scalar.TEXT, Scalar.BOOL, Scalar.INTEGER
NUMBER, BYTES, OPAQUE = Scalar.NUMBER, Scalar.BYTES, Scalar.OPAQUE


def _all(kind: Kind, names: str) -> dict[str, Kind]:
    """`kind` for each of the space-separated `names`."""
    return dict.fromkeys(names.split(), kind)


MODALITIES: Final = Choice(frozenset({"MODALITY_UNSPECIFIED", "AUDIO", "TEXT", "IMAGE", "VIDEO"}))
HANDLING: Final = Choice(
    frozenset({"ACTIVITY_HANDLING_UNSPECIFIED", "START_OF_ACTIVITY_INTERRUPTS", "NO_INTERRUPTION"})
)
COVERAGE: Final = Choice(
    frozenset(
        {
            "TURN_COVERAGE_UNSPECIFIED",
            "TURN_INCLUDES_ONLY_ACTIVITY",
            "TURN_INCLUDES_ALL_INPUT",
            "TURN_INCLUDES_AUDIO_ACTIVITY_AND_ALL_VIDEO",
        }
    )
)


BEHAVIOR: Final = Choice(frozenset({"UNSPECIFIED", "BLOCKING", "NON_BLOCKING"}))
SCHEDULING: Final = Choice(frozenset({"SCHEDULING_UNSPECIFIED", "SILENT", "WHEN_IDLE", "INTERRUPT"}))
THINKING_LEVEL: Final = Choice(frozenset({"THINKING_LEVEL_UNSPECIFIED", "MINIMAL", "LOW", "MEDIUM", "HIGH", "XHIGH"}))


def _sensitivity(end: str) -> Choice:
    return Choice(frozenset(f"{end}_SENSITIVITY_{level}" for level in ("UNSPECIFIED", "HIGH", "LOW")))


BLOB: Final = Message({"data": BYTES, "mimeType": TEXT, "displayName": TEXT})
FUNCTION_RESPONSE: Final = Message(
    {
        **_all(TEXT, "id name"),
        "scheduling": SCHEDULING,
        "willContinue": BOOL,
        **_all(OPAQUE, "response parts"),
    }
)
PART: Final = Message(
    {
        "text": TEXT,
        "inlineData": BLOB,
        "fileData": Message(_all(TEXT, "displayName fileUri mimeType")),
        "functionCall": Message({"id": TEXT, "name": TEXT, **_all(OPAQUE, "args partialArgs"), "willContinue": BOOL}),
        "functionResponse": FUNCTION_RESPONSE,
        "executableCode": Message(_all(TEXT, "code language id")),
        "codeExecutionResult": Message(_all(TEXT, "outcome output id")),
        "thought": BOOL,
        "thoughtSignature": BYTES,
        **_all(OPAQUE, "videoMetadata mediaResolution toolCall toolResponse partMetadata audioTranscription"),
        **_all(OPAQUE, "mediaProcessing speechMetadata documentMetadata spreadsheetMetadata audioMetadata"),
    }
)
CONTENT: Final = Message({"role": TEXT, "parts": Repeated(PART)})
TOOL: Final = Message(
    {
        "functionDeclarations": Repeated(
            Message(
                {
                    **_all(TEXT, "name description"),
                    "behavior": BEHAVIOR,
                    **_all(OPAQUE, "parameters parametersJsonSchema response responseJsonSchema"),
                }
            )
        ),
        **_all(OPAQUE, "retrieval computerUse fileSearch googleSearch googleMaps codeExecution enterpriseWebSearch"),
        **_all(OPAQUE, "googleSearchRetrieval parallelAiSearch urlContext mcpServers exaAiSearch"),
    }
)
SPEECH: Final = Message(
    {
        "languageCode": TEXT,
        "voiceConfig": Message(
            {
                "prebuiltVoiceConfig": Message({"voiceName": TEXT}),
                **_all(OPAQUE, "replicatedVoiceConfig voice"),
            }
        ),
        "multiSpeakerVoiceConfig": OPAQUE,
    }
)
GENERATION: Final = Message(
    {
        "responseModalities": Repeated(MODALITIES),
        "speechConfig": SPEECH,
        "thinkingConfig": Message(
            {"includeThoughts": BOOL, "thinkingBudget": INTEGER, "thinkingLevel": THINKING_LEVEL}
        ),
        "translationConfig": Message({"echoTargetLanguage": BOOL, "targetLanguageCode": TEXT}),
        **_all(INTEGER, "candidateCount logprobs maxOutputTokens seed"),
        **_all(NUMBER, "frequencyPenalty presencePenalty temperature topK topP"),
        **_all(BOOL, "audioTimestamp enableAffectiveDialog responseLogprobs enableEnhancedCivicAnswers"),
        **_all(TEXT, "mediaResolution responseMimeType"),
        "stopSequences": Repeated(TEXT),
        **_all(OPAQUE, "modelSelectionConfig responseJsonSchema responseSchema routingConfig responseFormat"),
        "audioTranscriptionConfig": OPAQUE,
    }
)
TRANSCRIPTION: Final = Message(
    {
        **_all(Repeated(TEXT), "languageCodes customVocabulary"),
        **_all(OPAQUE, "languageAuto languageHints adaptationPhrases wordTimestamp diarization mode sourceText"),
    }
)
DETECTION: Final = Message(
    {
        "disabled": BOOL,
        "startOfSpeechSensitivity": _sensitivity("START"),
        "endOfSpeechSensitivity": _sensitivity("END"),
        **_all(INTEGER, "prefixPaddingMs silenceDurationMs"),
    }
)
SETUP: Final = Message(
    {
        "model": TEXT,
        "generationConfig": GENERATION,
        "systemInstruction": CONTENT,
        "tools": Repeated(TOOL),
        "sessionResumption": Message({"handle": TEXT, "transparent": BOOL}),
        "inputAudioTranscription": TRANSCRIPTION,
        "outputAudioTranscription": TRANSCRIPTION,
        "realtimeInputConfig": Message(
            {
                "automaticActivityDetection": DETECTION,
                "activityHandling": HANDLING,
                "turnCoverage": COVERAGE,
                "interimTranscriptTimestampEnabled": BOOL,
            }
        ),
        "contextWindowCompression": Message(
            {"triggerTokens": INTEGER, "slidingWindow": Message({"targetTokens": INTEGER})}
        ),
        "proactivity": Message({"proactiveAudio": BOOL, "proactiveVideo": BOOL}),
        "historyConfig": Message({"initialHistoryInClientContent": BOOL}),
        "avatarConfig": OPAQUE,
        "safetySettings": Repeated(Message(_all(TEXT, "category method threshold"))),
        "labels": OPAQUE,
    }
)
REALTIME_INPUT: Final = Message(
    {
        "activityStart": Message(),
        "audio": BLOB,
        "video": BLOB,
        "mediaChunks": Repeated(BLOB),
        "text": TEXT,
        "audioStreamEnd": BOOL,
        "activityEnd": Message(),
    }
)
CLIENT_MESSAGE: Final = Message(
    {
        "setup": SETUP,
        "clientContent": Message({"turns": Repeated(CONTENT), "turnComplete": BOOL}),
        "realtimeInput": REALTIME_INPUT,
        "toolResponse": Message({"functionResponses": Repeated(FUNCTION_RESPONSE)}),
        "contextUpdate": Message({"systemInstruction": CONTENT, "tools": Message({"tools": Repeated(TOOL)})}),
    }
)
"""Exactly one of its fields is set in each message."""
