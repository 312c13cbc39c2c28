"""The rooms depend on each other in one direction only. Every import is read, none is run."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]

RANKS = {
    "run_bot": 7,
    "adapters": 6,
    "bot.agenda": 5,
    "bot.lookout": 5,
    "bot.app": 5,
    "bot.gauges": 5,
    "bot.link": 5,
    "bot.retention": 5,
    "bot.rooms": 5,
    "bot.logs": 5,
    "bot.event": 4,
    "bot.library": 4,
    "bot.figures": 1,
    "bot.interpreter": 1,
    "bot.record": 1,
    "bot.trace": 1,
    "bot.moves": 4,
    "bot.outgoing": 4,
    "bot.recent": 4,
    "bot.toll": 4,
    "bot.standing": 4,
    "bot.schema_files": 4,
    "bot.studio": 4,
    "bot.ai": 4,
    "bot.audience": 4,
    "bot.delivery": 4,
    "bot.carriers": 4,
    "bot.chart": 4,
    "bot.crew": 4,
    "bot.clips": 4,
    "bot.http": 4,
    "bot.store": 3,
    "bot.play": 2,
    "bot.watch": 2,
    "bot.story": 1,
}
"""A room may import rooms of its own rank and below."""

SHARED = frozenset({"adapters.studio"})
"""Rooms among the adapters that are no platform's, and know none."""

SETTINGS = ("bot.settings", "bot.setting_values", "bot.settings_table")
MAY_READ_SETTINGS = ("run_bot", "adapters.house", "adapters.parts", *SETTINGS)

PURE = ("bot.story", "bot.play", "bot.watch")
CLOCK_AND_DICE = frozenset({"time", "random", "secrets", "uuid"})
LOOP = frozenset({"asyncio", "anyio", "threading", "multiprocessing", "subprocess", "socket"})
OUTSIDE = frozenset(
    {"sqlite3", "aiosqlite", "asyncpg", "httpx", "aiohttp", "starlette", "uvicorn", "telegram", "discord", "openai"}
)
IMPURE = CLOCK_AND_DICE | LOOP | OUTSIDE

HOMES: dict[str, tuple[str, ...]] = {
    "telegram": ("adapters.telegram",),
    "discord": ("adapters.discord",),
    "openai": ("bot.ai",),
    "prometheus_client": ("bot.http",),
    "PIL": ("bot.clips.make", "bot.chart"),
    "pygraphviz": ("bot.chart",),
    "numpy": ("bot.clips.make",),
    "imageio_ffmpeg": ("bot.clips.make",),
    "opentelemetry": ("bot.trace",),
    "obstore": ("bot.clips.vault",),
    "aiosqlite": ("bot.store",),
    "asyncpg": ("bot.store",),
    "sqlite3": ("bot.store",),
    "dd": ("bot.story.prover",),
}
"""Libraries that only these rooms may know, so that nothing else grows around them or pays for loading them."""


@dataclass(frozen=True)
class Import:
    """`module` imports `name` (a module, or something in one) in this line."""

    module: str
    name: str
    line: int

    def __str__(self) -> str:
        return f"{self.module}:{self.line} imports {self.name}"


