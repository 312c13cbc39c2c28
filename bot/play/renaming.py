"""Renaming: what scenes, choices and variables of one version of a story are called in another, newer or older."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.play.state import ANSWER, FOLDED, JUMP, KEPT, ROLL, TAKEN, TIMED, Path
from bot.story.outline import origins
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
def names(old: Story, new: Story) -> Names:
    """What either version says of the other's names: the new one may rename, or be one that was there before.

    Stories are compared by identity, so of each pair this is found once, and a few pairs are kept.
    """
    before = origins(old, new)
    return Names(_turned(before.scenes), _turned(before.choices), _turned(before.variables))


def _turned(before: Mapping[str, str]) -> dict[str, str]:
    return {old: new for new, old in before.items()}
