"""A creator's stories as sheets: all of them, one with what can be done, its people and what was done with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from adapters.studio.reports import story_keys
from adapters.studio.sheet import Key, Line, Sheet, Span, bold, code, command, counted, line, phrase, quiet
from bot.store.drafts import Deed, RoleRow
from bot.studio.creator import RANK
from bot.studio.portfolio import Mine

MOST = 12
"""Stories that have a button."""

HELP: tuple[tuple[Span, str], ...] = (
    (Span("Send a story", "bold", "send"), ": as a .yaml file or a zip of its folder. A second later you can play it."),
    (Span("Send a clip", "bold", "send"), ": with its scene's id as caption."),
    (command("check", "bold"), ": what can never happen, with the shortest way there."),
    (command("test 10000", "bold"), ": random plays, and what they came to."),
    (command("map", "bold"), ": the whole story as a picture."),
    (command("publish", "bold"), ": what it would do to everybody who plays, then go live. `/revert` takes it back."),
    (
        command("invite writer", "bold"),
        ": an invitation for one person, as owner, writer, translator or tester. `/people`, `/log`, `/leave`.",
    ),
    (
        bold("In a test play"),
        ": `/jump <scene>`, `/set <variable> <value>`, `/dice 3`, `/wait`, `/back`, `/why`, `/vars`, `/link`, "
        "`/from <link>`.",
    ),
    (command("delete", "bold"), ": gives a story up."),
)


def stories_sheet(mine: Sequence[Mine]) -> Sheet:
    """All of a creator's stories."""
    head = line(bold("🎬 Studio"))
    if not mine:
        return Sheet((head, line("You have no stories here yet."), *help_lines()))
    lines = [line(bold(one.row.story), f" · draft {one.draft.upload} · {_live(one)}", quiet(f" · {one.row.role}"))
             for one in mine]  # fmt: skip
    rows = tuple((Key(f"🎬 {one.row.story}", f"story {one.row.story}"),) for one in mine[:MOST])
    return Sheet((head, *lines), (*rows, (Key("❔ Help", "help"),)))


def story_sheet(mine: Mine, playing: bool) -> Sheet:
    """One story."""
    story = mine.story
    title = story.wordings[story.language].plain("title")
    size = f"{counted(len(story.scenes), 'scene')}, {counted(len(story.endings), 'ending')}"
    lines = (
        line(bold(mine.row.story), f" · {title}"),
        line(f"draft {mine.draft.upload}, {size} · {_live(mine)}"),
        line(quiet(f"You are its {mine.row.role}.")),
    )
    more = [Key("👥 People", f"people {story.id}"), Key("📜 Log", f"log {story.id}")]
    mine_only = (tuple(more),) if RANK[mine.row.role] == RANK["owner"] else ()
    going_on = ((Key("⏵ Go on with the test play", "now"),),) if playing else ()
    return Sheet(lines, (*going_on, *story_keys(story.id), *mine_only))


def help_sheet() -> Sheet:
    """What can be done."""
    return Sheet((line(bold("🎬 Studio")), *help_lines()))


def help_lines() -> list[Line]:
    """A line for each thing that can be done."""
    return [line(what, *phrase(how)) for what, how in HELP]


def tag_of(row: RoleRow) -> str:
    """What a button that is about somebody carries: their place in the list may be another's by then."""
    return f"{row.viewer & 0xFFFF_FFFF:08x}"


def people_sheet(story: str, rows: Sequence[RoleRow], names: Mapping[int, str], me: int) -> Sheet:
    """Everybody who has a role. Nobody's account is told to others: they have a number."""
    lines = [line(f"{names[row.viewer]}: {row.role}", quiet(f" · since {_day(row.at)}")) for row in rows]
    if not any(row.viewer == me and row.role == "owner" for row in rows):
        return Sheet((line(bold(f"👥 {story}")), *lines))
    keys = tuple((Key(f"✕ {names[row.viewer]}", f"out {story} {tag_of(row)}"),) for row in rows if row.viewer != me)
    invites = (Key("＋ writer", f"inv {story} writer"), Key("＋ translator", f"inv {story} translator"),
               Key("＋ tester", f"inv {story} tester"))  # fmt: skip
    return Sheet((line(bold(f"👥 {story}")), *lines), (*keys, invites))


def invite_sheet(story: str, role: str, code_: str, link: str) -> Sheet:
    """An invitation to pass on."""
    entered = line("They open ", code(link)) if link else line("They write ", command(f"join {code_}", "code"))
    return Sheet((
        line(bold(f"✉️ {story}"), f": an invitation for one {role}"), entered,
        line(quiet("It works once, for three days. Whoever has it first gets in.")),
    ))  # fmt: skip


def joined_sheet(story: str, role: str) -> Sheet:
    """They are in."""
    return Sheet((line(f"🤝 You are a {role} of ", bold(story), " now."),), story_keys(story))


def log_sheet(story: str, deeds: Sequence[Deed], names: Mapping[int, str]) -> Sheet:
    """What was done, the latest first."""
    lines = [line(quiet(f"{_day(one.at)} "), f"{names.get(one.viewer, 'somebody gone')}: {one.deed}",
                  f" {one.detail}" if one.detail else "") for one in deeds]  # fmt: skip
    return Sheet((line(bold(f"📜 {story}")), *lines))


def delete_sheet(story: str) -> Sheet:
    """Are they sure?"""
    lines = (
        line(bold(f"🗑 {story}")),
        line("Give it up? Its drafts, people and test plays go. If it is live, nobody begins it any more; those who "
             "are in the middle play on."),
    )  # fmt: skip
    return Sheet(lines, ((Key("🗑 Give it up", f"gone {story}"), Key("✕ Keep it", f"story {story}")),))


def _live(mine: Mine) -> str:
    live = mine.publication
    if live is None:
        return "not public"
    if live.state != "live":
        return live.state
    return "live as it is" if live.version == mine.story.version else "live in an earlier version"


def _day(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%d %H:%M")
