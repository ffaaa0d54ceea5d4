"""What is remembered, what it costs, and what goes when there is too much."""

import pytest

from daemon.brain.brain import Remark
from daemon.offline.service.context import REMEMBERED_REMARKS, Context
from daemon.offline.service.token_counts import NOTHING, Tokens
from daemon.offline.wire.client_messages import Compression
from daemon.offline.wire.mapping import WireError


def filled(compression: Compression | None, *costs: int, window: int = 1_000) -> Context:
    """A context of turns in alternation, the user's first, each named by its position and of such a cost."""
    context = Context(window, compression)
    for position, cost in enumerate(costs):
        context.add(Remark("model" if position % 2 else "user", str(position)), Tokens(audio=cost))
    return context


def kept(context: Context) -> list[str]:
    return [remark.text for remark in context.remarks]


class TestCost:
    def test_the_instruction_and_everything_since(self) -> None:
        context = filled(None, 10, 20)
        context.instruct("eight letters, twice")
        assert context.tokens == Tokens(text=5, audio=30)
        context.instruct("")
        assert context.tokens == Tokens(audio=30)

    def test_speech_without_words_costs_and_is_no_remark(self) -> None:
        context = Context(1_000, None)
        context.add(Remark("user", ""), Tokens(audio=10))
        context.add(Remark("model", ""), NOTHING)
        assert (kept(context), len(context.entries), context.tokens.total) == ([], 1, 10)

    def test_a_resumed_session_remembers_its_entries(self) -> None:
        before = filled(None, 10, 20)
        assert Context(1_000, None, before.entries).tokens == before.tokens

    def test_remarks_without_end_are_not_kept(self) -> None:
        context = filled(None, *[1] * (REMEMBERED_REMARKS + 2))
        assert kept(context)[0] == "2"


class TestQuestion:
    def test_it_is_what_the_user_wrote_last(self) -> None:
        context = Context(1_000, None)
        context.tell([Remark("user", "I am Ann"), Remark("model", "Hello"), Remark("user", "Who")], asked=True)
        context.tell([Remark("user", "am I?")], asked=True)
        assert context.question() == "Who\nam I?"
        assert kept(context) == ["I am Ann", "Hello"]
        assert context.question() == ""

    def test_history_is_not_asked(self) -> None:
        context = Context(1_000, None)
        context.tell([Remark("user", "long ago")], asked=False)
        context.tell([Remark("user", "now")], asked=True)
        assert context.question() == "now"

    def test_what_was_said_aloud_is_not_asked_again(self) -> None:
        context = filled(None, 10)
        assert context.question() == ""
        assert kept(context) == ["0"]


class TestCompression:
    def test_nothing_is_forgotten_up_to_the_trigger(self) -> None:
        context = filled(Compression(100, 40), 30, 30)
        context.make_room(Tokens(text=40))
        assert kept(context) == ["0", "1"]

    def test_the_oldest_go_until_the_target_and_on_to_a_turn_of_the_user(self) -> None:
        context = filled(Compression(100, 60), 30, 30, 20, 10, 5, 5)
        context.make_room(Tokens(text=1))
        assert kept(context) == ["2", "3", "4", "5"]  # without "0" it would be 71, without "1" 41
        context = filled(Compression(100, 70), 35, 30, 20, 10, 5, 5)
        context.make_room(Tokens(text=1))
        assert kept(context) == ["2", "3", "4", "5"]  # "1" would fit, but it is the model's

    def test_the_instruction_stays(self) -> None:
        context = filled(Compression(100, 50), 90, 10)
        context.instruct("i" * 80)
        context.make_room(Tokens(text=1))
        assert (kept(context), context.tokens) == ([], Tokens(text=20))

    @pytest.mark.parametrize(
        ("compression", "left"),
        [
            (Compression(), 2),  # 885 of 1,000 are over 80 %; 325 would be under 40 %, but the model's is first there
            (Compression(trigger_tokens=885), 10),
            (Compression(trigger_tokens=884), 4),  # half of it is the target
            (Compression(target_tokens=700), 6),
        ],
    )
    def test_defaults(self, compression: Compression, left: int) -> None:
        context = filled(compression, *[80] * 10)
        context.make_room(Tokens(text=85))
        assert kept(context) == [str(position) for position in range(10)][-left:]


def test_without_compression_a_full_context_ends_the_session() -> None:
    context = filled(None, 900)
    context.make_room(Tokens(text=100))
    with pytest.raises(WireError, match=r"1007 The input token count \(1001\) exceeds the maximum number"):
        context.make_room(Tokens(text=101))
