"""Problems with the Live API that others have reported, and what keeps them from the household: a test, or why none.

Read in the issue trackers of the SDKs, of voice frameworks and of appliances, up to November 2026.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

LIVE: Final = "tests/daemon/live"
CONVERSATION: Final = "tests/daemon/conversation/test_conversation.py"
MATRIX: Final = "tests/system/test_faults_in_each_state.py"
MICROPHONE_WAITS: Final = (
    f"{LIVE}/test_session_tools.py::TestWhileAToolWorks::test_speech_waits_for_the_answer_and_none_is_lost"
)
HISTORY_IS_TOLD: Final = (
    f"{LIVE}/test_session.py::TestTakingUpAConversation"
    "::test_a_handle_that_is_refused_is_given_up_and_the_history_told_instead"
)
FALLS_SILENT: Final = f"{LIVE}/test_session_tools.py::TestAModelThatFallsSilent"
HERE: Final = "tests/system/test_known_issues.py"


@dataclass(frozen=True)
class Issue:
    """`answer` is what Pipit does about it; without `tests` it says why there is nothing to test."""

    number: int
    reported: str
    problem: str
    answer: str
    tests: tuple[str, ...] = ()


ISSUES: Final = (
    Issue(
        1,
        "python-genai #1224, #1391",
        "only the first turn is answered: the SDK's iterator ends at `turnComplete`",
        "it is called again for as long as the session lives",
        (f"{LIVE}/test_session.py::TestReply::test_of_each_turn_carries_its_number",),
    ),
    Issue(
        2,
        "python-genai #2527",
        "the resumption handle comes after the turn",
        "messages are read between turns too",
        (f"{LIVE}/test_session.py::TestReply::test_what_comes_between_turns_is_read",),
    ),
    Issue(
        3,
        "python-genai #2117, js-genai #707",
        "`turnComplete` too early, with nothing said",
        "a model of 3.1 is asked to go on, once; else the turn ends with a sound, never in silence",
        (
            f"{HERE}::test_3_an_empty_turn_ends_audibly_and_the_next_is_answered",
            f"{FALLS_SILENT}::test_is_asked_once_when_its_turn_was_empty_and_the_end_is_told_only_after_that",
        ),
    ),
    Issue(
        4,
        "python-genai #2333",
        "an `interrupted` that nobody caused leaves the client stuck",
        "it changes nothing",
        (
            f"{HERE}::test_4_an_interruption_that_nobody_caused_changes_nothing",
            f"{CONVERSATION}::test_a_phantom_interruption_changes_nothing",
        ),
    ),
    Issue(
        5,
        "python-genai #1987, cookbook #1228",
        "no reply after a barge-in",
        "a request that is not answered in time is told as failed, and its session given up",
        (f"{HERE}::test_5_a_barge_in_that_is_not_answered_is_told_and_the_next_request_is_answered",),
    ),
    Issue(
        6,
        "python-genai #2903",
        "the service's detector drops short utterances after its own turn",
        "the ends of speech are found here, by default, and sent with what came before them",
        (f"{LIVE}/test_uplink.py::TestWindow::test_is_sent_with_the_pre_roll_and_not_a_sample_more",),
    ),
    Issue(
        7,
        "python-genai #760, #985, #812",
        "1011 internal error",
        "the session is opened again, with pauses that grow, and every unanswered word sent again",
        (f"{MATRIX}::test_an_open_session_that_ends", f"{MATRIX}::test_an_obstacle_that_does_not_pass"),
    ),
    Issue(
        8,
        "python-genai #843, #803, js-genai #462",
        "function calls that hang, or are never made",
        "tools have a time limit, and a reply that does not come has one too",
        (
            f"{MATRIX}::test_a_service_that_falls_silent",
            "tests/daemon/tools/test_tool.py::test_a_tool_that_takes_too_long",
        ),
    ),
    Issue(
        9,
        "python-genai #1710",
        "1008: the key was reported as leaked",
        "told as a key that is not accepted, not tried again; the journal has the service's words without the key",
        (f"{MATRIX}::test_an_open_session_that_ends", f"{MATRIX}::test_a_session_that_cannot_be_opened"),
    ),
    Issue(
        10,
        "python-genai #651, #155",
        "the handshake never ends",
        "`[live] connect_timeout_s` bounds it, to `setupComplete`",
        (
            f"{LIVE}/test_connection.py::TestSetup::test_never_answered",
            f"{MATRIX}::test_a_session_that_cannot_be_opened",
        ),
    ),
    Issue(
        11,
        "python-genai #182",
        "1008 when code execution is mixed with other tools",
        "the service's own tools are off by default; where a mixture is refused, that is told",
        (f"{MATRIX}::test_a_session_that_cannot_be_opened",),
    ),
    Issue(
        12,
        "python-genai #672, #1285",
        "activity marks are misunderstood; the service tells no ends of speech",
        "one `activityEnd` for each `activityStart`, and nothing outside",
        (
            f"{LIVE}/test_session.py::TestSpeech::test_nothing_is_sent_outside_a_window",
            f"{LIVE}/test_uplink.py::test_every_interleaving_sends_each_window_once_and_whole",
        ),
    ),
    Issue(
        13,
        "js-genai #1236, livekit/agents #4545, #2274",
        '1008 "Operation is not implemented, or supported, or enabled" in mid-session',
        "taken for a lost session: it is resumed by its handle",
        (
            f"{MATRIX}::test_an_open_session_that_ends",
            "tests/system/test_resumption.py::test_a_lost_connection_is_resumed_without_a_lost_word",
        ),
    ),
    Issue(
        14,
        "js-genai #1189",
        "1007 after the first audio",
        "audio is sent as `audio/pcm;rate=16000`, which is what it is",
        (f"{LIVE}/test_session.py::TestSpeech::test_arrives_bit_exact_however_late_the_session_opens",),
    ),
    Issue(
        15,
        "js-genai #696",
        "proactive audio is refused by v1beta (1007)",
        "the settings are refused at the start, with the version that has it",
        ("tests/daemon/live/test_family.py::test_what_a_family_cannot_do",),
    ),
    Issue(
        16,
        "js-genai #618",
        "closed after ten minutes in spite of compression",
        "compression and resumption are both on, and the session is renewed at `goAway`",
        (
            f"{LIVE}/test_setup.py::test_the_whole_setup_on_the_wire",
            "tests/system/test_resumption.py::test_go_away_is_not_noticed_by_the_household",
        ),
    ),
    Issue(
        17,
        "js-genai #1513",
        "a resumed session has forgotten",
        "a session that cannot be taken up again is told what was said; one that pretends to be cannot be noticed",
        ("tests/system/test_history.py::test_a_session_that_cannot_be_taken_up_again_is_told_what_was_said",),
    ),
    Issue(
        18,
        "js-genai #824",
        "the transcript of an interrupted reply holds more than was heard",
        "it is cut where the sound was",
        ("tests/system/test_history.py::test_of_a_reply_that_was_interrupted_what_was_heard_is_remembered",),
    ),
    Issue(
        19,
        "cookbook #356, #1227",
        "the model hears itself through the speaker and interrupts itself",
        "nothing goes up while a reply plays",
        (f"{HERE}::test_19_nothing_goes_up_while_a_reply_is_heard",),
    ),
    Issue(
        20,
        "cookbook #1328",
        "a pause of a second ends the turn; a thinking level leads to empty replies",
        "`[listening] end_silence_ms` decides here, `[live.turns] silence_ms` at the service; for empty replies see 3",
        (
            f"{HERE}::test_3_an_empty_turn_ends_audibly_and_the_next_is_answered",
            "tests/daemon/hearing/test_endpoint.py::test_a_pause_within_the_utterance_does_not_end_it",
        ),
    ),
    Issue(
        21,
        "gemini-live-api-examples #37, #45, livekit/agents #3551, #2092",
        "transcripts in another language",
        "the language is told as a hint and as an instruction",
        (f"{LIVE}/test_setup.py::test_the_whole_setup_on_the_wire",),
    ),
    Issue(
        22,
        "livekit/agents #6421",
        "`turnComplete` seconds after the reply",
        "the reply ends with `generationComplete`",
        (f"{LIVE}/test_incoming.py::TestReply::test_ends_with_generation_complete_not_when_it_would_have_been_played",),
    ),
    Issue(
        23,
        "livekit/agents PR#4979",
        "`turnComplete` never comes",
        "either end will do; without any, what dries up is given up and told",
        (f"{HERE}::test_23_a_reply_whose_end_is_not_told",),
    ),
    Issue(
        24,
        "livekit/agents #6569, PR#6285",
        "a tool call in the middle of a sentence",
        "the reply goes on after it, as one",
        (
            f"{HERE}::test_24_a_tool_call_in_mid_sentence",
            "tests/system/test_tools.py::test_a_call_in_mid_sentence_with_more_of_the_sentence_behind_it",
            f"{CONVERSATION}::test_a_tool_in_the_middle_of_a_reply_keeps_the_reply_open",
        ),
    ),
    Issue(
        25,
        "livekit/agents PR#5556",
        "audio during a tool call that the model waits for cancels it",
        "speech is held back until the answer is sent, and none of it is lost",
        (MICROPHONE_WAITS,),
    ),
    Issue(
        26,
        "livekit/agents #3604",
        "audio comes in bursts with gaps between",
        "the playout waits through a gap and goes on",
        (
            f"{HERE}::test_26_a_gap_in_the_reply_is_waited_through",
            "tests/daemon/sound/test_playout.py::test_starved_and_resumed_once_for_each_dry_spell",
        ),
    ),
    Issue(
        27,
        "pipecat #4597",
        "the first words are missing: audio before `activityStart` is thrown away",
        "what came before is sent after it",
        (f"{LIVE}/test_uplink.py::TestWindow::test_is_sent_with_the_pre_roll_and_not_a_sample_more",),
    ),
    Issue(
        28,
        "pipecat #4125",
        "the reply never starts",
        "`[listening] reply_deadline_s`, then it is told",
        (f"{MATRIX}::test_a_service_that_falls_silent",),
    ),
    Issue(
        29,
        "pipecat #4147",
        "3.x models put several fields into one message",
        "every field of every message is looked at",
        (
            f"{LIVE}/test_incoming.py::TestReply::test_all_in_one_message",
            "tests/system/test_live_coverage.py::test_what_the_service_says_makes_the_difference_it_should",
        ),
    ),
    Issue(
        30,
        "pipecat #4366, #4355",
        "3.1 says nothing after a tool's result or a history",
        "a model of 3.1 is asked to go on, by an input that says nothing; if it stays silent, that is told",
        (
            f"{FALLS_SILENT}::test_is_asked_to_go_on_after_the_result_and_answers",
            f"{HERE}::test_30_silence_after_a_tools_result_is_told",
        ),
    ),
    Issue(
        31,
        "pipecat #5027",
        "1007 when a history with function parts is told",
        "the history tells them in words",
        (
            "tests/daemon/abilities/memory/test_transcript.py::test_a_tools_part_is_told_in_words",
            HISTORY_IS_TOLD,
        ),
    ),
    Issue(
        32,
        "pipecat #4633",
        "the service stalls",
        "every state that waits has a deadline",
        (f"{MATRIX}::test_a_service_that_falls_silent",),
    ),
    Issue(
        33,
        "adk-python #4996",
        "`goAway` is overlooked",
        "the session is renewed between turns",
        (f"{HERE}::test_33_and_40_go_away_in_each_state",),
    ),
    Issue(
        34,
        "adk-python #4679, #3918, #3035",
        "1008 and 1011 with audio and tools",
        "lost sessions are opened again, but no tool is run twice",
        (
            f"{MATRIX}::test_an_open_session_that_ends",
            "tests/system/test_failures.py::test_a_tool_of_a_lost_session_does_not_run_twice",
        ),
    ),
    Issue(
        35,
        "sip-to-ai PR#14",
        "pongs come late; resuming while the old socket is open is refused (1011)",
        "a minute of patience for pongs; the old socket is closed first",
        (
            f"{LIVE}/test_transport.py::test_deadlines_and_bounds",
            "tests/daemon/appliance/test_appliance.py::test_a_session_is_opened_only_when_the_one_before_has_said_goodbye",
            f"{HERE}::test_35_the_old_socket_is_closed_before_its_session_is_resumed",
        ),
    ),
    Issue(
        36,
        "autonomous-os #231, PR#237, #238",
        "audio while a tool call is pending: 1008",
        "as 25; and the conversation is not in a window then",
        (
            MICROPHONE_WAITS,
            f"{MATRIX}::test_an_open_session_that_ends",
        ),
    ),
    Issue(
        37,
        "autonomous-os #453",
        "extended thinking: a result is dropped because the turn was over",
        "the turn is over when the model says that it is idle; a result is told even at rest",
        (
            f"{LIVE}/test_incoming.py::TestExtendedThinking::test_reply_ends_when_the_model_is_idle",
            f"{CONVERSATION}::test_the_result_is_heard_in_the_follow_up_window_and_at_rest",
            "tests/system/test_tools.py::test_extended_thinking_ends_when_it_is_idle_and_not_with_its_first_sentence",
        ),
    ),
    Issue(
        38,
        "tau2-bench PR#461",
        "`goAway`, and then nothing more",
        "the deadlines do not depend on what is received",
        (f"{HERE}::test_38_go_away_and_then_silence_is_told",),
    ),
    Issue(
        39,
        "mastra #22970",
        "a call of an unknown tool is left unanswered, and the session hangs",
        "every call is answered, an unknown one with an error",
        (
            f"{HERE}::test_39_a_call_of_an_unknown_tool_is_answered",
            "tests/daemon/tools/test_tool.py::test_an_unknown_function",
        ),
    ),
    Issue(
        40,
        "sokuji #179",
        "`goAway`, and 50 s later 1011",
        "the session is renewed at the next pause, not when the time is up",
        (f"{HERE}::test_33_and_40_go_away_in_each_state",),
    ),
    Issue(
        41,
        "langwatch/scenario #360",
        "`interrupted` and `turnComplete` when an activity starts after a reply",
        "they say nothing about the turn that has begun",
        (
            f"{HERE}::test_41_an_old_end_does_not_end_the_new_turn",
            f"{LIVE}/test_incoming.py::TestTurnNumbers::test_spurious_interruption_is_told_and_changes_nothing",
        ),
    ),
    Issue(
        42,
        "discuss.ai.google.dev 188765",
        "3.8: the details of usage do not add up; transcriptions come unasked",
        "counts are taken as they are told; an unasked transcription is one more line of the transcript",
        (f"{LIVE}/test_particulars.py::test_usage_is_told_by_kind_as_the_service_reports_it",),
    ),
    Issue(
        43,
        "python-genai #2580",
        "3.1 takes `silenceDurationMs` and does not mind it",
        "a warning of the settings",
        ("tests/daemon/live/test_family.py::test_what_a_family_takes_and_does_not_mind_is_a_warning",),
    ),
    Issue(
        44,
        "pydantic-ai PR#8393",
        "every Live model closes the session when it is offered code execution or URL context",
        "refused by the settings for the families of which that is known",
        (
            "tests/daemon/live/test_family.py::test_what_a_family_cannot_do",
            "tests/daemon/offline/service/test_setup_refusals.py::test_refused",
        ),
    ),
    Issue(
        45,
        "cookbook #781, gemini-teacher #7",
        "1007 “User location is not supported for the API use”",
        "a cause of its own, which is told and not tried again",
        (f"{LIVE}/test_failures.py::test_close_codes",),
    ),
    Issue(
        46,
        "sonichi/sutando PR#569",
        "1011 “prepayment credits are depleted” looks like overload and is tried again for ever",
        "a cause of its own, which is told and not tried again",
        (f"{LIVE}/test_failures.py::test_close_codes",),
    ),
)

LINES: Final = "tests/hardware/header/test_lines.py"
FILES: Final = "tests/daemon/sound/test_wav_decoding.py"

ELSEWHERE: Final = (
    Issue(
        47,
        "gpiozero #1146",
        "`close()` makes an output an input with its pull off: the line floats",
        "an output stays an output, driven at its safe level",
        (f"{LINES}::test_closed_it_is_driven_at_its_safe_level_and_never_an_input_again",),
    ),
    Issue(
        48,
        "gpiozero PR#1177",
        "an output is claimed as an input, then low, then at the level that was asked for: relays click",
        "one claim, at the safe level",
        (
            f"{LINES}::test_it_is_claimed_once_as_an_output_at_its_safe_level",
            f"{LINES}::test_no_level_is_ever_seen_that_nobody_asked_for",
        ),
    ),
    Issue(
        49,
        "gpiozero #1209",
        "levels are cut to whole percent, so that 29 becomes 28",
        "a dimmer of its own on the same line",
        ("tests/hardware/header/test_dimmer.py::test_every_tenth_of_a_percent_is_set_exactly_and_read_back",),
    ),
    Issue(
        50,
        "gpiozero #1166",
        "Debian's own kernel tells no board revision: no pin can be used",
        "no board need be known; where no chip drives the header, that is told",
        (
            f"{LINES}::test_no_board_need_be_known",
            "tests/hardware/header/test_gpiochip.py::test_on_a_pi_the_true_cause_is_told_and_never_to_play_the_pins",
        ),
    ),
    Issue(
        51,
        "raspberrypi/linux #6117",
        "the kernel keeps an output as it was when its process died",
        "`pipit safe` makes each safe in one step",
        (f"{LINES}::test_what_a_killed_process_left_switched_is_made_safe_in_one_step",),
    ),
    Issue(
        52,
        "tidal-connect #254",
        "HDMI by `plughw` stays silent",
        "the advice is `sysdefault`, by which it plays",
        (
            "tests/hardware/sound/test_refusal.py::test_what_is_advised_is_not_what_was_done_already",
            "tests/daemon/doctor/checks/test_chosen_cards.py::test_hdmi_does_not_play_by_the_card_alone",
        ),
    ),
    Issue(
        53,
        "BirdNET-Pi #628, reachy_mini #845",
        "a microphone delivers zeros, at the right pace, for ever",
        "a line in journal and status, and the card is opened anew once",
        (
            "tests/daemon/hearing/test_ears.py::test_a_microphone_that_delivers_zeros_alone_is_told_once_and_opened_anew_once",
            "tests/daemon/appliance/test_appliance.py::test_zeros_from_the_microphone_are_told_and_those_of_our_own_mute_are_not",
        ),
    ),
    Issue(
        54,
        "alsa-utils #308",
        "`arecord -f S24_LE` writes 24 bits into 32 and does not say so: 48 dB too quiet",
        "such a file is recognised, read at its level, and that is said",
        (f"{FILES}::test_it_is_said_that_24_bits_were_found",),
    ),
    Issue(
        55,
        "libsndfile #1038",
        "a FLAC that was streamed has no length, and is taken for one of 2^63 samples",
        "read until nothing comes",
        (f"{FILES}::test_all_of_it_is_read_whatever_its_header_says",),
    ),
    Issue(
        56,
        "python-soundfile #164",
        "codecs that cannot be wound back are refused when read in pieces",
        "read from front to back",
        (f"{FILES}::test_all_of_it_is_read_whatever_its_header_says",),
    ),
)
"""Of what else Pipit is made of: drivers, kernels, sound files."""
