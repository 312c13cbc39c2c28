"""Quotas: nobody fills the house, and everybody is told when they can go on."""

from __future__ import annotations

import pytest

from bot.clips.deposit import Deposit
from bot.studio import quota as quotas
from bot.studio.creator import Creator, Denied, Why
from bot.studio.quota import HOUR, Quota
from tests.fakes.atelier import Atelier

MINUTE = 60_000
ANN, BEN = Creator(1), Creator(2)


async def test_so_many_uploads_in_an_hour_and_each_makes_room_when_its_hour_is_over(house: Atelier) -> None:
    quota = Quota(house.store, uploads=3)
    for minute in (0, 10, 20):
        quota.may_send(ANN, minute * MINUTE)
    with pytest.raises(Denied) as denied:
        quota.may_send(ANN, 30 * MINUTE)
    assert (denied.value.why, denied.value.detail) == (Why.MANY_UPLOADS, "30")
    quota.may_send(BEN, 30 * MINUTE)
    quota.may_send(ANN, HOUR)
    with pytest.raises(Denied) as denied:
        quota.may_send(ANN, HOUR + 1)
    assert denied.value.detail == "9"


async def test_what_was_refused_does_not_count(house: Atelier) -> None:
    quota = Quota(house.store, uploads=1)
    quota.may_send(ANN, 0)
    for minute in range(1, 60):
        with pytest.raises(Denied):
            quota.may_send(ANN, minute * MINUTE)
    quota.may_send(ANN, HOUR)


async def test_of_however_many_creators_few_are_remembered(house: Atelier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quotas, "MOST_CREATORS", 10)
    quota = Quota(house.store, uploads=1)
    for viewer in range(100):
        quota.may_send(Creator(viewer), 0)
    assert len(quota._sent) == 10
    with pytest.raises(Denied):
        quota.may_send(Creator(99), 1)


async def test_one_sends_so_many_bytes_in_an_hour(house: Atelier) -> None:
    quota, ann = Quota(house.store, sent_bytes=100), Creator(1)
    quota.may_send(ann, 0, 200)  # a file that is larger than that may come alone
    with pytest.raises(Denied) as denied:
        quota.may_send(ann, HOUR // 2, 1)
    assert (denied.value.why, denied.value.detail) == (Why.MANY_UPLOADS, "30")
    quota.may_send(Creator(2), HOUR // 2, 60)
    quota.may_send(ann, HOUR, 60)
    quota.may_send(ann, HOUR, 40)
    with pytest.raises(Denied):
        quota.may_send(ann, HOUR, 1)


async def test_one_owns_so_many_stories_and_may_work_in_any_number_of_others(house: Atelier) -> None:
    quota = Quota(house.store, stories=2)
    ben = await house.creator("ben")
    for number in range(3):
        await house.draft(story=f"others-{number}", who=ben)
        await house.with_role("writer", f"others-{number}", "ann")
    ann = await house.creator("ann")
    await quota.may_begin(ann)
    for number in range(2):
        await house.draft(story=f"mine-{number}", who=ann)
    with pytest.raises(Denied) as denied:
        await quota.may_begin(ann)
    assert (denied.value.why, denied.value.detail) == (Why.MANY_STORIES, "2")
    await house.studio.delete(ann, "mine-0", house.clock())
    await quota.may_begin(ann)


async def test_the_clips_of_a_story_have_so_much_room_together(house: Atelier) -> None:
    mib = 1024 * 1024
    quota = Quota(house.store, clip_bytes=3 * mib)
    quota.may_keep({"a": Deposit("a.mp4", 2 * mib), "b": Deposit("b.mp4", mib)})
    with pytest.raises(Denied) as denied:
        quota.may_keep({"a": Deposit("a.mp4", 2 * mib), "b": Deposit("b.mp4", mib + 1)})
    assert (denied.value.why, denied.value.detail) == (Why.MUCH, "3")
