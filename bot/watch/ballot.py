"""A ballot: what one revision of a session is voted on, under which rules, and what its clock does."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.watch.rules import Rules

MOST_CHOICES = 64
"""A ballot that claims more is damaged; what a story may offer (`bot.story.models`) is less."""

FIRST, SECOND = 1, 2


@dataclass(frozen=True, slots=True)
class Ballot:
    """Everything a count needs but the votes and the dice, so that a stored ballot can be counted again for ever.

    The clock runs (`closes`, Unix ms), or stands with something left on it (`left`, ms), or there is none. It stands
    while the room is paused, and where nobody voted lately: then the first vote starts it.
    """

    revision: int
    choices: tuple[str, ...]
    """The ids that were open when the ballot was, in the story's order."""
    opened: int
    rules: Rules
    host: str | None
    """Whose vote the mode or the tie rule may ask for; kept in step with the room's host while the ballot is open."""
    default: str | None = None
    """The choice the story takes when time runs out; None where it has none or leaves it to the dice."""
    closes: int | None = None
    left: int | None = None
    run: int = FIRST
    among: tuple[str, ...] = ()
    """In the second round, the choices still in it."""
    extended: bool = False
    """Whether the time ran again already because too few had voted."""
    skipped: bool = False
    """Whether it was ended without counting: the default was taken."""
    closed: bool = False

    def __post_init__(self) -> None:
        if not 0 < len(self.choices) <= MOST_CHOICES or len(set(self.choices)) < len(self.choices):
            raise ValueError(f"a ballot has 1 to {MOST_CHOICES} choices, each once")
        if not {self.default or self.choices[0], *self.among} <= set(self.choices):
            raise ValueError("a ballot's default and its second round are among its choices")
        if self.run not in (FIRST, SECOND) or (self.run == SECOND) != bool(self.among):
            raise ValueError("a ballot has a first round among all, or a second among some")

    @property
    def contenders(self) -> tuple[str, ...]:
        """The choices that can be voted for now."""
        return self.among or self.choices

    def late(self, now: int) -> bool:
        """Whether a vote at Unix ms `now` comes too late: closed, or its time is over and the close is on its way."""
        return self.closed or (self.closes is not None and now >= self.closes)


def shut(ballot: Ballot) -> Ballot:
    """The ballot closed, its clock with it."""
    return replace(ballot, closed=True, closes=None, left=None)


def started(ballot: Ballot, now: int) -> Ballot:
    """The ballot with what is left on its clock running from now; the same one where no clock stands."""
    return ballot if ballot.left is None else replace(ballot, closes=now + ballot.left, left=None)


def halted(ballot: Ballot, now: int) -> Ballot:
    """The ballot with its clock standing, to the millisecond; the same one where none runs."""
    return ballot if ballot.closes is None else replace(ballot, closes=None, left=max(ballot.closes - now, 0))


def longer(ballot: Ballot, now: int) -> Ballot:
    """The ballot with the time of one vote more on its clock; the same one where there is none."""
    more = ballot.rules.seconds * 1000
    if ballot.closes is not None:
        return replace(ballot, closes=max(ballot.closes, now) + more)
    return ballot if ballot.left is None else replace(ballot, left=ballot.left + more)


def second_round(ballot: Ballot, among: tuple[str, ...], now: int) -> Ballot:
    """The next round, between some: votes for one of them stand until they are changed, the others are out."""
    seconds = ballot.rules.seconds
    clock = now + seconds * 1000 if seconds else None
    return replace(ballot, run=SECOND, among=among, closes=clock, left=None)
