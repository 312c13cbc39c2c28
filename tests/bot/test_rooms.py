"""The door for watch-alongs: a ballot closes once, and what is announced is what was voted."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence

import pytest

from bot.agenda import Agenda
from bot.app import App
from bot.delivery.parcel import Counted, Taken
from bot.library import UnknownStory
from bot.rooms import Reply, Rooms
from bot.rooms.kept import Shut, read, votes_of
from bot.rooms.rooms import ABANDONED
from bot.store.errors import StoreError, StoreUnwritable
from bot.store.port import Commit, Due, EventKey, Outcome, VoteRow
from bot.store.sqlite import SQLiteStore
from bot.watch.event import Change, CloseNow, Extend, HandOver, Pause, Resume, Skip, Stop
from bot.watch.rules import Mode, Rules, Short, Who
from bot.watch.verdict import Why
from bot.watch.vote import Voter
from tests.fakes.crowd import GROUP, HOST, Crowd, key, voter
from tests.fakes.house import Clock, House
from tests.fakes.priced import TOLLGATE
from tests.fakes.store import FailingStore

FAR = 1 << 60


@pytest.fixture
async def crowd(app: App, clock: Clock) -> Crowd:
    """A group before its first ballot: left, right or sign, and a locked gate."""
    crowd = Crowd(app, clock)
    assert await crowd.gather()
    return crowd


async def dues(crowd: Crowd) -> Sequence[Due]:
    return await crowd.app.store.due(FAR, 100)


# -- a ballot's way


async def test_a_room_begins_with_its_scene_a_ballot_and_its_close(crowd: Crowd) -> None:
    booth = await crowd.booth()
    [due] = await dues(crowd)
    assert (due.kind, due.at, due.revision) == ("close", crowd.clock() + 30_000, 0)
    assert booth.room.ballot is not None
    assert booth.room.ballot.choices == ("left", "right", "sign")
    [parcel] = await crowd.parcels()
    assert (parcel.card.scene, parcel.deadline) == ("fork", due.at)
    session = await crowd.app.store.session(crowd.session)
    assert session is not None
    assert session.address == f"telegram:{GROUP}"
    owners = await crowd.app.store.identities(session.viewer)
    assert [(owner.platform, owner.user) for owner in owners] == [("room", booth.row.code)]


async def test_thirty_voters_and_the_most_votes_win(crowd: Crowd) -> None:
    wishes = ["left"] * 18 + ["right"] * 12
    replies = await asyncio.gather(*[crowd.vote(n, wish) for n, wish in enumerate(wishes, 1)])
    assert Counter(replies) == {Reply.COUNTED: 30}
    assert (await crowd.booth()).tally.counts == (18, 12, 0)
    await crowd.wait(30)
    assert await crowd.scenes() == ["fork", "hall", "clock"]
    assert await crowd.verdicts() == [Taken("fork", "left", counted=Counted(Why.MOST, 60, 30))]


async def test_a_vote_is_counted_once_and_may_be_changed(crowd: Crowd) -> None:
    assert await crowd.vote(1, "left", event="a") is Reply.COUNTED
    assert await crowd.vote(1, "left", event="a") is Reply.SAME
    assert await crowd.vote(1, "left") is Reply.SAME
    assert await crowd.vote(1, "right") is Reply.CHANGED
    assert await crowd.vote(2, "gate") is Reply.NOT_OPEN
    assert await crowd.vote(2, "nonsense") is Reply.NOT_OPEN
    assert (await crowd.booth()).tally.counts == (0, 1, 0)
    await crowd.wait(30)
    assert await crowd.verdicts() == [Taken("fork", "right", counted=Counted(Why.MOST, 100, 1))]


async def test_a_late_vote_changes_nothing(crowd: Crowd) -> None:
    await crowd.vote(1, "left")
    crowd.clock.advance(30)
    assert await crowd.vote(2, "right") is Reply.LATE
    await crowd.agenda.take_due()
    assert await crowd.vote(2, "right", revision=0) is Reply.LATE
    assert await crowd.vote(2, "right", revision=9) is Reply.LATE
    assert (await crowd.verdicts())[0].choice == "left"


async def test_a_vote_that_was_counted_stays_counted_when_it_arrives_again(crowd: Crowd) -> None:
    await crowd.vote(1, "left", event="a")
    await crowd.control(Pause(HOST))
    await crowd.vote(2, "right", event="b")
    assert await crowd.vote(1, "right", event="a") is Reply.COUNTED
    assert await crowd.vote(2, "right", event="b") is Reply.PAUSED
    await crowd.control(Resume(HOST))
    crowd.clock.advance(30)
    assert await crowd.vote(1, "right", event="a") is Reply.COUNTED
    assert (await crowd.booth()).tally.counts == (1, 0, 0)


async def test_a_process_that_was_not_told_of_a_step_takes_votes_on_the_next_ballot(app: App, clock: Clock) -> None:
    here = Crowd(app, clock)
    await here.gather()
    elsewhere = Crowd(app, clock, Rooms(app), here.session)
    await elsewhere.vote(1, "left")
    await here.control(CloseNow(HOST, 0))
    assert await elsewhere.vote(2, "run", revision=1) is Reply.COUNTED
    await here.control(Pause(HOST))
    assert await elsewhere.vote(3, "run", revision=1) is Reply.PAUSED
    await here.control(Resume(HOST))
    assert await elsewhere.vote(3, "run", revision=1) is Reply.COUNTED


async def test_a_choice_that_asks_for_a_text_is_taken_without(crowd: Crowd) -> None:
    await crowd.vote(1, "sign")
    await crowd.wait(30)
    assert await crowd.scenes() == ["fork", "clearing"]


async def test_a_whole_story_to_its_end(crowd: Crowd) -> None:
    for choice in ["right", "on"]:
        await crowd.vote(1, choice)
        await crowd.wait(30)
    assert await crowd.scenes() == ["fork", "clearing", "morning", "dawn"]
    assert (await crowd.booth()).ended
    assert list(await dues(crowd)) == []
    assert await crowd.vote(1, "on") is Reply.OVER
    assert await crowd.control(Pause(HOST)) is Reply.OVER
    assert await crowd.gather()


async def test_the_story_s_own_clock_does_not_run_beside_the_ballot_s(crowd: Crowd) -> None:
    await crowd.vote(1, "left")
    await crowd.wait(30)
    [due] = await dues(crowd)
    assert (due.kind, due.at) == ("close", crowd.clock() + 30_000)
    await crowd.wait(5)
    assert await crowd.revision() == 1


async def test_the_time_to_vote_begins_when_the_clips_are_over(app: App, clock: Clock) -> None:
    story = app.library.stories["crossroads"]
    object.__setattr__(story, "seconds", {"hall": 7.0, "clock": 4.5})
    crowd = Crowd(app, clock)
    await crowd.gather()
    await crowd.vote(1, "left")
    await crowd.wait(30)
    [due] = await dues(crowd)
    assert due.at == clock() + 11_500 + 30_000
    assert [parcel.deadline for parcel in await crowd.parcels()][1:] == [None, due.at]


# -- ties, nobody, rules


async def test_a_tie_is_decided_by_rule_and_always_the_same_way(crowd: Crowd) -> None:
    await crowd.vote(5, "left")
    await crowd.vote(6, "right")
    await crowd.wait(30)
    [taken] = await crowd.verdicts()
    assert taken.counted == Counted(Why.TIE_DICE, 50, 2)


async def test_in_a_tie_the_host_s_vote_decides(crowd: Crowd) -> None:
    await crowd.vote(5, "left")
    await crowd.vote(1, "right")
    await crowd.wait(30)
    assert await crowd.verdicts() == [Taken("fork", "right", counted=Counted(Why.TIE_HOST, 50, 2))]


async def test_nobody_votes_and_chance_decides_where_the_story_has_no_default(crowd: Crowd) -> None:
    await crowd.wait(30)
    [taken] = await crowd.verdicts()
    assert taken.counted == Counted(Why.CHANCE, 0, 0)


async def test_after_two_ballots_without_a_vote_the_clock_waits_for_somebody(crowd: Crowd) -> None:
    await crowd.vote(1, "left")
    for _ in range(3):
        await crowd.wait(30)
    booth = await crowd.booth()
    assert booth.room.ballot is not None
    assert (booth.card.scene, booth.room.ballot.closes, list(await dues(crowd))) == ("clearing", None, [])
    await crowd.wait(3600)
    replies = await asyncio.gather(*[crowd.vote(n, "back") for n in range(1, 9)])
    assert set(replies) == {Reply.COUNTED}
    [due] = await dues(crowd)
    assert due.at == crowd.clock() + 30_000
    await crowd.wait(30)
    assert (await crowd.verdicts())[3].counted == Counted(Why.MOST, 100, 8)


async def test_the_default_is_taken_where_the_story_has_one(crowd: Crowd) -> None:
    await crowd.vote(1, "left")
    await crowd.wait(30)
    await crowd.wait(30)
    assert (await crowd.verdicts())[1] == Taken("clock", "listen", counted=Counted(Why.DEFAULT, 0, 0))


async def test_too_few_votes_give_the_time_once_more(app: App, clock: Clock) -> None:
    crowd = Crowd(app, clock)
    await crowd.gather(Rules(quorum=3, short=Short.EXTEND))
    await crowd.vote(1, "left")
    await crowd.wait(30)
    assert await crowd.revision() == 0
    assert await crowd.vote(2, "left") is Reply.COUNTED
    await crowd.wait(30)
    assert [taken.choice for taken in await crowd.verdicts()] == ["left"]


async def test_a_near_tie_leads_to_a_second_round(app: App, clock: Clock) -> None:
    crowd = Crowd(app, clock)
    await crowd.gather(Rules(mode=Mode.TWO_ROUND))
    for number, choice in enumerate(["left", "left", "right", "right", "sign"]):
        await crowd.vote(number, choice)
    await crowd.wait(30)
    assert await crowd.revision() == 0
    assert (await crowd.booth()).tally.choices == ("left", "right")
    assert await crowd.vote(4, "sign") is Reply.NOT_OPEN
    assert await crowd.vote(4, "right") is Reply.CHANGED
    await crowd.wait(30)
    assert await crowd.verdicts() == [Taken("fork", "right", counted=Counted(Why.MOST, 60, 5))]


async def test_who_may_not_vote_is_told(app: App, clock: Clock) -> None:
    crowd = Crowd(app, clock)
    await crowd.gather(Rules(who=Who.JOINED))
    assert await crowd.vote(2, "left") is Reply.NOT_ALLOWED
    assert await crowd.vote(1, "left") is Reply.COUNTED


async def test_all_have_voted_and_nobody_waits(app: App, clock: Clock) -> None:
    crowd = Crowd(app, clock)
    await crowd.gather(Rules(early=True))
    for number in (1, 2, 3):
        assert await crowd.rooms.vote(key(), crowd.session, 0, "left", voter(number), clock(), 3) is Reply.COUNTED
    assert await crowd.verdicts() == [Taken("fork", "left", counted=Counted(Why.MOST, 100, 3))]


# -- the host


async def test_only_the_host_steers(crowd: Crowd) -> None:
    stranger = voter(2)
    for wish in (Pause(stranger), Stop(stranger), CloseNow(stranger, 0), Skip(stranger, 0), Extend(stranger, 0)):
        assert await crowd.control(wish) is Reply.NOT_HOST
    assert await crowd.control(Pause(Voter("telegram:3", steward=True))) is Reply.DONE


async def test_a_pause_stops_the_clock_to_the_millisecond(crowd: Crowd) -> None:
    await crowd.vote(2, "left")
    crowd.clock.advance(12.345)
    assert await crowd.control(Pause(HOST)) is Reply.DONE
    assert await crowd.control(Pause(HOST)) is Reply.NOTHING_TO_DO
    assert await crowd.vote(3, "right") is Reply.PAUSED
    await crowd.wait(7_200)
    assert await crowd.revision() == 0
    assert await crowd.control(Resume(HOST)) is Reply.DONE
    [due] = await dues(crowd)
    assert due.at == crowd.clock() + 17_655
    assert await crowd.vote(3, "right") is Reply.COUNTED
    await crowd.wait(17.654)
    assert await crowd.revision() == 0
    await crowd.wait(0.001)
    assert await crowd.revision() == 1


async def test_the_same_press_twice_is_one_wish(crowd: Crowd) -> None:
    assert await crowd.control(Pause(HOST), event="p") is Reply.DONE
    assert await crowd.control(Resume(HOST)) is Reply.DONE
    assert await crowd.control(Pause(HOST), event="p") is Reply.DONE
    assert not (await crowd.booth()).room.paused
    assert await crowd.control(Stop(HOST), event="s") is Reply.DONE
    assert await crowd.control(Stop(HOST), event="s") is Reply.DONE


async def test_the_host_closes_now_also_while_paused(crowd: Crowd) -> None:
    await crowd.vote(2, "right")
    await crowd.control(Pause(HOST))
    assert await crowd.control(CloseNow(HOST, 0), event="close") is Reply.DONE
    assert await crowd.control(CloseNow(HOST, 0), event="close") is Reply.DONE
    assert await crowd.control(CloseNow(HOST, 0)) is Reply.LATE
    assert [taken.choice for taken in await crowd.verdicts()] == ["right"]
    booth = await crowd.booth()
    assert booth.room.paused
    assert (booth.row.open, list(await dues(crowd))) == (False, [])


async def test_a_skip_takes_the_default_whatever_was_voted(crowd: Crowd) -> None:
    await crowd.vote(1, "left")
    await crowd.wait(30)
    await crowd.vote(1, "run")
    assert await crowd.control(Skip(HOST, 1)) is Reply.DONE
    taken = (await crowd.verdicts())[1]
    assert taken.choice == "listen"
    assert taken.counted is not None
    assert taken.counted.why is Why.SKIPPED
    assert [due.at for due in await dues(crowd)] == [crowd.clock() + 30_000]


async def test_stopped_is_over_and_another_may_begin(crowd: Crowd) -> None:
    first = crowd.session
    assert await crowd.control(Stop(HOST)) is Reply.DONE
    assert await crowd.vote(2, "left") is Reply.OVER
    assert list(await dues(crowd)) == []
    assert await crowd.gather()
    assert crowd.session != first


async def test_the_host_hands_over_and_gives_more_time(crowd: Crowd) -> None:
    assert await crowd.control(Extend(HOST, 0)) is Reply.DONE
    assert [due.at for due in await dues(crowd)] == [crowd.clock() + 60_000]
    assert await crowd.control(HandOver(HOST, "telegram:2")) is Reply.DONE
    assert await crowd.control(Pause(HOST)) is Reply.NOT_HOST
    assert await crowd.control(Change(voter(2), Rules(seconds=5))) is Reply.DONE
    await crowd.wait(60)
    assert [due.at for due in await dues(crowd)] == [crowd.clock() + 5_000]


# -- one room in a chat


async def test_one_watch_along_at_a_time_in_a_chat_and_one_in_each_topic(crowd: Crowd) -> None:
    first = crowd.session
    assert not await crowd.gather()
    assert crowd.session == first
    assert await crowd.gather(address=f"{GROUP}/7")
    assert crowd.session != first


async def test_the_same_command_twice_begins_one_room(app: App, clock: Clock) -> None:
    crowd = Crowd(app, clock)
    begun = await asyncio.gather(*[crowd.gather(event="watch") for _ in range(5)])
    assert begun == [True] * 5
    assert len(await crowd.parcels()) == 1
    assert Counter(await asyncio.gather(*[crowd.gather(address="-7") for _ in range(5)])) == {True: 1, False: 4}


async def test_a_story_that_is_not_there(crowd: Crowd) -> None:
    with pytest.raises(UnknownStory):
        await crowd.gather(story="nowhere", address="-8")


async def test_a_room_left_alone_gives_way_after_hours(crowd: Crowd) -> None:
    await crowd.control(Pause(HOST))
    crowd.clock.advance(ABANDONED / 1000 - 1)
    assert not await crowd.gather()
    crowd.clock.advance(1)
    first = crowd.session
    assert await crowd.gather()
    assert crowd.session != first


async def test_a_close_that_was_lost_is_made_up_for(crowd: Crowd) -> None:
    await crowd.vote(1, "left")
    await crowd.app.store.lose_chat("telegram", GROUP, crowd.clock())
    await crowd.app.store.find_chat("telegram", GROUP)
    assert list(await dues(crowd)) == []
    crowd.clock.advance(3600)
    assert not await crowd.gather()
    assert await crowd.revision() == 1
    assert len(await dues(crowd)) == 1


# -- prices


async def test_a_group_plays_what_is_free(house: House, clock: Clock) -> None:
    house.write("tollgate", TOLLGATE)
    async with house.running() as app:
        crowd = Crowd(app, clock)
        await crowd.gather(story="tollgate")
        await crowd.vote(1, "knock")
        await crowd.wait(30)
        last = (await crowd.parcels())[-1]
        assert last.card.toll == "house"
        assert (await crowd.booth()).ended
        assert list(await dues(crowd)) == []


# -- once, whatever happens


async def facts(house: House, session: int) -> list[tuple[str, str | None]]:
    connection = sqlite3.connect(house.database)
    asked = "SELECT kind, choice FROM fact WHERE session = ? ORDER BY id"
    rows = connection.execute(asked, (session,)).fetchall()
    connection.close()
    return rows


async def test_two_closers_at_once_close_once(crowd: Crowd, house: House) -> None:
    for number in range(6):
        await crowd.vote(number, "left")
    crowd.clock.advance(30)
    other = Agenda(crowd.app, Rooms(crowd.app), crowd.clock)
    await asyncio.gather(crowd.agenda.take_due(), other.take_due(), crowd.control(CloseNow(HOST, 0)))
    assert await facts(house, crowd.session) == [("begin", None), ("choice", "left")]
    assert len(await crowd.verdicts()) == 1
    assert [due.revision for due in await dues(crowd)] == [1]


async def test_votes_while_it_closes_are_counted_or_late_and_never_both(crowd: Crowd) -> None:
    crowd.clock.advance(29)
    votes = [crowd.vote(number, "left" if number % 3 else "right") for number in range(60)]
    replies = await asyncio.gather(*votes[:30], crowd.control(CloseNow(HOST, 0)), *votes[30:])
    [taken] = await crowd.verdicts()
    assert taken.counted is not None
    stored = await crowd.app.store.votes(crowd.session, 0)
    assert taken.counted.voters == len(stored) == replies.count(Reply.COUNTED)
    assert set(replies) <= {Reply.COUNTED, Reply.LATE, Reply.DONE}


class CountingStore(SQLiteStore):
    """Something happens once votes were read."""

    happens: Callable[[], Awaitable[object]] | None = None

    async def votes(self, session: int, revision: int) -> Sequence[VoteRow]:
        read = await super().votes(session, revision)
        happens, self.happens = self.happens, None
        if happens is not None:
            await happens()
        return read


async def test_a_host_who_is_forgotten_while_their_vote_is_counted_has_not_decided(house: House, clock: Clock) -> None:
    async with house.running(CountingStore) as app:
        assert isinstance(app.store, CountingStore)
        crowd = Crowd(app, clock)
        await crowd.gather(Rules(Mode.HOST))
        await crowd.vote(1, "left")
        await crowd.vote(2, "right")
        host = await app.store.viewer("telegram", "1")
        app.store.happens = lambda: app.store.forget(host.id)
        await crowd.control(CloseNow(HOST, 0))
        [(_, announced, recounted)] = await crowd.rooms.recount(crowd.session)
        assert announced == recounted


class StoppingStore(SQLiteStore):
    """Fails before or after the verb named in `stops`, as a process that is killed there."""

    stops: str = ""

    async def votes(self, session: int, revision: int) -> Sequence[VoteRow]:
        self._stop("votes")
        return await super().votes(session, revision)

    async def commit(self, commit: Commit) -> Outcome:
        self._stop("commit")
        outcome = await super().commit(commit)
        self._stop("committed")
        return outcome

    async def drop_due(self, due: Due) -> None:
        self._stop("drop")
        await super().drop_due(due)

    def _stop(self, where: str) -> None:
        if self.stops == where:
            raise StoreUnwritable(where)


@pytest.mark.parametrize("where", ["votes", "commit", "committed"])
@pytest.mark.parametrize("who", ["clock", "host", "skip"])
async def test_killed_anywhere_in_a_close_it_is_closed_once_after_the_restart(
    house: House, clock: Clock, where: str, who: str
) -> None:
    async with house.running(StoppingStore) as app:
        assert isinstance(app.store, StoppingStore)
        crowd = Crowd(app, clock)
        await crowd.gather()
        await crowd.vote(1, "left")
        await crowd.wait(30)
        for number in range(3):
            await crowd.vote(number, "run")
        app.store.stops = where
        wishes: Mapping[str, CloseNow | Skip] = {"host": CloseNow(HOST, 1), "skip": Skip(HOST, 1)}
        with pytest.raises(StoreError):
            await (crowd.control(wishes[who]) if who in wishes else crowd.wait(30))
        row = await app.store.room(crowd.session)
        assert row is not None
        if where != "committed":
            assert not row.open
            assert read(row).shut is (Shut.SKIP if who == "skip" else Shut.NOW if who == "host" else Shut.CLOCK)
            app.store.stops = ""
            assert await crowd.vote(9, "listen", revision=1) is Reply.LATE
    async with house.running() as app:
        again = Crowd(app, clock, session=crowd.session)
        await again.wait(0)
        assert [taken.choice for taken in await again.verdicts()] == ["left", "listen" if who == "skip" else "run"]
        assert [due.revision for due in await dues(again)] == [2]
        assert [one.revision for one in await again.parcels()][-1] == 2
        assert await facts(house, crowd.session) == [
            ("begin", None), ("choice", "left"), ("choice", "listen" if who == "skip" else "run"),
        ]  # fmt: skip


async def test_a_recount_of_what_is_stored_gives_what_was_announced(crowd: Crowd) -> None:
    for number in range(20):
        await crowd.vote(number, ["left", "right", "sign"][number % 3])
    await crowd.wait(30)
    stored = votes_of(await crowd.app.store.votes(crowd.session, 0))
    tally = Counter(vote.ranking[0] for vote in stored.values())
    [taken] = await crowd.verdicts()
    assert taken.counted is not None
    assert tally[taken.choice] == max(tally.values())
    assert taken.counted.voters == 20


async def test_after_a_restart_the_votes_and_the_clock_are_there(house: House, clock: Clock) -> None:
    async with house.running() as app:
        crowd = Crowd(app, clock)
        await crowd.gather()
        for number in range(5):
            await crowd.vote(number, "left")
    clock.advance(10)
    async with house.running() as app:
        again = Crowd(app, clock, session=crowd.session)
        assert list(await again.rooms.ticking()) == [crowd.session]
        booth = await again.booth()
        assert (booth.tally.counts, booth.label("left")) == ((5, 0, 0), "Go left")
        assert await again.vote(1, "left") is Reply.SAME
        assert await again.vote(2, "right") is Reply.CHANGED
        await again.wait(20)
        assert await again.verdicts() == [Taken("fork", "left", counted=Counted(Why.MOST, 80, 5))]


async def test_a_vote_that_cannot_be_stored_is_not_acknowledged(house: House, clock: Clock) -> None:
    class NoVotes(FailingStore):
        async def cast(self, event: EventKey, vote: VoteRow) -> Outcome:
            self._fail("cast")
            return await super().cast(event, vote)

    async with house.running(NoVotes) as app:
        assert isinstance(app.store, NoVotes)
        crowd = Crowd(app, clock)
        await crowd.gather()
        app.store.__dict__.setdefault("failures", Counter())["cast"] = 1
        with pytest.raises(StoreError):
            await crowd.vote(1, "left", event="v")
        assert (await crowd.booth()).tally.voters == 0
        assert await crowd.vote(1, "left", event="v") is Reply.COUNTED
        assert (await crowd.booth()).tally.voters == 1


async def test_a_room_that_cannot_be_read_ends_and_the_others_go_on(house: House, clock: Clock) -> None:
    async with house.running() as app:
        broken, fine = Crowd(app, clock), Crowd(app, clock)
        await broken.gather()
        await fine.gather(address="-9")
    connection = sqlite3.connect(house.database)
    connection.execute("UPDATE session SET state = X'7B7D' WHERE id = ?", (broken.session,))
    connection.commit()
    connection.close()
    async with house.running() as app:
        again = Crowd(app, clock, session=fine.session)
        await again.wait(30)
        assert await again.revision() == 1
        [trouble] = await app.store.troubles(10)
        assert trouble.event.id == f"close:{broken.session}:0"
        assert await again.gather()


async def test_whoever_watches_hears_of_every_change(crowd: Crowd) -> None:
    heard: list[int] = []
    crowd.rooms.listen(heard.append)
    await crowd.vote(1, "left")
    await crowd.control(Pause(HOST))
    await crowd.control(Resume(HOST))
    async with crowd.app.moves.of(crowd.session) as moves:
        await crowd.wait(30)
        assert await moves.get() == 1
    assert set(heard) == {crowd.session}
    assert len(heard) >= 4
