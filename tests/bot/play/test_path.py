"""The path as people see it: the choices made, and the scenes walked through."""

from __future__ import annotations

from bot.play.path import ChoicePoint, choice_points, scenes_walked

PATH = ("a", ">x", '"Mo', "%1", "b", "c", "~y", "a", "@d", "d", '!{"values":{},"ended":[]}', ">z", "e")


def test_the_choices_of_a_path() -> None:
    assert choice_points(PATH) == [
        ChoicePoint(1, "a", "x", False),
        ChoicePoint(6, "c", "y", True),
        ChoicePoint(11, "d", "z", False),
    ]


def test_the_scenes_of_a_path() -> None:
    assert scenes_walked(PATH) == [("a", None), ("b", "x"), ("c", None), ("a", "y"), ("d", None), ("e", "z")]


def test_a_path_is_cut_before_each_choice() -> None:
    assert [PATH[: point.at][-1] for point in choice_points(PATH)] == ["a", "c", '!{"values":{},"ended":[]}']
