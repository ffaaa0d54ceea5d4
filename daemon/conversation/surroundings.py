"""When sound cards go away and come back, or the camera is on: what that means in each state."""

from daemon.conversation import commands as do
from daemon.conversation import events as on
from daemon.conversation.causes import Notice
from daemon.conversation.commands import Command, Earcon
from daemon.conversation.exchange import RESTS, WATCHED, State
from daemon.conversation.transitions import Transitions


class Surroundings(Transitions):
    def _surrounded(self, event: on.Surrounding) -> list[Command]:
        match event:
            case on.MicrophoneLost(again):
                return self._microphone_gone(again=again)
            case on.MicrophoneRestored():
                self._condition.microphone_lost = False
            case on.SoundVanished() | on.SoundReturned():
                pass  # it may be a mute key of its own: whoever pressed it knows
            case on.SpeakerLost():
                return self._speaker_gone()
            case on.SpeakerRestored(again):
                return self._speaker_back(again=again)
            case on.CameraSwitched(is_on):
                self._condition.camera_on = is_on
        return []

    def _microphone_gone(self, *, again: bool) -> list[Command]:
        self._condition.microphone_lost = True
        sound = do.PlayEarcon(Earcon.MICROPHONE_LOST)
        if self.state in WATCHED:
            return self._rest(*self._close(), sound)
        return [] if again else [sound]

    def _speaker_gone(self) -> list[Command]:
        """What rings goes on, and is heard when the speaker is back; a message is not."""
        self._condition.speaker_lost = True
        if self.state is State.SPEAKING:
            return [self._patience()]
        told = self._calling.told()
        if self.state in RESTS and (told or not self._owed.result_awaited):
            return [do.FlushPlayout(), *told]  # what was to be said now would be out of place later
        return []

    def _speaker_back(self, *, again: bool) -> list[Command]:
        self._condition.speaker_lost = False
        if self.state is State.SPEAKING:
            return [self._patience()]
        return [do.Announce(Notice.SPEAKER_BACK)] if self.state in RESTS and not again else []
