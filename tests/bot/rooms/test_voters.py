"""Whoever is linked has one vote and one word, wherever they press."""

from __future__ import annotations

from bot.app import App
from bot.rooms import Reply
from bot.rooms.voters import KNOWN_MS, MOST, Voters
from bot.store.port import Identity
from bot.watch.event import HandOver, Pause, Resume
from bot.watch.room import Room
from bot.watch.vote import Voter
from tests.bot.rooms.parting import Pair
from tests.fakes.crowd import HOST, key


async def linked(app: App, *identities: str) -> None:
    """These are one person."""
    first, *others = [Identity(*id.split(":")) for id in identities]
    viewer = await app.store.viewer(first.platform, first.user)
    for other in others:
        await app.store.link(other, viewer.id)


async def cast(pair: Pair, id: str, choice: str) -> Reply:
    revision = await pair.main.revision()
    return await pair.rooms.vote(key(), pair.main.session, revision, choice, Voter(id), pair.clock())


async def test_linked_voters_count_once(pair: Pair) -> None:
    await linked(pair.app, "telegram:5", "discord:55", "web:abc")
    await pair.gather()
    assert await cast(pair, "telegram:5", "hall") is Reply.COUNTED
    assert await cast(pair, "discord:55", "garden") is Reply.CHANGED
    assert await cast(pair, "web:abc", "garden") is Reply.SAME
    assert (await pair.main.booth()).tally.voters == 1
    await pair.main.wait(30)
    assert [taken.choice for taken in await pair.main.verdicts()] == ["garden"]


async def test_the_host_steers_from_everywhere(pair: Pair) -> None:
    await linked(pair.app, "telegram:1", "discord:11")
    await pair.gather()
    assert await pair.main.control(Pause(Voter("discord:11"))) is Reply.DONE
    assert await pair.main.control(Resume(HOST)) is Reply.DONE
    assert await pair.rooms.host_left(key(), pair.main.session, "telegram:1", pair.clock()) is None
    assert (await pair.room()).host is None


async def test_a_host_who_links_later_is_still_the_host(pair: Pair) -> None:
    await pair.gather()
    assert (await pair.room()).host == "telegram:1"
    await linked(pair.app, "telegram:1", "discord:11")
    pair.app.forget_places()
    assert await pair.main.control(Pause(Voter("discord:11"))) is Reply.DONE
    assert await pair.main.control(Resume(HOST)) is Reply.DONE
    assert await pair.main.control(HandOver(HOST, "telegram:2")) is Reply.DONE


async def test_what_was_found_is_remembered_for_a_while(app: App) -> None:
    voters = Voters(app.store)
    assert await voters.one("telegram:1", 0) == "telegram:1"
    await linked(app, "telegram:1", "discord:11")
    assert await voters.one("telegram:1", KNOWN_MS - 1) == "telegram:1"
    assert await voters.one("telegram:1", KNOWN_MS) == "discord:11"
    assert (await voters.of(Voter("telegram:1"), Room("discord:11"), KNOWN_MS)).id == "discord:11"


async def test_those_remembered_are_bounded(app: App) -> None:
    voters = Voters(app.store)
    voters._known.update({f"telegram:{number}": ("x", 1) for number in range(MOST)})
    await voters.one("discord:1", 0)
    assert len(voters._known) == MOST
