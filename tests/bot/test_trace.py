"""Traces: a collector is told what took how long, and of nobody who it was; without one nothing is done or loaded."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections import Counter
from pathlib import Path

import httpx
import pytest

from bot.app import App
from bot.delivery.delivery import Delivery, Gone, Pauses
from bot.play.event import Choose
from bot.store.errors import StoreUnwritable
from tests.fakes.chat import Chat
from tests.fakes.collector import Collector, collecting, tracing
from tests.fakes.crowd import Crowd
from tests.fakes.entrance import ROOT, free_port, running
from tests.fakes.house import Clock, House
from tests.fakes.store import FailingStore
from tests.fakes.visitor import Visitor

USER = "quite-a-person"
CHAT = "4200042"
EVENT = "an-update-of-theirs"


async def traced(app: App, collector: Collector, clock: Clock) -> Crowd:
    """A viewer plays in a chat, and a group votes."""
    chat = Chat()
    chat.trouble[CHAT].append(Gone())
    async with tracing(collector) as app.figures.trace:
        viewer = Visitor(app, USER, platform="telegram", address=f"telegram:{CHAT}")
        await viewer.open(event=EVENT)
        await viewer.tap("left")
        await viewer.tell(Choose(0, "left"))
        delivery = asyncio.create_task(Delivery(app.store, "telegram", chat.show, Pauses(0.01, 0.01, 0.01)).run())
        await chat.wait_for_tries(CHAT, 1)
        delivery.cancel()
        await asyncio.gather(delivery, return_exceptions=True)
        crowd = Crowd(app, clock)
        await crowd.gather()
        await crowd.vote(7_000_007, "left")
        await crowd.wait(31)
    app.figures.trace = None
    return crowd


async def test_a_collector_is_told_of_events_commits_cards_and_ballots(app: App, clock: Clock) -> None:
    async with collecting() as collector:
        await traced(app, collector, clock)
    assert collector.services == {"cliffhanger"}
    assert collector.named("event") == [
        {"platform": "telegram", "outcome": "committed"},
        {"platform": "telegram", "outcome": "committed"},
        {"platform": "telegram", "outcome": "refused"},
        {"platform": "agenda", "outcome": "committed"},
    ]
    assert collector.named("card") == [{"platform": "telegram", "error.type": "Gone"}]
    [ballot] = collector.named("ballot")
    assert (ballot["platform"], ballot["outcome"]) == ("telegram", "decided")
    assert len(collector.named("commit")) >= 4


async def test_a_commit_lies_within_its_event(app: App, clock: Clock) -> None:
    async with collecting() as collector:
        await traced(app, collector, clock)
    [first, *_] = sorted(collector.spans, key=lambda span: span.start_time_unix_nano)
    [inner] = [span for span in collector.spans if span.parent_span_id == first.span_id]
    assert (first.name, inner.name) == ("event", "commit")
    assert first.start_time_unix_nano <= inner.start_time_unix_nano
    assert inner.end_time_unix_nano <= first.end_time_unix_nano


async def test_nobody_can_be_found_in_a_trace(app: App, clock: Clock) -> None:
    async with collecting() as collector:
        crowd = await traced(app, collector, clock)
    viewer = await app.store.viewer("telegram", USER)
    session = await app.store.session_in(viewer.id, "crossroads")
    assert session is not None
    for personal in (USER, CHAT, EVENT, "7000007", str(session.id), str(crowd.session)):
        assert personal.encode() not in collector.told


async def test_an_error_is_told_by_its_kind_alone(house: House) -> None:
    async with collecting() as collector, house.running(FailingStore) as app, tracing(collector) as app.figures.trace:
        app.store.__dict__["failures"] = Counter(commit=1)
        with pytest.raises(StoreUnwritable) as failed:
            await Visitor(app, USER).open()
    assert collector.named("event") == [{"platform": "web", "outcome": "unsaved", "error.type": "StoreUnwritable"}]
    assert str(failed.value).encode() not in collector.told
    assert [event for span in collector.spans for event in span.events] == []


def play(address: str) -> None:
    opened = httpx.post(f"{address}/api/stories/crossroads/open", json={"event": EVENT}, trust_env=False)
    assert opened.status_code == 200


async def test_the_bot_traces_where_a_collector_is_set(house: House) -> None:
    async with collecting() as collector:
        await asyncio.to_thread(_one_life, house.folder, collector.url)
    assert {"platform": "web", "outcome": "committed"} in collector.named("event")


def test_a_collector_that_is_away_holds_nothing_up(house: House) -> None:
    _one_life(house.folder, f"http://127.0.0.1:{free_port()}")


def _one_life(folder: Path, collector: str) -> None:
    """A bot that begins, is played and ends cleanly."""
    with running(folder, OTEL_EXPORTER_OTLP_ENDPOINT=collector) as bot:
        play(bot.address)


def test_without_a_collector_nothing_of_it_is_loaded() -> None:
    modules = "bot.app, bot.agenda, bot.rooms, bot.delivery.delivery, bot.store.open, adapters.web.adapter, run_bot"
    program = f"import sys, {modules}; print([name for name in sys.modules if name.startswith('opentelemetry')])"
    said = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout == "[]\n"
