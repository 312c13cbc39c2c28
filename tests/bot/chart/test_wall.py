"""The creator's map: everything of a story is on it, apart from each other, named, explained; also of 250 scenes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import combinations
from xml.etree import ElementTree

import pytest

from bot.chart.blueprint import Blueprint, BlueprintEpisode, BlueprintScene, Mark, Standing, blueprint_of
from bot.chart.board import Board
from bot.chart.draw import blueprint_png, blueprint_svg
from bot.chart.font import Fonts
from bot.chart.panel import panels_of
from bot.chart.png import WALL_PIXELS, png_of
from bot.chart.shape import Box, Label, Picture
from bot.chart.svg import svg_of
from bot.chart.tile import WIDTH
from bot.chart.wall import wall_of
from bot.story.story import Story
from tests.bot.chart.epic import epic
from tests.bot.chart.test_draw import HOSTILE, is_a_photo, texts
from tests.bot.play.dramas import DRAMAS, drama, large, made_up

WHOLE = {
    "epic": epic(),
    "many episodes": epic(250, 60),
    "one episode": epic(250, 1),
    "everything with everything": large(120),
}


Side = tuple[float, float, float, float]
"""Left, top, right, bottom in the whole picture."""


def boxes(picture: Picture, wanted: Callable[[Box], bool]) -> list[Side]:
    return [
        (pane.x + box.x - box.width / 2, y - box.height / 2, pane.x + box.x + box.width / 2, y + box.height / 2)
        for pane in picture.panes
        for box in pane.shapes
        if isinstance(box, Box) and wanted(box) and pane.top <= box.y < pane.top + pane.height
        for y in (pane.y + box.y - pane.top,)
    ]


def tiles(picture: Picture) -> list[Side]:
    return boxes(picture, lambda box: box.width == WIDTH)


def frames(picture: Picture) -> list[Side]:
    """The frames of the boards: they alone are so round."""
    return boxes(picture, lambda box: box.radius == 14)


def apart(sides: list[Side]) -> bool:
    return not any(
        one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]
        for one, two in combinations(sides, 2)
    )


def named(drawing: str) -> Counter[str]:
    """Every text on the drawing, put together again where it was broken after a hyphen."""
    found: Counter[str] = Counter()
    before = ""
    for text in texts(drawing):
        before += text
        if not text.endswith("-"):
            found[before] += 1
            before = ""
    return found


@pytest.mark.parametrize("story", [*map(drama, DRAMAS), *WHOLE.values()], ids=[*DRAMAS, *WHOLE])
def test_every_scene_is_there_once_and_apart_from_the_others(story: Story) -> None:
    picture = wall_of(blueprint_of(story))
    assert len(tiles(picture)) == len(story.scenes)
    assert len(frames(picture)) == len(story.episodes)
    assert apart(tiles(picture))
    assert apart(frames(picture))
    for left, top, right, bottom in tiles(picture):
        assert 0 <= left < right <= picture.width
        assert 0 <= top < bottom <= picture.height
    written = named(svg_of(picture))
    assert all(written[scene] == 1 for scene in story.scenes)


@pytest.mark.parametrize("name", WHOLE)
def test_a_large_story_fills_a_screen_and_can_be_read(name: str) -> None:
    picture = wall_of(blueprint_of(WHOLE[name]))
    width, height = is_a_photo(png_of(picture, Fonts(), WALL_PIXELS))
    assert 0.5 < width / height < 3
    assert 12 * width / picture.width > 9, "letters of a tile, in pixels"


def test_each_episode_is_a_group_with_its_name() -> None:
    story = drama("last-train-home")
    written = named(blueprint_svg(blueprint_of(story)))
    for episode in story.episodes:
        assert written[story.wordings["en"].plain(f"episode/{episode}")] == 1


def test_a_way_into_another_episode_ends_in_a_sign_that_names_the_scene() -> None:
    written = named(blueprint_svg(blueprint_of(drama("salt-and-sugar"))))
    assert written["→ opening-time"] == 1


def marked(*marks: Mark) -> Blueprint:
    scenes = tuple(BlueprintScene(f"s-{n}", mark, False, False) for n, mark in enumerate(marks))
    episode = BlueprintEpisode("one", "One", scenes, (), ())
    return Blueprint("tale", "Tale", (episode,), {})


EVERY = (
    Mark(Standing.VISITED, 1200, 0.6),
    Mark(Standing.VISITED, 1, 0.0001),
    Mark(Standing.UNREACHED, 0, 0.0),
    Mark(Standing.IMPOSSIBLE),
    Mark(Standing.VISITED),
    Mark(clip_missing=True),
)


def test_marks_are_told_in_words_and_numbers_and_explained() -> None:
    written = texts(blueprint_svg(marked(*EVERY)))
    told = ("1,200 · 60%", "1 · <0.1%", "never", "not reached", "impossible to reach", "visited", "clip missing")
    assert set(told) <= set(written)
    assert "scenes 6 · not reached 1 · impossible 1 · clip missing 1" in written


def test_the_legend_has_nothing_that_does_not_occur() -> None:
    written = texts(blueprint_svg(marked(Mark(), Mark())))
    assert written[-1] == "scene"
    assert not {"not reached", "impossible to reach", "visited", "clip missing", "ending"} & set(written)


def test_no_two_marks_look_alike() -> None:
    fills = [
        (box.fill, box.stroke, box.dashed)
        for pane in wall_of(marked(*EVERY)).panes
        for box in pane.shapes
        if isinstance(box, Box) and box.width == WIDTH
    ]
    assert len(set(fills)) == len(EVERY)


@pytest.mark.parametrize("title", HOSTILE)
def test_no_title_breaks_it(title: str) -> None:
    scene = BlueprintScene("start", Mark(), True, True)
    blueprint = Blueprint("tale", title, (BlueprintEpisode("one", title, (scene,), (), ()),), {})
    ElementTree.fromstring(blueprint_svg(blueprint))
    is_a_photo(blueprint_png(blueprint))


@pytest.mark.parametrize("seed", range(6))
def test_any_story_can_be_drawn(seed: int) -> None:
    story = made_up(seed)
    picture = wall_of(blueprint_of(story))
    assert len(tiles(picture)) == len(story.scenes)
    assert apart(tiles(picture))


def test_the_longest_id_stays_on_its_tile() -> None:
    scene = BlueprintScene("a-" * 15 + "zz", Mark(), False, False)
    word = BlueprintScene("w" * 32, Mark(), False, False)
    episode = BlueprintEpisode("one", "One", (scene, word), (), ())
    [panel] = panels_of(Blueprint("tale", "Tale", (episode,), {}))
    labels = [shape for shape in panel.shapes if isinstance(shape, Label)]
    assert all(label.most < WIDTH for label in labels)
    assert any(label.text.endswith("…") for label in labels)


def test_a_long_episode_is_cut_between_its_rows_and_nothing_is_lost() -> None:
    [panel] = panels_of(blueprint_of(epic(250, 1)))
    board = Board.of(panel, 2000.0)
    assert len(board.strips) > 5
    assert board.height < 2600
    boxes = [shape for shape in panel.shapes if isinstance(shape, Box) and shape.width == WIDTH]
    for box in boxes:
        whole = [
            strip
            for strip in board.strips
            if strip.top <= box.y - box.height / 2
            and box.y + box.height / 2 <= strip.bottom
            and strip.left <= box.x - WIDTH / 2
            and box.x + WIDTH / 2 <= strip.left + strip.width
        ]
        assert len(whole) == 1


def test_a_story_without_scenes_is_still_a_picture() -> None:
    is_a_photo(blueprint_png(Blueprint("tale", "", (), {})))
