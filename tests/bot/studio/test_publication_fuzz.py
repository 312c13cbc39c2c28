"""Whatever a writer publishes, and takes back, while viewers tap: nobody is silently wrong, lost, or there twice."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Coroutine
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from bot.event import Answer
from bot.play import landing as landings
from bot.play.event import Restart
from bot.play.landing import Fate, Landing
from bot.play.resettle import resettled
from bot.play.state import BranchState, pack
from bot.play.step import Reason, show
from bot.store.port import OutboxCard, Store
from bot.store.postgres import PostgresStore
from bot.store.sqlite import SQLiteStore
from bot.story.story import Story
from bot.studio.publishing import Published
from tests.bot.play.test_landing_fuzz import sessions, versions
from tests.bot.studio.audience import Audience, Seat, Verdict, each
from tests.fakes.atelier import Atelier, atelier
from tests.fakes.crowd import Crowd
from tests.fakes.effort import effort

SESSIONS = 1_000
"""Of each story."""
STORIES = effort(10, 50)
ON_POSTGRES = 1
MEANWHILE = 60
"""Taps while a story is published; half of them from places that are at hand."""
WHILE = 0.6
"""Seconds in which they come: about as long as it takes."""
LATER = 40
"""Taps afterwards, of each kind."""
BEHIND = 5
"""Sessions that are left behind on purpose."""

ALL = (
    "quiet", "refreshed", "moved", "restarts", "card", "good button", "button of before", "behind, told",
    "behind, quiet", "tapped, then landed",
)  # fmt: skip
"""What has to have come to pass for any of it to mean something."""


async def test_nobody_is_silently_wrong(tmp_path: Path) -> None:
    came = await published(tmp_path, SQLiteStore(tmp_path / "bot.db"), STORIES)
    assert all(came[what] for what in ALL), came


async def test_nor_on_postgresql(tmp_path: Path, postgres_url: str) -> None:
    came = await published(tmp_path, PostgresStore(postgres_url), ON_POSTGRES)
    assert came["quiet"], came


FAULTS: dict[str, tuple[str, object]] = {
    "nobody is told": ("bot.play.resettle.told_of", lambda landing: None),
    "everybody is told": ("bot.play.resettle.told_of", lambda landing: "refreshed"),
    "some are left behind": ("bot.studio.publishing.MOST_AT_ONCE", 10),
    "cards are forgotten": ("bot.studio.crossing.in_no_hurry", lambda session, cards: ()),
    "cards come to whoever is long gone": ("bot.studio.crossing.LATELY", 10**12),
    "everybody begins again": ("bot.play.resettle.land", lambda old, state, new: begun_again(old, state, new)),
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_fault_is_found(fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(*FAULTS[fault])
    with pytest.raises(AssertionError):
        await published(tmp_path, SQLiteStore(tmp_path / "bot.db"), 4, 150)


def begun_again(old: Story, state: BranchState, new: Story) -> Landing:
    return Landing(Fate.RESTARTS, landings._anew(old, state, new), walked=True, refreshed=True)


async def published(folder: Path, store: Store, stories: int, many: int = SESSIONS) -> Counter[str]:
    """Stories with an audience each, published, edited, and taken back; how often what came to pass."""
    came: Counter[str] = Counter()
    async with atelier(folder, store) as house:
        for seed in range(stories):
            drama, edit = versions(seed)
            audience = Audience(house, f"drama-{seed}", Random(seed))
            await house.publish(drama.sources, audience.story)
            old = house.library.story(audience.story)
            await audience.sit(old, list(sessions(old, Random(seed), many)))
            crowd = Crowd(house.app, house.clock)
            await crowd.gather(story=audience.story, address=f"-{seed}", event=f"gather-{seed}")
            await house.draft(edit.sources, audience.story)
            publishing, who, at = house.studio.publishing, (house.owner, audience.story), house.clock()
            came += await crossed(house, audience, old, edit, publishing.publish(*who, 2, 2, at))
            came += await crossed(house, audience, edit, old, publishing.revert(*who, 3, at))
            booth = await crowd.booth()
            assert (booth.story.version, booth.row.revision) == (old.version, 0)
    return came


async def crossed(
    house: Atelier, audience: Audience, old: Story, new: Story, publishing: Coroutine[object, object, Published]
) -> Counter[str]:
    """Everybody, on the way from one version into another."""
    await audience.warm(old, MEANWHILE // 2)
    at_hand = {id for id, _ in each(audience.seats) if id in house.app._recent._places}
    tapped = audience.some(old, len(audience.seats))
    tapped = [one for one in tapped if one[0].session.id in at_hand][: MEANWHILE // 2] + tapped[: MEANWHILE // 2]
    tapped = list({seat.session.id: (seat, choice) for seat, choice in tapped}.values())
    seen = await outbox(house)
    _, answers = await asyncio.gather(publishing, asyncio.gather(*(late(audience, *one) for one in tapped)))
    verdict = Verdict(audience, old, new)
    after, cards = dict(each(await audience.look(old, new))), await outbox(house)
    for id, before in each(audience.seats):
        if id not in {seat.session.id for seat, _ in tapped}:
            fate = verdict.landed(before, after[id])
            verdict.told(before, after[id], fate, cards[id][len(seen[id]) :])
    for (seat, choice), answer in zip(tapped, answers, strict=True):
        verdict.followed(seat, choice, answer, after[seat.session.id])
    await buttons(audience, verdict, after)
    await stragglers(audience, verdict, {seat.session.id for seat, _ in tapped})
    audience.seats = await audience.look(new)
    return verdict.came


async def late(audience: Audience, seat: Seat, choice: str) -> Answer:
    """A tap some time while it is published."""
    await asyncio.sleep(audience.chance.random() * WHILE)
    return await audience.tap(seat, choice)


async def buttons(audience: Audience, verdict: Verdict, after: dict[int, Seat]) -> None:
    """The buttons that people have in their chats work where nothing was said, and are refused where it was."""
    pressed = Counter[str]()
    for seat, choice in audience.some(verdict.old, len(audience.seats)):
        there = after[seat.session.id]
        if there.session.version != verdict.new.version or there.session.revision > seat.session.revision + 1:
            continue
        moved = there.session.revision > seat.session.revision
        kind = "button of before" if moved else "good button"
        if pressed[kind] >= LATER:
            continue
        pressed[kind] += 1
        answer = await audience.tap(seat, choice)
        if moved:
            assert (answer.notice, answer.state) == (Reason.MOVED_ON, there.state)
        else:
            assert answer.notice is None
            assert answer.state == audience.stepped(verdict.new, there, there.state, choice)
    verdict.came += pressed


async def stragglers(audience: Audience, verdict: Verdict, tapped: set[int]) -> None:
    """Who was left behind, by chance or on purpose, is landed by their next tap, and told so where they must be."""
    fresh = [seat for seat, _ in audience.some(verdict.old, 2 * BEHIND)]
    now = await audience.look(verdict.old, verdict.new, only={seat.session.id for seat in fresh} | tapped)
    left = [seat for seat in now if seat.session.version == verdict.old.version]
    here = dict(each(now))
    back = [behind(verdict.old, seat, here[seat.session.id]) for seat in fresh if here[seat.session.id] not in left]
    await audience.write((seat.session, seat.session.revision - 1) for seat in back)
    audience.house.app.forget_places()
    for seat in [*back, *left]:
        await straggler(audience, verdict, seat)


def behind(old: Story, seat: Seat, now: Seat) -> Seat:
    """The session as it stood before, as if it had come there meanwhile."""
    state = replace(seat.state, revision=now.session.revision + 1)
    session = replace(now.session, version=old.version, revision=state.revision, state=pack(old, state))
    return Seat(seat.user, session, state)


async def straggler(audience: Audience, verdict: Verdict, seat: Seat) -> None:
    options = [one.id for one in show(verdict.old, seat.state).options if not one.locked]
    if not options:
        # Who came to an end meanwhile can only begin again.
        again = await audience.house.tell(seat.user, seat.session.id, Restart(seat.state.revision))
        assert again.session.version == verdict.new.version
        return
    there = resettled(verdict.old, seat.state, verdict.new)[1]
    told = there.revision - seat.state.revision
    verdict.settled(seat.state, there)
    answer = await audience.tap(seat, options[0])
    assert answer.notice is None
    assert answer.session.version == verdict.new.version
    if not told:
        verdict.came["behind, quiet"] += 1
        assert answer.state == audience.stepped(verdict.new, seat, there, options[0])
        return
    verdict.came["behind, told"] += 1
    assert answer.state == there
    assert answer.state.landed is not None
    again = await audience.tap(seat, options[0])
    assert (again.notice, again.state) == (Reason.MOVED_ON, there)


async def outbox(house: Atelier) -> dict[int, list[OutboxCard]]:
    """The cards of each session, in their order."""
    found = defaultdict(list)
    for card in await house.store.pending("console", 0, 1_000_000):
        found[card.session].append(card)
    return found
