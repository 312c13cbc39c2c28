"""Makes the sheets that are asked for, when they are shown: some take the workshop seconds."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from adapters.studio.acting import Who
from adapters.studio.ask import Ask, made
from adapters.studio.denial import denial, told
from adapters.studio.findings import figures_sheet, proof_sheet
from adapters.studio.publications import proposal_sheet
from adapters.studio.scenes import play_sheet
from adapters.studio.sheet import Key, Sheet, bold, line
from adapters.studio.stories import help_sheet, log_sheet, people_sheet, stories_sheet, story_sheet
from bot.clips.vault.kept import VaultError
from bot.store.drafts import DraftRow
from bot.store.port import Store
from bot.story.problem import StoryError
from bot.studio.bench.line import Busy
from bot.studio.bookmark import BadBookmark
from bot.studio.counts import Visits
from bot.studio.creator import Denied, Why
from bot.studio.proof import Proof
from bot.studio.studio import PLAYS, Studio
from bot.studio.workshop import WorkFailed

MOST_KEPT = 32
"""Proofs and counts kept, so that a finding's button and the heat map need not make them again."""

Made = TypeVar("Made")

Make = Callable[[Who, Mapping[str, str]], Awaitable[Sheet]]


DraftKey = tuple[str, int, int]
"""Story, upload and time: the first draft of a story that was given up is not that of the next one with its id."""


class SheetShelf:
    """One adapter's. Raises `StoreError`; whatever else is wrong is a sheet that says so. Times are Unix ms."""

    def __init__(self, studio: Studio, store: Store, now: Callable[[], int]) -> None:
        self._studio = studio
        self._store = store
        self._now = now
        self._proofs: OrderedDict[DraftRow, Proof] = OrderedDict()
        self._visits: OrderedDict[DraftRow, Visits] = OrderedDict()
        self._makers: Mapping[str, Make] = {
            "stories": self._stories, "story": self._story, "now": self._play, "proof": self._proof,
            "finding": self._finding, "figures": self._figures, "map": self._map, "heat": self._heat,
            "proposal": self._proposal, "revert": self._revert, "people": self._people, "log": self._log,
        }  # fmt: skip

    async def sheet(self, who: Who, ask: Ask) -> Sheet:
        """The sheet that was asked for."""
        ready = made(ask)
        if ready is not None:
            return ready
        make = self._makers.get(ask.page)
        if make is None:
            return help_sheet()
        try:
            return await make(who, ask.about)
        except Denied as denied:
            return denial(denied)
        except (Busy, WorkFailed, VaultError) as error:
            return told(f"⏳ {error}.")
        except StoryError as error:
            return told(str(error.problems[0]))
        except (BadBookmark, KeyError, ValueError) as error:
            return told(str(error) if isinstance(error, BadBookmark) else "That button is of an older release.")

    async def _stories(self, who: Who, about: Mapping[str, str]) -> Sheet:
        return stories_sheet(await self._studio.portfolio.all_of(who.creator))

    async def _story(self, who: Who, about: Mapping[str, str]) -> Sheet:
        mine = await self._studio.portfolio.one(who.creator, about["story"].lower())
        row = await self._store.rehearsal(who.creator.viewer)
        return story_sheet(mine, row is not None and row.story == mine.row.story)

    async def _play(self, who: Who, about: Mapping[str, str]) -> Sheet:
        return play_sheet(await self._studio.playing.now(who.creator, self._now()))

    async def _proof(self, who: Who, about: Mapping[str, str]) -> Sheet:
        mine, proof = await self._studio.proof(who.creator, about["story"])
        _keep(self._proofs, mine.draft, proof)
        return proof_sheet(mine, proof)

    async def _finding(self, who: Who, about: Mapping[str, str]) -> Sheet:
        """A test play begins where a finding shows."""
        story, upload, number = about["story"], int(about["upload"]), int(about["number"])
        mine = await self._studio.portfolio.one(who.creator, story)
        if mine.draft.upload != upload:
            raise Denied(Why.CHANGED)
        proof = self._proofs.get(mine.draft)
        if proof is None:
            mine, proof = await self._studio.proof(who.creator, story)
            _keep(self._proofs, mine.draft, proof)
        link = proof.found[number].link if number < len(proof.found) else None
        if link is None:
            raise Denied(Why.CHANGED)
        play = await self._studio.playing.begin(who.creator, story, self._now(), who.language, link)
        return play_sheet(play, f"🔎 {proof.found[number].problem.message}")

    async def _figures(self, who: Who, about: Mapping[str, str]) -> Sheet:
        plays, seed = int(about.get("plays", PLAYS)), int(about.get("seed", 1))
        mine, figures = await self._studio.test(who.creator, about["story"], plays, seed)
        _keep(self._visits, mine.draft, figures.visits)
        return figures_sheet(mine, figures)

    async def _map(self, who: Who, about: Mapping[str, str]) -> Sheet:
        mine, picture = await self._studio.map(who.creator, about["story"])
        keys = (Key("🎲 Heat map", f"heat {mine.row.story}"), Key("▶ Play", f"play {mine.row.story}"))
        return Sheet((line(bold(f"🗺 {mine.row.story}"), f" · draft {mine.draft.upload}"),), (keys,), picture=picture)

    async def _heat(self, who: Who, about: Mapping[str, str]) -> Sheet:
        story = about["story"]
        mine = await self._studio.portfolio.one(who.creator, story)
        visits = self._visits.get(mine.draft)
        if visits is None:
            mine, figures = await self._studio.test(who.creator, story)
            visits = figures.visits
            _keep(self._visits, mine.draft, visits)
        mine, picture = await self._studio.map(who.creator, story, visits=visits)
        head = line(bold(f"🗺 {story}"), f" · draft {mine.draft.upload}, how many random plays come where")
        return Sheet((head,), picture=picture)

    async def _proposal(self, who: Who, about: Mapping[str, str]) -> Sheet:
        return proposal_sheet(await self._studio.publishing.propose(who.creator, about["story"], self._now()))

    async def _revert(self, who: Who, about: Mapping[str, str]) -> Sheet:
        proposal = await self._studio.publishing.propose_revert(who.creator, about["story"], self._now())
        return proposal_sheet(proposal, revert=True)

    async def _people(self, who: Who, about: Mapping[str, str]) -> Sheet:
        story = about["story"]
        rows = await self._studio.people.all_in(who.creator, story)
        names = {row.viewer: _name(number, row.viewer, who) for number, row in enumerate(rows)}
        return people_sheet(story, rows, names, who.creator.viewer)

    async def _log(self, who: Who, about: Mapping[str, str]) -> Sheet:
        story = about["story"]
        deeds = await self._studio.people.audit(who.creator, story)
        rows = await self._studio.people.all_in(who.creator, story)
        names = {row.viewer: _name(number, row.viewer, who) for number, row in enumerate(rows)}
        return log_sheet(story, deeds, names)


def _name(number: int, viewer: int, who: Who) -> str:
    """What somebody is called to the others: by the order in which they came, for accounts are nobody's business."""
    return "you" if viewer == who.creator.viewer else f"no. {number + 1}"


def _keep(kept: OrderedDict[DraftRow, Made], draft: DraftRow, value: Made) -> None:
    kept[draft] = value
    if len(kept) > MOST_KEPT:
        kept.popitem(last=False)
