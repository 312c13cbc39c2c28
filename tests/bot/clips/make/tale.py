"""A tiny story, built by hand: three short scenes in two languages."""

from __future__ import annotations

from bot.story.story import CastMember, Episode, Line, Scene, Story, Text, Wording

LOOKS = {
    "door": "alley, night, rain, close on mei, umbrella, tense",
    "kept": "kitchen, dawn, insert of key",
    "linked": "rooftop, dusk, wide, mei left, hopeful",
}
LINES = {"en": "Who is there?", "es": "\u00bfQui\u00e9n es?"}


def plain(text: str) -> Text:
    """A text without variables."""
    return Text((text,), text)


def scene(id: str, clip: str | None) -> Scene:
    """A scene with one line and nothing after it."""
    return Scene(
        id=id,
        episode="one",
        clip=clip,
        look=LOOKS[id],
        lines=(Line("who", "mei"),),
        enter=(),
        choices={},
        route=None,
        ending="open",
        within=None,
        default=(),
    )


def tale(languages: tuple[str, ...] = ("en", "es"), look: str = "30, red coat, short black hair") -> Story:
    """The story; `kept` has its clip in the folder as the test leaves it, `linked` has a link."""
    clips = {"door": "clips/door.mp4", "kept": "clips/kept.mp4", "linked": "https://example.org/linked.mp4"}
    scenes = {id: scene(id, clip) for id, clip in clips.items()}
    texts = {"title": plain("The Door"), "cast/mei": plain("Mei")}
    wordings = {
        code: Wording(code, texts | {f"scene/{id}/line/who": plain(LINES[code]) for id in scenes}) for code in languages
    }
    return Story(
        id="tale",
        version="1",
        genres=(),
        rating="all",
        language="en",
        poster="poster.jpg",
        cast={"mei": CastMember("mei", look=look)},
        variables=(),
        episodes={"one": Episode("one", "door", tuple(scenes))},
        scenes=scenes,
        routes={},
        wordings=wordings,
        sources={},
    )
