"""Test plays outlast everything: each creator has one, it follows its story, and nothing is done in it twice."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.play.landing import Fate
from bot.play.step import Refused
from bot.store.drafts import DRAFTS_KEPT
from bot.studio.bookmark import BadBookmark
from bot.studio.creator import Creator, Denied, Why
from bot.studio.playing import Play, Playing
from bot.studio.portfolio import Portfolio
from bot.studio.rehearsal import Rehearsal
from tests.fakes.atelier import NO_YARD, OTHER_BUTTONS, OTHER_WORDS, STORY, TALE, Atelier


@pytest.fixture
async def house(house: Atelier) -> Atelier:
    await house.draft()
    return house


async def act(house: Atelier, *choices: str, who: Creator | None = None) -> Play:
    creator = who or house.owner
    play = await house.studio.playing.now(creator, house.clock())
    for choice in choices:
        done = await house.studio.playing.act(
            creator, play.row.revision, house.clock(), lambda one, id=choice: one.choose(id, "Mo")  # type: ignore[misc]
        )  # fmt: skip
        assert done is not None
        play = done
    return play


def again(house: Atelier) -> Playing:
    """As after a restart, or in another worker: nothing is remembered."""
    return Playing(house.store, Portfolio(house.store, house.library))


async def begin(house: Atelier, who: Creator | None = None, story: str = STORY) -> Play:
    return await house.studio.playing.begin(who or house.owner, story, house.clock())


async def test_a_test_play_goes_on_where_it_was_whoever_reads_it(house: Atelier) -> None:
    await begin(house)
    play = await act(house, "in", "back", "sign")
    await house.studio.playing.act(house.owner, None, 0, lambda one: one.lay(3, 1))
    there = await again(house).now(house.owner, house.clock())
    assert (there.rehearsal.state, there.rehearsal.before) == (play.rehearsal.state, play.rehearsal.before)
    assert there.rehearsal.faces == (3, 1)
    assert dict(zip(("trust", "name"), there.rehearsal.state.values, strict=True)) == {"trust": 1, "name": "Mo"}
    assert there.landed is None
    assert not there.anew


async def test_what_was_pressed_twice_or_late_is_done_once(house: Atelier) -> None:
    play = await begin(house)
    taken = await asyncio.gather(*(
        house.studio.playing.act(house.owner, play.row.revision, 0, lambda one: one.choose("in")) for _ in range(5)
    ))  # fmt: skip
    assert sum(one is not None for one in taken) == 1
    now = await again(house).now(house.owner, 0)
    assert (now.row.revision, now.rehearsal.state.values[0]) == (play.row.revision + 1, 1)


async def test_what_cannot_be_done_changes_nothing(house: Atelier) -> None:
    play = await begin(house)
    with pytest.raises(Refused):
        await act(house, "locked")
    assert (await again(house).now(house.owner, 0)).row == play.row


async def test_a_new_play_has_buttons_of_its_own(house: Atelier) -> None:
    await begin(house)
    old = await act(house, "in")
    new = await begin(house)
    assert new.row.revision > old.row.revision
    assert await house.studio.playing.act(house.owner, old.row.revision, 0, Rehearsal.restart) is None


@pytest.mark.parametrize(("text", "fate", "scene"), [
    (OTHER_WORDS, Fate.CONTINUES, "yard"), (OTHER_BUTTONS, Fate.CONTINUES, "yard"), (NO_YARD, Fate.MOVED, "gate"),
])  # fmt: skip
async def test_it_follows_its_story_and_says_so_once(house: Atelier, text: str, fate: Fate, scene: str) -> None:
    await begin(house)
    await act(house, "in")
    await house.draft(text)
    play = await house.studio.playing.now(house.owner, house.clock())
    assert play.landed is not None
    assert (play.landed.fate, play.rehearsal.state.scene, play.row.upload) == (fate, scene, 2)
    assert (await again(house).now(house.owner, 0)).landed is None


async def test_what_was_pressed_in_the_draft_before_is_not_done_in_this_one(house: Atelier) -> None:
    await begin(house)
    before = await act(house, "in")
    await house.draft(OTHER_BUTTONS)
    shown = await house.studio.playing.act(house.owner, before.row.revision, 0, lambda one: one.choose("end"))
    assert shown is not None
    assert shown.landed is not None
    assert shown.rehearsal.state.scene == "yard"
    assert await house.studio.playing.act(house.owner, before.row.revision, 0, lambda one: one.choose("end")) is None


async def test_it_begins_anew_where_the_draft_it_is_in_is_long_gone(house: Atelier) -> None:
    await begin(house)
    old = await act(house, "in")
    for number in range(DRAFTS_KEPT):
        await house.draft(TALE.replace("a hall.", f"hall {number}."))
    play = await house.studio.playing.now(house.owner, house.clock())
    assert (play.anew, play.rehearsal.state.scene) == (True, "gate")
    assert play.row.revision > old.row.revision
    assert not (await again(house).now(house.owner, 0)).anew


async def test_one_that_is_damaged_begins_anew(house: Atelier) -> None:
    play = await begin(house)
    await house.store.keep_rehearsal(replace(play.row, body='{"state": "~"}'), None)
    assert (await house.studio.playing.now(house.owner, 0)).anew


async def test_a_link_leads_to_the_same_place(house: Atelier) -> None:
    await begin(house)
    play = await act(house, "in", "back")
    there = await house.studio.playing.begin(house.owner, STORY, 0, link=play.rehearsal.link)
    assert there.rehearsal.state.path == play.rehearsal.state.path
    with pytest.raises(BadBookmark):
        await house.studio.playing.begin(house.owner, STORY, 0, link=f"{STORY} nowhere")
    assert (await again(house).now(house.owner, 0)).row == there.row


async def test_everybody_plays_alone(house: Atelier) -> None:
    ann = await house.with_role("tester", name="ann")
    await begin(house)
    await begin(house, ann)
    await act(house, "in", who=ann)
    assert (await house.studio.playing.now(house.owner, 0)).rehearsal.state.scene == "gate"
    assert (await house.studio.playing.now(ann, 0)).rehearsal.state.scene == "yard"


async def test_who_has_no_role_any_more_plays_no_more(house: Atelier) -> None:
    ann = await house.with_role("tester", name="ann")
    await begin(house, ann)
    await house.studio.people.take(house.owner, STORY, ann.viewer, 0)
    with pytest.raises(Denied) as denied:
        await house.studio.playing.now(ann, 0)
    assert denied.value.why is Why.UNKNOWN
    await house.with_role("tester", name="ann")
    await house.studio.delete(house.owner, STORY, 0)
    with pytest.raises(Denied) as denied:
        await house.studio.playing.now(ann, 0)
    assert denied.value.why is Why.NOT_PLAYING
