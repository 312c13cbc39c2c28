"""A short story with clips that goes round and round, and what the database says was played of it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

FERRY = """\
title: The Ferry
synopsis: Over the water and back.
genres: [test]
rating: all
language: en
variables:
  name: {type: text, length: 40, start: stranger}
episodes:
  one:
    title: The crossing
    scenes:
      pier:
        clip: clips/pier.mp4
        lines: [{narrator: "The pier, {name}.", id: pier}]
        choices:
          aboard: {label: Go aboard, to: deck}
          sign: {label: Sign the book, ask: name, to: deck}
      deck:
        clip: clips/deck.mp4
        lines: [{narrator: The deck., id: deck}]
        choices:
          back: {label: Turn back, to: pier}
          land: {label: Step ashore, to: island}
      island:
        lines: [{narrator: Dry land., id: island}]
        ending: {title: Ashore, kind: happy}
"""

ROUND = ("Go aboard", "Turn back")
"""The choices that lead round, whatever the scene: a viewer takes the one that is offered."""


def write_ferry(stories: Path) -> Path:
    """The story with its clips, which nobody could watch but every platform takes: its folder."""
    folder = stories / "ferry"
    (folder / "clips").mkdir(parents=True)
    (folder / "story.yaml").write_text(FERRY, encoding="utf-8")
    for scene in ("pier", "deck"):
        (folder / "clips" / f"{scene}.mp4").write_bytes(b"\x00\x00\x00\x18ftypmp42" + scene.encode() * 100)
    return folder


def taps_counted(database: Path, person: int) -> list[tuple[int, str]]:
    """(revision, choice) of each tap of somebody at Telegram that counted, oldest first."""
    asked = """
        SELECT fact.revision, fact.choice
        FROM identity JOIN session USING (viewer) JOIN fact ON fact.session = session.id
        WHERE identity.platform = 'telegram' AND identity.user = ? AND fact.kind = 'choice' ORDER BY fact.id
    """
    with closing(sqlite3.connect(database)) as connection:
        return [(revision, choice) for revision, choice in connection.execute(asked, (str(person),))]


def standing_at(database: Path, person: int) -> int:
    """The revision at which their session stands."""
    asked = """
        SELECT session.revision FROM identity JOIN session USING (viewer)
        WHERE identity.platform = 'telegram' AND identity.user = ?
    """
    with closing(sqlite3.connect(database)) as connection:
        [(revision,)] = connection.execute(asked, (str(person),))
    return int(revision)
