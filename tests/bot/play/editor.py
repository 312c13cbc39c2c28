"""A writer who edits a story as writers do: puts in, takes out, moves, renames, and changes variables."""

from __future__ import annotations

import json
import re
from random import Random
from typing import Any

import yaml

from bot.story.problem import StoryError
from bot.story.story import Story
from tests.bot.story.draft import read

Tree = dict[str, Any]


def edited(story: Story, seed: int, edits: int = 3) -> Story | None:
    """The story after a few edits; None where it can no longer be read, as a writer's own check would say."""
    chance = Random(seed)
    tree: Tree = tree_of(story)
    for _ in range(edits):
        if any("choices" in scene for scene in scenes_of(tree).values()):
            chance.choice(EDITS)(tree, chance)
    try:
        return read_tree(tree)
    except StoryError:
        return None


def tree_of(story: Story) -> Tree:
    """What its writer has in their editor."""
    return yaml.load(story.sources["story.yaml"], yaml.CSafeLoader)  # type: ignore[no-any-return]


def read_tree(tree: Tree) -> Story:
    """The story that was written. Raises `StoryError`."""
    written = yaml.dump(tree, Dumper=yaml.CSafeDumper, sort_keys=False)
    return read(written, {"locales/es.yaml": "", "locales/fr.yaml": ""})


def scenes_of(tree: Tree) -> dict[str, Tree]:
    return next(iter(tree["episodes"].values()))["scenes"]  # type: ignore[no-any-return]


def insert_scene(tree: Tree, chance: Random) -> None:
    """A scene between a choice and where it led."""
    scenes = scenes_of(tree)
    leading = [one for scene in scenes.values() for one in scene.get("choices", {}).values() if "to" in one]
    if leading:
        one, id = chance.choice(leading), f"new{chance.randrange(10_000)}"
        scenes[id] = {"look": "new", "to": one["to"]}
        one["to"] = id


def insert_choice(tree: Tree, chance: Random) -> None:
    """A choice above the others."""
    choosing = [scene for scene in scenes_of(tree).values() if "choices" in scene]
    scene = chance.choice(choosing)
    fresh = {f"new{chance.randrange(10_000)}": {"label": "New", "to": chance.choice(list(scenes_of(tree)))}}
    scene["choices"] = {**fresh, **scene["choices"]}


def delete_choice(tree: Tree, chance: Random) -> None:
    choosing = [scene for scene in scenes_of(tree).values() if len(scene.get("choices", {})) > 1]
    if choosing:
        scene = chance.choice(choosing)
        gone = chance.choice(list(scene["choices"]))
        del scene["choices"][gone]
        kept = next(iter(scene["choices"]))
        if "default" in scene:
            scene["default"] = kept


def delete_scene(tree: Tree, chance: Random) -> None:
    """Everything that led there leads to an ending."""
    scenes = scenes_of(tree)
    gone = chance.choice([id for id in scenes if id != "end"])
    del scenes[gone]
    replace_all(tree, gone, "end")


def reorder(tree: Tree, chance: Random) -> None:
    for scene in scenes_of(tree).values():
        if "choices" in scene:
            choices = list(scene["choices"].items())
            chance.shuffle(choices)
            scene["choices"] = dict(choices)


def rename_scene(tree: Tree, chance: Random) -> None:
    scenes = scenes_of(tree)
    old = chance.choice(list(scenes))
    new = f"other{chance.randrange(10_000)}"
    renamed = {new if id == old else id: scene for id, scene in scenes.items()}
    next(iter(tree["episodes"].values()))["scenes"] = renamed
    renamed[new].setdefault("was", old)
    replace_all(tree, old, new)


def rename_choice(tree: Tree, chance: Random) -> None:
    scene = chance.choice([scene for scene in scenes_of(tree).values() if "choices" in scene])
    old = chance.choice(list(scene["choices"]))
    new = f"other{chance.randrange(10_000)}"
    scene["choices"] = {new if id == old else id: choice for id, choice in scene["choices"].items()}
    scene["choices"][new].setdefault("was", old)
    if "default" in scene:
        scene["default"] = new
    id = next(id for id, one in scenes_of(tree).items() if one is scene)
    replace_all(tree, f"{id}.{old}", f"{id}.{new}")


