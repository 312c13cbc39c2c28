"""Publishing as sheets: what it would do to those who play, what it did, and what there is to take back."""

from __future__ import annotations

from collections.abc import Iterator

from adapters.studio.reports import changed_lines
from adapters.studio.sheet import Key, Line, Sheet, bold, command, counted, line, quiet
from bot.play.landing import Fate
from bot.store.drafts import PublicationRow
from bot.studio.impact import Impact, Stand
from bot.studio.publishing import Proposal, Published

MOST_STANDS = 10
"""Places told one by one."""

MOST_CHANGES = 8

TAKE_BACK = "↩ Take it back"


def proposal_sheet(proposal: Proposal, revert: bool = False) -> Sheet:
    """What would change, where everybody stands, and where they would land; then a button that does it."""
    row, impact = proposal.row, proposal.impact
    if row.state == "withdrawn":
        return _withdrawal(proposal)
    what = "Take back the last version" if revert else f"Publish draft {proposal.upload}"
    lines: list[Line] = [line(bold(f"🚀 {row.story}"), f" · {what}?")]
    if row.number == 1:
        lines.append(line("It is not public yet. Everybody will find it in the list of stories."))
    lines += list(changed_lines(impact.changes))[:MOST_CHANGES]
    lines += _fates(impact)
    verb = f"undo {row.story} {row.number}" if revert else f"pub {row.story} {proposal.upload} {row.number}"
    return Sheet(tuple(lines), ((Key(TAKE_BACK if revert else "🚀 Publish now", verb), _not_now(row.story)),))


def _withdrawal(proposal: Proposal) -> Sheet:
    row = proposal.row
    lines = (
        line(bold(f"🚀 {row.story}"), " · Take it out of the list of stories?"),
        line("No other version was live before. Nobody begins it any more; whoever is in the middle of it plays on."),
    )
    return Sheet(lines, ((Key(TAKE_BACK, f"undo {row.story} {row.number}"), _not_now(row.story)),))


def _not_now(story: str) -> Key:
    return Key("✕ Not now", f"story {story}")


def published_sheet(done: Published) -> Sheet:
    """What was done."""
    row, fates = done.row, done.fates
    if row.state == "withdrawn":
        again = line(command(f"publish {row.story}", "quiet"), quiet(" or "), command(f"revert {row.story}", "quiet"),
                     quiet(" puts it back."))  # fmt: skip
        return Sheet((line(bold(f"🚀 {row.story}"), " is out of the list: nobody begins it any more."), again))
    parts = [f"Went on where they were: {fates.get(Fate.CONTINUES, 0):,}"]
    if moved := fates.get(Fate.MOVED, 0):
        parts.append(f"taken back to an earlier choice: {moved:,}")
    if restarts := fates.get(Fate.RESTARTS, 0):
        parts.append(f"began again: {restarts:,}")
    lines = [line(bold(f"🚀 {row.story}"), f" is live: publication {row.number}.")]
    if sum(fates.values()):
        lines.append(line(", ".join(parts), "."))
    if done.told:
        lines.append(line(quiet(f"Told in their chat: {done.told:,}. Others see it when they come back.")))
    lines.append(line(command(f"revert {row.story}", "quiet"), quiet(" takes it back.")))
    return Sheet(tuple(lines))


def stopped_sheet(row: PublicationRow) -> Sheet:
    """An operator has stopped a story, and may let it go on."""
    lines = (line(f"⛔ {row.story} is stopped: nobody plays it any more."),)
    return Sheet(lines, ((Key("▶ Let it be played again", f"allow {row.story} {row.number}"),),))


def allowed_sheet(row: PublicationRow) -> Sheet:
    """An operator has let a story go on."""
    beginning = "" if row.state == "live" else ", and nobody begins it anew, as before"
    return Sheet((line(f"▶ {row.story} is played again, from where everybody stands{beginning}."),))


def _fates(impact: Impact) -> Iterator[Line]:
    if not impact.sessions:
        yield line("Nobody is in the middle of it.")
        return
    playing = f"{counted(impact.sessions, 'viewer')} {'is' if impact.sessions == 1 else 'are'}"
    yield line(f"{playing} in the middle of it. Go on where they are: ", bold(f"{impact.continues:,}"),
               ", moved to an earlier choice: ", bold(f"{impact.moved:,}"),
               ", begin again: ", bold(f"{impact.restarts:,}"), ".")  # fmt: skip
    told = [stand for stand in impact.stands if stand.refreshed or stand.fate is not Fate.CONTINUES]
    for stand in told[:MOST_STANDS]:
        yield line(f"{stand.sessions:,} × {_landing(stand)}")
    if rest := sum(stand.sessions for stand in told[MOST_STANDS:]):
        yield line(quiet(f"and {rest:,} more"))
    yield line(quiet("Watch-alongs that are running end in the version they began with."))


def _landing(stand: Stand) -> str:
    match stand.fate:
        case Fate.CONTINUES:
            return (
                f"{stand.scene}: stay, with other buttons" if stand.scene == stand.to else f"{stand.scene} → {stand.to}"
            )
        case Fate.MOVED:
            return f"{stand.scene} → back to {stand.to}"
        case _:
            return f"{stand.scene} → from the beginning, with an apology"
