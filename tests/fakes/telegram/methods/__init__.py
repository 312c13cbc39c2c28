"""The methods this server answers, by name."""

from __future__ import annotations

from tests.fakes.telegram.methods import answers, editing, intake, menu, sending, tidying
from tests.fakes.telegram.world import Answer

METHODS: dict[str, Answer] = {
    **intake.METHODS,
    **sending.METHODS,
    **editing.METHODS,
    **tidying.METHODS,
    **answers.METHODS,
    **menu.METHODS,
}