def imports_of(module: str, text: str, package: bool = False) -> Iterator[Import]:
    """Every import of a source text, wherever in it, relative ones resolved."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from (Import(module, alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = module.split(".")
                above = parts[: len(parts) - node.level + (1 if package else 0)]
                base = ".".join([*above, *([base] if base else [])])
            yield from (Import(module, f"{base}.{alias.name}", node.lineno) for alias in node.names)


def all_imports() -> Iterator[Import]:
    """Every import of the program."""
    for file in [ROOT / "run_bot.py", *(ROOT / "bot").rglob("*.py"), *(ROOT / "adapters").rglob("*.py")]:
        if file.exists():
            parts = file.relative_to(ROOT).with_suffix("").parts
            package = parts[-1] == "__init__"
            module = ".".join(parts[:-1] if package else parts)
            yield from imports_of(module, file.read_text(encoding="utf-8"), package)


def inside(name: str, room: str) -> bool:
    return name == room or name.startswith(f"{room}.")


def room_of(name: str) -> str | None:
    """The room a module or a name in it belongs to; None outside the program."""
    if not (inside(name, "bot") or inside(name, "adapters") or inside(name, "run_bot")):
        return None
    return next((room for room in (*RANKS, *SETTINGS) if inside(name, room)), name)


def adapter_of(name: str) -> str | None:
    """The package of one platform that a name is in; None for what they share, such as `adapters.base`."""
    package = ".".join(name.split(".")[:2])
    return package if inside(name, "adapters") and (ROOT / package.replace(".", "/")).is_dir() else None


def faults(found: Import) -> Iterator[str]:
    """What is wrong with one import: none, one or several sentences."""
    here, there = room_of(found.module), room_of(found.name)
    library = found.name.partition(".")[0]
    if there is None:
        if library in IMPURE and any(inside(found.module, room) for room in PURE):
            yield f"{found}: a pure room has no clock, no dice, no loop and no platform"
        if library in HOMES and not any(inside(found.module, home) for home in HOMES[library]):
            yield f"{found}: only {' and '.join(HOMES[library])} may know {library}"
    elif there in SETTINGS:
        if found.module not in MAY_READ_SETTINGS:
            yield f"{found}: settings are read by run_bot and handed down"
    elif there not in RANKS or (here not in RANKS and here != "bot"):
        yield f"{found}: give the new room a rank in tests/test_arrows.py"
    elif RANKS.get(here or "", 0) < RANKS[there]:
        yield f"{found}: the arrow points up"
    one, other = adapter_of(found.module), adapter_of(found.name)
    if one and other and one != other and other not in SHARED:
        yield f"{found}: one platform's adapter does not know another's"


def test_no_arrow_points_up() -> None:
    wrong = [fault for found in all_imports() for fault in faults(found)]
    assert not wrong, "\n".join(wrong)


def test_rooms_do_not_go_in_circles() -> None:
    graph: dict[str, set[str]] = {}
    for found in all_imports():
        here, there = room_of(found.module), room_of(found.name)
        if here and there and here != there:
            graph.setdefault(here, set()).add(there)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        pytest.fail(" imports ".join(reversed(error.args[1])))


PLANTED = [
    ("bot.story.reader", "from bot.play.engine import step", "points up"),
    ("bot.play.engine", "import bot.store.port", "points up"),
    ("bot.play.engine", "from ..store import port", "points up"),
    ("bot.store.port", "def later() -> None:\n    from bot import app", "points up"),
    ("bot.app", "from adapters.base import Adapter", "points up"),
    ("bot.watch.ballot", "import random", "pure room"),
    ("bot.play.engine", "import time as clock", "pure room"),
    ("bot.story.reader", "from asyncio.tasks import gather", "pure room"),
    ("bot.app", "from bot.settings import Settings", "handed down"),
    ("adapters.web.server", "from bot import settings", "handed down"),
    ("bot.http.server", "from PIL import Image", "only bot.clips.make"),
    ("adapters.web.server", "import telegram.ext", "only adapters.telegram"),
    ("adapters.web.server", "from adapters.console.screen import draw", "another's"),
    ("bot.attic.box", "from bot.story import story", "new room"),
    ("bot.app", "from bot.attic import box", "new room"),
]


@pytest.mark.parametrize(("module", "text", "fault"), PLANTED)
def test_a_planted_fault_is_found(module: str, text: str, fault: str) -> None:
    found = [fault for one in imports_of(module, text) for fault in faults(one)]
    assert len(found) == 1
    assert fault in found[0]


def test_what_is_allowed_passes() -> None:
    for module, text in [
        ("run_bot", "from bot.settings import load_settings\nfrom adapters.telegram import adapter"),
        (
            "adapters.telegram.adapter",
            "import telegram\nfrom adapters.base import Adapter\nfrom bot import app",
        ),
        ("bot.http.server", "from bot.clips.serve import routes\nfrom bot.store import port\nimport asyncio"),
        ("bot.play.engine", "from bot.story.story import Story\nfrom . import card\nimport dataclasses"),
    ]:
        assert [fault for found in imports_of(module, text) for fault in faults(found)] == []