def rename_variable(tree: Tree, chance: Random) -> None:
    """Any but `name`, which is the name of other things too."""
    variables = tree["variables"]
    old = chance.choice([one for one in variables if one != "name"])
    new = f"{old.partition('_')[0]}_{chance.randrange(10_000)}"
    variables[old].setdefault("was", old)
    was = variables[old]["was"]
    text = re.sub(rf"\b{old}\b", new, json.dumps(tree))
    tree.clear()
    tree.update(json.loads(text))
    tree["variables"][new]["was"] = was


def close_scene(tree: Tree, chance: Random) -> None:
    """A scene with choices goes on by itself now."""
    scene = chance.choice([scene for scene in scenes_of(tree).values() if "choices" in scene])
    for key in ("choices", "within", "default"):
        scene.pop(key, None)
    scene["to"] = "end"


def change_condition(tree: Tree, chance: Random) -> None:
    one = any_choice(tree, chance)
    one["if"] = chance.choice(("false", "true", f"{counter(tree)} > 0", f"{counter(tree)} <= 0"))
    one["else"] = chance.choice(("hidden", "locked"))


def change_effect(tree: Tree, chance: Random) -> None:
    any_choice(tree, chance)["do"] = f"{counter(tree)} {chance.choice('+-')}= {chance.randint(1, 3)}"


def retarget(tree: Tree, chance: Random) -> None:
    """A choice leads elsewhere."""
    one = any_choice(tree, chance)
    one.pop("route", None)
    one["to"] = chance.choice(list(scenes_of(tree)))


def relabel(tree: Tree, chance: Random) -> None:
    one = any_choice(tree, chance)
    one["label"] = chance.choice(("Go on", "Go {name}", f"Go {{{counter(tree)}}}"))


def change_clock(tree: Tree, chance: Random) -> None:
    scene = chance.choice([scene for scene in scenes_of(tree).values() if "choices" in scene])
    choices = list(scene["choices"])
    scene["default"] = chance.sample(choices, chance.randint(1, len(choices)))
    scene["within"] = chance.choice(("9s", "8s"))


def change_asking(tree: Tree, chance: Random) -> None:
    """What was asked is not asked any more, or the other way about."""
    one = any_choice(tree, chance)
    if one.pop("ask", None) is None:
        one["ask"] = "name"


def change_length(tree: Tree, chance: Random) -> None:
    tree["variables"]["name"]["length"] = chance.randint(3, 12)


def change_bounds(tree: Tree, chance: Random) -> None:
    tree["variables"][counter(tree)].update({"from": chance.randint(-2, 0), "to": chance.randint(0, 1), "start": 0})


def change_options(tree: Tree, chance: Random) -> None:
    ticket = next(one for one in tree["variables"].values() if one["type"] == "choice")
    ticket["of"] = ["none", "mei", "lin", "both"]


def add_variable(tree: Tree, chance: Random) -> None:
    tree["variables"][f"new_{chance.randrange(10_000)}"] = {"type": "flag"}


def new_effect(tree: Tree, chance: Random) -> None:
    scene = chance.choice(list(scenes_of(tree).values()))
    scene["enter"] = [*scene.get("enter", []), {"do": f"{counter(tree)} += 1"}]


def any_choice(tree: Tree, chance: Random) -> Tree:
    choosing = [scene for scene in scenes_of(tree).values() if "choices" in scene]
    return chance.choice(list(chance.choice(choosing)["choices"].values()))


def counter(tree: Tree) -> str:
    """What the number is called that is not kept."""
    variables: dict[str, Tree] = tree["variables"]
    return next(name for name, one in variables.items() if one["type"] == "integer" and not one.get("keep"))


EDITS = (
    insert_scene, insert_choice, delete_choice, delete_scene, reorder, rename_scene, rename_choice, close_scene,
    rename_variable, change_condition, change_effect, retarget, relabel, change_clock, change_asking, change_length,
    change_bounds, change_options, add_variable, new_effect,
)  # fmt: skip


def replace_all(tree: Tree, old: str, new: str) -> None:
    """Every mention of an id, wherever it stands."""
    text = json.dumps(tree)
    for before, after in ((f'"to": "{old}"', f'"to": "{new}"'), (f"({old}", f"({new}")):
        text = text.replace(before, after)
    changed = json.loads(text)
    tree.clear()
    tree.update(changed)
