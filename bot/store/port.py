"""The store's port: what any durable store must do. tests/bot/store holds every store to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import Protocol

from bot.figures import Figures
from bot.store.drafts import Drafts
from bot.store.records import (
    BallotRow,
    Commit,
    Due,
    EventKey,
    Identity,
    Leases,
    OutboxCard,
    Outcome,
    PlanRow,
    Purchase,
    RoomRow,
    Session,
    Shown,
    Trouble,
    Viewer,
    VoteRow,
)
from bot.store.trimming import Trimming

__all__ = [
    "BallotRow",
    "Commit",
    "Due",
    "EventKey",
    "Identity",
    "Leases",
    "OutboxCard",
    "Outcome",
    "PlanRow",
    "Purchase",
    "RoomRow",
    "Session",
    "Shown",
    "Store",
    "Trouble",
    "Viewer",
    "VoteRow",
]


class Store(Trimming, Drafts, Protocol):
    """Durable state. Every coroutine raises `StoreError` (bot.store.errors) when the database is at fault, which may
    pass, and `Unstorable` when what it was given is. After a `StoreError` a commit may be made again as it was.
    """

    figures: Figures
    """What this process counts; not durable."""

    async def open(self) -> None:
        """Connect and migrate. Raises `StoreError` when the database is newer, damaged, or unwritable."""

    async def close(self) -> None:
        """Finish what is queued, then disconnect."""

    async def viewer(self, platform: str, user: str) -> Viewer:
        """The viewer behind an identity, made on first sight."""

    async def speak(self, viewer: int, language: str) -> None:
        """Remember the language a viewer chose."""

    async def session(self, id: int, owner: Identity | None = None) -> Session | None:
        """The session, or None when there is none; with an owner, also when it is not theirs."""

    async def session_in(self, viewer: int, story: str) -> Session | None:
        """The viewer's one session in that story."""

    async def sessions_of(self, viewer: int) -> Sequence[Session]:
        """All of a viewer's sessions, the latest first."""

    def commit(self, commit: Commit) -> Awaitable[Outcome]:
        """Write one step. Returns after it is durable."""

    async def seen(self, event: EventKey) -> bool:
        """Whether that event is already committed."""

    late: int
    """How far below the highest id read a card may still turn up, from a writer that was slower to commit."""

    async def pending(
        self, platform: str, after: int, limit: int, lanes: Collection[int] | None = None
    ) -> Sequence[OutboxCard]:
        """Undelivered cards with an id above `after`, in order of id; with lanes (bot.store.lane), those in them."""

    async def delivered(self, ids: Sequence[int]) -> None:
        """These cards have been shown."""

    async def attempted(self, id: int, error: str) -> None:
        """A delivery failed: count it and keep the error."""

    async def due(self, now: int, limit: int) -> Sequence[Due]:
        """Agenda rows that have fallen due, the oldest first."""

    async def claim_due(self, worker: int, now: int, limit: int, milliseconds: int) -> Sequence[Due]:
        """As `due`, for one of several workers: until so long is over, no other one is given these rows. That time
        goes by the database's clock, whatever `now` is.
        """

    async def next_due(self, worker: int = 0) -> int | None:
        """When the next agenda row falls due (Unix ms), or None; rows that other workers are at are left out."""

    async def drop_due(self, due: Due) -> None:
        """An agenda row that has become void; when it is gone already, nothing happens."""

    async def keep_version(self, story: str, version: str, sources: str, at: int) -> None:
        """Keep a story version's source (JSON: path -> text), once, so that sessions pinned to it can go on."""

    async def version(self, story: str, version: str) -> str | None:
        """The source kept for that version."""

    async def choice_counts(self, story: str, scene: str) -> dict[str, int]:
        """How often each choice of a scene was taken, by choice id, over all sessions of the story."""

    async def ending_counts(self, story: str) -> Mapping[str, int]:
        """How often each ending was reached, by its scene, over all sessions of the story; never reached: not there."""

    async def clip_file(self, bot: str, clip: str) -> str | None:
        """The platform's own file id for a clip (by digest), per bot."""

    async def keep_clip_file(self, bot: str, clip: str, file_id: str) -> None: ...

    async def set_aside(self, trouble: Trouble) -> None:
        """Put an event aside with its error; a second time replaces the first."""

    async def troubles(self, limit: int) -> Sequence[Trouble]:
        """Events set aside, the latest first."""

    # -- several workers on one database

    async def hold(self, worker: int, wanted: Sequence[str], milliseconds: int, given_up: Sequence[str] = ()) -> Leases:
        """The worker has, for so long from now, those of the wanted names that no other one has; what it gives up is
        free. All that is held then, by whomever.
        """

    async def tell(self, news: str) -> None:
        """Say something to every other worker that hears just now; at most 7,000 bytes. Some may miss it."""

    def hear(self, listener: Callable[[str], None]) -> None:
        """Have the listener called with what other workers tell, and with "" when some of it may have been missed."""

    # -- cards of no step, and what a chat shows

    async def post(self, event: EventKey | None, cards: Sequence[OutboxCard]) -> Outcome:
        """Cards into the outbox that belong to no step (`session` may be 0). With an event, it counts once. Those of a
        session that is gone, or that has left their revision meanwhile, go nowhere.
        """

    async def shown(self, platform: str, address: str, session: int) -> Shown | None:
        """Where the session's card stands in that chat."""

    async def shown_in(self, platform: str, address: str) -> Sequence[Shown]:
        """Every session's card in that chat, the latest first; not those in its topics."""

    async def keep_shown(self, shown: Shown) -> None:
        """Remember it, in place of what the session showed in that chat before: unless that is of a later revision, for
        who was held up may come late. Of a session that is gone, nothing is kept (0 is never gone): a delivery may end
        after its viewer was forgotten.
        """

    # -- chats. The topics of a chat are addresses of their own, "chat/7", and share its fate.

    async def lose_chat(self, platform: str, address: str, at: int) -> None:
        """The chat can never be reached again: its cards and plans go, so do the timers of its sessions, and it is
        marked.
        """

    async def chat_lost(self, platform: str, address: str) -> int | None:
        """Since when the chat, or the one it is a topic of, is lost (Unix ms); None while it is not."""

    async def find_chat(self, platform: str, address: str) -> None:
        """The chat was heard of: it, and the one it is a topic of, are not lost."""

    async def move_chat(self, platform: str, old: str, new: str) -> None:
        """The chat has a new id: its sessions (at "platform:old"), cards, rooms, plans and mark have it too, in its
        topics as well. Its rooms are at their next version, so that nobody writes an old address back.
        """

    # -- viewers, all about them

    async def identities(self, viewer: int) -> Sequence[Identity]:
        """Who the viewer is, on which platforms."""

    async def link(self, identity: Identity, viewer: int) -> None:
        """That identity stands for that viewer from now. Sessions stay with whom they are. Raises `Unstorable` when
        there is no such viewer.
        """

    async def preferences(self, viewer: int) -> Mapping[str, str]:
        """What the viewer has set, by name."""

    async def prefer(self, viewer: int, name: str, value: str | None) -> None:
        """Set a preference; None removes it. Raises `Unstorable` when there is no such viewer."""

    async def export(self, viewer: int) -> Mapping[str, Sequence[Mapping[str, object]]]:
        """Everything kept about a viewer: rows by table, ready for JSON. Contents that are JSON are taken apart, other
        bytes are text or, failing that, base64.
        """

    async def forget(self, viewer: int, addresses: Sequence[tuple[str, str]] = ()) -> None:
        """Everything of that viewer goes at once, and what waits for or stands in their own chats (platform, address).

        Votes and the ballots they hosted stay, so that a count can be made again, under "gone:<random>" instead of the
        voter; votes on a ballot that is still open go. Purchases stay for the books, without viewer and user. Facts
        stay for the figures: all they carry is a session's random id, which leads to nobody any more. So do ids of
        events. Running rooms that they voted in are at their next version: a count that is under way is made again.
        """

    # -- viewers who turn out to be one

    async def keep_code(self, code: str, viewer: int, now: int, until: int) -> None:
        """That code stands for the viewer until then (Unix ms), in place of the one they had; those whose time is over
        go. Raises `Unstorable` when there is no such viewer, or the code is somebody else's.
        """

    async def code_of(self, code: str, now: int) -> int | None:
        """The viewer whose code it is; None when it is nobody's or its time is over."""

    async def merge(
        self,
        source: int,
        into: int,
        given_up: Sequence[int],
        event: EventKey | None = None,
        code: str | None = None,
    ) -> Outcome:
        """From now on the first viewer is the second: identities, sessions, purchases are theirs; of what both have
        set, the second's holds. The sessions `given_up`, of either, go with all that is theirs; so does the first's in
        a story where both still have one. Of several votes on an open ballot the one cast last stays.

        With an event, it counts once. With a code, CONFLICT unless it still is the second's; it goes. Raises
        `Unstorable` when one of the two is gone, or they are one already.
        """

    async def linked(self, id: str) -> Sequence[str]:
        """The ids ("platform:user") of all identities of the viewer behind this one, by platform and user; none where
        it is nobody's. One read; it makes no viewer.
        """

    # -- purchases

    async def buy(self, event: EventKey, purchase: Purchase, cards: Sequence[OutboxCard] = ()) -> Outcome:
        """A purchase with its cards. DUPLICATE also when the charge is known under another event."""

    async def purchase(self, charge: str) -> Purchase | None:
        """The purchase by the platform's id of the charge."""

    async def purchases(self, viewer: int) -> Sequence[Purchase]:
        """All of a viewer's purchases, refunded ones too, the latest first."""

    async def bought(self, viewer: int, story: str) -> frozenset[str]:
        """The episodes paid for and not refunded; "" among them is the whole story."""

    async def refund(self, charge: str, at: int) -> bool:
        """Mark it as refunded. False when it is unknown or was refunded before."""

    # -- rooms: a watch-along begins with a `Commit` that carries its room

    async def room(self, session: int) -> RoomRow | None:
        """The watch-along that plays this session."""

    async def room_by_code(self, code: str) -> RoomRow | None:
        """The watch-along by its code, ended or not."""

    async def room_at(self, platform: str, address: str) -> RoomRow | None:
        """The one begun last in that chat that has not ended."""

    async def rooms_in(self, platform: str, address: str) -> Sequence[int]:
        """The sessions of the rooms in that chat, and in its topics, that have not ended."""

    async def keep_room(
        self,
        event: EventKey | None,
        room: RoomRow,
        expected: int,
        cards: Sequence[OutboxCard] = (),
        dues: Sequence[Due] | None = None,
    ) -> Outcome:
        """Change a room without a step: CONFLICT unless its stored version is `expected`; afterwards that is
        `expected + 1`. `dues`, when given, replace all the session's agenda rows.
        """

    async def cast(self, event: EventKey, vote: VoteRow) -> Outcome:
        """A vote, in place of the voter's earlier one at that revision. CONFLICT unless the room's ballot is open for
        it. Once the ballot is stored as closed its votes are final: close first, then count.
        """

    async def vote_of(self, session: int, revision: int, voter: str) -> VoteRow | None:
        """A voter's vote at that revision."""

    async def votes(self, session: int, revision: int) -> Sequence[VoteRow]:
        """The votes at that revision, by voter."""

    async def tally(self, session: int, revision: int) -> Mapping[str, int]:
        """The weight behind each id that is first in a ranking. An empty ranking is for nothing."""

    async def votes_in(self, session: int) -> Sequence[VoteRow]:
        """All votes ever cast in the room, by revision and voter."""

    async def ballots(self, session: int) -> Sequence[BallotRow]:
        """The room's decided ballots, by revision."""

    # -- watch-alongs to begin later

    async def plan(self, event: EventKey | None, row: PlanRow) -> Outcome:
        """Keep a plan; with an event, it counts once. Raises `Unstorable` when there is one with its id."""

    async def plans_due(self, now: int, limit: int) -> Sequence[PlanRow]:
        """Plans whose time has come, the oldest first."""

    async def next_plan(self) -> int | None:
        """When the next plan falls due (Unix ms), or None."""

    async def plan_of(self, id: int) -> PlanRow | None:
        """The plan with that id."""

    async def plans_at(self, platform: str, address: str) -> Sequence[PlanRow]:
        """A chat's plans, the next one first; not those of its topics."""

    async def drop_plan(self, id: int) -> bool:
        """The plan is off, or done. False when it was gone already."""
