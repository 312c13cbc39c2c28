"""A viewer for the tests: plays a story step by step with real dice, and notes what happened."""

from __future__ import annotations

from bot.play.card import Card
from bot.play.dice import seeded
from bot.play.event import Begin, Choose, Event, Jump, Restart, Rewind, Speak, TimeOut
from bot.play.state import BranchState
from bot.play.step import Step, step
from bot.story.story import Story

NOON = 1_700_000_000_000


class Player:
    """One session; every event comes a second after the one before."""

    def __init__(self, story: Story, language: str = "", seed: int = 7) -> None:
        self.story = story
        self.seed = seed
        self.now = NOON
        self.steps: list[Step] = []
        self.events: list[Event] = []
        self._do(Begin(language or story.language), None, 0)

    @property
    def state(self) -> BranchState:
        return self.steps[-1].branch_state

    @property
    def cards(self) -> tuple[Card, ...]:
        return self.steps[-1].cards

    @property
    def card(self) -> Card:
        return self.cards[-1]

    @property
    def scene(self) -> str:
        return self.state.scene

    @property
    def buttons(self) -> list[str]:
        """Choice ids as shown; locked ones in brackets."""
        return [f"({option.id})" if option.locked else option.id for option in self.card.options]

    def value(self, name: str) -> object:
        names = [variable.name for variable in self.story.variables]
        return self.state.values[names.index(name)]

    def choose(self, *choices: str, text: str | None = None) -> Player:
        for choice in choices:
            self.do(Choose(self.state.revision, choice, text))
        return self

    def time_out(self, *, present: bool = True) -> Player:
        return self.do(TimeOut(self.state.revision, present))

    def rewind(self, to: int) -> Player:
        return self.do(Rewind(self.state.revision, to))

    def restart(self) -> Player:
        return self.do(Restart(self.state.revision))

    def jump(self, scene: str) -> Player:
        return self.do(Jump(self.state.revision, scene))

    def speak(self, language: str) -> Player:
        return self.do(Speak(self.state.revision, language))

    def do(self, event: Event) -> Player:
        """An event; raises `Refused`, and is then forgotten."""
        self._do(event, self.state, self.state.revision + 1)
        return self

    def _do(self, event: Event, state: BranchState | None, revision: int) -> None:
        now = self.now + 1000
        self.steps.append(step(self.story, state, event, now, seeded(self.seed, revision)))
        self.events.append(event)
        self.now = now


def replayed(player: Player) -> Player:
    """The same events once more, from nothing."""
    again = Player(player.story, player.steps[0].branch_state.language, player.seed)
    for event in player.events[1:]:
        again.do(event)
    return again
