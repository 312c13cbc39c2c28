"""The studio's desk: reads what creators write, press and send, and does it. What is slow is made when it is shown."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from adapters.studio.ask import Ask, ready
from adapters.studio.denial import advice, denial, told
from adapters.studio.publications import published_sheet
from adapters.studio.reports import report_sheet
from adapters.studio.scenes import asked_sheet, play_sheet, reason, reasons_sheet, values_sheet
from adapters.studio.sheet import Sheet, bold, command, counted, few, line
from adapters.studio.stories import delete_sheet, help_sheet, invite_sheet, joined_sheet, tag_of
from bot.clips.shelf import clips_of
from bot.clips.vault.kept import VaultError
from bot.play.step import Reason, Refused
from bot.store.drafts import Role
from bot.store.port import Store
from bot.story.problem import StoryError
from bot.studio.bench.line import Busy
from bot.studio.bookmark import BadBookmark
from bot.studio.creator import RANK, Creator, Denied, Why
from bot.studio.ledger import BadValue
from bot.studio.playing import Deed, Play
from bot.studio.rehearsal import Rehearsal
from bot.studio.sending import scene_of
from bot.studio.studio import MOST_PLAYS, PLAYS, Studio
from bot.studio.workshop import WorkFailed

ASKS = "studio_asks"
"""The preference that says which choice of a test play the next text answers."""

LONGEST_LINK = 1_500
"""Characters: what a message of any platform takes beside other words, Discord's with 2,000 the fewest."""

SAID: dict[Reason, str] = {
    Reason.MOVED_ON: "The test play has moved on. This is where it is.",
    Reason.LOCKED: "That choice is locked.",
}

InviteLink = Callable[[str], str]
"""A link that enters an invitation's code; empty where the platform has none."""


@dataclass(frozen=True, slots=True)
class Who:
    """A creator on a platform, and the language they read stories in."""

    creator: Creator
    language: str = ""


def no_link(invitation: str) -> str:
    """On a platform without such links."""
    return ""


