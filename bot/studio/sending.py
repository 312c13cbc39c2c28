"""Sending: what a creator sends becomes the story's next draft, where it can be played; what is wrong is told."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bot.clips.deposit import Deposit, deposit_of, read_deposits, write_deposits
from bot.clips.shelf import files_of
from bot.clips.vault.kept import Unfit
from bot.clips.vault.port import Vault
from bot.store.drafts import Deed, DraftRow, Role
from bot.store.port import Outcome, Store
from bot.story.problem import StoryError
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
"""Where a writer who has no place for a scene's clip is told to put it."""


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
        self._quota.may_send(creator, at, _size(path))
        with tempfile.TemporaryDirectory(prefix="cliffhanger-", ignore_cleanup_errors=True) as folder:
            report = await self._workshop.check(creator.viewer, path, name)
            if not report.story_id:
                return Sent(report, None, {})
            role, last = await self._begun(creator, report.story_id)
            if last is not None:
                report = await self._compared(creator, path, name, last)
            if not report.sources:
                return Sent(report, None, {})
            clips = await self._workshop.clips(creator.viewer, path, name, Path(folder)) if report.clips else ()
            return await self._kept(creator, report, role, last, clips, at)

    async def clip(self, creator: Creator, story: str, scene: str, path: Path, at: int) -> Mine:
        """A clip that came by itself, for a scene: under the path that the scene has for it. The story with it."""
        self._quota.may_send(creator, at, _size(path))
        mine = await self._portfolio.one(creator, story, "writer")
        self._quota.may_keep({**read_deposits(mine.draft.clips), _place_of(mine, scene): _sized(path)})
        try:
            kept = await self._vault.put(path)
        except Unfit as error:
            raise Denied(Why.NO_CLIP, f"{error}") from None
        # Clips are sent by the dozen: where another one was faster, this one comes after it.
        while (then := await self._with_clip(creator, story, scene, deposit_of(kept), at)) is None:
            pass
        return then

    async def _with_clip(self, creator: Creator, story: str, scene: str, clip: Deposit, at: int) -> Mine | None:
        mine = await self._portfolio.one(creator, story, "writer")
        clips = {**read_deposits(mine.draft.clips), _place_of(mine, scene): clip}
        self._quota.may_keep(clips)
        upload = mine.draft.upload + 1
        draft = replace(mine.draft, upload=upload, viewer=creator.viewer, at=at, clips=write_deposits(clips))
        deed = Deed(story, at, creator.viewer, "clip", f"{upload} {scene}")
        if await self._store.keep_draft(draft, deed) is not Outcome.COMMITTED:
            return None
        return replace(mine, draft=draft, story=await self._portfolio.story(draft))

    async def _begun(self, creator: Creator, story: str) -> tuple[Role, DraftRow | None]:
        """What they are to the story, and its last draft; None for a new one, where its id is free."""
        if await self._store.role_in(story, creator.viewer) is not None:
            return await self._portfolio.draft(creator, story, "translator")
        await self._portfolio.may_begin(creator, story)
        await self._quota.may_begin(creator)
        return "owner", None

    async def _compared(self, creator: Creator, path: Path, name: str, before: DraftRow) -> Report:
        sources = json.loads(before.sources)
        known = {path: clip.seconds for path, clip in read_deposits(before.clips).items()}
        return await self._workshop.check(creator.viewer, path, name, sources, known)

    async def _kept(
        self, creator: Creator, report: Report, role: Role, last: DraftRow | None, came: tuple[Unpacked, ...], at: int
    ) -> Sent:
        unfit = {one.path: one.why for one in came if one.kept is None}
        new = {one.path: deposit_of(one.kept) for one in came if one.kept is not None}
        had = {} if last is None else read_deposits(last.clips)
        before = {} if last is None else json.loads(last.sources)
        _may_change(role, {**before, **had}, {**report.sources, **had, **new})
        if last is not None and (before, had) == (dict(report.sources), {**had, **new}):
            return Sent(report, last, unfit, same=True)
        sources = json.dumps(dict(report.sources), ensure_ascii=False)
        draft = DraftRow(report.story_id, 1 if last is None else last.upload + 1, creator.viewer, at, sources, "{}")
        needed = {*await self._named(draft), *await self._named(last)}
        clips = {**{path: clip for path, clip in had.items() if path in needed}, **new}
        self._quota.may_keep(clips)
        for one in came:
            if one.file is not None:
                await self._vault.put(one.file)
        draft = replace(draft, clips=write_deposits(clips))
        await self._keep(draft, Deed(draft.story, at, creator.viewer, "sent", str(draft.upload)))
        return Sent(report, draft, unfit)

    async def _keep(self, draft: DraftRow, deed: Deed) -> None:
        if await self._store.keep_draft(draft, deed) is not Outcome.COMMITTED:
            raise Denied(Why.CHANGED)

    async def _named(self, draft: DraftRow | None) -> frozenset[str]:
        """The files that a draft names. Clips that neither it nor the one before does are not kept for ever."""
        try:
            return frozenset() if draft is None else files_of(await self._portfolio.story(draft))
        except StoryError:
            return frozenset()


def _sized(path: Path) -> Deposit:
    """A clip that is not in the vault yet."""
    return Deposit("", _size(path))


def _place_of(mine: Mine, scene: str) -> str:
    """The path of a scene's clip. Raises `Denied`."""
    if scene not in mine.story.scenes:
        raise Denied(Why.NO_SCENE, scene)
    where = mine.story.scenes[scene].clip
    if where is None or where.startswith("https://"):
        raise Denied(Why.NO_CLIP, f"{scene} names no file; write under it  clip: {CLIPS}{scene}.mp4")
    return where


def _size(path: Path) -> int:
    return path.stat().st_size


def scene_of(caption: str, stories: Mapping[str, Mine]) -> tuple[str, str] | None:
    """The story and scene that a clip's caption names: "scene", or "story scene" where several stories are in hand."""
    words = caption.split()
    ids = [id_from(word.removesuffix(".mp4")) or "" for word in words]
    if len(ids) == 2 and ids[0] in stories:
        return ids[0], ids[1]
    if len(ids) != 1:
        return None
    return next(((id, ids[0]) for id, mine in stories.items() if ids[0] in mine.story.scenes), None)


def _may_change(role: Role, before: Mapping[str, object], now: Mapping[str, object]) -> None:
    """Translators change string tables alone, of all texts and clips. Raises `Denied`."""
    if RANK[role] >= RANK["writer"]:
        return
    changed = {path for path in {*before, *now} if before.get(path) != now.get(path)}
    others = sorted(path for path in changed if not path.startswith(LOCALES))
    if others:
        raise Denied(Why.TRANSLATIONS_ONLY, others[0])
