"""The dramas that are played: two written for it, and a few that were made up at random."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from bot.library import Library
from bot.store.port import Store
from bot.story.reader import read_story
from bot.story.story import Story
from tests.bot.play.dramas import made_up
from tests.fakes.house import no_lengths

CAROUSEL = """\
title: Carousel
synopsis: Round and round, in a hurry.
genres: [test]
rating: all
language: en
variables:
  turns: {type: integer, from: 0, to: 9, start: 0}
  dizzy: {type: flag, keep: true}
episodes:
  one:
    title: One
    scenes:
      ride:
        within: 2s
        default: hold
        choices:
          faster: {label: Faster, do: [turns += 1], to: blur}
          hold: {label: Hold on, to: ride}
          jump: {label: Jump off, if: turns > 1, to: grass}
      blur:
        enter: [{if: turns > 2, do: [dizzy = true]}]
        to: spin
      spin:
        within: 1s
        default: wave
        choices:
          wave: {label: Wave, to: ride}
          shut: {label: Shut your eyes, do: [turns += 2], to: ride}
          roll: {label: Roll the dice, to: booth}
      booth:
        route: [{random: [{weight: 2, to: ride}, {to: grass}]}]
      grass:
        ending: {title: On the grass, kind: open}
"""
"""Two clocks, a chain of scenes, a roll of the dice, a loop, one ending."""

ORCHARD = """\
title: Orchard
synopsis: A slow one.
genres: [test]
rating: all
language: en
variables:
  apples: {type: integer, from: 0, to: 5, start: 0}
episodes:
  one:
    title: One
    scenes:
      gate:
        choices:
          pick: {label: Pick one, do: [apples += 1], to: tree}
          walk: {label: Walk on, to: wall}
      tree:
        within: 3s
        default: eat
        choices:
          eat: {label: Eat it, do: [apples -= 1], to: gate}
          keep: {label: Keep it, to: gate}
      wall:
        choices:
          back: {label: Back, to: gate}
          over: {label: Over it, if: apples > 1, else: locked, to: home}
          stay: {label: Stay, to: home}
      home:
        ending: {title: Home, kind: happy}
"""
"""Choices without a hurry and one with, a locked one, one ending."""

MADE_UP = (11, 21, 31, 36, 37, 44)
"""Seeds of stories that use all of the language, of a few scenes each; in these one does not soon get stuck."""


@cache
def dramas() -> Mapping[str, Story]:
    """All of them, by id."""
    texts = {"carousel": CAROUSEL, "orchard": ORCHARD}
    written = [read_story(id, {"story.yaml": text.encode()}, id) for id, text in texts.items()]
    found = [replace(made_up(seed), id=f"made-up-{seed}") for seed in MADE_UP]
    return {story.id: story for story in (*written, *found)}


WRITTEN = ("carousel", "orchard")
DRAMAS = (*WRITTEN, *(f"made-up-{seed}" for seed in MADE_UP))


class ReadyLibrary(Library):
    """A library that was read before: to read one takes longer than a whole history."""

    def __init__(self, store: Store) -> None:
        super().__init__(Path("nowhere"), store, no_lengths)
        self.stories.update(dramas())
        self._versions.update({(story.id, story.version): story for story in dramas().values()})
