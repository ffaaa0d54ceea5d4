"""Whose sound is where on its way out: rendered, in the sound card, or heard."""

from collections import deque
from typing import Generic, TypeVar

Owner = TypeVar("Owner")


class Ledger(Generic[Owner]):
    """Follows every frame from rendering to the listener's ear, by the card's own account of its delay.

    Not thread-safe. Bounded by what the card holds plus what is rendered for it and not yet handed over.
    """

    def __init__(self) -> None:
        self._rendered: deque[tuple[Owner | None, int]] = deque()
        self._in_card: deque[tuple[Owner | None, int]] = deque()
        self._in_card_frames = 0

    def rendered(self, owner: Owner | None, frames: int) -> None:
        """The next `frames` frames to be handed over are `owner`'s; None stands for silence and earcons."""
        self._rendered.append((owner, frames))

    def written(self, frames: int, delay_frames: int) -> list[tuple[Owner, int]]:
        """`frames` were handed to the card, which now holds `delay_frames`: who was heard since, and how much."""
        self._in_card.extend(take(self._rendered, frames))
        self._in_card_frames += frames
        heard_frames = max(0, self._in_card_frames - delay_frames)
        self._in_card_frames -= heard_frames
        return [(owner, count) for owner, count in take(self._in_card, heard_frames) if owner is not None]

    def dropped(self) -> None:
        """Nothing that is under way will be heard."""
        self._rendered.clear()
        self._in_card.clear()
        self._in_card_frames = 0

    @property
    def idle(self) -> bool:
        """Whether nothing that is under way is anybody's."""
        return all(other is None for other, _ in (*self._rendered, *self._in_card))

    def holds(self, owner: Owner) -> bool:
        """Whether anything of `owner` is still under way."""
        return any(other is owner for other, _ in (*self._rendered, *self._in_card))


def take(entries: deque[tuple[Owner | None, int]], frames: int) -> list[tuple[Owner | None, int]]:
    """The first `frames` frames of `entries`, removed; frames that nobody entered are nobody's."""
    taken: list[tuple[Owner | None, int]] = []
    while frames and entries:
        owner, count = entries.popleft()
        part = min(count, frames)
        taken.append((owner, part))
        frames -= part
        if part < count:
            entries.appendleft((owner, count - part))
    if frames:
        taken.append((None, frames))
    return taken
