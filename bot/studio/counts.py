"""The counts of trials as a table in CSV, and read back from it: `what`, `id`, `plays`, `times` and `late` in a row."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.story.expression import Value
from bot.story.story import Story
from bot.studio.tally import Hits, Tally
from bot.studio.trial import Outcome

COLUMNS = ("what", "id", "plays", "times", "late")

Row = tuple[str, str, int, int | None, int | None]
"""`plays` is in how many plays it was so; `times` how often in all, `late` how many of these the clock chose. Those
two are empty where they say nothing."""


class BadCounts(ValueError):
    """A table that is none of counts; says the line and what stands there."""


@dataclass(frozen=True, slots=True)
class Visits:
    """What a table says of scenes: in how many of how many plays each was visited."""

    plays: int
    scenes: Mapping[str, int] = field(default_factory=dict)


def rows(story: Story, tally: Tally) -> Iterator[Row]:
    """Everything counted, scenes and choices in the story's order; what never occurred has a 0."""
    yield "plays", "", tally.plays, None, None
    for scene in story.scenes.values():
        yield _hit("scene", scene.id, tally.scenes, None)
        for choice in scene.choices.values():
            yield _hit("choice", choice.key, tally.choices, tally.timed[choice.key])
    for ending in story.endings:
        yield "ending", ending, tally.endings[ending], None, None
    for outcome in (Outcome.STUCK, Outcome.ENDLESS):
        for id, plays in sorted(tally.faults[outcome].items()):
            yield outcome.value, id, plays, None, None
    for what, counter in (("choices", tally.lengths), ("seconds", tally.seconds)):
        for number, plays in sorted(counter.items()):
            yield what, str(number), plays, None, None
    for variable, values in zip(story.variables, tally.values, strict=True):
        for value, plays in sorted(values.items(), key=lambda entry: (entry[0], str(entry[0]))):
            yield "value", f"{variable.name}={written(value)}", plays, None, None


def counts_csv(story: Story, tally: Tally) -> str:
    """The table, as text."""
    file = io.StringIO()
    table = csv.writer(file, lineterminator="\n")
    table.writerow(COLUMNS)
    table.writerows(rows(story, tally))
    return file.getvalue()


def read_visits(text: str) -> Visits:
    """Scenes and plays of such a table; other rows are passed over. Raises `BadCounts`."""
    table = csv.reader(io.StringIO(text))
    if tuple(next(table, ())) != COLUMNS:
        raise BadCounts(f"line 1: the columns are not {','.join(COLUMNS)}; `run_bot.py test --csv` writes such a table")
    plays, scenes = 0, {}
    for row in table:
        match row:
            case ["plays", "", count, *_]:
                plays = _number(count, table.line_num)
            case ["scene", scene, count, *_]:
                scenes[scene] = _number(count, table.line_num)
    if not plays or max(scenes.values(), default=0) > plays:
        raise BadCounts("the row `plays` is missing, or says less than a scene's row; keep the whole table")
    return Visits(plays, scenes)


def _hit(what: str, id: str, hits: Hits, late: int | None) -> Row:
    return what, id, hits.plays[id], hits.times(id), late


def written(value: Value) -> str:
    """A variable's value as its author writes it."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _number(text: str, line: int) -> int:
    if not text.isdecimal() or not text.isascii():
        raise BadCounts(f'line {line}: "{text}" is not a number of plays')
    return int(text)
