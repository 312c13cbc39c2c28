"""News: hints are gathered, come to the others and not back, and what nobody understands harms nobody."""

from __future__ import annotations

import asyncio
import json

import pytest
from structlog.testing import capture_logs

from bot.crew.news import EVERYTHING, LARGEST, News, Topic
from bot.store.errors import StoreAway


class Square:
    """Where workers tell and hear. `missed` is what goes wrong with the next call."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.workers: list[News] = []
        self.missed: Exception | None = None

    def worker(self) -> News:
        news = News(len(self.workers) + 1, self._tell)
        self.workers.append(news)
        return news

    async def _tell(self, news: str) -> None:
        if self.missed is not None:
            missed, self.missed = self.missed, None
            raise missed
        self.told.append(news)
        for worker in self.workers:
            worker.heard(news)


def heard_by(news: News, topic: Topic) -> list[str]:
    heard: list[str] = []
    news.listen(topic, heard.append)
    return heard


async def test_hints_are_gathered_and_come_to_the_others_alone() -> None:
    square = Square()
    ann, ben = square.worker(), square.worker()
    own, rooms, cards = heard_by(ann, Topic.ROOM), heard_by(ben, Topic.ROOM), heard_by(ben, Topic.CARDS)
    for name in ("7", "5", "7"):
        ann.tell(Topic.ROOM, name)
    ann.tell(Topic.CARDS, "telegram")
    await ann.close()
    assert len(square.told) == 1
    assert (own, rooms, cards) == ([], ["5", "7"], ["telegram"])
    await ann.close()
    ann.tell(Topic.ROOM, "9")
    await ann.close()
    assert (len(square.told), rooms) == (2, ["5", "7", "9"])


async def test_what_is_too_much_for_one_call_is_everything() -> None:
    square = Square()
    ann, ben = square.worker(), square.worker()
    rooms, whispers = heard_by(ben, Topic.ROOM), heard_by(ben, Topic.WHISPER)
    for number in range(300):
        ann.tell(Topic.ROOM, str(2**61 + number))
    await ann.close()
    assert len(rooms) == 300
    for number in range(300):
        ann.tell(Topic.ROOM, str(2**61 + number))
        ann.tell(Topic.WHISPER, f"user:{2**61 + number} {2**60 + number}")
    await ann.close()
    assert rooms[300:] == whispers == [EVERYTHING]
    assert max(len(told.encode()) for told in square.told) <= LARGEST


async def test_everything_stands_for_every_name() -> None:
    square = Square()
    ann, ben = square.worker(), square.worker()
    heard = heard_by(ben, Topic.PLACES)
    ann.tell(Topic.PLACES, "1")
    ann.tell(Topic.PLACES)
    await ann.close()
    assert heard == [EVERYTHING]


async def test_what_was_missed_may_have_been_anything() -> None:
    ben = Square().worker()
    heard = {topic: heard_by(ben, topic) for topic in Topic}
    ben.heard("")
    assert heard == {topic: [EVERYTHING] for topic in Topic}


async def test_what_a_newer_release_tells_besides_is_passed_over() -> None:
    ben = Square().worker()
    rooms = heard_by(ben, Topic.ROOM)
    ben.heard(json.dumps({"from": ["99"], "weather": ["rain"], "room": ["7"]}))
    assert rooms == ["7"]


@pytest.mark.parametrize(
    "garbage", ["{", "[]", "null", '"room"', '{"room": "7"}', '{"room": [7]}', '{"from": {}}', "\0"]
)
async def test_garbage_is_told_in_the_log_and_nothing_else(garbage: str) -> None:
    ben = Square().worker()
    rooms = heard_by(ben, Topic.ROOM)
    with capture_logs() as logs:
        ben.heard(garbage)
    assert [said["event"] for said in logs] == ["news_unreadable"]
    assert rooms == []


async def test_hints_that_cannot_be_told_are_lost_and_later_ones_are_not() -> None:
    square = Square()
    ann, ben = square.worker(), square.worker()
    rooms = heard_by(ben, Topic.ROOM)
    square.missed = StoreAway("gone")
    ann.tell(Topic.ROOM, "1")
    await asyncio.sleep(0)
    with capture_logs() as logs:
        await ann.close()
    assert [said["event"] for said in logs] == ["news_untold"]
    ann.tell(Topic.ROOM, "2")
    await ann.close()
    assert rooms == ["2"]
