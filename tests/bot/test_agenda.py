"""The agenda: what falls due is done once, whatever happens around it."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable

import pytest

from bot.agenda import Agenda
from bot.app import App
from bot.play.event import Choose
from bot.play.step import Reason
from bot.rooms import Rooms
from bot.store.errors import StoreError
from tests.fakes.house import START, Clock, House
from tests.fakes.store import FailingStore
from tests.fakes.visitor import Visitor, scenes

FAR = START + 10**9


async def at_the_clock(app: App, user: str = "ann") -> Visitor:
    """Somebody with five seconds to choose, from `START` on."""
    visitor = Visitor(app, user, "telegram", address=f"telegram:{user}")
    await visitor.open()
    await visitor.tap("left", at=START)
    return visitor


async def kinds(house: House, session: int) -> list[tuple[str, str | None]]:
    connection = sqlite3.connect(house.database)
    asked = "SELECT kind, choice FROM fact WHERE session = ? ORDER BY id"
    rows = connection.execute(asked, (session,)).fetchall()
    connection.close()
    return rows


TAKEN = [("begin", None), ("choice", "left"), ("timeout", "listen")]


async def test_the_default_is_taken_when_time_runs_out_and_not_before(app: App, clock: Clock, house: House) -> None:
    ann = await at_the_clock(app)
    clock.advance(4.999)
    await Agenda(app, Rooms(app), clock).take_due()
    assert (await app.current("telegram", "ann", ann.session)).session.revision == 1
    clock.advance(0.001)
    await Agenda(app, Rooms(app), clock).take_due()
    answer = await app.current("telegram", "ann", ann.session)
    assert (scenes(answer), answer.session.revision) == (["doze"], 2)
    assert await kinds(house, ann.session) == TAKEN
    assert [card.revision for card in await app.store.pending("telegram", 0, 10)] == [0, 1, 1, 2]


async def test_it_falls_due_also_while_the_bot_was_not_running(house: House, clock: Clock) -> None:
    async with house.running() as app:
        ann = await at_the_clock(app)
    clock.advance(3600)
    async with house.running() as app:
        await Agenda(app, Rooms(app), clock).take_due()
        assert (await app.current("telegram", "ann", ann.session)).session.revision == 2
    async with house.running() as app:
        await Agenda(app, Rooms(app), clock).take_due()
        assert await kinds(house, ann.session) == TAKEN


async def test_two_agendas_take_it_once(app: App, clock: Clock, house: House) -> None:
    visitors = [await at_the_clock(app, f"viewer-{n}") for n in range(20)]
    clock.advance(5)
    await asyncio.gather(*[Agenda(app, Rooms(app), clock).take_due() for _ in range(2)])
    for visitor in visitors:
        assert await kinds(house, visitor.session) == TAKEN
    assert await app.store.due(FAR, 10) == []


async def test_a_clock_left_alone_does_not_run_a_second_time(app: App, clock: Clock, house: House) -> None:
    ann = await at_the_clock(app)
    for _ in range(3):
        clock.advance(3600)
        await Agenda(app, Rooms(app), clock).take_due()
    answer = await app.current("telegram", "ann", ann.session)
    assert (scenes(answer), answer.session.revision) == (["doze"], 2)
    ann.revision = 2
    await ann.tap("wake")
    await ann.tap("left", at=clock())
    assert [due.at for due in await app.store.due(FAR, 10)] == [clock() + 5_000]


async def test_a_tap_and_the_clock_at_once_are_one_step(house: House, clock: Clock) -> None:
    for n in range(10):
        async with house.running() as app:
            ann = await at_the_clock(app, f"viewer-{n}")
            clock.advance(5)
            both: list[Awaitable[object]] = [ann.tap("run"), Agenda(app, Rooms(app), clock).take_due()]
            await asyncio.gather(*(both if n % 2 else reversed(both)))
            counted = await kinds(house, ann.session)
            assert counted[2:] in ([("choice", "run")], [("timeout", "listen")])
            assert await app.store.due(START + 5_000, 10) == []
            clock.advance(-5)


async def test_a_tap_after_the_clock_is_told_kindly(app: App, clock: Clock) -> None:
    ann = await at_the_clock(app)
    clock.advance(5)
    await Agenda(app, Rooms(app), clock).take_due()
    answer = await ann.tell(Choose(1, "run"))
    assert (answer.notice, scenes(answer)) == (Reason.MOVED_ON, ["doze"])


async def test_a_row_that_came_too_late_changes_nothing_and_goes_away(app: App, clock: Clock, house: House) -> None:
    ann = await at_the_clock(app)
    row = sqlite3.connect(house.database)
    await ann.tap("run")
    row.execute(
        "INSERT INTO agenda (at, kind, session, revision, payload) VALUES (1, 'timeout', ?, 1, X'')", (ann.session,)
    )
    row.execute("INSERT INTO agenda (at, kind, session, revision, payload) VALUES (1, 'timeout', 12345, 0, X'')")
    row.commit()
    row.close()
    await Agenda(app, Rooms(app), clock).take_due()
    assert (await app.current("telegram", "ann", ann.session)).session.revision == 2
    assert await app.store.due(FAR, 10) == []


async def test_a_row_we_fail_on_is_set_aside_and_the_others_go_on(house: House, clock: Clock) -> None:
    async with house.running() as app:
        ann, bob = await at_the_clock(app), await at_the_clock(app, "bob")
    connection = sqlite3.connect(house.database)
    connection.execute("UPDATE session SET state = X'7B7D' WHERE id = ?", (ann.session,))
    connection.commit()
    connection.close()
    clock.advance(5)
    async with house.running() as app:
        await Agenda(app, Rooms(app), clock).take_due()
        [trouble] = await app.store.troubles(10)
        assert (trouble.event.platform, trouble.event.id) == ("agenda", f"timeout:{ann.session}:1")
        assert await kinds(house, bob.session) == TAKEN
        assert await app.store.due(FAR, 10) == []


async def test_what_could_not_be_saved_is_done_later(house: House, clock: Clock) -> None:
    async with house.running(FailingStore) as app:
        assert isinstance(app.store, FailingStore)
        visitors = [await at_the_clock(app, f"viewer-{n}") for n in range(3)]
        clock.advance(5)
        app.store.failures["commit"] = 2
        with pytest.raises(StoreError):
            await Agenda(app, Rooms(app), clock).take_due()
        await Agenda(app, Rooms(app), clock).take_due()
        for visitor in visitors:
            assert await kinds(house, visitor.session) == TAKEN


async def test_it_works_until_it_is_cancelled_whatever_the_store_does(
    house: House, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.agenda.LONGEST_SLEEP", 0.01)
    async with house.running(FailingStore) as app:
        assert isinstance(app.store, FailingStore)
        ann = await at_the_clock(app)
        app.store.failures["due"] = 2
        app.store.failures["commit"] = 2
        running = asyncio.create_task(Agenda(app, Rooms(app), clock).run())
        async with app.moves.of(ann.session) as moves:
            clock.advance(5)
            assert await moves.get() == 2
        assert not running.done()
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
