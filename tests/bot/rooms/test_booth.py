"""Booths: what is at hand of a room is never older than what this process has done to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from bot.rooms import Rooms
from bot.rooms.booth import Booths
from bot.store.port import EventKey, VoteRow
from bot.store.sqlite import SQLiteStore
from bot.watch.event import CloseNow, Pause
from bot.watch.rules import Rules
from bot.watch.vote import Voter
from tests.fakes.house import START, House

HOST = Voter("test:1")


class Slow(SQLiteStore):
    """Something happens while votes are read."""

    meanwhile: Callable[[], Awaitable[object]] | None = None

    async def votes(self, session: int, revision: int) -> Sequence[VoteRow]:
        read = await super().votes(session, revision)
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            await meanwhile()
        return read


async def test_a_step_taken_while_a_room_is_read_is_not_read_over(house: House) -> None:
    async with house.running(Slow) as app:
        rooms = Rooms(app)
        assert isinstance(app.store, Slow)
        gathered = await rooms.gather(EventKey("t", "1"), "test", HOST.id, "1", "crossroads", "en", Rules(), START)
        session = gathered.session or 0
        booths = Booths(app.store, app.library)

        async def stepped() -> None:
            await rooms.control(EventKey("t", "2"), session, CloseNow(HOST, 0), START + 1)
            booths.forget(session)

        app.store.meanwhile = stepped
        read = await booths.of(session)
        assert read is not None
        assert read.row.revision == 1
        again = await booths.of(session)
        assert again is read


async def test_a_room_that_is_known_to_be_further_is_read_anew(house: House) -> None:
    async with house.running() as app:
        rooms = Rooms(app)
        gathered = await rooms.gather(EventKey("t", "1"), "test", HOST.id, "1", "crossroads", "en", Rules(), START)
        session = gathered.session or 0
        booths = Booths(app.store, app.library)
        before = await booths.of(session)
        await rooms.control(EventKey("t", "2"), session, CloseNow(HOST, 0), START + 1)
        assert await booths.of(session) is before
        after = await booths.of(session, 1)
        assert after is not None
        assert after.row.revision == 1


async def test_a_room_written_anew_while_it_is_read_is_not_read_over(house: House) -> None:
    async with house.running(Slow) as app:
        rooms = Rooms(app)
        assert isinstance(app.store, Slow)
        gathered = await rooms.gather(EventKey("t", "1"), "test", HOST.id, "1", "crossroads", "en", Rules(), START)
        session = gathered.session or 0
        rooms._scribe.booths.forget(session)

        async def paused() -> None:
            await rooms.control(EventKey("t", "2"), session, Pause(HOST), START + 1)

        app.store.meanwhile = paused
        read = await rooms.look(session)
        assert read is not None
        assert read.room.paused
        assert (await rooms.look(session)) is read
