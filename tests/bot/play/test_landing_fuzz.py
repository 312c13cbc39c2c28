"""Whatever a writer does to a story, and undoes again: nobody who is in it is put anywhere silently wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from random import Random

import pytest

from bot.play.dice import seeded
from bot.play.event import Adopt, Begin, Choose, Event, Jump, Learn, Restart, Rewind, Speak, TimeOut
from bot.play.landing import land
from bot.play.path import choice_points
from bot.play.renaming import Names
from bot.play.state import BranchState
from bot.play.step import Refused, step
from bot.story.expression import Value, Variable
from bot.story.prover.prove import prove
from bot.story.story import Story
from tests.bot.play.dramas import made_up
from tests.bot.play.editor import edited
from tests.bot.play.landing_judge import Judge, marked
from tests.fakes.effort import effort

BATCHES = 5
STORIES = effort(20, 200)
"""In each batch."""
SESSIONS = 100
"""Of each story."""

TEXTS = (None, "Mo", "A long name indeed", "%1 >c0 @end ~c1")


@pytest.mark.parametrize("batch", range(BATCHES))
def test_nobody_is_put_anywhere_silently_wrong(batch: int) -> None:
    fates: Counter[str] = Counter()
    for seed in range(batch * STORIES, batch * STORIES + STORIES):
        fates += landed(seed)
    assert fates.total() >= STORIES * SESSIONS
    # All that can become of anybody does.
    assert all(fates[told] for told in TOLD), fates


TOLD = (
    "there continues", "there continues refreshed", "there continues walked", "there continues walked refreshed",
    "there moved walked refreshed", "there restarts walked refreshed",
    "back continues walked", "back continues walked refreshed",
)  # fmt: skip


def test_sessions_stand_wherever_a_play_can_come_to_rest() -> None:
    for seed in range(STORIES):
        old, _ = versions(seed)
        impossible = prove(old, seeded(0, 0)).impossible
        resting = {scene.id for scene in old.scenes.values() if scene.route is None} - impossible
        assert resting <= {state.scene for state in sessions(old, Random(seed), SESSIONS)}


def forgetful(old: Story, new: Story) -> Names:
    """Names that know of no renaming."""
    return Names({}, {}, {})


def unbound(variable: Variable, value: Value | None) -> Value:
    """A value as it was, whatever its variable takes now."""
    return variable.start if value is None else value


def always(story: Story, state: BranchState) -> bool:
    return True


FAULTS: dict[str, list[tuple[str, object]]] = {
    "what was renamed is not followed": [
        (f"bot.play.{module}.names", forgetful) for module in ("landing", "rewalk", "carry")
    ],
    "values leave their bounds": [("bot.play.carry._fitting", unbound)],
    "one stands where nothing can be chosen": [("bot.play.landing._rests", always)],
    "one is moved back to the first choice and not the last": [("bot.play.landing.reversed", iter)],
    "no card is ever out of date": [("bot.play.landing._pressable", always)],
    "a way is never walked again": [("bot.play.landing.walked_again", lambda old, state, new: None)],
    "what is kept is lost on the way back": [("bot.play.landing.kept", lambda story, values: [])],
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_in_landing_is_found(fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for target, planted in FAULTS[fault]:
        monkeypatch.setattr(target, planted, raising=False)
    with pytest.raises((AssertionError, ValueError)):
        sum((landed(seed) for seed in range(STORIES)), Counter())


def landed(seed: int, count: int = SESSIONS) -> Counter[str]:
    """Sessions of a story, each landed in what a writer made of it and back again, and judged; what became of them."""
    old, new = versions(seed)
    there, back = Judge(old, new), Judge(new, old)
    fates: Counter[str] = Counter()
    for state in sessions(old, Random(seed), count):
        once = land(old, state, new)
        there.judge(state, once)
        again = land(new, once.state, old)
        back.judge(once.state, again)
        for way, one in (("there", once), ("back", again)):
            fates[f"{way} {one.fate.value}{' walked' * one.walked}{' refreshed' * one.refreshed}"] += 1
    return fates


def versions(seed: int) -> tuple[Story, Story]:
    old = marked(made_up(seed))
    edits = Random(seed).choice((1, 2, 4, 8))
    return old, next(new for again in range(100) if (new := edited(old, seed * 100 + again, edits)) is not None)


def sessions(story: Story, chance: Random, count: int) -> Iterator[BranchState]:
    """Sessions as viewers make them; those go on that stand where few do, so that there are some everywhere."""
    begun = step(story, None, Begin(chance.choice(("en", "es", "fr"))), 0, seeded(chance.getrandbits(60), 0))
    standing = {begun.branch_state.scene: [begun.branch_state]}
    yield begun.branch_state
    while count > 1:
        state = chance.choice(standing[chance.choice(list(standing))])
        try:
            event = something(story, state, chance)
            now = state.since + 1000
            state = step(story, state, event, now, seeded(chance.getrandbits(60), state.revision)).branch_state
        except Refused:
            continue
        standing.setdefault(state.scene, []).append(state)
        count -= 1
        yield state


def something(story: Story, state: BranchState, chance: Random) -> Event:
    """Something that a viewer does, or their creator, or their other device."""
    revision, choices = state.revision, list(story.scenes[state.scene].choices)
    what = chance.random()
    if choices and what < 0.7:
        return Choose(revision, chance.choice(choices), chance.choice(TEXTS))
    if what < 0.8:
        return TimeOut(revision, present=chance.random() < 0.5)
    points = len(choice_points(state.path))
    others: tuple[Event, ...] = (
        Restart(revision),
        Rewind(revision, chance.randint(0, points)),
        Rewind(revision, chance.randint(0, points)),
        Adopt(state, chance.randint(0, points), "en", revision),
        Jump(revision, chance.choice(list(story.scenes))),
        Speak(revision, chance.choice(("en", "es", "fr"))),
        Learn(revision, frozenset(chance.sample(story.endings, 1)), frozenset(chance.sample(list(story.scenes), 2))),
    )
    return chance.choice(others)
