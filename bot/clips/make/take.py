"""One clip to be made: all that its picture and sound depend on, in plain data that another process can be given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

from bot.clips.make.look import Look, parse_look
from bot.clips.make.timing import Span, lay_out
from bot.story.story import Story

MAKER = "2"
"""Raise it when the art or the sound changes, and every clip is made again."""


@dataclass(frozen=True, slots=True)
class Said:
    """A line: its id, who says it ("" for the narrator), when, and the words by language."""

    id: str
    speaker: str
    span: Span
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Take:
    """A scene ready to be drawn. `looks` are the cast's own words for those who may be seen."""

    scene: str
    look: Look
    looks: Mapping[str, str]
    lines: tuple[Said, ...]
    seconds: float
    languages: tuple[str, ...]

    @property
    def digest(self) -> str:
        """What the clip is made from: picture and sound, a dot, subtitles. It changes exactly when the clip would."""
        lines = [(said.speaker, said.span) for said in self.lines]
        drawn_from = (MAKER, self.scene, self.look, sorted(self.looks.items()), lines, self.seconds)
        words = [(said.span, sorted(said.texts.items())) for said in self.lines], self.languages
        return f"{_short(drawn_from)}.{_short(words)}"


def _short(made_from: object) -> str:
    return sha256(repr(made_from).encode()).hexdigest()[:16]


def take_of(story: Story, scene_id: str) -> Take:
    """Reads a scene of the story; texts with variables are filled with their starting values."""
    scene = story.scenes[scene_id]
    start = tuple(variable.start for variable in story.variables)
    texts: list[dict[str, str]] = []
    for line in scene.lines:
        found = {}
        for language, wording in story.wordings.items():
            text = wording.texts.get(f"scene/{scene_id}/line/{line.id}")
            name = wording.plain(f"cast/{line.speaker}") if line.speaker else ""
            if text is not None:
                words = " ".join(text.fill(start).split())
                found[language] = f"{name}: {words}" if name else words
        texts.append(found)
    timed = [(line.at, found.get(story.language, "")) for line, found in zip(scene.lines, texts, strict=True)]
    spans, seconds = lay_out(timed)
    lines = tuple(
        Said(line.id, line.speaker or "", span, found)
        for line, span, found in zip(scene.lines, spans, texts, strict=True)
    )
    look = parse_look(scene.look, frozenset(story.cast))
    looks = {seen.id: story.cast[seen.id].look for seen in look.seen}
    return Take(scene_id, look, looks, lines, seconds, story.languages)
