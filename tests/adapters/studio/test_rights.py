"""Rights: who may do what with a story, and that to everybody else there is no such story."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Literal, get_args

import pytest

from adapters.studio.acting import Who
from adapters.studio.denial import denial
from adapters.studio.sheet import Sheet
from adapters.studio.stories import tag_of
from bot.store.drafts import Role
from bot.studio.creator import RANK, Denied, Why
from tests.adapters.studio.visit import Visit, named
from tests.bot.play.dramas import STORIES
from tests.bot.studio.packing import Item, zip_of
from tests.fakes.atelier import OTHER_BUTTONS, OTHER_WORDS, STORY, TALE

pytestmark = pytest.mark.asyncio(loop_scope="module")

Somebody = Literal["nobody", "tester", "translator", "writer", "owner", "operator"]

CLIP = (STORIES / "airlock-nine" / "clips" / "knock.mp4").read_bytes()
TABLE = b"scene/yard/line/yard: El patio.\n"

NOWHERE = "atlantis"
"""An id that no story has."""

Do = Callable[[Visit, Who, str], Awaitable[Sheet]]


def command(name: str, rest: str = "") -> Do:
    return lambda visit, who, story: visit.command(name, f"{story} {rest}".strip(), who)


def press(about: str) -> Do:
    return lambda visit, who, story: visit.press(about.format(story=story), who)


def file(content: bytes, name: str, caption: str = "") -> Do:
    return lambda visit, who, story: visit.file(content, name.format(story=story), caption.format(story=story), who)


async def remove(visit: Visit, who: Who, story: str) -> Sheet:
    friend = await visit.house.creator("a friend")
    [row] = [row for row in await visit.house.store.roles_in(STORY) if row.viewer == friend.viewer]
    return await visit.press(f"out {story} {tag_of(row)}", who)


def translation(visit: Visit, who: Who, story: str) -> Awaitable[Sheet]:
    folder = zip_of(Item(f"{story}/story.yaml", OTHER_BUTTONS.encode()), Item(f"{story}/locales/es.yaml", TABLE))
    return visit.file(folder, f"{story}.zip", "", who)


DEEDS: dict[str, tuple[Role, Do]] = {
    "see": ("tester", command("studio")),
    "play": ("tester", press("play {story}")),
    "check": ("tester", command("check")),
    "test": ("tester", command("test", "50")),
    "map": ("tester", command("map")),
    "heat": ("tester", press("heat {story}")),
    "people": ("tester", command("people")),
    "send a translation": ("translator", translation),
    "send": ("writer", file(OTHER_WORDS.encode(), "{story}.yaml")),
    "send a clip": ("writer", file(CLIP, "a.mp4", "{story} yard")),
    "propose": ("owner", command("publish")),
    "publish": ("owner", press("pub {story} 3 3")),
    "propose to take back": ("owner", command("revert")),
    "take back": ("owner", press("undo {story} 3")),
    "invite": ("owner", command("invite", "writer")),
    "invite by a button": ("owner", press("inv {story} tester")),
    "remove": ("owner", remove),
    "log": ("owner", command("log")),
    "give up": ("owner", press("gone {story}")),
}
SEES = {"see", "play", "check", "test", "map", "heat", "people", "propose", "propose to take back", "log"}
DENIALS = {denial(Denied(Why.ROLE, role)).text for role in RANK} | {denial(Denied(Why.UNKNOWN)).text}


async def opened(visit: Visit) -> None:
    """A story that was published twice, and sent anew since."""
    await visit.house.publish(TALE)
    await visit.house.publish(OTHER_WORDS)
    await visit.house.draft(OTHER_BUTTONS)
    await visit.house.with_role("tester", name="a friend")


async def come(visit: Visit, somebody: Somebody) -> Who:
    if somebody in RANK:
        return named(await visit.house.with_role(somebody, name="somebody"))
    return named(await visit.house.creator("somebody", operator=somebody == "operator"))


async def standing(visit: Visit) -> str:
    """All that a deed could have changed."""
    store = visit.house.store
    rows = [await store.audit(STORY, 100), await store.roles_in(STORY), await store.publications(STORY, 100)]
    return json.dumps([rows, await store.draft(STORY)], default=repr)


MATRIX = [(deed, role) for deed in DEEDS for role in RANK]
MAY = [(deed, role) for deed, role in MATRIX if RANK[role] >= RANK[DEEDS[deed][0]]]
MAY_NOT = [one for one in MATRIX if one not in MAY]


@pytest.mark.parametrize(("deed", "role"), MAY)
async def test_everybody_may_do_what_their_role_lets_them(visit: Visit, deed: str, role: Role) -> None:
    await opened(visit)
    who, before = await come(visit, role), await standing(visit)
    sheet = await DEEDS[deed][1](visit, who, STORY)
    assert sheet.text not in DENIALS
    assert (await standing(visit) == before) == (deed in SEES)


@pytest.mark.parametrize(("deed", "role"), MAY_NOT)
async def test_and_nothing_else(visit: Visit, deed: str, role: Role) -> None:
    await opened(visit)
    who, before = await come(visit, role), await standing(visit)
    sheet = await DEEDS[deed][1](visit, who, STORY)
    why: tuple[Why, str] = (Why.ROLE, DEEDS[deed][0])
    if deed == "send":
        why = (Why.ROLE, "translator") if role == "tester" else (Why.TRANSLATIONS_ONLY, "story.yaml")
    assert sheet.text == denial(Denied(*why)).text
    assert await standing(visit) == before


@pytest.mark.parametrize("somebody", ["nobody", "operator"])
@pytest.mark.parametrize("deed", DEEDS)
async def test_to_everybody_else_there_is_no_such_story(visit: Visit, deed: str, somebody: Somebody) -> None:
    await opened(visit)
    who, before = await come(visit, somebody), await standing(visit)
    sheet = await DEEDS[deed][1](visit, who, STORY)
    if somebody == "operator" and deed == "give up":
        assert await visit.house.store.draft(STORY) is None
        return
    assert await standing(visit) == before
    if deed in ("send", "send a translation"):
        # Whoever sends a story must hear that its id is taken; nothing else says that there is one.
        assert sheet.text == denial(Denied(Why.TAKEN, STORY)).text
    else:
        assert sheet.text == await unknown(visit, who, DEEDS[deed][1])


async def unknown(visit: Visit, who: Who, do: Do) -> str:
    """What they hear of a story that there is not, its id aside."""
    return (await do(visit, who, NOWHERE)).text.replace(NOWHERE, STORY)


@pytest.mark.parametrize("somebody", get_args(Somebody))
async def test_only_an_operator_stops_a_story(visit: Visit, somebody: Somebody) -> None:
    await opened(visit)
    who = await come(visit, somebody)
    sheet = await visit.command("stop", STORY, who)
    stopped = (await visit.house.store.publications(STORY, 1))[0].state == "stopped"
    assert stopped == (somebody == "operator")
    if not stopped:
        assert sheet.text == denial(Denied(Why.UNKNOWN)).text == (await visit.command("stop", NOWHERE, who)).text
    else:
        assert "nobody plays it any more" in sheet.text
        assert (await visit.command("publish", STORY)).text == denial(Denied(Why.STOPPED, STORY)).text


async def test_to_whoever_has_no_role_the_story_is_nowhere(visit: Visit) -> None:
    await opened(visit)
    for somebody in ("nobody", "operator"):
        who = await come(visit, "operator" if somebody == "operator" else "nobody")
        assert STORY not in (await visit.command("studio", "", who)).text
        for name in ("check", "test", "map", "publish", "revert", "people", "log"):
            assert (await visit.command(name, "", who)).text == denial(Denied(Why.UNKNOWN)).text


async def test_buttons_are_shown_to_those_who_may_press_them(visit: Visit) -> None:
    await opened(visit)
    tester = await come(visit, "tester")
    assert (await visit.command("people", STORY, tester)).rows == ()
    assert (await visit.command("people", STORY)).rows
    labels = [key.label for row in (await visit.command("studio", STORY, tester)).rows for key in row]
    assert not any("Log" in label for label in labels)
