"""A room as the page reads it: the scene, which changes with each vote, and the moment, which changes all the time."""

from __future__ import annotations

import hmac
from hashlib import sha256
from typing import Any

from adapters.web.room_scene import Decided, RoomScene
from adapters.web.room_time import time_of
from adapters.web.view import view
from bot.clips.shelf import Shelf
from bot.clips.subtitles import reading_seconds
from bot.play.card import Card
from bot.rooms.booth import Booth
from bot.story.story import Story

Json = dict[str, Any]

MARK_BYTES = 8
"""Enough that no two of those who watch share a mark."""

LEAST_SECONDS = 3.0
"""How long a scene without clip and words is seen."""


def scene_json(scene: RoomScene, shelf: Shelf, now: int) -> Json:
    """What all see of a scene until the next vote is decided; `now` in Unix ms is what links are signed for."""
    answer = scene.answer
    shown = view(answer, shelf, now / 1000)
    lengths = [_seconds(answer.story, card) for card in answer.cards]
    cards = [
        {**card, "at": sum(lengths[:number]), "seconds": lengths[number]} for number, card in enumerate(shown["cards"])
    ]
    return {
        "code": scene.code,
        "revision": scene.revision,
        "language": shown["language"],
        "story": shown["story"],
        "cards": cards,
        "decided": None if scene.decided is None else _decided(scene, scene.decided),
    }


def moment_json(booth: Booth, scene: RoomScene, fork: Json, watching: int, secret: bytes, now: int) -> Json:
    """How things stand just now, with what `fork_json` says. Times in Unix ms by the server's clock, that is `now`."""
    room, ballot = booth.room, booth.room.ballot
    time = time_of(room, scene.revision, scene.since, scene.clips)
    current = ballot if ballot is not None and not ballot.closed and not booth.ended else None
    return {
        "now": now,
        "revision": scene.revision,
        "state": _state(booth),
        "began": time.began,
        "stands": time.stands,
        "closes": None if current is None else current.closes,
        "left": None if current is None else current.left,
        "seconds": 0 if current is None else current.rules.seconds,
        "mode": room.rules.mode.value if current is None else current.rules.mode.value,
        "round": 1 if current is None else current.run,
        "tally": dict(zip(booth.tally.choices, booth.tally.percent(), strict=True)) if current else {},
        "voters": booth.tally.voters if current else 0,
        "watching": watching,
        "host": None if room.host is None or booth.ended else mark(secret, booth.row.code, room.host),
        "meeting": None if booth.ended else room.meeting,
        "over": _over(booth, scene) if booth.ended else None,
        "recap": f"/room/{booth.row.code}/recap.png" if booth.ended and scene.revision else None,
        **fork,
    }


def mark(secret: bytes, code: str, voter: str) -> str:
    """Somebody in a room as the page may know them: the same each time, and it leads nowhere."""
    return hmac.digest(secret, f"room\0{code}\0{voter}".encode(), sha256)[:MARK_BYTES].hex()


def _seconds(story: Story, card: Card) -> float:
    """How long a card is seen: its clip, or as long as its words take to read."""
    return story.seconds.get(card.scene) or max(reading_seconds(card.lines), LEAST_SECONDS)


def _decided(scene: RoomScene, decided: Decided) -> Json:
    point, verdict = decided.point, decided.verdict
    wording = scene.answer.story.wording(scene.answer.state.language)
    label = wording.texts[f"scene/{point.scene}/choice/{point.choice}"].fill(scene.answer.state.values)
    shares = {} if verdict is None else dict(zip(verdict.tally.choices, verdict.tally.percent(), strict=True))
    return {
        "scene": point.scene,
        "choice": point.choice,
        "label": label,
        "why": None if verdict is None else verdict.why.value,
        "percent": shares.get(point.choice, 0),
        "voters": 0 if verdict is None else verdict.tally.voters,
    }


def _state(booth: Booth) -> str:
    """open, waiting (for the first vote, which starts the clock), paused, shut (being counted), asking (the host,
    whether the group splits), meeting (it waits for its twin), over."""
    room, ballot = booth.room, booth.room.ballot
    if booth.ended:
        return "over"
    if room.parting is not None and not room.parting.decided:
        return "asking"
    if room.meeting is not None:
        return "meeting"
    if room.paused:
        return "paused"
    if not booth.open or ballot is None:
        return "shut"
    return "waiting" if ballot.left is not None else "open"


def _over(booth: Booth, scene: RoomScene) -> str:
    """Why there is nothing more: ending, stuck (the story has a gap), toll (the rest costs something), met (the way
    goes on in the other room), stopped."""
    parted = booth.room.parted
    if parted and not parted[-1].main and parted[-1].met is not None:
        return "met"
    last = scene.answer.cards[-1]
    if last.ending is not None:
        return "ending"
    if last.stuck:
        return "stuck"
    return "stopped" if last.toll is None else "toll"
