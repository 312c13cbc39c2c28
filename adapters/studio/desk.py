"""The studio's desk: reads what creators write, press and send, and does it. What is slow is made when it is shown."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from pathlib import Path

from adapters.studio.acting import Acting, Who
from adapters.studio.ask import Ask, ready
from adapters.studio.denial import advice, denial, told
from adapters.studio.publications import allowed_sheet, published_sheet, stopped_sheet
from adapters.studio.reports import report_sheet
from adapters.studio.scenes import play_sheet
from adapters.studio.sheet import counted, line
from adapters.studio.stories import delete_sheet, help_sheet, invite_sheet, joined_sheet, tag_of
from bot.clips.shelf import clips_of
from bot.clips.vault.kept import VaultError
from bot.store.drafts import Role
from bot.store.port import Store
from bot.story.problem import StoryError
from bot.studio.bench.line import Busy
from bot.studio.bookmark import BadBookmark
from bot.studio.creator import RANK, Denied, Why
from bot.studio.ledger import BadValue
from bot.studio.sending import scene_of
from bot.studio.studio import MOST_PLAYS, PLAYS, Studio
from bot.studio.workshop import WorkFailed

InviteLink = Callable[[str], str]
"""A link that enters an invitation's code; empty where the platform has none."""


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
        self._acting = Acting(studio, store, now)
        self._commands: Mapping[str, Callable[[Who, str], Awaitable[Ask]]] = {
            "studio": self._stories, "check": self._on("proof"), "test": self._test, "map": self._on("map"),
            "publish": self._on("proposal"), "revert": self._on("revert"), "invite": self._invite,
            "join": self._join, "leave": self._leave, "people": self._on("people"), "log": self._on("log"),
            "delete": self._delete, "stop": self._stop, **self._acting.commands,
        }  # fmt: skip
        self._keys: Mapping[str, Callable[[Who, list[str]], Awaitable[Ask]]] = {
            "help": self._help, "story": self._page("story"), "now": self._page("now"), "map": self._page("map"),
            "heat": self._page("heat"), "check": self._page("proof"), "test": self._page("figures"),
            "ask": self._page("proposal"), "people": self._page("people"), "log": self._page("log"),
            "f": self._page("finding", "story", "upload", "number"), "pub": self._publish, "undo": self._undo,
            "inv": self._key_invite, "out": self._out, "gone": self._gone, "allow": self._allow, **self._acting.keys,
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
        answered = await self._acting.text(who, text)
        return None if answered is None else await self._kindly(answered)

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
            return Ask(page, {"story": await self._acting.story(who, rest)})

        return ask

    def _page(self, page: str, *names: str) -> Callable[[Who, list[str]], Awaitable[Ask]]:
        async def ask(who: Who, rest: list[str]) -> Ask:
            return Ask(page, dict(zip(names or ("story",), rest, strict=False)))

        return ask

    async def _test(self, who: Who, rest: str) -> Ask:
        words = rest.replace(",", "").split()
        numbers = [int(word[:7]) for word in words if word.isascii() and word.isdigit()]
        story = await self._acting.story(who, " ".join(word for word in words if not word.isdigit()))
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
        story = await self._acting.story(who, " ".join(word for word in words if word not in RANK))
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
        story = await self._acting.story(who, rest)
        await self._studio.people.take(who.creator, story, who.creator.viewer, self._now())
        return ready(told(f"You have left {story}."))

    async def _out(self, who: Who, rest: list[str]) -> Ask:
        story, tag = rest[0], rest[1]
        named = [row for row in await self._studio.people.all_in(who.creator, story) if tag_of(row) == tag]
        if len(named) == 1:
            await self._studio.people.take(who.creator, story, named[0].viewer, self._now())
        return Ask("people", {"story": story})

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
        story = await self._acting.story(who, rest)
        await self._studio.portfolio.one(who.creator, story, "owner")
        return ready(delete_sheet(story))

    async def _gone(self, who: Who, rest: list[str]) -> Ask:
        await self._studio.delete(who.creator, rest[0], self._now())
        return ready(told(f"🗑 {rest[0]} is given up."))

    async def _stop(self, who: Who, rest: str) -> Ask:
        """For operators: nobody plays it any more."""
        if not who.creator.operator or not rest:
            return ready(denial(Denied(Why.UNKNOWN)))
        publishing, story = self._studio.publishing, rest.lower()
        row = await publishing.stopped(story)
        if row is None:
            row = await publishing.withdraw(who.creator, story, self._now(), "stopped")
        return ready(stopped_sheet(row))

    async def _allow(self, who: Who, rest: list[str]) -> Ask:
        """For operators: as it was before it was stopped."""
        row = await self._studio.publishing.allow(who.creator, rest[0], int(rest[1]), self._now())
        return ready(allowed_sheet(row))
