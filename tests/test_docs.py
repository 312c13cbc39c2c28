"""The docs are held to the code: links, commands, examples, keys, codes, limits and dependencies."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, get_args

import pytest
import yaml
from pydantic import BaseModel

from adapters.discord.commands import watch
from adapters.discord.permission import INVITE
from bot.clips.make import look
from bot.clips.make import words as people
from bot.store.postgres_queries import PostgresQueries
from bot.store.postgres_schema import postgres_migrations
from bot.story import limits, models
from bot.story.checks import check
from bot.story.expression import Kind
from bot.story.parser import FUNCTIONS, KEYWORDS
from bot.story.problem import CODES
from bot.story.reader import MAIN, read_story
from bot.story.story import EndingKind, Story

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted(DOCS.rglob("*.md"))]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")

MADE = {re.compile(r"docs/pictures/[a-z-]+\.png"): "screenshots", re.compile(r"docs/benchmarks\.md"): "bench"}
"""Files that a fresh checkout may lack, and the `make` target that writes them."""


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def prose(page: Path) -> str:
    """The page without its fenced blocks."""
    return re.sub(r"^```.*?^```$", "", read(page), flags=re.MULTILINE | re.DOTALL)


pages = pytest.mark.parametrize("page", PAGES, ids=name)


# -- links and commands


def links(page: Path) -> Iterator[str]:
    text = re.sub(r"`[^`\n]*`", "", prose(page))
    return (found[1] for found in re.finditer(r"\]\(([^)\s]+)\)", text))


def anchors(page: Path) -> set[str]:
    """The headings of a page as the fragments that GitHub makes of them."""
    headings = re.findall(r"^#+ (.+)$", prose(page), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", MAKEFILE, flags=re.MULTILINE))


@pages
def test_every_link_leads_somewhere(page: Path) -> None:
    for link in links(page):
        if link.startswith("https://"):
            continue
        path, _, fragment = link.partition("#")
        file = (page.parent / path).resolve() if path else page
        relative = file.relative_to(ROOT).as_posix()
        made = next((target for pattern, target in MADE.items() if pattern.fullmatch(relative)), None)
        assert file.exists() or made in targets(), f"{name(page)} links to {link}, which is not there"
        if fragment:
            assert fragment in anchors(file), f"{name(page)}: {relative} has no heading for #{fragment}"


@pages
def test_every_make_target_that_is_named_exists(page: Path) -> None:
    commands = re.findall(r"(?:`|^ {4})make ([a-z]+)", read(page), flags=re.MULTILINE)
    assert set(commands) <= targets()


@pages
def test_every_command_of_the_bot_that_is_named_exists(page: Path) -> None:
    commands = re.findall(r"run_bot\.py ([a-z]+)", read(page))
    console = ROOT / "adapters" / "console"
    code = read(ROOT / "run_bot.py") + read(console / "stories.py") + read(console / "studio.py")
    assert set(commands) <= set(re.findall(r"^def ([a-z]+)\(", code, flags=re.MULTILINE))


@pages
def test_every_file_that_is_named_exists(page: Path) -> None:
    named = re.findall(r"`((?:bot|adapters|tests|stories|docs|benchmarks)/[\w./-]*)`", prose(page))
    for path in named:
        made = any(pattern.fullmatch(path) for pattern in MADE)
        assert made or (ROOT / path).exists() or "wrong-umbrella" in path, f"{name(page)} names {path}"


@pages
def test_pages_speak_of_the_project_alone(page: Path) -> None:
    for unwanted in (r"(?<![\w&(])#\d+\b", r"\bGH-\d+", r"/work/", r"/home/", r"/tmp/", r"/root/", r"\bTODO\b"):
        assert not re.search(unwanted, prose(page)), f"{name(page)} has {unwanted}"


@pages
def test_pictures_are_told_in_words(page: Path) -> None:
    for alt in re.findall(r"!\[([^\]]*)\]", prose(page)):
        assert len(alt) > 30, f"{name(page)}: say what the picture shows, not just {alt!r}"


# -- examples


@dataclass
class Draft:
    """A story that examples add to. Texts stay as written: `12+` is no number here."""

    tree: dict[str, Any]
    files: dict[str, str]

    def add(self, tree: Mapping[str, Any]) -> None:
        """A piece of story.yaml: entries of mappings replace those of the same name."""
        for key, value in tree.items():
            if isinstance(value, dict):
                self.tree.setdefault(key, {}).update(value)
            else:
                self.tree[key] = value

    def add_scenes(self, scenes: Mapping[str, Any]) -> None:
        """Scenes of the first episode."""
        next(iter(self.tree["episodes"].values()))["scenes"].update(scenes)

    def missing(self) -> bool:
        """Whether an episode's file is named that no example has brought yet."""
        return any(isinstance(one, str) and one not in self.files for one in self.tree["episodes"].values())

    def story(self) -> Story:
        main = yaml.safe_dump(self.tree, default_style='"', allow_unicode=True, sort_keys=False)
        files = {MAIN: main, **self.files}
        return read_story("example", {path: text.encode() for path, text in files.items()})


