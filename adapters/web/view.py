"""An answer as the page reads it."""

from __future__ import annotations

from typing import Any

from bot.clips.shelf import Shelf
from bot.event import Answer
from bot.play.card import Card, Option
from bot.play.path import choice_points
from bot.play.peek import peek
from bot.play.state import BranchState
from bot.play.toll import unpaid
from bot.story.story import Story, Wording

Json = dict[str, Any]


def view(answer: Answer, shelf: Shelf, now: float) -> Json:
    """The session with its cards; `now` in Unix seconds is what links are signed for."""
    story, state = answer.story, answer.state
    wording = story.wording(state.language)
    return {
        "session": str(answer.session.id),
        "revision": state.revision,
        "language": state.language,
        "languages": list(story.languages),
        "story": {
            "id": story.id,
            "title": wording.plain("title"),
            "episode": _episode(story, answer.cards[-1].scene, wording),
        },
        "notice": _notice(answer),
        "cards": [_card(answer, card, shelf, now) for card in answer.cards],
        "path": path(story, state),
        "endings": endings(story, state, wording),
    }


def _notice(answer: Answer) -> str | None:
    """Why nothing happened, or what a new version of the story has done to the viewer."""
    if answer.notice is not None:
        return answer.notice.value
    landed = answer.cards[-1].landed
    return None if landed is None else f"landed_{landed}"


def path(story: Story, state: BranchState) -> list[Json]:
    """The choice points walked, each with the index that a rewind wants."""
    wording = story.wording(state.language)
    return [
        {
            "index": index,
            "scene": point.scene,
            "title": scene_title(wording, point.scene),
            "choice": point.choice,
            "label": wording.texts[f"scene/{point.scene}/choice/{point.choice}"].fill(state.values),
            "timed_out": point.timed_out,
        }
        for index, point in enumerate(choice_points(state.path))
    ]


def endings(story: Story, state: BranchState, wording: Wording) -> Json:
    """The endings found so far, in the story's order, and how many there are."""
    found = [
        {"scene": scene, "title": _ending_title(wording, scene), "kind": story.scenes[scene].ending}
        for scene in story.endings
        if scene in state.ended
    ]
    return {"found": found, "total": len(story.endings)}


def scene_title(wording: Wording, scene: str) -> str:
    """The scene's title, or its id made readable."""
    return wording.plain(f"scene/{scene}") or scene.replace("-", " ").capitalize()


def _ending_title(wording: Wording, scene: str) -> str:
    return wording.plain(f"scene/{scene}/ending")


def _episode(story: Story, scene: str, wording: Wording) -> Json:
    episode = story.scenes[scene].episode
    return {
        "id": episode,
        "title": wording.plain(f"episode/{episode}"),
        "number": list(story.episodes).index(episode) + 1,
        "of": len(story.episodes),
    }


def _card(answer: Answer, card: Card, shelf: Shelf, now: float) -> Json:
    if card.toll is not None:
        return _toll_card(answer.story, card, card.toll, shelf, now)
    story = answer.story
    scene = story.scenes[card.scene]
    wording = story.wording(card.language)
    clip = shelf.clip(story, scene, now)
    subtitles = shelf.link(story, scene.subtitles.get(card.language), now)
    return {
        "scene": card.scene,
        "title": scene_title(wording, card.scene),
        "episode": _episode(story, card.scene, wording),
        "clip": None if clip is None else {"src": clip.link, "type": clip.type, "seconds": clip.seconds},
        "storyboard": f"/storyboard/{story.id}/{card.scene}.svg?version={story.version}",
        "subtitles": [{"language": card.language, "src": subtitles}] if subtitles else [],
        "lines": _lines(story, card, shelf),
        "choices": [_choice(story, option, shelf, now) for option in card.options],
        "next": _next(answer, shelf, now) if card.options else [],
        "within": None if card.within is None else card.within / 1000,
        "default": card.default,
        "ending": _ending(card, wording),
        "stuck": card.stuck,
        "toll": None,
    }


def _toll_card(story: Story, card: Card, episode: str, shelf: Shelf, now: float) -> Json:
    """What stands before an episode that must be bought: nothing of its first scene, but what it costs, in Stars."""
    wording = story.wording(card.language)
    title = wording.plain(f"episode/{episode}")
    return {
        "scene": card.scene,
        "title": title,
        "episode": _episode(story, card.scene, wording),
        "clip": None,
        "storyboard": shelf.link(story, story.poster, now)
        or f"/storyboard/{story.id}/{story.start}.svg?version={story.version}",
        "subtitles": [],
        "lines": [],
        "choices": [],
        "next": [],
        "within": None,
        "default": None,
        "ending": None,
        "stuck": False,
        "toll": {
            "episode": episode,
            "title": title,
            "price": story.episodes[episode].price,
            "total": story.total,
        },
    }


def _lines(story: Story, card: Card, shelf: Shelf) -> list[Json]:
    spoken = zip(card.lines, shelf.subtitles(story, card), strict=True)
    return [
        {"speaker": line.speaker, "name": line.name, "text": line.text, "start": times.start, "end": times.end}
        for line, times in spoken
    ]


def _choice(story: Story, option: Option, shelf: Shelf, now: float) -> Json:
    return {
        "id": option.id,
        "label": option.label,
        "locked": option.locked,
        "image": shelf.link(story, option.image, now),
        "ask": option.ask,
    }


def _next(answer: Answer, shelf: Shelf, now: float) -> list[str]:
    """The clips that the open choices lead to, so that the page can have them before the tap."""
    story = answer.story
    scenes = dict.fromkeys(peek(story, answer.state, answer.session.seed).values())
    paid = (scene for scene in scenes if not unpaid(story, scene, answer.granted))
    clips = (shelf.clip(story, story.scenes[scene], now) for scene in paid)
    return [clip.link for clip in clips if clip is not None]


def _ending(card: Card, wording: Wording) -> Json | None:
    if card.ending is None:
        return None
    return {
        "scene": card.scene,
        "title": _ending_title(wording, card.scene),
        "kind": card.ending,
        "first_time": card.new,
    }
