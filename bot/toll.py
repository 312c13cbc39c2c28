"""At the toll: asks the store what a viewer has bought, and only for stories that have a price."""

from __future__ import annotations

from bot.play import event as play
from bot.play.state import BranchState
from bot.play.step import Reason, Refused, Step
from bot.play.toll import Granted, hold, settled, toll
from bot.recent import Place
from bot.store.port import Store
from bot.story.story import Story

ALWAYS = (play.Begin, play.Rewind, play.Restart, play.Speak, play.Learn, play.Admit)
"""Events that a held session takes too: none of them leads further into the story."""

NOTHING: Granted = frozenset()


class Tolls:
    """What was bought is read anew each time: a purchase and a refund count at once."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def granted(self, story: Story, viewer: int) -> Granted:
        """The episodes that a viewer has bought; of a story without prices nobody bought any."""
        return await self._store.bought(viewer, story.id) if story.priced else NOTHING

    async def settled(self, place: Place) -> bool:
        """Whether a session is held just where it must be, and nowhere else."""
        story, state = place.story, place.state
        return not story.priced or settled(story, state, await self.granted(story, place.session.viewer))

    async def passed(self, place: Place, what: play.Event) -> play.Event:
        """The event as it may happen: what comes upon a refund holds the session first. Raises `Refused`."""
        story, state = place.story, place.state
        if isinstance(what, ALWAYS) or what.revision != state.revision or not _may_be_due(story, state):
            return what
        if toll(story, state, await self.granted(story, place.session.viewer)) is None:
            return what
        if state.held is None:
            return play.Admit(state.revision)
        raise Refused(Reason.UNPAID)

    async def held(self, story: Story, viewer: int, step: Step) -> tuple[Step, Granted]:
        """The step as far as it is paid for, and what is."""
        if not story.priced:
            return step, NOTHING
        granted = await self.granted(story, viewer)
        return hold(story, step, granted), granted


def _may_be_due(story: Story, state: BranchState) -> bool:
    return toll(story, state, NOTHING) is not None