class StudioDesk:
    """One adapter's. Raises `StoreError`; whatever else is wrong is told. Each answer is what is to be shown."""

    def __init__(self, studio: Studio, store: Store, now: Callable[[], int], link: InviteLink = no_link) -> None:
        self._studio = studio
        self._store = store
        self._now = now
        self._link = link
        self._commands: Mapping[str, Callable[[Who, str], Awaitable[Ask]]] = {
            "studio": self._stories, "check": self._on("proof"), "test": self._test, "map": self._on("map"),
            "publish": self._on("proposal"), "revert": self._on("revert"), "invite": self._invite,
            "join": self._join, "leave": self._leave, "people": self._on("people"), "log": self._on("log"),
            "delete": self._delete, "stop": self._stop, "jump": self._jump, "set": self._set, "dice": self._dice,
            "wait": self._wait, "back": self._back, "why": self._why, "vars": self._vars, "from": self._from,
            "link": self._bookmark,
        }  # fmt: skip
        self._keys: Mapping[str, Callable[[Who, list[str]], Awaitable[Ask]]] = {
            "help": self._help, "story": self._page("story"), "play": self._play, "now": self._page("now"),
            "map": self._page("map"), "heat": self._page("heat"), "check": self._page("proof"),
            "test": self._page("figures"), "ask": self._page("proposal"), "people": self._page("people"),
            "log": self._page("log"), "c": self._choose, "time": self._key_time, "back": self._key_back,
            "again": self._key_again, "why": self._key_why, "vars": self._key_vars, "link": self._key_link,
            "f": self._page("finding", "story", "upload", "number"), "pub": self._publish, "undo": self._undo,
            "inv": self._key_invite, "out": self._out, "gone": self._gone, "at": self._at,
        }  # fmt: skip

    @property
    def commands(self) -> frozenset[str]:
        """The names of all commands."""
        return frozenset(self._commands)

    # -- what comes in

    async def command(self, who: Who, name: str, rest: str) -> Ask:
        """A command of `commands`."""
        return await self._kindly(self._commands[name](who, rest.strip()))

    async def press(self, who: Who, about: str) -> Ask:
        """A button, by what it carries."""
        verb, *rest = about.split(" ")
        press = self._keys.get(verb)
        if press is None:
            return ready(help_sheet())
        try:
            return await self._kindly(press(who, rest))
        except (IndexError, ValueError):
            return ready(help_sheet())  # of an older release

    async def file(self, who: Who, path: Path, name: str, caption: str = "") -> Ask:
        """A file: a story; or a clip, whose caption names a scene."""
        return await self._kindly(self._file(who, path, name, caption))

    async def text(self, who: Who, text: str) -> Ask | None:
        """A text that a test play waits for; None where none does."""
        asked = (await self._store.preferences(who.creator.viewer)).get(ASKS)
        if asked is None:
            return None
        await self._store.prefer(who.creator.viewer, ASKS, None)
        revision, _, choice = asked.partition(" ")
        row = await self._store.rehearsal(who.creator.viewer)
        if row is None or str(row.revision) != revision:
            return None  # they did something else meanwhile: the text is for somebody else
        return await self._kindly(self._acted(who, int(revision), lambda play: play.choose(choice, text)))

    async def _kindly(self, work: Awaitable[Ask]) -> Ask:
        """What is done, or why not and what can be done instead."""
        try:
            return await work
        except Denied as denied:
            return ready(denial(denied))
        except (Busy, WorkFailed, VaultError) as error:
            return ready(told(f"⏳ {error}."))
        except StoryError as error:
            return ready(told(str(error.problems[0])))
        except (BadValue, BadBookmark) as error:
            return ready(told(str(error)))

    # -- files

    async def _file(self, who: Who, path: Path, name: str, caption: str) -> Ask:
        at, creator = self._now(), who.creator
        if not name.lower().endswith((".zip", ".yaml", ".yml", ".txt")):
            return await self._clip(who, path, caption)
        sent = await self._studio.sending.story(creator, path, name, at)
        row = await self._store.rehearsal(creator.viewer)
        sheet = report_sheet(sent)
        if sent.draft is not None and row is not None and row.story == sent.draft.story and not sent.same:
            # Whoever is in the middle of a test play wants to see what became of it.
            play = await self._studio.playing.now(creator, at)
            scene = play_sheet(play)
            return ready(replace(scene, lines=(*sheet.lines, line(""), *scene.lines)))
        drawn = sent.draft is not None and not sent.same
        return ready(sheet, Ask("map", {"story": sent.report.story_id}) if drawn else None)

    async def _clip(self, who: Who, path: Path, caption: str) -> Ask:
        mine = {one.row.story: one for one in await self._studio.portfolio.all_of(who.creator)}
        found = scene_of(caption, mine)
        if found is None:
            return ready(told("Send a clip with its scene's id as caption: whistle, or last-train whistle."))
        one = await self._studio.sending.clip(who.creator, *found, path, self._now())
        left = len(clips_of(one.story) - one.story.uploads.keys())
        more = f"; {counted(left, 'clip')} still to come" if left else ""
        return ready(told(f"🎞 {found[0]}: {found[1]} has its clip{more}."))

    # -- stories

    async def _stories(self, who: Who, rest: str) -> Ask:
        return Ask("story", {"story": rest}) if rest else Ask("stories")

    def _on(self, page: str) -> Callable[[Who, str], Awaitable[Ask]]:
        async def ask(who: Who, rest: str) -> Ask:
            return Ask(page, {"story": await self._named(who, rest)})

        return ask

    def _page(self, page: str, *names: str) -> Callable[[Who, list[str]], Awaitable[Ask]]:
        async def ask(who: Who, rest: list[str]) -> Ask:
            return Ask(page, dict(zip(names or ("story",), rest, strict=False)))

        return ask

    async def _named(self, who: Who, written: str) -> str:
        """The story that is meant: the one named, else the one in the test play, else the latest. Raises `Denied`."""
        if written:
            return written.split()[0].lower()
        row = await self._store.rehearsal(who.creator.viewer)
        if row is not None and await self._store.role_in(row.story, who.creator.viewer) is not None:
            return row.story
        mine = await self._studio.portfolio.all_of(who.creator)
        if not mine:
            raise Denied(Why.UNKNOWN)
        return mine[0].row.story

    async def _test(self, who: Who, rest: str) -> Ask:
        words = rest.replace(",", "").split()
        numbers = [int(word[:7]) for word in words if word.isascii() and word.isdigit()]
        story = await self._named(who, " ".join(word for word in words if not word.isdigit()))
        plays, seed = [*numbers, *(PLAYS, 1)[len(numbers) :]][:2]
        return Ask("figures", {"story": story, "plays": str(min(plays, MOST_PLAYS)), "seed": str(seed)})

    async def _help(self, who: Who, rest: list[str]) -> Ask:
        return ready(help_sheet())

    # -- people

    async def _invite(self, who: Who, rest: str) -> Ask:
        words = rest.lower().split()
        roles: list[Role] = [role for role in RANK if role in words]
        if len(roles) != 1:
            return ready(
                advice("Whom? `/invite writer`, or translator, tester, owner; a story's id may stand before it.")
            )
        story = await self._named(who, " ".join(word for word in words if word not in RANK))
        return await self._invited(who, story, roles[0])

    async def _key_invite(self, who: Who, rest: list[str]) -> Ask:
        [role] = [role for role in RANK if role == rest[1]]
        return await self._invited(who, rest[0], role)

    async def _invited(self, who: Who, story: str, role: Role) -> Ask:
        invitation = await self._studio.people.invite(who.creator, story, role, self._now())
        return ready(invite_sheet(story, role, invitation, self._link(invitation)))

    async def _join(self, who: Who, rest: str) -> Ask:
        invite = await self._studio.people.join(who.creator, rest, self._now())
        return ready(joined_sheet(invite.story, invite.role))

    async def _leave(self, who: Who, rest: str) -> Ask:
        story = await self._named(who, rest)
        await self._studio.people.take(who.creator, story, who.creator.viewer, self._now())
        return ready(told(f"You have left {story}."))

    async def _out(self, who: Who, rest: list[str]) -> Ask:
        story, tag = rest[0], rest[1]
        named = [row for row in await self._studio.people.all_in(who.creator, story) if tag_of(row) == tag]
        if len(named) == 1:
            await self._studio.people.take(who.creator, story, named[0].viewer, self._now())
        return Ask("people", {"story": story})

    # -- test plays

    async def _play(self, who: Who, rest: list[str]) -> Ask:
        await self._studio.playing.begin(who.creator, rest[0], self._now(), who.language)
        return Ask("now")

    async def _from(self, who: Who, rest: str) -> Ask:
        words = rest.split(" ", 1)
        named = len(words) == 2 and await self._store.role_in(words[0], who.creator.viewer) is not None
        story, link = (words[0], words[1]) if named else (await self._named(who, ""), rest)
        await self._studio.playing.begin(who.creator, story, self._now(), who.language, link)
        return Ask("now")

    async def _at(self, who: Who, rest: list[str]) -> Ask:
        """Stand in a scene of a story, as a press on its map wants it; the test play is that story's then."""
        story, scene = rest[0], rest[1]
        row = await self._store.rehearsal(who.creator.viewer)
        if row is None or row.story != story:
            await self._studio.playing.begin(who.creator, story, self._now(), who.language)
        return await self._jump(who, scene)

    async def _acted(self, who: Who, revision: int | None, deed: Deed) -> Ask:
        """Do something in the test play, and show where it is then."""
        try:
            play = await self._studio.playing.act(who.creator, revision, self._now(), deed)
        except Refused as refused:
            play, why = await self._studio.playing.now(who.creator, self._now()), SAID.get(refused.reason, "")
            return ready(play_sheet(play, why or "That cannot be done here."))
        if play is None:
            play = await self._studio.playing.now(who.creator, self._now())
            return ready(play_sheet(play, SAID[Reason.MOVED_ON]))
        return ready(play_sheet(play))

    async def _choose(self, who: Who, rest: list[str]) -> Ask:
        revision, number = int(rest[0]), int(rest[1])
        play = await self._studio.playing.now(who.creator, self._now())
        options = play.rehearsal.card.options
        if play.row.revision != revision or number >= len(options):
            return ready(play_sheet(play, SAID[Reason.MOVED_ON]))
        option = options[number]
        if option.locked:
            return ready(play_sheet(play, f"🔒 {option.label}: {_why(play, option.id)}"))
        if option.ask is not None:
            await self._store.prefer(who.creator.viewer, ASKS, f"{revision} {option.id}")
            return ready(asked_sheet(option))
        return await self._acted(who, revision, lambda rehearsal: rehearsal.choose(option.id))

    async def _key_time(self, who: Who, rest: list[str]) -> Ask:
        return await self._acted(who, int(rest[0]), Rehearsal.time_out)

    async def _key_back(self, who: Who, rest: list[str]) -> Ask:
        return await self._acted(who, int(rest[0]), Rehearsal.rewind)

    async def _key_again(self, who: Who, rest: list[str]) -> Ask:
        return await self._acted(who, int(rest[0]), Rehearsal.restart)

    async def _key_why(self, who: Who, rest: list[str]) -> Ask:
        return await self._why(who, "")

    async def _key_vars(self, who: Who, rest: list[str]) -> Ask:
        return await self._vars(who, "")

    async def _key_link(self, who: Who, rest: list[str]) -> Ask:
        return await self._bookmark(who, "")

    async def _wait(self, who: Who, rest: str) -> Ask:
        return await self._acted(who, None, Rehearsal.time_out)

    async def _back(self, who: Who, rest: str) -> Ask:
        to = int(rest[:6]) - 1 if rest.isascii() and rest.isdigit() else None
        return await self._acted(who, None, lambda rehearsal: rehearsal.rewind(to))

    async def _jump(self, who: Who, rest: str) -> Ask:
        play = await self._studio.playing.now(who.creator, self._now())
        scenes = play.rehearsal.story.scenes
        if rest not in scenes:
            wrong = f'There is no scene "{rest}". ' if rest else ""
            return ready(Sheet((line(wrong, command("jump <scene>"), f" goes to {few(list(scenes), 12)}."),)))
        return await self._acted(who, None, lambda rehearsal: rehearsal.jump(rest))

    async def _set(self, who: Who, rest: str) -> Ask:
        name, _, value = rest.replace("=", " ", 1).partition(" ")
        if not name or not value.strip():
            return ready(advice("Set a variable like this: `/set trust 2`"))
        return await self._acted(who, None, lambda rehearsal: rehearsal.assign(name, value))

    async def _dice(self, who: Who, rest: str) -> Ask:
        faces = rest.split()
        if not faces or not all(face.isascii() and face.isdigit() and int(face[:6]) for face in faces[:20]):
            return ready(advice("Lay down the next dice like this: `/dice 2`, or `/dice 1 3`"))
        laid = tuple(int(face[:6]) for face in faces[:20])
        return await self._acted(who, None, lambda rehearsal: rehearsal.lay(*laid))

    async def _why(self, who: Who, rest: str) -> Ask:
        play = await self._studio.playing.now(who.creator, self._now())
        return ready(reasons_sheet(play.rehearsal))

    async def _vars(self, who: Who, rest: str) -> Ask:
        play = await self._studio.playing.now(who.creator, self._now())
        return ready(values_sheet(play.rehearsal))

    async def _bookmark(self, who: Who, rest: str) -> Ask:
        play = await self._studio.playing.now(who.creator, self._now())
        link = f"from {play.row.story} {play.rehearsal.link}"
        if len(link) > LONGEST_LINK:
            here = play.rehearsal.state.scene
            return ready(advice(f"The way here is too long for a link. `/jump {here}` comes here without it."))
        return ready(Sheet((line(bold("🔖 Start here again")), line(command(link, "code")))))

    # -- publishing

    async def _publish(self, who: Who, rest: list[str]) -> Ask:
        story, upload, number = rest[0], int(rest[1]), int(rest[2])
        done = await self._studio.publishing.publish(who.creator, story, upload, number, self._now())
        return ready(published_sheet(done))

    async def _undo(self, who: Who, rest: list[str]) -> Ask:
        done = await self._studio.publishing.revert(who.creator, rest[0], int(rest[1]), self._now())
        return ready(published_sheet(done))

    async def _delete(self, who: Who, rest: str) -> Ask:
        if who.creator.operator and rest:
            return ready(delete_sheet(rest.lower()))
        story = await self._named(who, rest)
        await self._studio.portfolio.one(who.creator, story, "owner")
        return ready(delete_sheet(story))

    async def _gone(self, who: Who, rest: list[str]) -> Ask:
        await self._studio.delete(who.creator, rest[0], self._now())
        return ready(told(f"🗑 {rest[0]} is given up."))

    async def _stop(self, who: Who, rest: str) -> Ask:
        """For operators: nobody plays it any more."""
        if not who.creator.operator or not rest:
            return ready(denial(Denied(Why.UNKNOWN)))
        await self._studio.publishing.withdraw(who.creator, rest.lower(), self._now(), "stopped")
        return ready(told(f"⛔ {rest.lower()} is stopped: nobody plays it any more."))


def _why(play: Play, choice: str) -> str:
    """The part of its condition that fails."""
    found = [one for one in play.rehearsal.prospects() if one.choice.id == choice]
    return reason(found[0], play.rehearsal) if found else "locked"
