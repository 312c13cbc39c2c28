"""A studio on real parts: a database, a folder of stories, a vault; who works in it, and who plays what comes of it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path

from bot.app import App
from bot.clips.deposit import Deposit, write_deposits
from bot.clips.vault.folder import FolderVault
from bot.crew import Workers
from bot.event import Answer, Event, Open, Tell
from bot.library import Library
from bot.play.event import Choose
from bot.play.event import Event as PlayEvent
from bot.store.drafts import Deed, DraftRow, Role, RoleRow
from bot.store.port import EventKey, Outcome, Store
from bot.store.sqlite import SQLiteStore
from bot.studio.creator import Creator
from bot.studio.publishing import Published
from bot.studio.quota import Quota
from bot.studio.studio import Studio
from bot.studio.workshop import Workshop
from tests.fakes.house import Clock, no_lengths

TALE = """\
title: The Gate
synopsis: A gate, a yard, a hall.
language: en
variables:
  trust: {type: integer, from: 0, to: 3, start: 0}
  name: {type: text, length: 12, start: nobody}
episodes:
  one:
    title: One
    start: gate
    scenes:
      gate:
        clip: clips/gate.mp4
        lines: [{narrator: Here is the gate., id: here}]
        choices:
          in: {label: In, do: [trust += 1], to: yard}
          sign: {label: Sign, ask: name, to: yard}
          locked: {label: Locked, if: trust >= 3, else: locked, to: yard}
      yard:
        clip: clips/yard.mp4
        lines: [{narrator: The yard., id: yard}]
        choices:
          back: {label: Back, to: gate}
          end: {label: End, to: hall}
      hall:
        ending: {title: The hall, kind: happy}
"""
OTHER_WORDS = TALE.replace("The yard.", "The big yard.")
"""Nothing that can be pressed is different."""
OTHER_BUTTONS = TALE.replace("label: Back", "label: Turn back")
NO_YARD = TALE[: TALE.index("      yard:")].replace("to: yard", "to: hall") + TALE[TALE.index("      hall:") :]
"""Who stood in the yard is back at the gate."""

STORY = "gate"
CHAT = "console:chat-{}"

_numbers = count(1)


class Atelier:
    """`owner` has begun nothing yet. Viewers are of the platform `console`, and each has a chat."""

    def __init__(
        self, folder: Path, store: Store, clock: Clock, workshop: Workshop, quota: Quota | None, crew: Workers | None
    ) -> None:
        self.folder, self.store, self.clock = folder, store, clock
        self.vault = FolderVault(folder / "vault")
        self.library = Library(folder / "stories", store, no_lengths)
        self.app = App(store, self.library, crew)
        self.studio = Studio(store, self.library, self.vault, self.app.spread, quota, workshop)
        self.owner = Creator(0)

    # -- who works in it

    async def creator(self, name: str, *, operator: bool = False) -> Creator:
        return Creator((await self.store.viewer("telegram", name)).id, operator)

    async def with_role(self, role: Role, story: str = STORY, name: str = "") -> Creator:
        """Somebody who has that role in the story."""
        creator = await self.creator(name or f"the {role}")
        row = RoleRow(story, creator.viewer, role, self.clock())
        assert await self.store.give_role(row, Deed(story, self.clock(), creator.viewer, "joined")) is Outcome.COMMITTED
        return creator

    async def draft(
        self, text: str | Mapping[str, str] = TALE, story: str = STORY, who: Creator | None = None,
        clips: Mapping[str, Deposit] | None = None,
    ) -> DraftRow:  # fmt: skip
        """The story's next draft, a text or files, as it lies in the store when it was sent."""
        last = await self.store.draft(story)
        viewer = (who or self.owner).viewer
        sources = json.dumps({"story.yaml": text} if isinstance(text, str) else dict(text))
        upload = 1 if last is None else last.upload + 1
        kept = write_deposits(clips or {}) if last is None or clips is not None else last.clips
        row = DraftRow(story, upload, viewer, self.clock(), sources, kept)
        assert await self.store.keep_draft(row, Deed(story, self.clock(), viewer, "sent", str(upload))) is (
            Outcome.COMMITTED
        )
        return row

    async def publish(
        self, text: str | Mapping[str, str] | None = None, story: str = STORY, who: Creator | None = None
    ) -> Published:
        """Publish the last draft, or a new one of that text."""
        if text is not None:
            await self.draft(text, story, who)
        creator = who or self.owner
        proposed = await self.studio.publishing.propose(creator, story, self.clock())
        return await self.studio.publishing.publish(creator, story, proposed.upload, proposed.row.number, self.clock())

    async def revert(self, story: str = STORY) -> Published:
        proposed = await self.studio.publishing.propose_revert(self.owner, story, self.clock())
        return await self.studio.publishing.revert(self.owner, story, proposed.row.number, self.clock())

    # -- who plays

    async def play(self, user: str, *choices: str, story: str = STORY) -> Answer:
        """A viewer begins, or goes on, and takes those choices."""
        answer = await self._handle(user, Open(story))
        for choice in choices:
            answer = await self.tap(user, answer, choice)
        return answer

    async def tap(self, user: str, seen: Answer, choice: str, app: App | None = None) -> Answer:
        """A button of what they saw."""
        return await self.tell(user, seen.session.id, Choose(seen.session.revision, choice, "Mo"), app)

    async def tell(self, user: str, session: int, what: PlayEvent, app: App | None = None) -> Answer:
        return await self._handle(user, Tell(session, what), app)

    async def _handle(self, user: str, what: Open | Tell, app: App | None = None) -> Answer:
        key = EventKey("console", f"atelier-{next(_numbers)}")
        return await (app or self.app).handle(Event(key, user, what, self.clock(), CHAT.format(user)))


@asynccontextmanager
async def atelier(
    folder: Path,
    store: Store | None = None,
    workshop: Workshop | None = None,
    quota: Quota | None = None,
    crew: Workers | None = None,
) -> AsyncIterator[Atelier]:
    """One life of it. A workshop that is given runs already, and goes on; without one nothing is sent."""
    opened = store or SQLiteStore(folder / "bot.db")
    await opened.open()
    try:
        (folder / "stories").mkdir(exist_ok=True)
        house = Atelier(folder, opened, Clock(), workshop or Workshop(), quota, crew)
        await house.library.load(house.clock())
        house.owner = await house.creator("the owner")
        yield house
    finally:
        await opened.close()
