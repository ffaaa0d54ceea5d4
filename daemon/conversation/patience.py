"""How long a conversation waits in each state before it gives up."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from daemon.conversation.clocks import Timer
from daemon.conversation.commands import StartTimer
from daemon.conversation.exchange import Exchange, State
from daemon.conversation.owed import Owed
from daemon.conversation.rules import Rules

TIMERS: Final[Mapping[State, Timer]] = {
    State.LISTENING: Timer.LISTENING,
    State.HEARING: Timer.HEARING,
    State.THINKING: Timer.THINKING,
    State.SPEAKING: Timer.SPEAKING,
}
"""Of every state but the rests, which have none: so no state lasts for ever that nobody chose."""


@dataclass(frozen=True, slots=True)
class Patience:
    """What the deadlines depend on."""

    rules: Rules
    now: Exchange
    owed: Owed
    button_down: bool
    speaker_lost: bool

    def timer(self, state: State) -> StartTimer:
        """The timer of `state`, started anew. Raises KeyError for a rest."""
        seconds = {
            Timer.LISTENING: self._longest_listening_s,
            Timer.HEARING: self._longest_hearing_s,
            Timer.THINKING: self._longest_thought_s,
            Timer.SPEAKING: self._longest_speech_s,
        }
        return StartTimer(TIMERS[state], seconds[TIMERS[state]]())

    def _longest_listening_s(self) -> float:
        return self.rules.follow_up_s if self.now.follow_up else self.rules.nothing_said_s

    def _longest_hearing_s(self) -> float:
        if self.now.ended:
            return self.rules.service_endpoint_s
        spoken = self.now.spoken or self.button_down
        return self.rules.longest_utterance_s if spoken else self.rules.nothing_said_s

    def _longest_thought_s(self) -> float:
        return self._longest_pause_s(self.rules.reply_deadline_s)

    def _longest_speech_s(self) -> float:
        if self.speaker_lost:
            return max(self.rules.speaker_away_s, self.rules.longest_tool_s if self.owed.running else 0)
        return self._longest_pause_s(self.rules.stalled_reply_s) if self.now.starved else self.rules.longest_reply_s

    def _longest_pause_s(self, usual_s: float) -> float:
        """For a model that says nothing, by what it may be waiting for."""
        if self.owed.running:
            return max(usual_s, self.rules.longest_tool_s)
        return self.rules.afterthought_s if self.owed.trailing else usual_s
