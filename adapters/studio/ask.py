"""What a creator asks for: a page to be made when it is shown, or a sheet that was made at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from adapters.studio.sheet import Sheet, read_sheet, write_sheet

READY = "ready"


@dataclass(frozen=True, slots=True)
class Ask:
    """`about` is short texts by name, which may lie in the outbox. `then` is shown after it, by itself."""

    page: str
    about: Mapping[str, str] = field(default_factory=dict)
    then: Ask | None = None

    @property
    def slow(self) -> bool:
        """Whether its maker may take seconds, so that who asked should see that it is being made."""
        return self.page in ("proof", "figures", "map", "heat", "proposal", "revert")


def ready(sheet: Sheet, then: Ask | None = None) -> Ask:
    """A sheet that is made already, which has neither picture nor document."""
    return Ask(READY, {"sheet": write_sheet(sheet)}, then)


def made(ask: Ask) -> Sheet | None:
    """The sheet of one that is ready."""
    return read_sheet(ask.about["sheet"]) if ask.page == READY else None
