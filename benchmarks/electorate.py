"""The voters of one room, inside the server's process: each presses again as soon as an answer has come."""

from __future__ import annotations

import time
from collections.abc import Sequence

from benchmarks.polls.tale import COUNTED
from tests.fakes.discord.crowd import Crowd, Press
from tests.fakes.discord.interaction import ACK_SECONDS
from tests.fakes.discord.message import Message
from tests.fakes.discord.world import World
from tests.fakes.telegram.bell import Bell


class Ear(Bell):
    """Hears when a deferred answer gets its words."""

    def __init__(self, crowd: Electorate, press: Press) -> None:
        super().__init__()
        self._crowd = crowd
        self._press = press

    def ring(self) -> None:
        """See the base."""
        # A first answer rings before it is one.
        if self._press.ack is not None:
            self._crowd.told(self._press)


class Electorate(Crowd):
    """Every press changes the voter's mind, so that every one of them has to be written. `waits` are the seconds until
    the words that a vote counts; an answer that is only deferred goes on waiting."""

    def __init__(self, world: World, size: int) -> None:
        super().__init__(world, size)
        self._numbers = {int(body["id"]): number for number, body in enumerate(self.voters)}
        self._card: Message | None = None
        self._choices: Sequence[str] = ()
        self._going = False
        self._open: dict[int, Press] = {}
        self._unsure: set[int] = set()
        self.deferred = 0
        self.failed = 0
        """Presses that were not answered in time: the application did not respond."""
        self.counted: list[int] = []
        """The presses that were acknowledged as counted, in that order."""
        self.chosen: dict[int, str] = {}
        """By voter, what the last press was for."""
        self.others: list[str] = []
        """What was answered to presses that did not count."""

    @property
    def idle(self) -> bool:
        """Whether nobody waits for an answer."""
        return not self._open

    @property
    def card(self) -> Message:
        """The message that they press."""
        assert self._card is not None
        return self._card

    @property
    def wishes(self) -> dict[int, str]:
        """By voter, the custom id of their vote as they were told that it counts."""
        return {voter: wanted for voter, wanted in self.chosen.items() if voter not in self._unsure}

    def aim(self, card: Message, choices: Sequence[str]) -> None:
        """From now on they vote there, for these custom ids."""
        self._card, self._choices = card, choices

    def once(self) -> None:
        """All press at once."""
        for voter in range(self.size):
            self.one(voter)

    def begin(self) -> None:
        """All press, and again with every answer, until `end`."""
        self._going = True
        self.once()

    def end(self) -> None:
        """Nobody presses any more."""
        self._going = False

    def one(self, voter: int) -> None:
        """This voter presses what it did not press last; of three, two press the first choice first."""
        before = self.chosen.get(int(self.voters[voter]["id"]))
        at = voter % 3 % 2 if before not in self._choices else self._choices.index(before) + 1
        made = self._open[voter] = self.press(self.card, self._choices[at % len(self._choices)], voter)
        made.bell = Ear(self, made)

    def lose_patience(self) -> None:
        """Whoever was not answered in time presses again, or gives up where nobody presses any more."""
        latest = time.perf_counter() - ACK_SECONDS
        for voter in [voter for voter, press in self._open.items() if press.pressed < latest and press.ack is None]:
            press = self._open.pop(voter)
            self.failed += 1
            # It may count nevertheless, and nobody was told.
            self._unsure.add(press.user)
            self.chosen[press.user] = press.name
            if self._going:
                self.one(voter)

    def answered(self, press: Press) -> None:
        """See the base."""
        if press.original is not None and press.original.loading:
            self.deferred += 1
        else:
            self.told(press)

    def told(self, press: Press) -> None:
        """There are words."""
        voter = self._numbers[press.user]
        if self._open.get(voter) is not press:
            return
        del self._open[voter]
        self.waits.append(time.perf_counter() - press.pressed)
        self.acked += 1
        self._forget(press)
        said = press.original.body["content"] if press.original is not None else ""
        if said.startswith(COUNTED):
            self.counted.append(press.id)
            self.chosen[press.user] = press.name
            self._unsure.discard(press.user)
        else:
            self.others.append(said)
        if self._going:
            self.one(voter)
