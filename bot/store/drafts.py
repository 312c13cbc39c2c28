"""The part of the store's port for what creators do: drafts, roles, invitations, publications, test plays."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from bot.store.records import OutboxCard, Outcome, Session

Role = Literal["owner", "writer", "translator", "tester"]
"""What somebody is to a story; each may do what those after it may."""

State = Literal["live", "withdrawn", "stopped"]
"""Of what was published: played by all; played on by those who are in it; played by nobody."""

DRAFTS_KEPT = 20
"""Uploads of a story that are kept: so far a test play may lie behind."""


@dataclass(frozen=True, slots=True)
class DraftRow:
    """What was sent for a story: `upload` counts from 1, `sources` and `clips` are opaque to the store."""

    story: str
    upload: int
    viewer: int
    at: int
    sources: str
    clips: str


@dataclass(frozen=True, slots=True)
class RoleRow:
    """What a viewer is to a story, since when."""

    story: str
    viewer: int
    role: Role
    at: int


@dataclass(frozen=True, slots=True)
class InviteRow:
    """A link that gives a role once, until Unix ms `until`; `code` is a digest of what is in it, `viewer` invited."""

    code: str
    story: str
    role: Role
    viewer: int
    until: int


@dataclass(frozen=True, slots=True)
class Deed:
    """A line of a story's audit log: what a viewer (0: one who was forgotten) did, in a word, and with what."""

    story: str
    at: int
    viewer: int
    deed: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class PublicationRow:
    """What was published: `number` counts a story's from 1, `clips` are opaque to the store."""

    story: str
    number: int
    version: str
    state: State
    viewer: int
    at: int
    clips: str


@dataclass(frozen=True, slots=True)
class RehearsalRow:
    """A viewer's one test play: of which upload of which story. `body` is opaque to the store."""

    viewer: int
    story: str
    upload: int
    revision: int
    body: str
    at: int


@dataclass(frozen=True, slots=True)
class Moved:
    """A session as it is to stand in another version, with cards for its chat. It was read at `before`, and is left
    alone where it has moved since.
    """

    before: Session
    after: Session
    cards: tuple[OutboxCard, ...] = ()


Land = Callable[[Session], Moved]
"""Where a session stands in the version that is published; one that stays as it was is left alone. Called inside a
transaction: it must be quick and pure."""


class Drafts(Protocol):
    """What is durable of creators' work. Raises what `Store` does. Each change is one transaction with its `Deed`."""

    async def keep_draft(self, draft: DraftRow, deed: Deed) -> Outcome:
        """The next upload of a story: CONFLICT unless `draft.upload` is one more than the last. With the first one its
        viewer becomes the story's owner. Older ones than the last `DRAFTS_KEPT` go.
        """

    async def draft(self, story: str, upload: int | None = None) -> DraftRow | None:
        """That upload, or the last one."""

    async def drop_story(self, deed: Deed) -> bool:
        """All drafts, roles, invitations and test plays of the deed's story go. False when there were none."""

    async def role_in(self, story: str, viewer: int) -> Role | None:
        """What the viewer is to the story."""

    async def roles_in(self, story: str) -> Sequence[RoleRow]:
        """Everybody who has a role in it, the first ones first."""

    async def roles_of(self, viewer: int) -> Sequence[RoleRow]:
        """All that the viewer has a role in, the latest first."""

    async def give_role(self, row: RoleRow, deed: Deed) -> Outcome:
        """In place of the one they had. CONFLICT where the story had no owner left."""

    async def take_role(self, story: str, viewer: int, deed: Deed) -> Outcome:
        """CONFLICT where they have none, or the story had no owner left."""

    async def keep_invite(self, row: InviteRow, deed: Deed) -> None:
        """Keep an invitation. Those of the story whose time was over at `deed.at` go. Raises `Unstorable` when there
        is one with its code.
        """

    async def use_invite(self, code: str, viewer: int, now: int) -> InviteRow | None:
        """The viewer has the role from now (or a greater one that they had), and the invitation is used up. None where
        it is unknown, used, or over. Writes the deed "joined".
        """

    async def audit(self, story: str, limit: int) -> Sequence[Deed]:
        """What was done with the story, the latest first."""

    async def note_deed(self, deed: Deed) -> None:
        """Write a deed that changes nothing else."""

    async def rehearsal(self, viewer: int) -> RehearsalRow | None:
        """The viewer's test play."""

    async def keep_rehearsal(self, row: RehearsalRow, expected: int | None) -> Outcome:
        """None: in place of whatever the viewer played. Else CONFLICT unless it is still that story's, at that
        revision.
        """

    async def clips_named(self) -> Sequence[str]:
        """The clips of every draft and publication, as they were kept."""

    # -- publishing

    async def publications(self, story: str, limit: int) -> Sequence[PublicationRow]:
        """What was published of the story, the last first."""

    async def published(self) -> Sequence[PublicationRow]:
        """Of every story what was published last."""

    async def sessions_in(self, story: str, after: int, limit: int) -> Sequence[Session]:
        """Sessions of the story with an id above `after`, in order of id; not those of watch-alongs."""

    async def publish(
        self, row: PublicationRow, sources: str, moves: Sequence[Moved], land: Land, deed: Deed
    ) -> Sequence[Moved] | None:
        """Publish, in one transaction: keep the version's sources, write the row, move the sessions. None, and nothing
        is changed, unless `row.number` is one more than the last.

        Sessions that are in another version afterwards, because they moved or began meanwhile, are landed there and
        then; those of watch-alongs stay. All that were moved.
        """
