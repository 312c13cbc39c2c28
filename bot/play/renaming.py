"""Renaming: what scenes, choices and variables of an older version of a story are called in a newer one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.play.state import ANSWER, FOLDED, JUMP, KEPT, ROLL, TAKEN, TIMED, Path
from bot.story.story import Story


@dataclass(frozen=True, slots=True)
class Names:
    """New ids by old ones: scenes, choices ("scene.choice" by such a key, the scene's old id in it), variables."""

    scenes: Mapping[str, str]
    choices: Mapping[str, str]
    variables: Mapping[str, str]

    def scene(self, old: str) -> str:
        """What that scene is called now; what is gone keeps its name."""
        return self.scenes.get(old, old)

    def choice(self, key: str) -> str:
        """What that "scene.choice" is called now."""
        if key in self.choices:
            return self.choices[key]
        scene, _, choice = key.partition(".")
        return f"{self.scene(scene)}.{choice}"

    def variable(self, old: str) -> str:
        """What that variable is called now."""
        return self.variables.get(old, old)

    def path(self, path: Path) -> Path:
        """The path in new ids."""
        return tuple(self._tokens(path))

    def _tokens(self, path: Path) -> Iterator[str]:
        scene = ""
        for token in path:
            head, rest = token[:1], token[1:]
            if head in (TAKEN, TIMED):
                yield head + self.choice(f"{scene}.{rest}").partition(".")[2]
            elif head == KEPT:
                yield head + self._kept(rest)
            elif head in (ANSWER, ROLL):
                yield token
            elif head in (JUMP, FOLDED):
                scene = rest if head == FOLDED else scene
                yield head + self.scene(rest)
            else:
                scene = token
                yield self.scene(token)

    def _kept(self, record: str) -> str:
        kept = json.loads(record)
        values = {self.variable(name): value for name, value in kept["values"].items()}
        ended = sorted(map(self.scene, kept["ended"]))
        return json.dumps({"values": values, "ended": ended}, ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=64)
def names(new: Story) -> Names:
    """What a version says of old names."""
    scenes = {scene.was: scene.id for scene in new.scenes.values() if scene.was is not None}
    choices = {}
    for scene in new.scenes.values():
        for choice in scene.choices.values():
            for called in {scene.id, scene.was} - {None}:
                choices[f"{called}.{choice.was or choice.id}"] = choice.key
    variables = {variable.was: variable.name for variable in new.variables if variable.was is not None}
    return Names(scenes, choices, variables)
