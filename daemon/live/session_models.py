"""Which models of google.genai a session needs: of what Pipit sends and reads, and all that those are made of.

The others are left out where the SDK is imported for sessions alone (`daemon.live.sparing_import`). The test of this
list says what to change when the SDK does.
"""

from typing import Final

SESSION_MODELS: Final = frozenset(
    """
    ActivityEnd ActivityStart ApiAuth ApiAuthApiKeyConfig ApiKeyConfig AudioMetadata AudioResponseFormat
    AudioTranscriptionConfig AuthConfig AuthConfigGoogleServiceAccountConfig AuthConfigHttpBasicAuthConfig
    AuthConfigOauthConfig AuthConfigOidcConfig AutomaticActivityDetection AvatarConfig Blob CodeExecutionResult
    ComputerUse Content ContextWindowCompressionConfig CustomizedAvatar DocumentMetadata DynamicRetrievalConfig
    EnterpriseWebSearch ExecutableCode ExternalApi ExternalApiElasticSearchParams ExternalApiSimpleSearchParams File
    FileData FileSearch FileStatus FunctionCall FunctionDeclaration FunctionResponse FunctionResponseBlob
    FunctionResponseFileData FunctionResponsePart GenerationConfig GenerationConfigRoutingConfig
    GenerationConfigRoutingConfigAutoRoutingMode GenerationConfigRoutingConfigManualRoutingMode
    GenerationConfigThinkingConfig GoogleMaps GoogleMapsGroundingTypes GoogleMapsPlaces GoogleMapsRouting
    GoogleSearch GoogleSearchRetrieval GroundingChunk GroundingChunkCustomMetadata GroundingChunkImage
    GroundingChunkMaps GroundingChunkMapsPlaceAnswerSources GroundingChunkMapsPlaceAnswerSourcesAuthorAttribution
    GroundingChunkMapsPlaceAnswerSourcesReviewSnippet GroundingChunkMapsRoute GroundingChunkRetrievedContext
    GroundingChunkStringList GroundingChunkWeb GroundingMetadata GroundingMetadataSourceFlaggingUri GroundingSupport
    HistoryConfig HttpOptions HttpRetryOptions ImageResponseFormat ImageSearch Interval LanguageAuto LanguageHints
    LiveClientContent LiveClientContextUpdate LiveClientContextUpdateTools LiveClientMessage LiveClientRealtimeInput
    LiveClientSetup LiveClientToolResponse LiveConnectConfig LiveConnectParameters LiveSendRealtimeInputParameters
    LiveServerContent LiveServerGoAway LiveServerMessage LiveServerSessionResumptionUpdate LiveServerSetupComplete
    LiveServerToolCall LiveServerToolCallCancellation McpServer ModalityTokenCount ModelContent ModelSelectionConfig
    MultiSpeakerVoiceConfig Part PartMediaResolution PartialArg PrebuiltVoiceConfig ProactivityConfig RagChunk
    RagChunkPageSpan RagRetrievalConfig RagRetrievalConfigFilter RagRetrievalConfigHybridSearch
    RagRetrievalConfigRanking RagRetrievalConfigRankingLlmRanker RagRetrievalConfigRankingRankService
    RealtimeInputConfig ReplicatedVoiceConfig ResponseFormat Retrieval RetrievalMetadata SafetySetting Schema
    SearchEntryPoint SearchTypes Segment SessionResumptionConfig SlidingWindow SpeakerVoiceConfig SpeechConfig
    SpeechMetadata SpreadsheetMetadata StreamableHttpTransport TextResponseFormat ThinkingConfig Tool ToolCall
    ToolCodeExecution ToolExaAiSearch ToolParallelAiSearch ToolResponse Transcription TranslationConfig UrlContext
    UrlContextMetadata UrlMetadata UsageMetadata UserContent VertexAISearch VertexAISearchDataStoreSpec
    VertexRagStore VertexRagStoreRagResource VideoMetadata VideoResponseFormat VoiceActivity
    VoiceActivityDetectionSignal VoiceConfig VoiceConsentSignature WebSearch WordInfo
    """.split()
)
