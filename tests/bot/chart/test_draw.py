"""The map as a file: within the limits of chats, in any script, on any machine, for stories of any size."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from PIL import Image

from bot.chart.chart import Chart, ChartEpisode, ChartScene, Tone, Way, chart_of
from bot.chart.draw import Frame, Words, png, svg
from bot.chart.png import MOST_BOTH
from tests.bot.play.dramas import DRAMAS, drama, large
from tests.bot.play.player import Player

SVG = "{http://www.w3.org/2000/svg}"
PHOTO_BYTES, PHOTO_RATIO = 10_000_000, 20
HOSTILE = [
    "<script>&\"'",
    "\x00\ud800\ufffe",
    "\u202eabc",
    "🚪🧑‍🚀",
    "زن و مرد",
    "ไม่มีใคร",
    "한국어 제목",
    "𓀀𓀁",
    "e\u0301" * 40,
    "W" * 500,
]


def played(name: str, taps: int = 12, language: str = "") -> Chart:
    viewer = Player(drama(name), language)
    for tap in range(taps):
        open_options = [option for option in viewer.card.options if not option.locked]
        if not open_options:
            viewer.restart()
            continue
        option = open_options[tap % len(open_options)]
        viewer.choose(option.id, text="Bo" if option.ask else None)
    return chart_of(viewer.story, viewer.state, {option.id for option in viewer.card.options})


def everything(count: int) -> Chart:
    """All of a large story as seen, in episodes of 25 scenes."""
    story = large(count)
    ids = list(story.scenes)
    scenes = [
        ChartScene(id, f"Scene {number}", f"e{number // 25}", Tone.SEEN, number == 3) for number, id in enumerate(ids)
    ]
    ways = [
        Way(scene.id, choice.to, choice.id)
        for scene in story.scenes.values()
        for choice in scene.choices.values()
        if choice.to
    ]
    episodes = [ChartEpisode(f"e{number}", f"Episode {number + 1}") for number in range((count + 24) // 25)]
    return Chart("large", "Large", tuple(scenes), tuple(ways), tuple(episodes), 0, 40)


def texts(drawing: str) -> list[str]:
    return [text.text or "" for text in ElementTree.fromstring(drawing).iter(f"{SVG}text")]


def is_a_photo(data: bytes) -> tuple[int, int]:
    """Width and height of a picture that Telegram takes as a photo."""
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        width, height = image.size
    assert image.format == "PNG"
    assert width + height <= MOST_BOTH
    assert max(width, height) / min(width, height) <= PHOTO_RATIO
    assert len(data) < PHOTO_BYTES
    return width, height


@pytest.mark.parametrize("name", DRAMAS)
@pytest.mark.parametrize("taps", [0, 3, 40])
def test_every_drama_at_every_stage_is_a_photo_for_a_phone(name: str, taps: int) -> None:
    width, _ = is_a_photo(png(played(name, taps)))
    assert 500 <= width <= 1280


def test_the_words_and_the_titles_are_on_it_in_the_viewers_language() -> None:
    chart = played("salt-and-sugar", 3, "zh")
    words = Words(here="你在这里", path="走过的路", unseen="还没看过", endings="结局 {found}/{total}")
    written = "".join(texts(svg(chart, words)))
    for word in (chart.title, "你在这里", "走过的路", "还没看过", "结局 0/4"):
        assert word in written
    here = next(scene.title for scene in chart.scenes if scene.here)
    assert here in written


def test_the_legend_explains_only_what_is_there() -> None:
    written = texts(svg(played("salt-and-sugar", 0)))
    assert "you are here" in written
    assert "not seen yet" in written
    assert "ending found" not in written
    assert "leads back" not in written


@pytest.mark.parametrize("title", HOSTILE)
def test_no_title_breaks_it(title: str) -> None:
    scenes = (
        ChartScene("start", title, "one", Tone.SEEN, here=True),
        ChartScene("end", title, "two", Tone.SEEN, ending="sad", ending_title=title),
        ChartScene("next", "", "two", Tone.AHEAD),
    )
    ways = (Way("start", "end", "a", title, walked=True), Way("start", "start", "b"), Way("end", "next"))
    chart = Chart("tale", title, scenes, ways, (ChartEpisode("one", title), ChartEpisode("two", title)), 1, 2)
    for frame in Frame:
        ElementTree.fromstring(svg(chart, frame=frame))
        is_a_photo(png(chart, frame=frame))


def test_a_machine_without_fonts_writes_what_it_can() -> None:
    chart = played("salt-and-sugar", 3, "zh")
    bare = png(chart, fonts=())
    is_a_photo(bare)
    nameless = replace(chart, title="", scenes=tuple(replace(scene, id=f"x-{scene.id}") for scene in chart.scenes))
    nameless = replace(
        nameless, ways=tuple(replace(way, start=f"x-{way.start}", to=f"x-{way.to}") for way in chart.ways)
    )
    assert png(nameless, fonts=()) != bare, "ids stand in for titles that cannot be written"


@pytest.mark.parametrize("frame", Frame)
def test_a_story_of_250_scenes(frame: Frame) -> None:
    chart = everything(250)
    is_a_photo(png(chart, frame=frame))
    written = texts(svg(chart, frame=frame))
    assert ("Scene 249" in written) == (frame is Frame.SHEET)
    assert "Scene 3" in written


def test_an_episode_too_long_for_a_phone_shows_what_is_near_and_counts_the_rest() -> None:
    chart = everything(250)
    one = replace(
        chart,
        scenes=tuple(replace(scene, episode="e0") for scene in chart.scenes),
        episodes=chart.episodes[:1],
    )
    written = texts(svg(one))
    shown = sum(text.startswith("Scene") for text in written)
    left_out = sum(int(text.rpartition(" ")[2]) for text in written if "More scenes" in text)
    assert 10 <= shown <= 60
    assert "Scene 3" in written
    assert left_out >= 250 - shown


def test_the_same_chart_gives_the_same_picture_in_any_thread() -> None:
    chart = played("last-train-home", 9)
    with ThreadPoolExecutor(4) as threads:
        pictures = set(threads.map(lambda _: png(chart), range(4)))
    assert pictures == {png(chart)}


def test_a_chart_of_nothing_is_still_a_picture() -> None:
    is_a_photo(png(Chart("tale", "", (), (), ())))
