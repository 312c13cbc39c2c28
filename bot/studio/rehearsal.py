"""A rehearsal: a play in memory for whoever writes the story, who can do anything, and exchange the story under it."""

from __future__ import annotations

import json
from dataclasses import replace

from bot.play.card import Card
from bot.play.carry import carried_values
from bot.play.dice import seeded
from bot.play.event import Begin, Choose, Event, Jump, Restart, Rewind, Speak, TimeOut
from bot.play.path import choice_points
from bot.play.state import KEPT, BranchState
from bot.play.step import retell, show, step
from bot.play.walk import Walk
from bot.story.story import Story, Values
from bot.studio.bookmark import bookmark, walked_to
from bot.studio.dice import LoadedDice, Roll
from bot.studio.landed import Landed, landed
from bot.studio.ledger import Entry, ledger, read_value, variable_of
from bot.studio.prospect import Prospect, prospects


class Rehearsal:
    """`cards` are those of what was done last, `rolls` what its dice showed, `faces` those laid down for the next."""

    state: BranchState
    cards: tuple[Card, ...]
    rolls: tuple[Roll, ...]
    faces: tuple[int, ...] = ()
    _before: Values

    def __init__(self, story: Story, language: str = "", seed: int = 1) -> None:
        self.story, self.seed = story, seed
        self._take(None, Begin(language or story.language))

    @classmethod
    def at(cls, story: Story, link: str, language: str = "", seed: int = 1) -> Rehearsal:
        """The rehearsal that gave the link. Raises `BadBookmark` where the story does not lead that way."""
        rehearsal = cls(story, language, seed)
        walk = walked_to(story, link, rehearsal.state.language)
        state = replace(
            rehearsal.state, scene=walk.scene, values=tuple(walk.values), visits=walk.visits, chosen=walk.chosen,
            ended=walk.ended, path=tuple(walk.path), base=walk.base,
        )  # fmt: skip
        rehearsal._stand(state)
        return rehearsal

    @classmethod
    def resumed(
        cls, story: Story, state: BranchState, before: Values, seed: int = 1, faces: tuple[int, ...] = ()
    ) -> Rehearsal:
        """The rehearsal that was left in that state; `before` are the values before what was done last there."""
        rehearsal = cls.__new__(cls)
        rehearsal.story, rehearsal.seed, rehearsal.faces = story, seed, faces
        rehearsal.state, rehearsal.cards, rehearsal.rolls = state, retell(story, state), ()
        rehearsal._before = before
        return rehearsal

    @property
    def before(self) -> Values:
        """The values before what was done last."""
        return self._before

    @property
    def card(self) -> Card:
        """What waits."""
        return self.cards[-1]

    @property
    def link(self) -> str:
        """One line of text that starts the rehearsal here again. What is still to be rolled is not in it."""
        return bookmark(self.story, self.state)

    # -- what can be done; each raises `Refused`, or `BadValue`, and has then changed nothing

    def choose(self, choice: str, text: str | None = None) -> None:
        """Take a choice; `text` answers one that asks."""
        self._take(self.state, Choose(self.state.revision, choice, text))

    def time_out(self) -> None:
        """Let the time to choose run out."""
        self._take(self.state, TimeOut(self.state.revision))

    def rewind(self, to: int | None = None) -> None:
        """Back to the `to`-th choice from 0, or to the last."""
        last = len(choice_points(self.state.path)) - 1
        self._take(self.state, Rewind(self.state.revision, last if to is None else to))

    def restart(self) -> None:
        """Play again; what is kept is kept."""
        self._take(self.state, Restart(self.state.revision))

    def jump(self, scene: str) -> None:
        """Straight to a scene."""
        self._take(self.state, Jump(self.state.revision, scene))

    def speak(self, language: str) -> None:
        """Go on in another language."""
        self._take(self.state, Speak(self.state.revision, language))

    def assign(self, variable: str, written: str) -> None:
        """Set a variable. It stands on the path, so that it is set again whenever the way is walked again."""
        value = read_value(variable_of(self.story, variable), written)
        record = {"values": {variable: value}, "ended": sorted(self.state.ended)}
        walk = Walk.onward(self.story, self.state, seeded(0, 0))
        walk.recall(KEPT + json.dumps(record, ensure_ascii=False, separators=(",", ":")))
        before = self.state.values
        self._stand(
            replace(
                self.state, values=tuple(walk.values), path=tuple(walk.path), revision=self.state.revision + 1
            )
        )  # fmt: skip
        self._before = before

    def lay(self, *faces: int) -> None:
        """Lay down what the next dice show, from 1 up, in place of what was laid down before."""
        self.faces = faces

    # -- what a writer sees beside the card

    def ledger(self) -> tuple[Entry, ...]:
        """Every variable, with its value before what was done last."""
        return ledger(self.story, self._before, self.state.values)

    def prospects(self) -> tuple[Prospect, ...]:
        """Every choice that the scene has, hidden ones too."""
        return prospects(self.story, self.state, self.seed, self.faces)

    # -- the story exchanged

    def reload(self, new: Story) -> Landed:
        """Go on in the next version of the story, as near as can be; the ledger tells what that did to the values."""
        old, before = self.story, self.state.values
        told, state = landed(old, self.state, new)
        self.story = new
        self._stand(state)
        self._before = carried_values(old, before, new)
        return told

    # -- inside

    def _take(self, state: BranchState | None, event: Event) -> None:
        revision = 0 if state is None else state.revision + 1
        dice = LoadedDice(seeded(self.seed, revision), self.faces)
        taken = step(self.story, state, event, 0, dice)
        self._before = taken.branch_state.values if state is None else state.values
        self.state, self.cards = taken.branch_state, taken.cards
        self.rolls = tuple(dice.rolls)
        self.faces = tuple(dice.faces)

    def _stand(self, state: BranchState) -> None:
        self.state, self.cards, self.rolls = state, (show(self.story, state),), ()
        self._before = state.values
