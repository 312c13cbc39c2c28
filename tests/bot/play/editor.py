"""A writer who edits a story as writers do: puts in, takes out, moves, renames, and changes variables."""

from __future__ import annotations

import json
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
    tree: Tree = yaml.safe_load(story.sources["story.yaml"])
    for _ in range(edits):
        if any("choices" in scene for scene in scenes_of(tree).values()):
            chance.choice(EDITS)(tree, chance)
    try:
        return read(yaml.safe_dump(tree, sort_keys=False), {"locales/es.yaml": "", "locales/fr.yaml": ""})
    except StoryError:
        return None


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


def close_scene(tree: Tree, chance: Random) -> None:
    """A scene with choices goes on by itself now."""
    scene = chance.choice([scene for scene in scenes_of(tree).values() if "choices" in scene])
    for key in ("choices", "within", "default"):
        scene.pop(key, None)
    scene["to"] = "end"


def change_bounds(tree: Tree, chance: Random) -> None:
    low = chance.randint(-2, 0)
    tree["variables"]["trust"] = {"type": "integer", "from": low, "to": chance.randint(0, 1), "start": 0}


def change_options(tree: Tree, chance: Random) -> None:
    tree["variables"]["ticket"]["of"] = ["none", "mei", "lin", "both"]


def add_variable(tree: Tree, chance: Random) -> None:
    tree["variables"][f"new_{chance.randrange(10_000)}"] = {"type": "flag"}


def new_effect(tree: Tree, chance: Random) -> None:
    scene = chance.choice(list(scenes_of(tree).values()))
    scene["enter"] = [*scene.get("enter", []), {"do": "trust += 1"}]


EDITS = (
    insert_scene, insert_choice, delete_choice, delete_scene, reorder, rename_scene, rename_choice, close_scene,
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
