"""A story as large as the largest known interactive film, shaped as people write them: episodes that part and meet."""

from __future__ import annotations

from functools import cache
from random import Random

from bot.story.reader import MAIN, read_story
from bot.story.story import Story

PLACES = ("platform", "carriage", "kitchen", "rooftop", "hospital", "night-market", "control-room", "bridge", "archive")
DEEDS = ("confession", "knock", "letter", "chase", "bargain", "goodbye", "fire", "last-call")


@cache
def epic(count: int = 250, episodes: int = 12, seed: int = 5) -> Story:
    """So many scenes in so many episodes. Most ways lead a little further, some back, some into later episodes."""
    chance = Random(seed)
    homes = [number * episodes // count for number in range(count)]
    ids = [f"{chance.choice(PLACES)}-{chance.choice(DEEDS)}-{number}" for number in range(count)]
    text = "title: The Long Way Home\nlanguage: en\nvariables:\n  trust: {type: integer, from: -9, to: 9}\nepisodes:\n"
    for episode in range(episodes):
        text += f"  part-{episode}:\n    title: Part {episode + 1}, {chance.choice(PLACES)}\n    scenes:\n"
        own = [number for number in range(count) if homes[number] == episode]
        text += "".join(f"      {ids[number]}: {_scene(chance, ids, own, number)}\n" for number in own)
    return read_story("the-long-way-home", {MAIN: text.encode()})


def _scene(chance: Random, ids: list[str], own: list[int], number: int) -> str:
    last = own[-1]
    if number == len(ids) - 1 or (last - 4 < number < last and chance.random() < 0.4):
        return "{ending: {title: An end, kind: open}}"
    ways = {min(number + 1, len(ids) - 1), *(min(number + chance.randint(1, 4), last) for _ in range(2))} - {number}
    if number == own[len(own) // 2]:
        ways.add(number - chance.randint(2, 5))
    if chance.random() < 0.06:
        ways.add(chance.randrange(last, len(ids)))
    choices = (f"c{to}: {{label: Go, do: trust {chance.choice(('+', '-'))}= 1, to: {ids[to]}}}" for to in sorted(ways))
    return f"{{choices: {{{', '.join(choices)}}}}}"
