"""Sheets and stories of the studio as its page reads them."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from adapters.studio.ask import Ask
from adapters.studio.sheet import Sheet
from bot.clips.shelf import Shelf
from bot.clips.storyboard import storyboard
from bot.story.story import Story
from bot.studio.portfolio import Mine

Json = dict[str, Any]

OF_STORY = frozenset({"play", "story", "map", "check", "heat"})
"""What a button's text begins with where the second word is the story that its sheet is about."""


def sheet_view(sheet: Sheet, ask: Ask, story: Story | None, shelf: Shelf, now: float) -> Json:
    """A sheet; `story` is that of its clip. Pictures and files come along, so that any worker could have made them."""
    document = sheet.document
    return {
        "lines": [[{"text": span.text, "style": span.style} for span in line] for line in sheet.lines],
        "rows": [[{"label": key.label, "about": key.about, "link": key.link} for key in row] for row in sheet.rows],
        "question": sheet.question,
        "story": _about(sheet, ask),
        "scene": _scene(sheet, story, shelf, now),
        "picture": None if sheet.picture is None else b64encode(sheet.picture).decode(),
        "document": None if document is None else {"name": document[0], "data": b64encode(document[1]).decode()},
    }


def story_view(mine: Mine, shelf: Shelf) -> Json:
    """One of a creator's stories. `live` is "no", "yes", "earlier" where another version is, or why nobody plays it."""
    story, clips = mine.story, [scene.clip for scene in mine.story.scenes.values() if scene.clip is not None]
    return {
        "id": story.id,
        "title": story.wordings[story.language].plain("title"),
        "upload": mine.draft.upload,
        "role": mine.row.role,
        "scenes": len(story.scenes),
        "endings": len(story.endings),
        "missing": sum(not shelf.has(story, clip) for clip in clips),
        "live": _live(mine),
    }


def _about(sheet: Sheet, ask: Ask) -> str | None:
    """The story that a sheet is about, so that the page can show its map."""
    if sheet.scene is not None:
        return sheet.scene[0]
    named = [key.about.split(" ")[1] for row in sheet.rows for key in row if key.about.split(" ")[0] in OF_STORY]
    several = len(set(named)) > 1
    return ask.about.get("story") or (named[0] if named and not several else None)


def _scene(sheet: Sheet, story: Story | None, shelf: Shelf, now: float) -> Json | None:
    if sheet.scene is None or story is None or sheet.scene[2] not in story.scenes:
        return None
    scene = story.scenes[sheet.scene[2]]
    clip = shelf.clip(story, scene, now)
    return {
        "story": story.id,
        "upload": sheet.scene[1],
        "id": scene.id,
        "clip": None if clip is None else {"link": clip.link, "type": clip.type},
        "still": storyboard("", (), scene.look) if clip is None else None,
    }


def _live(mine: Mine) -> str:
    live = mine.publication
    if live is None:
        return "no"
    if live.state != "live":
        return live.state
    return "yes" if live.version == mine.story.version else "earlier"
