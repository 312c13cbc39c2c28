"""Logs: one JSON object or one readable line per event, never anything personal."""

from __future__ import annotations

import logging
import sys
import traceback
from collections.abc import Sequence
from types import TracebackType

import structlog
from structlog.typing import Processor

HEAD = "Traceback (most recent call last):\n"

Raised = tuple[type[BaseException], BaseException, TracebackType | None]


def set_up(level: str) -> None:
    """Send logs to standard error: readable on a terminal, JSON elsewhere. Of libraries, what is a warning or worse."""
    line = structlog.dev.ConsoleRenderer() if sys.stderr.isatty() else json_line
    structlog.configure(
        processors=[*EVERYWHERE, line],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )
    libraries = logging.StreamHandler(sys.stderr)
    libraries.setFormatter(of_libraries(line))
    logging.basicConfig(handlers=[libraries], level=logging.WARNING)


def of_libraries(line: Processor) -> logging.Formatter:
    """What libraries log, in lines like ours."""
    last = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[structlog.stdlib.add_logger_name, *EVERYWHERE], processors=[last, line]
    )


def way_of(exc_info: Raised) -> str:
    """An error as its kind and the places it passed, with what caused it before it. Not its words: they may repeat
    what somebody typed, or an address."""
    return "\n".join(HEAD + "".join(traceback.format_tb(one.__traceback__)) + _kind(one) for one in _chain(exc_info[1]))


def _chain(error: BaseException) -> Sequence[BaseException]:
    """The error and what led to it, the first one first, as Python itself prints them."""
    found: list[BaseException] = []
    following: BaseException | None = error
    while following is not None and following not in found:
        found.append(following)
        following = following.__cause__ or (None if following.__suppress_context__ else following.__context__)
    return found[::-1]


def _kind(error: BaseException) -> str:
    if isinstance(error, BaseExceptionGroup):
        return f"{type(error).__name__} of {', '.join(map(_kind, error.exceptions))}"
    return type(error).__name__


json_line = structlog.processors.JSONRenderer(ensure_ascii=False)

EVERYWHERE: tuple[Processor, ...] = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.processors.ExceptionRenderer(way_of),
)
