"""People: roles come by invitation, each once, and a story never loses its last owner."""

from __future__ import annotations

import asyncio
import re

import aiosqlite
import pytest

from bot.studio.creator import Creator, Denied, Why
from bot.studio.people import VALID
from tests.fakes.atelier import STORY, Atelier


async def why(work: object) -> tuple[Why, str]:
    with pytest.raises(Denied) as denied:
        await work  # type: ignore[misc]
    return denied.value.why, denied.value.detail


@pytest.fixture
async def house(house: Atelier) -> Atelier:
    await house.draft()
    return house


async def test_an_invitation_gives_its_role_once(house: Atelier) -> None:
    people, ann, ben = house.studio.people, await house.creator("ann"), await house.creator("ben")
    code = await people.invite(house.owner, STORY, "writer", 0)
    assert re.fullmatch(r"[\w-]{16}", code)
    joined = await people.join(ann, f" {code}\n", 1)
    assert (joined.story, joined.role) == (STORY, "writer")
    assert await house.store.role_in(STORY, ann.viewer) == "writer"
    assert await why(people.join(ben, code, 1)) == (Why.INVITE, "")
    assert await house.store.role_in(STORY, ben.viewer) is None


async def test_of_many_who_have_it_at_once_one_gets_in(house: Atelier) -> None:
    people = house.studio.people
    code = await people.invite(house.owner, STORY, "tester", 0)
    many = [await house.creator(f"viewer {number}") for number in range(20)]
    came = await asyncio.gather(*(people.join(one, code, 1) for one in many), return_exceptions=True)
    assert sum(isinstance(one, Denied) for one in came) == 19
    assert len(await house.store.roles_in(STORY)) == 2


async def test_an_invitation_is_over_after_three_days(house: Atelier) -> None:
    people, ann = house.studio.people, await house.creator("ann")
    codes = [await people.invite(house.owner, STORY, "tester", 0) for _ in range(2)]
    assert await why(people.join(ann, codes[0], VALID)) == (Why.INVITE, "")
    await people.join(ann, codes[1], VALID - 1)


@pytest.mark.parametrize("code", ["", "x", "\udc80", "ü" * 4_000, "0" * 16])
async def test_no_other_code_gives_anything(house: Atelier, code: str) -> None:
    await house.studio.people.invite(house.owner, STORY, "owner", 0)
    assert await why(house.studio.people.join(await house.creator("ann"), code, 1)) == (Why.INVITE, "")


async def test_the_code_itself_is_kept_nowhere(house: Atelier) -> None:
    code = await house.studio.people.invite(house.owner, STORY, "writer", 0)
    async with aiosqlite.connect(house.folder / "bot.db") as connection:
        dump = "\n".join([line async for line in connection.iterdump()])
    assert "invited" in dump
    assert code not in dump


async def test_an_invitation_takes_nothing_from_who_has_more(house: Atelier) -> None:
    code = await house.studio.people.invite(house.owner, STORY, "tester", 0)
    await house.studio.people.join(house.owner, code, 1)
    assert await house.store.role_in(STORY, house.owner.viewer) == "owner"


async def test_the_invitations_of_a_story_that_was_given_up_lead_nowhere(house: Atelier) -> None:
    code = await house.studio.people.invite(house.owner, STORY, "owner", 0)
    await house.studio.delete(house.owner, STORY, 1)
    assert await why(house.studio.people.join(await house.creator("ann"), code, 1)) == (Why.INVITE, "")


async def test_whoever_has_a_role_sees_who_else_has_one_and_owners_what_was_done(house: Atelier) -> None:
    house.clock.advance(1)
    people, ann = house.studio.people, await house.with_role("tester", name="ann")
    assert [(row.viewer, row.role) for row in await people.all_in(ann, STORY)] == [
        (house.owner.viewer, "owner"), (ann.viewer, "tester"),
    ]  # fmt: skip
    assert await why(people.audit(ann, STORY)) == (Why.ROLE, "owner")
    await people.invite(house.owner, STORY, "translator", 5)
    await people.take(house.owner, STORY, ann.viewer, 6)
    done = [(deed.at, deed.deed, deed.detail) for deed in await people.audit(house.owner, STORY, 2)]
    assert done == [(6, "removed", ""), (5, "invited", "translator")]


async def test_one_leaves_by_oneself_and_is_removed_by_an_owner_alone(house: Atelier) -> None:
    people = house.studio.people
    ann, ben = await house.with_role("writer", name="ann"), await house.with_role("tester", name="ben")
    assert await why(people.take(ann, STORY, ben.viewer, 1)) == (Why.ROLE, "owner")
    await people.take(ben, STORY, ben.viewer, 1)
    assert await house.store.role_in(STORY, ben.viewer) is None
    assert await why(people.take(ben, STORY, ben.viewer, 1)) == (Why.UNKNOWN, "")
    await people.take(house.owner, STORY, ann.viewer, 1)
    assert await why(house.studio.portfolio.one(ann, STORY)) == (Why.UNKNOWN, "")


async def test_a_story_keeps_an_owner_also_when_all_leave_at_once(house: Atelier) -> None:
    people = house.studio.people
    assert await why(people.take(house.owner, STORY, house.owner.viewer, 1)) == (Why.LAST_OWNER, "")
    owners: list[Creator] = [house.owner, *[await house.with_role("owner", name=f"no. {n}") for n in range(4)]]
    await asyncio.gather(*(people.take(one, STORY, one.viewer, 1) for one in owners), return_exceptions=True)
    assert [row.role for row in await house.store.roles_in(STORY)] == ["owner"]