def examples(page: Path) -> Iterator[tuple[str, str]]:
    """(what follows `yaml` on the fence, the block) in order."""
    found = re.finditer(r"^```yaml ?([^\n]*)\n(.*?)^```$", read(page), flags=re.MULTILINE | re.DOTALL)
    return ((one[1], one[2]) for one in found)


def stories(page: Path) -> Iterator[Story]:
    """The story after every example of a page.

    A block marked `story` is a whole story.yaml, and is read exactly as it stands. After it come pieces: of
    story.yaml (no mark), scenes of the first episode (`scenes`), or another file of the story (its path).
    """
    draft: Draft | None = None
    for mark, block in examples(page):
        tree = yaml.load(block, Loader=yaml.BaseLoader)
        if mark == "story":
            draft = Draft(tree, {})
            yield read_story("example", {MAIN: block.encode()})
        assert draft is not None, f"{name(page)} begins with a piece of no story"
        if mark == "":
            draft.add(tree)
        elif mark == "scenes":
            draft.add_scenes(tree)
        elif mark != "story":
            draft.files[mark] = block
        if not draft.missing():
            yield draft.story()


WITH_EXAMPLES = [ROOT / "README.md", DOCS / "writing.md", DOCS / "language.md"]


@pytest.mark.parametrize("page", WITH_EXAMPLES, ids=name)
def test_every_example_loads_and_the_story_they_make_is_sound(page: Path) -> None:
    read_so_far = list(stories(page))
    assert read_so_far, f"{name(page)} has no example"
    problems = check(read_so_far[-1], lambda _: None)
    found = [problem for problem in problems if problem.code not in ("STORY053", "STORY054")]
    assert not found, "\n".join(map(str, found))


def test_no_other_page_has_an_example_that_nobody_reads() -> None:
    others = [page for page in PAGES if page not in WITH_EXAMPLES]
    assert [name(page) for page in others if list(examples(page))] == []


# -- the reference

SECTIONS: dict[str, type[BaseModel]] = {
    "story.yaml": models.StoryModel,
    "Cast": models.CastModel,
    "A flag": models.FlagModel,
    "A choice variable": models.OptionsModel,
    "An integer": models.IntegerModel,
    "A text": models.TextModel,
    "An episode": models.EpisodeModel,
    "A scene": models.SceneModel,
    "A line": models.LineModel,
    "Enter": models.EnterModel,
    "A choice": models.ChoiceModel,
    "A route": models.CandidateModel,
    "An ending": models.EndingModel,
}


def section(page: Path, heading: str) -> str:
    found = re.search(rf"^#+ {re.escape(heading)}\n(.*?)(?=^#+ |\Z)", read(page), flags=re.MULTILINE | re.DOTALL)
    assert found, f"{name(page)} has no section {heading!r}"
    return found[1]


def words(text: str) -> set[str]:
    return {word for span in re.findall(r"`([^`\n]+)`", text) for word in re.findall(r"[\w+<>=!*-]+", span)}


@pytest.mark.parametrize("heading", SECTIONS)
def test_every_key_is_in_the_reference(heading: str) -> None:
    documented = set(re.findall(r"^\| `(\w+)`", section(DOCS / "language.md", heading), flags=re.MULTILINE))
    assert documented == {field.alias or key for key, field in SECTIONS[heading].model_fields.items()}


def test_every_model_has_a_section() -> None:
    declared = {value for value in vars(models).values() if isinstance(value, type) and issubclass(value, BaseModel)}
    assert declared - {BaseModel, models.Sheet} == set(SECTIONS.values())


def test_every_word_of_conditions_is_in_the_reference() -> None:
    known = words(section(DOCS / "language.md", "Conditions"))
    assert {*KEYWORDS, *FUNCTIONS, "==", "!=", "<", "<=", ">", ">=", "+", "-", "*"} <= known


def test_every_kind_is_in_the_reference() -> None:
    text = read(DOCS / "language.md")
    assert set(get_args(Kind)) <= words(text)
    assert set(get_args(EndingKind)) <= words(section(DOCS / "language.md", "An ending"))
    assert set(get_args(models.StoryModel.model_fields["rating"].annotation)) <= words(text)


def test_every_word_of_a_look_is_in_the_reference() -> None:
    known = words(section(DOCS / "language.md", "Look"))
    assert known >= look.PLACES | look.TIMES | look.WEATHERS | look.MOODS | look.PROPS
    assert {*people.GARMENTS, *people.STYLES, *people.COLOURS, *people.HAIR_COLOURS} <= known | {"gray", "blonde"}


