"""How a vote went, in words."""

from __future__ import annotations

from collections.abc import Callable

from adapters.words import Words
from bot.delivery.parcel import Counted, Taken
from bot.story.story import Story
from bot.watch.verdict import Why


def verdict_line(story: Story, language: str, taken: Taken, words: Words, strong: Callable[[str], str]) -> str:
    """How a vote went; empty where it was no vote. `strong` makes a label stand out, and safe, where it is shown."""
    if taken.counted is None:
        return ""
    text = story.wording(language).texts.get(f"scene/{taken.scene}/choice/{taken.choice}")
    label = strong((text.plain or "…") if text is not None else taken.choice)
    votes = words.count("votes", taken.counted.voters)
    return words(_key(taken.counted), label=label, percent=taken.counted.percent, votes=votes)


def _key(counted: Counted) -> str:
    match counted.why:
        case Why.TIE_HOST:
            return "vote_tie_host"
        case Why.TIE_DEFAULT:
            return "vote_tie_default"
        case Why.TIE_DICE:
            return "vote_tie"
        case Why.DEFAULT | Why.CHANCE:
            return "vote_too_few" if counted.voters else "vote_nobody"
        case Why.SKIPPED:
            return "vote_skipped"
        case Why.DRAWN:
            return "vote_drawn"
        case Why.HOST:
            return "vote_host"
        case _:
            return "vote_winner"
