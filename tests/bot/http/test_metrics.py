"""The figures say what happened, as Prometheus reads it, and only to those they are meant for."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.agenda import Agenda
from bot.app import App
from bot.delivery.delivery import Delivery, Gone, Later, Pauses, Unshowable
from bot.figures import SECONDS, Figures, Spread
from bot.gauges import gauges
from bot.http.metrics import Metrics
from bot.http.server import WebServer
from bot.play.event import Choose
from bot.rooms import Rooms
from bot.rooms.reply import Reply
from bot.store.errors import StoreError
from bot.store.port import EventKey
from bot.watch.rules import Rules
from bot.watch.vote import Voter
from tests.fakes.chat import Chat
from tests.fakes.entrance import free_port, running
from tests.fakes.house import START, Clock, House
from tests.fakes.store import FailingStore
from tests.fakes.visitor import Visitor

Samples = dict[str, float]

SHORT = Pauses(first=0.001, last=0.004, idle=0.01)


async def read(app: App, rooms: Rooms | None = None, wanted: tuple[str, ...] = ("telegram",)) -> Samples:
    """What a scrape finds: name with labels -> value."""
    route = Metrics(app.figures, gauges(app, rooms or Rooms(app), wanted, lambda: 3), None).route()
    server = WebServer("127.0.0.1", 0, [route])
    async with server.running(), httpx.AsyncClient(trust_env=False) as http:
        response = await http.get(f"http://127.0.0.1:{server.port}/metrics")
    assert response.status_code == 200
    return samples(response.text)


def samples(text: str) -> Samples:
    return {
        name_of(sample.name, sample.labels): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def name_of(name: str, labels: Mapping[str, str]) -> str:
    return "/".join([name.removeprefix("cliffhanger_"), *(labels[label] for label in sorted(labels))])


# -- counting


def test_a_spread_counts_what_is_at_a_bound_with_it_and_what_is_above_all_apart() -> None:
    spread = Spread((1.0, 2.0))
    for value in (0.0, 1.0, 1.5, 2.0, 2.5):
        spread.note(value)
    assert (spread.counts, spread.total) == ([2, 2, 1], 7.0)


def test_an_event_of_the_future_took_no_time() -> None:
    figures = Figures()
    figures.committed("web", 1 << 50)
    assert figures.commit_seconds["web"].total == 0.0
    assert list(SECONDS) == sorted(SECONDS)


async def test_events_are_counted_by_what_became_of_them(house: House) -> None:
    async with house.running(FailingStore) as app:
        ann = Visitor(app)
        await ann.open()
        await ann.tap("left", "once")
        await ann.tell(Choose(0, "left"), "once")
        await ann.tell(Choose(0, "left"))
        assert isinstance(app.store, FailingStore)
        app.store.failures["commit"] = 1
        with pytest.raises(StoreError):
            await ann.tap("run")
        found = await read(app)
    counted = {outcome: found[f"events_total/{outcome}/web"] for outcome in ("committed", "duplicate", "refused")}
    assert counted == {"committed": 2, "duplicate": 1, "refused": 1}
    assert found["events_total/unsaved/web"] == 1
    assert found["commit_seconds_count/web"] == 2
    assert found["store_group_jobs_count/writer"] >= 2


async def test_no_label_comes_from_a_viewer(app: App) -> None:
    ann = Visitor(app, 'ann"\n{secret}')
    await ann.open()
    await ann.tap("left", 'event"} 7')
    assert not [name for name in await read(app) if "ann" in name or "secret" in name or "event" in name.split("/")[1:]]


async def test_cards_are_timed_until_they_are_shown_and_failures_counted_by_kind(app: App) -> None:
    chat = Chat()
    chat.trouble["ann"].extend([OSError("no route"), Later(0.001), Unshowable("too odd")])
    chat.trouble["bob"].append(Gone())
    chat.closed["eve"] = asyncio.Event()
    delivery = app.deliveries["telegram"] = Delivery(app.store, "telegram", chat.show, SHORT)
    courier = asyncio.create_task(delivery.run())
    try:
        for person in ("ann", "bob", "eve"):
            visitor = Visitor(app, person, "telegram", address=f"telegram:{person}")
            await visitor.open()
            if person == "ann":
                await visitor.tap("left")
        await chat.wait_for("ann", 1)
        await chat.wait_for_tries("eve", 1)
        while len(delivery.waiting) > 1:
            await asyncio.sleep(0.001)
        found = await read(app)
        assert found["outbox_cards/telegram"] == 1
        assert found["outbox_oldest_seconds/telegram"] > 0
        assert found["platform_reached/telegram"] == 1
        chat.closed["eve"].set()
        while delivery.waiting:
            await asyncio.sleep(0.001)
    finally:
        courier.cancel()
        await asyncio.gather(courier, return_exceptions=True)
        del app.deliveries["telegram"]
    found = await read(app)
    failures = {kind: found[f"delivery_failures_total/{kind}/telegram"] for kind in ("failed", "later", "gone")}
    assert failures == {"failed": 1, "later": 1, "gone": 1}
    assert found["delivery_failures_total/set_aside/telegram"] == 1
    assert found["shown_seconds_count/telegram"] == len(chat.shown["ann"]) + len(chat.shown["eve"])
    assert found["platform_reached/telegram"] == 0


async def test_cards_that_a_chat_is_spared_wait_no_longer(app: App) -> None:
    chat = Chat()
    chat.closed["ann"] = asyncio.Event()
    delivery = Delivery(app.store, "telegram", chat.show, SHORT)
    courier = asyncio.create_task(delivery.run())
    visitor = Visitor(app, "ann", "telegram", address="telegram:ann")
    await visitor.open()
    await visitor.tap("left")
    while len(delivery.waiting) < 2:
        await asyncio.sleep(0.001)
    viewer = await app.store.viewer("telegram", "ann")
    await app.store.forget(viewer.id, [("telegram", "ann")])
    chat.closed.pop("ann").set()
    while len(delivery.waiting):
        await asyncio.sleep(0.001)
    assert len(chat.shown["ann"]) == 1
    courier.cancel()
    await asyncio.gather(courier, return_exceptions=True)


async def test_the_agenda_says_how_late_it_is_and_when_it_last_looked(app: App, clock: Clock) -> None:
    rooms = Rooms(app)
    gathered = await rooms.gather(
        EventKey("telegram", "begin"), "telegram", "telegram:1", "-5", "crossroads", None, Rules(seconds=10), START
    )
    assert gathered.session is not None
    voter = Voter("telegram:1")
    assert await rooms.vote(EventKey("telegram", "vote"), gathered.session, 0, "left", voter, START) is Reply.COUNTED
    clock.advance(3600)
    await Agenda(app, rooms, clock).take_due()
    found = await read(app, rooms)
    assert found["votes_total/committed/telegram"] == 1
    assert found["agenda_late_seconds_count"] >= 1
    assert found["agenda_late_seconds_sum"] > 3000
    assert found["agenda_looked_timestamp_seconds"] == clock() / 1000
    assert found["rooms_at_hand"] == 1
    assert found["events_total/committed/telegram"] == 1


async def test_listeners_are_counted_while_they_listen(app: App) -> None:
    async with app.moves.of(7), app.moves.of(7), app.moves.of(8):
        found = await read(app)
        assert (found["listeners/session"], found["listeners/room"]) == (3, 3)
    assert (await read(app))["listeners/session"] == 0


# -- who may read


async def test_with_a_token_only_its_bearer_reads() -> None:
    server = WebServer("127.0.0.1", 0, [Metrics(Figures(), (), "let-me-in").route()])
    async with server.running(), httpx.AsyncClient(base_url="http://127.0.0.1", trust_env=False) as http:
        for sent, status in (
            (None, 401),
            ("let-me-in", 401),
            ("Basic let-me-in", 401),
            ("Bearer", 401),
            ("Bearer let-me-i", 401),
            ("Bearer let-me-in-too", 401),
            (b"Bearer \xff\xfe", 401),
            ("Bearer let-me-in", 200),
            ("bearer let-me-in", 200),
        ):
            headers = [] if sent is None else [("authorization", sent)]
            response = await http.get(f"http://127.0.0.1:{server.port}/metrics", headers=headers)  # type: ignore[arg-type]
            assert response.status_code == status, sent
            assert ("process_open_fds" in response.text) is (status == 200)


def asked(address: str, path: str, **headers: str) -> httpx.Response:
    return httpx.get(f"{address}{path}", headers=headers, trust_env=False)


def test_on_this_machine_figures_need_no_token(house: House) -> None:
    with running(house.folder) as bot:
        assert "cliffhanger_rooms_at_hand 0.0" in asked(bot.address, "/metrics").text
        assert asked(bot.address, "/readyz").json() == {"ready": True, "server": "ok", "store": "ok"}


def test_on_a_public_address_they_are_not_there_without_one(house: House) -> None:
    with running(house.folder, PUBLIC_URL="http://drama.example.org", PORT=(port := free_port())):
        here = f"http://127.0.0.1:{port}"
        assert asked(here, "/metrics").status_code == 404
        assert asked(here, "/readyz").status_code == 200


def test_on_a_public_address_they_are_there_for_who_has_the_token(house: House) -> None:
    settings = {"HOST": "0.0.0.0", "METRICS_TOKEN": "let-me-in"}
    with running(house.folder, **settings) as bot:
        assert asked(bot.address, "/metrics").status_code == 401
        assert asked(bot.address, "/metrics", authorization="Bearer let-me-in").status_code == 200