def test_every_limit_is_in_the_reference() -> None:
    text = section(DOCS / "language.md", "Limits")
    rows = re.findall(r"^\| [^|]+ \| ([\d,]+)( KiB| MiB)?[^|]* \| `(\w+)` \|$", text, flags=re.MULTILINE)
    scale = {"": 1, " KiB": 1024, " MiB": 1024 * 1024}
    stated = {constant: int(number.replace(",", "")) * scale[unit] for number, unit, constant in rows}
    assert stated == {key: value for key, value in vars(limits).items() if key.isupper()}


def test_every_error_code_has_its_meaning_cause_and_remedy() -> None:
    page = DOCS / "errors.md"
    headings = dict(re.findall(r"^### (STORY\d+) (.+)$", read(page), flags=re.MULTILINE))
    assert headings == CODES
    for code, meaning in CODES.items():
        assert len(section(page, f"{code} {meaning}").strip()) > 60, f"{code} needs its cause and what to do"


# -- decisions


def test_every_dependency_has_its_reason() -> None:
    project = tomllib.loads(read(ROOT / "pyproject.toml"))["project"]
    wanted = [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)]
    named = {re.split(r"[<>=;\[ ]", one)[0].lower() for one in wanted} - {project["name"]}
    rows = re.findall(r"^\| ([\w.,\- ]+) \|", read(DOCS / "decisions" / "0001-dependencies.md"), flags=re.MULTILINE)
    reasons = {package.strip().lower() for row in rows for package in row.split(",")} - {"package"}
    assert reasons == named


def test_decisions_are_numbered_without_gaps() -> None:
    numbers = sorted(int(page.name[:4]) for page in (DOCS / "decisions").glob("*.md"))
    assert numbers == list(range(1, len(numbers) + 1))


# -- scaling

SCALING = DOCS / "scaling.md"
SCHEMA = "\n".join(migration.script for migration in postgres_migrations())
TABLES = dict(re.findall(r"^CREATE TABLE (\w+) \((.*?)^\)", SCHEMA, flags=re.MULTILINE | re.DOTALL))
"""What stands between the brackets, by table."""


def distributed() -> list[tuple[str, str]]:
    """(table, column) of every call in the page."""
    return re.findall(r"create_distributed_table\('(\w+)', '(\w+)'", section(SCALING, "Every table"))


def test_every_table_of_postgresql_is_distributed_or_said_to_stay_whole() -> None:
    text = section(SCALING, "Every table")
    whole = re.findall(r"create_reference_table\('(\w+)'\)", text)
    whole += re.findall(r"^-- (\w+) stays", text, flags=re.MULTILINE)
    assert sorted([table for table, _ in distributed()] + whole) == sorted([*TABLES, "schema_version"])


@pytest.mark.parametrize(("table", "column"), distributed())
def test_a_table_is_distributed_by_a_column_of_its_key(table: str, column: str) -> None:
    several = re.search(r"PRIMARY KEY \(([^)]+)\)", TABLES[table])
    one = re.search(r"^ +(\w+) .*PRIMARY KEY", TABLES[table], flags=re.MULTILINE)
    found = several or one
    assert found is not None
    assert column in re.findall(r"\w+", found[1])


def test_every_statement_of_postgresql_is_said_to_cross_shards_or_not() -> None:
    rows = re.findall(r"^\| [^|]+ \| (.*`\w+`.*) \|$", section(SCALING, "Every statement"), flags=re.MULTILINE)
    told = {word for row in rows for word in re.findall(r"`(\w+)`", row)}
    kinds = tuple(word for word in told if word.endswith("_"))
    statements = {field.name for field in fields(PostgresQueries)}
    assert {name for name in statements if name not in told and not name.startswith(kinds)} == set()
    assert told - set(kinds) <= statements


# -- Discord


def test_the_invitation_asks_for_what_the_bot_needs() -> None:
    [asked] = re.findall(r"oauth2/authorize\?client_id=ID&scope=([\w.+]+)&permissions=(\d+)", read(ROOT / "README.md"))
    assert asked == ("bot+applications.commands", str(INVITE))


def test_every_option_of_a_watch_along_is_in_the_readme() -> None:
    listed = section(ROOT / "README.md", "For server owners: watch-alongs on Discord")
    named = re.findall(r"^\| `(\w+)` \|", listed, flags=re.MULTILINE)
    assert named == [parameter.display_name for parameter in watch.parameters]


LOGS = {
    "adapters/telegram": "What Telegram's log lines mean",
    "adapters/discord": "What Discord's log lines mean",
    "bot/crew": "Several workers",
}


@pytest.mark.parametrize("room", LOGS)
def test_every_log_line_of_a_room_says_what_to_do(room: str) -> None:
    code = "\n".join(read(file) for file in (ROOT / room).rglob("*.py"))
    logged = set(re.findall(r"\blog\.(?:info|warning|error|exception)\(\s*\"([^\"]+)\"", code))
    told = section(DOCS / "running.md", LOGS[room])
    named = re.findall(r"^\| (`\w+`(?:, `\w+`)*) \|.*\|.*\|$", told, flags=re.MULTILINE)
    assert logged <= {event for row in named for event in re.findall(r"`(\w+)`", row)}
