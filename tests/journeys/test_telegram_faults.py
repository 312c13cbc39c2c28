"""What Telegram and the way to it can do to a bot: nothing is lost, nothing counts twice, and the story goes on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from adapters.telegram.polling import PAUSES
from tests.fakes.telegram import TelegramServer
from tests.fakes.telegram.bell import PATIENCE
from tests.fakes.telegram.faults import Fault
from tests.fakes.telegram.updates import Update
from tests.journeys.ferry import write_ferry
from tests.journeys.ferry_goer import FerryGoer, label_of, offers_a_choice
from tests.journeys.harbour import Harbour, until, until_so

DAY = 24 * 3600
QUERY_LIVES = 150
"""Seconds."""


@pytest.fixture
async def harbour(tmp_path: Path) -> AsyncIterator[Harbour]:
    """Afterwards the bot must have kept to the official description and to every limit."""
    write_ferry(tmp_path / "stories")
    async with TelegramServer() as server:
        yield Harbour(server, tmp_path)
        assert server.violations == []


async def round_and_round(goer: FerryGoer, times: int) -> None:
    """Begin, and tap that often."""
    scene = await goer.begin()
    for _ in range(times):
        scene = await goer.go_on(scene)


def scenes_of(goer: FerryGoer) -> int:
    """How many messages of the chat showed a scene with choices."""
    return sum(message.kind == "video" for message in goer.chat.messages)


# -- updates


async def test_an_update_that_comes_again_is_one_step_and_one_scene(harbour: Harbour) -> None:
    async with harbour.bot():
        ann, ben = harbour.goers("Ann", "Ben")
        scene = await ann.begin()
        begun = harbour.server.updates.seen[-1]
        scene = await ann.go_on(scene)
        tapped = harbour.server.updates.seen[-1]
        await harbour.taken()
        for update in (begun, tapped, tapped):
            harbour.server.redeliver(update)
        await round_and_round(ben, 1)
        await ann.go_on(scene)
        harbour.assert_counted(ann, 2)
        assert scenes_of(ann) == 3


async def test_an_update_that_comes_again_after_a_restart_is_one_step(harbour: Harbour) -> None:
    ann = harbour.goer()
    async with harbour.bot() as app:
        scene = await ann.go_on(await ann.begin())
        tapped = harbour.server.updates.seen[-1]
        await harbour.at_rest(app)
    async with harbour.bot():
        harbour.server.redeliver(tapped)
        await ann.go_on(scene)
    harbour.assert_counted(ann, 2)
    assert scenes_of(ann) == 3


Order = Callable[[list[Update]], Iterable[Update]]


@pytest.mark.parametrize("order", [list, reversed], ids=["in order", "swapped"])
async def test_a_text_and_a_tap_on_one_choice_are_one_step_in_either_order(harbour: Harbour, order: Order) -> None:
    async with harbour.bot():
        ann = harbour.goer()
        scene = await ann.begin()
        harbour.server.hold()
        await ann.person.say(label_of(scene))
        ann.press(scene)
        harbour.server.release(order)
        scene = await ann.next_scene(scene)
        await harbour.taken()
        harbour.assert_counted(ann, 1)
        await ann.go_on(scene)
        harbour.assert_counted(ann, 2)
        assert scenes_of(ann) == 3


async def test_taps_of_many_in_any_order_each_count_once(harbour: Harbour) -> None:
    async with harbour.bot():
        goers = [harbour.goer(f"Viewer {number}") for number in range(20)]
        scenes = await asyncio.gather(*(goer.begin() for goer in goers))
        harbour.server.hold()
        for goer, scene in zip(goers, scenes, strict=True):
            goer.press(scene)
            goer.press(scene)
        harbour.server.release(reversed)
        after = [goer.next_scene(scene) for goer, scene in zip(goers, scenes, strict=True)]
        await asyncio.gather(
            *(goer.go_on(scene) for goer, scene in zip(goers, await asyncio.gather(*after), strict=True))
        )
        for goer in goers:
            harbour.assert_counted(goer, 2)
            assert scenes_of(goer) == 3


@pytest.mark.parametrize("kind", ["lost_answer", "broken", "reset", "flood"])
async def test_asking_for_updates_may_fail(harbour: Harbour, kind: str) -> None:
    async with harbour.bot():
        ann = harbour.goer()
        scene = await ann.begin()
        fault: Fault = getattr(harbour.server.faults, kind)(method="getUpdates")
        for _ in range(3):
            scene = await ann.go_on(scene)
        assert fault.struck == 1
        harbour.assert_counted(ann, 3)
        assert scenes_of(ann) == 4


# -- calls


async def test_a_scene_whose_answer_was_lost_may_come_twice_and_both_are_harmless(harbour: Harbour) -> None:
    async with harbour.bot():
        ann = harbour.goer()
        opening = await ann.begin()
        harbour.server.faults.lost_answer(method="sendVideo", chat=ann.id)
        first = await ann.go_on(opening)
        second = await ann.next_scene(first)
        assert second.buttons == first.buttons
        ann.press(first)
        after = await ann.next_scene(second)
        answer = await ann.ask(first)
        assert "moved on" in answer.text
        await ann.go_on(after)
        harbour.assert_counted(ann, 3)


async def test_calls_that_fail_are_made_again_for_every_kind_of_failure(harbour: Harbour) -> None:
    faults = harbour.server.faults
    async with harbour.bot():
        goers = harbour.goers("reset", "broken", "gateway", "late", "sorry")
        scenes = await asyncio.gather(*(goer.begin() for goer in goers))
        reset, broken, gateway, late, edits = goers
        faults.reset(chat=reset.id, method="sendVideo", times=2)
        faults.broken(500, chat=broken.id, method="sendVideo")
        faults.broken(504, chat=gateway.id, method="sendVideo")
        faults.slow(0.5, chat=late.id, method="sendVideo")
        # Clearing the old keyboard away is worth no second try, and holds up nothing.
        faults.broken(chat=edits.id, method="editMessageCaption")
        await asyncio.gather(*(goer.go_on(scene) for goer, scene in zip(goers, scenes, strict=True)))
        for goer in goers:
            harbour.assert_counted(goer, 1)
            assert scenes_of(goer) == 2


# -- patience


def assert_patient(harbour: Harbour, goer: FerryGoer, seconds: float) -> None:
    """After each refusal in that chat nothing was sent there for so long, but what was on its way at that moment."""
    calls = [call for call in harbour.server.calls if call.chat == goer.id]
    for place, refused in enumerate(calls):
        if refused.error.startswith("Too Many Requests"):
            early = [call.method for call in calls[place + 1 :] if call.at - refused.at < seconds]
            # A step makes two calls at once: the old keyboard's and the next scene's.
            assert refused.method not in early
            assert len(early) <= 1


async def test_a_chat_that_must_wait_waits_while_others_go_on(harbour: Harbour) -> None:
    async with harbour.bot():
        ann, ben = harbour.goers("Ann", "Ben")
        opening, scene = await asyncio.gather(ann.begin(), ben.begin())
        fault = harbour.server.faults.flood(2, chat=ann.id, times=None)
        ann.press(opening)
        await until(lambda: fault.struck)
        for _ in range(5):
            scene = await ben.go_on(scene)
        assert ann.chat.find(offers_a_choice, opening) is None
        fault.lift()
        await ann.next_scene(opening)
        assert_patient(harbour, ann, 2)
        harbour.assert_counted(ann, 1)
        harbour.assert_counted(ben, 5)


async def test_when_everybody_must_wait_nothing_is_lost(harbour: Harbour) -> None:
    async with harbour.bot():
        goers = harbour.goers("Ann", "Ben", "Cleo")
        scenes = await asyncio.gather(*(goer.begin() for goer in goers))
        fault = harbour.server.faults.flood(1, times=None)
        for goer, scene in zip(goers, scenes, strict=True):
            goer.press(scene)
        await until(lambda: fault.struck >= 6)
        fault.lift()
        await asyncio.gather(*(goer.next_scene(scene) for goer, scene in zip(goers, scenes, strict=True)))
        for goer in goers:
            harbour.assert_counted(goer, 1)


async def test_the_real_limits_are_kept_without_being_reminded(harbour: Harbour) -> None:
    harbour.server.flood = True
    async with harbour.bot(sends_per_second=30.0):
        goers = [harbour.goer(f"Viewer {number}") for number in range(8)]
        await asyncio.gather(*(goer.begin() for goer in goers))
        assert not [call.error for call in harbour.server.calls if call.error.startswith("Too Many")]


# -- chats


async def test_who_blocks_the_bot_is_left_alone_and_plays_on_when_they_come_back(harbour: Harbour) -> None:
    async with harbour.bot() as app:
        ann, ben = harbour.goers("Ann", "Ben")
        opening, scene = await asyncio.gather(ann.begin(), ben.begin())
        # The tap was on its way when she blocked the bot, which hears of that from its own call first.
        harbour.server.hold()
        ann.person.block()
        harbour.server.release([])
        ann.press(opening)
        await until_so(lambda: app.store.chat_lost("telegram", str(ann.id)))
        calls = len(harbour.server.called("sendVideo", ann.id))
        scene = await ben.go_on(scene)
        await ben.go_on(scene)
        assert len(harbour.server.called("sendVideo", ann.id)) == calls
        await harbour.at_rest(app)
        ann.person.unblock()
        await ann.person.say("/continue")
        deck = await ann.next_scene(opening)
        assert "deck" in deck.text
        assert await app.store.chat_lost("telegram", str(ann.id)) is None
        await ann.go_on(deck)
        harbour.assert_counted(ann, 2)
        harbour.assert_counted(ben, 2)


async def test_who_starts_again_is_back_even_if_the_bot_never_heard_of_the_block(harbour: Harbour) -> None:
    async with harbour.bot() as app:
        ann = harbour.goer()
        opening = await ann.begin()
        fault = harbour.server.faults.blocked(chat=ann.id)
        ann.press(opening)
        await until_so(lambda: app.store.chat_lost("telegram", str(ann.id)))
        fault.lift()
        await ann.person.say("/start")
        await ann.chat.shown(lambda message: "Good to see you again" in message.text)
        assert await app.store.chat_lost("telegram", str(ann.id)) is None
        await ann.person.say("/continue")
        await ann.go_on(await ann.next_scene(opening))
        harbour.assert_counted(ann, 2)


async def test_a_group_that_became_a_supergroup_is_written_to_there(harbour: Harbour) -> None:
    async with harbour.bot():
        ann = harbour.goer()
        group = harbour.server.group("Friends", [ann.person])
        fault = harbour.server.faults.flood(1, chat=group.id)
        await ann.person.say("/help@cliffhanger_bot", group)
        await until(lambda: fault.over)
        # The bot is not told before it tries.
        harbour.server.hold()
        heir = harbour.server.migrate(group)
        await heir.shown(lambda message: "/watch" in message.text)
        harbour.server.release()
        await ann.person.say("/help@cliffhanger_bot", heir)
        await heir.shown(lambda message: "/watch" in message.text, heir.last)
        assert not group.find(lambda message: "/watch" in message.text)


@pytest.mark.parametrize("told", [True, False], ids=["told", "not told"])
async def test_a_watch_along_goes_on_in_the_supergroup(harbour: Harbour, told: bool) -> None:
    async with harbour.bot() as app:
        ann = harbour.goer()
        group = harbour.server.group("Friends", [ann.person])
        await ann.person.say("/watch ferry 60", group)
        ballot = await group.shown(offers_a_choice)
        await ann.person.tap(ballot, "Go aboard")
        harbour.server.hold()
        heir = harbour.server.migrate(group)
        harbour.server.release(None if told else [])
        await ann.person.tap(ballot, "Close")
        deck = await heir.shown(offers_a_choice)
        assert "The deck." in deck.text
        await ann.person.tap(deck, "Turn back")
        await ann.person.tap(deck, "Close")
        assert "The pier" in (await heir.shown(offers_a_choice, deck)).text
        room = await app.store.room_at("telegram", str(heir.id))
        assert room is not None
        session = await app.store.session(room.session)
        assert session is not None
        assert (session.address, session.revision) == (f"telegram:{heir.id}", 2)
        assert await app.store.room_at("telegram", str(group.id)) is None


# -- outages


async def test_a_tap_that_is_too_old_to_be_answered_still_counts(harbour: Harbour) -> None:
    ann = harbour.goer()
    async with harbour.bot() as app:
        opening = await ann.begin()
        await harbour.at_rest(app)
    query = ann.press(opening)
    tapped = harbour.server.updates.seen[-1]
    harbour.server.clock.jump(QUERY_LIVES + 1)
    harbour.server.redeliver(tapped)
    async with harbour.bot():
        scene = await ann.next_scene(opening)
        await until(lambda: any("query is too old" in call.error for call in harbour.server.calls))
        assert query.answer is None
        await ann.go_on(scene)
    harbour.assert_counted(ann, 2)


@pytest.mark.parametrize("seconds", [QUERY_LIVES + 1, DAY + 1], ids=["three minutes", "a day"])
async def test_after_an_outage_the_next_tap_finds_everything_where_it_was(harbour: Harbour, seconds: int) -> None:
    ann, ben = harbour.goers("Ann", "Ben")
    async with harbour.bot() as app:
        scene, other = await asyncio.gather(ann.begin(), ben.begin())
        scene = await ann.go_on(scene)
        await harbour.at_rest(app)
    ann.press(scene)
    await ben.person.say("/continue")
    harbour.server.clock.jump(seconds)
    async with harbour.bot():
        # The tap is gone, as Telegram lets taps go; the buttons are still there.
        await until(lambda: harbour.server.updates.lost)
        harbour.assert_counted(ann, 1)
        scene = await ann.go_on(scene)
        await ben.person.say("/continue")
        await ben.go_on(await ben.next_scene(other))
    assert len(harbour.server.updates.lost) == (1 if seconds < DAY else 2)
    harbour.assert_counted(ann, 2)
    harbour.assert_counted(ben, 1)


async def test_a_token_that_is_revoked_is_said_once(harbour: Harbour) -> None:
    with capture_logs() as logs:
        async with harbour.bot():
            ann = harbour.goer()
            await ann.begin()
            harbour.server.revoke()
            await ann.person.say("/help")
            await until(lambda: [one for one in logs if one["event"] == "telegram_token_refused"])
    assert len([one for one in logs if one["log_level"] == "error"]) == 1


# -- two bots


async def test_of_two_pollers_the_second_says_so_and_takes_over_when_the_first_ends(harbour: Harbour) -> None:
    ann = harbour.goer()
    with capture_logs() as logs:
        async with AsyncExitStack() as first, AsyncExitStack() as second:
            await first.enter_async_context(harbour.bot())
            scene = await ann.begin()
            await second.enter_async_context(harbour.bot())
            await until(lambda: [one for one in logs if one["event"] == "telegram_has_another_poller"])
            for _ in range(4):
                scene = await ann.go_on(scene)
            await first.aclose()
            # The second may have been told so often that it rests for long before it asks again.
            scene = await ann.go_on(scene, PAUSES.last + PATIENCE)
            scene = await ann.go_on(scene)
    harbour.assert_counted(ann, 6)
    said = next(one for one in logs if one["event"] == "telegram_has_another_poller")
    assert "stop the other bot" in said["help"]
