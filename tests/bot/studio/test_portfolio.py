"""The portfolio: everybody sees what they have a role in, as it was sent last, and nobody gets another's id."""

from __future__ import annotations

from dataclasses import replace

import pytest
from structlog.testing import capture_logs

from bot.clips.deposit import Deposit
from bot.studio import portfolio as portfolios
from bot.studio.creator import Creator, Denied, Why
from tests.fakes.atelier import OTHER_WORDS, STORY, TALE, Atelier
from tests.fakes.stories import CROSSROADS

CLIP = Deposit("a" * 64 + ".mp4", 1_000, 4.5)


async def test_all_that_one_has_a_role_in_the_latest_first(house: Atelier) -> None:
    ann = await house.creator("ann")
    for story in ("one", "two", "three"):
        await house.draft(story=story)
        house.clock.advance(1)
    await house.with_role("tester", "two", "ann")
    await house.with_role("writer", "one", "ann")
    await house.draft(story="one")
    mine = await house.studio.portfolio.all_of(ann)
    assert [(one.row.story, one.row.role, one.draft.upload) for one in mine] == [
        ("one", "writer", 2),
        ("two", "tester", 1),
    ]
    assert await house.studio.portfolio.all_of(await house.creator("ben")) == []


async def test_it_is_the_story_as_it_was_sent_last_with_its_clips_and_what_is_live(house: Atelier) -> None:
    await house.draft(clips={"clips/gate.mp4": CLIP})
    await house.publish()
    await house.draft(OTHER_WORDS)
    mine = await house.studio.portfolio.one(house.owner, STORY)
    assert mine.story.wordings["en"].plain("scene/yard/line/yard") == "The big yard."
    assert (mine.story.uploads, mine.story.seconds) == ({"clips/gate.mp4": CLIP.name}, {"gate": 4.5})
    assert mine.publication is not None
    assert mine.publication.version == house.library.story(STORY).version != mine.story.version


async def test_a_story_is_read_once(house: Atelier) -> None:
    await house.draft()
    first = await house.studio.portfolio.one(house.owner, STORY)
    assert (await house.studio.portfolio.one(house.owner, STORY)).story is first.story
    await house.draft(clips={"clips/gate.mp4": CLIP})
    assert (await house.studio.portfolio.one(house.owner, STORY)).story is not first.story


async def test_a_story_that_began_anew_is_not_the_one_that_was_given_up(house: Atelier) -> None:
    await house.draft()
    await house.studio.portfolio.one(house.owner, STORY)
    await house.studio.delete(house.owner, STORY, 0)
    ben = await house.creator("ben")
    await house.draft(TALE.replace("The Gate", "Ben's Gate"), who=ben)
    mine = await house.studio.portfolio.one(ben, STORY)
    assert mine.story.wordings["en"].plain("title") == "Ben's Gate"


async def test_of_however_many_stories_few_are_kept_in_memory(house: Atelier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(portfolios, "MOST_READ", 2)
    for number in range(4):
        await house.draft(story=f"story-{number}")
    await house.studio.portfolio.all_of(house.owner)
    assert len(house.studio.portfolio._stories) == 2


async def test_a_draft_that_can_no_longer_be_read_hides_no_other(house: Atelier) -> None:
    await house.draft()
    await house.draft("of another language", story="old")
    with capture_logs() as logs:
        mine = await house.studio.portfolio.all_of(house.owner)
    assert [one.row.story for one in mine] == [STORY]
    assert [(log["event"], log["story"]) for log in logs] == [("draft_unreadable", "old")]
    role, draft = await house.studio.portfolio.draft(house.owner, "old", "writer")
    assert (role, draft.upload) == ("owner", 1)


async def denied(house: Atelier, creator: Creator, story: str = STORY) -> bool:
    try:
        await house.studio.portfolio.may_begin(creator, story)
    except Denied as error:
        return error.why is Why.TAKEN
    return False


async def test_an_id_is_free_until_somebody_has_it(house: Atelier) -> None:
    ann = await house.creator("ann")
    assert not await denied(house, ann)
    await house.draft()
    assert await denied(house, ann)
    await house.studio.delete(house.owner, STORY, 0)
    assert not await denied(house, ann)


async def test_the_id_of_what_was_published_stays_its_creators(house: Atelier) -> None:
    ann = await house.creator("ann")
    await house.publish(TALE)
    await house.studio.delete(house.owner, STORY, 0)
    assert await denied(house, ann)
    assert not await denied(house, house.owner)


async def test_the_id_of_what_was_stopped_is_nobodys(house: Atelier) -> None:
    operator = await house.creator("operator", operator=True)
    await house.publish(TALE)
    await house.studio.publishing.withdraw(operator, STORY, 0, "stopped")
    await house.studio.delete(house.owner, STORY, 0)
    assert await denied(house, house.owner)
    assert await denied(house, operator)


async def test_a_story_of_this_server_is_nobodys_nor_one_that_is_still_played(
    house: Atelier,
) -> None:
    folder = house.folder / "stories"
    for story, text in (("crossroads", CROSSROADS), ("broken", "title: [")):
        (folder / story).mkdir()
        (folder / story / "story.yaml").write_text(text)
    await house.library.load(0)
    assert await denied(house, house.owner, "crossroads")
    assert await denied(house, house.owner, "broken")
    answer = await house.play("ann", story="crossroads")
    house.library.shipped = frozenset()
    assert await denied(house, house.owner, "crossroads")
    await house.store.forget(answer.session.viewer, ())
    assert not await denied(house, house.owner, "crossroads")


async def test_a_role_is_the_one_it_is_now(house: Atelier) -> None:
    await house.draft()
    ann = await house.with_role("tester", name="ann")
    with pytest.raises(Denied) as error:
        await house.studio.portfolio.one(ann, STORY, "writer")
    assert (error.value.why, error.value.detail) == (Why.ROLE, "writer")
    await house.with_role("writer", name="ann")
    mine = await house.studio.portfolio.one(ann, STORY, "writer")
    assert mine.row.role == "writer"
    assert replace(mine.row, role="owner") != mine.row
