"""Sending: what a creator sends becomes the story's next draft, where it can be played; what is wrong is told."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bot.clips.deposit import Deposit, Deposits, read_deposits, write_deposits
from bot.clips.vault.kept import Unfit
from bot.clips.vault.port import Vault
from bot.store.drafts import Deed, DraftRow, Role
from bot.store.port import Outcome, Store
from bot.studio.bench.unpacking import Unpacked
from bot.studio.creator import RANK, Creator, Denied, Why
from bot.studio.naming import id_from
from bot.studio.portfolio import Mine, Portfolio
from bot.studio.quota import Quota
from bot.studio.report import Report
from bot.studio.workshop import Workshop

LOCALES = "locales/"
"""The folder of string tables, which translators may change."""

CLIPS = "clips/"
"""Where a clip that came by itself is kept, for a scene that names none."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of what was sent: its report, and the draft, or None where it cannot be played. `unfit` are clips
    that came along and are none, with why; `same`: it is the draft that was there already."""

    report: Report
    draft: DraftRow | None
    unfit: Mapping[str, str]
    same: bool = False


class Sending:
    """Raises `Denied`, `Busy`, `WorkFailed`, `VaultError` and `StoreError`. Times are Unix ms."""

    def __init__(self, store: Store, portfolio: Portfolio, workshop: Workshop, vault: Vault, quota: Quota) -> None:
        self._store = store
        self._portfolio = portfolio
        self._workshop = workshop
        self._vault = vault
        self._quota = quota

    async def story(self, creator: Creator, path: Path, name: str, at: int) -> Sent:
        """The file at `path`, called `name`: a story, in a file or a zip. The file must stay as it is meanwhile."""
        await self._quota.may_send(creator, at)
        with tempfile.TemporaryDirectory(prefix="cliffhanger-", ignore_cleanup_errors=True) as folder:
            report = await self._workshop.check(creator.viewer, path, name)
            if not report.story_id:
                return Sent(report, None, {})
            before = await self._begun(creator, report.story_id)
            if before is not None:
                report = await self._compared(creator, path, name, before)
            if not report.sources:
                return Sent(report, None, {})
            clips = await self._workshop.clips(creator.viewer, path, name, Path(folder)) if report.clips else ()
            return await self._kept(creator, report, before, clips, at)

    async def clip(self, creator: Creator, story: str, scene: str, path: Path, at: int) -> tuple[Mine, DraftRow]:
        """A clip that came by itself, for a scene: under the path that the scene has for it."""
        await self._quota.may_send(creator, at)
        mine = await self._portfolio.one(creator, story, "writer")
        if scene not in mine.story.scenes:
            raise Denied(Why.NO_SCENE, scene)
        where = mine.story.scenes[scene].clip
        if where is None or where.startswith("https://"):
            raise Denied(Why.NO_CLIP, f"{scene}: clip: {CLIPS}{scene}.mp4")
        try:
            kept = await self._vault.put(path)
        except Unfit as error:
            raise Denied(Why.NO_CLIP, f"{error}") from None
        clips = {**read_deposits(mine.draft.clips), where: Deposit(kept.name, kept.size, kept.seconds)}
        self._quota.may_keep(clips)
        draft = replace(
            mine.draft, upload=mine.draft.upload + 1, viewer=creator.viewer, at=at, clips=write_deposits(clips)
        )  # fmt: skip
        await self._keep(draft, Deed(story, at, creator.viewer, "clip", f"{draft.upload} {scene}"))
        return mine, draft

    async def _begun(self, creator: Creator, story: str) -> Mine | None:
        """The story as it was; None for a new one, where its id is free."""
        if await self._store.role_in(story, creator.viewer) is not None:
            return await self._portfolio.one(creator, story, "translator")
        await self._portfolio.may_begin(creator, story)
        await self._quota.may_begin(creator)
        return None

    async def _compared(self, creator: Creator, path: Path, name: str, before: Mine) -> Report:
        sources = json.loads(before.draft.sources)
        known = {path: clip.seconds for path, clip in read_deposits(before.draft.clips).items()}
        return await self._workshop.check(creator.viewer, path, name, sources, known)

    async def _kept(
        self, creator: Creator, report: Report, before: Mine | None, unpacked: tuple[Unpacked, ...], at: int
    ) -> Sent:
        sources = dict(report.sources)
        if before is not None:
            _may_change(before.row.role, json.loads(before.draft.sources), sources)
        unfit = {one.path: one.why for one in unpacked if one.kept is None}
        clips = {**(read_deposits(before.draft.clips) if before else {}), **await self._put(unpacked)}
        self._quota.may_keep(clips)
        last = before.draft if before is not None else None
        written, deposited = json.dumps(sources, ensure_ascii=False), write_deposits(clips)
        if last is not None and (json.loads(last.sources), read_deposits(last.clips)) == (sources, clips):
            return Sent(report, last, unfit, same=True)
        upload = 1 if last is None else last.upload + 1
        draft = DraftRow(report.story_id, upload, creator.viewer, at, written, deposited)
        await self._keep(draft, Deed(draft.story, at, creator.viewer, "sent", str(upload)))
        return Sent(report, draft, unfit)

    async def _put(self, unpacked: tuple[Unpacked, ...]) -> Deposits:
        """Every clip in the vault."""
        deposits = {}
        for one in unpacked:
            if one.file is not None:
                kept = await self._vault.put(one.file)
                deposits[one.path] = Deposit(kept.name, kept.size, kept.seconds)
        return deposits

    async def _keep(self, draft: DraftRow, deed: Deed) -> None:
        if await self._store.keep_draft(draft, deed) is not Outcome.COMMITTED:
            raise Denied(Why.CHANGED)


def scene_of(caption: str, stories: Mapping[str, Mine]) -> tuple[str, str] | None:
    """The story and scene that a clip's caption names: "scene", or "story scene" where several stories are in hand."""
    words = caption.split()
    ids = [id_from(word.removesuffix(".mp4")) or "" for word in words]
    if len(ids) == 2 and ids[0] in stories:
        return ids[0], ids[1]
    if len(ids) != 1:
        return None
    return next(((id, ids[0]) for id, mine in stories.items() if ids[0] in mine.story.scenes), None)


def _may_change(role: Role, before: Mapping[str, str], now: Mapping[str, str]) -> None:
    """Translators change string tables alone. Raises `Denied`."""
    if RANK[role] >= RANK["writer"]:
        return
    changed = {path for path in {*before, *now} if before.get(path) != now.get(path)}
    others = sorted(path for path in changed if not path.startswith(LOCALES))
    if others:
        raise Denied(Why.TRANSLATIONS_ONLY, others[0])
