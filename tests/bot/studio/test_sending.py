"""Sending: what comes becomes a draft that can be played, or changes nothing and says why; clips lie in the vault."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from hashlib import sha256
from itertools import count
from pathlib import Path
from textwrap import dedent

import pytest
import pytest_asyncio

from bot.clips.deposit import read_deposits
from bot.clips.library import ClipLibrary
from bot.clips.link import VAULT, ClipLinks
from bot.clips.shelf import Shelf
from bot.clips.vault.kept import digest_of
from bot.store.drafts import DraftRow
from bot.store.sqlite import SQLiteStore
from bot.studio.creator import Creator, Denied, Why
from bot.studio.quota import Quota
from bot.studio.sending import Sent, scene_of
from bot.studio.workshop import Workshop
from tests.bot.play.dramas import STORIES
from tests.bot.studio.packing import STORED, Item, zip_of
from tests.fakes.atelier import OTHER_WORDS, STORY, TALE, Atelier, atelier

pytestmark = pytest.mark.asyncio(loop_scope="module")

CLIPS = STORIES / "airlock-nine" / "clips"
KNOCK, GLASS = CLIPS / "knock.mp4", CLIPS / "glass.mp4"
SPANISH = "scene/yard/line/yard: El patio.\n"
TOLD_IN_PARTS = TALE[: TALE.index("  one:")] + "  one: episodes/one.yaml\n"
PART = dedent(TALE[TALE.index("    title: One") :])

_numbers = count(1)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def workshop() -> AsyncIterator[Workshop]:
    """One for all: it takes half a second to begin."""
    async with Workshop().running() as workshop:
        yield workshop


@pytest_asyncio.fixture(loop_scope="module")
async def house(tmp_path: Path, workshop: Workshop) -> AsyncIterator[Atelier]:
    async with atelier(tmp_path, workshop=workshop, quota=None) as house:
        yield house


def packed(text: str = TALE, **others: bytes) -> bytes:
    """A zip of a story's folder; `clips__gate` is clips/gate.mp4, `locales__es` a string table."""
    items = [Item("gate/story.yaml", text.encode())]
    for name, content in others.items():
        folder, _, file = name.partition("__")
        ending = "yaml" if folder == "locales" else "mp4"
        items.append(Item(f"gate/{folder}/{file}.{ending}", content, STORED))
    return zip_of(*items)


async def send(house: Atelier, content: str | bytes, name: str = "", who: Creator | None = None) -> Sent:
    file = house.folder / f"upload-{next(_numbers)}"
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    called = name or ("gate.yaml" if isinstance(content, str) else "gate.zip")
    return await house.studio.sending.story(who or house.owner, file, called, house.clock())


async def why(work: object) -> tuple[Why, str]:
    with pytest.raises(Denied) as denied:
        await work  # type: ignore[misc]
    return denied.value.why, denied.value.detail


async def last(house: Atelier) -> DraftRow:
    draft = await house.store.draft(STORY)
    assert draft is not None
    return draft


# -- stories


async def test_a_story_is_there_to_be_played_as_soon_as_it_was_sent(house: Atelier) -> None:
    sent = await send(house, TALE)
    assert sent.draft is not None
    assert (sent.draft.story, sent.draft.upload, sent.report.errors) == (STORY, 1, ())
    assert await house.store.role_in(STORY, house.owner.viewer) == "owner"
    play = await house.studio.playing.begin(house.owner, STORY, house.clock())
    assert play.rehearsal.card.scene == "gate"
    assert STORY not in house.library.stories


async def test_what_cannot_be_played_changes_nothing_and_says_where(house: Atelier) -> None:
    await send(house, TALE)
    sent = await send(house, TALE.replace("to: hall", "to: hal"))
    assert (sent.draft, [str(one.place) for one in sent.report.errors]) == (None, ["gate.yaml/story.yaml:24:29"])
    assert (await last(house)).upload == 1
    nothing = await send(house, b"PK\x03\x04 no zip")
    assert nothing.draft is None
    assert nothing.report.errors


async def test_what_is_different_is_told_and_the_same_twice_is_one_draft(house: Atelier) -> None:
    await send(house, TALE)
    sent = await send(house, OTHER_WORDS)
    assert [one.id for one in sent.report.changes] == ["en scene/yard/line/yard"]
    again = await send(house, OTHER_WORDS)
    assert again.same
    assert again.draft == await last(house)
    assert (await last(house)).upload == 2


async def test_of_two_who_send_at_once_one_is_told_to_look_again(house: Atelier) -> None:
    await send(house, TALE)
    ann = await house.with_role("writer", name="ann")
    texts = [TALE.replace("The yard.", f"Yard {number}.") for number in range(2)]
    came = await asyncio.gather(send(house, texts[0]), send(house, texts[1], who=ann), return_exceptions=True)
    fine = [one for one in came if isinstance(one, Sent)]
    assert all(isinstance(one, Sent) or (isinstance(one, Denied) and one.why is Why.CHANGED) for one in came)
    assert (await last(house)).upload == 1 + len(fine)


async def test_an_id_that_somebody_has_is_not_anybody_elses(house: Atelier) -> None:
    await send(house, TALE)
    assert await why(send(house, TALE, who=await house.creator("ben"))) == (Why.TAKEN, STORY)
    assert await why(send(house, TALE.replace("to: hall", "to: hal"), who=await house.creator("ben"))) == (
        Why.TAKEN, STORY,
    )  # fmt: skip


async def test_a_draft_that_can_no_longer_be_read_can_be_mended(house: Atelier) -> None:
    await house.draft("of another language")
    sent = await send(house, TALE)
    assert sent.draft is not None
    assert sent.draft.upload == 2
    assert (await house.studio.portfolio.one(house.owner, STORY)).story.start == "gate"


async def test_a_file_that_comes_alone_is_the_storys_main_one_and_the_others_stay(house: Atelier) -> None:
    await send(house, packed(locales__es=SPANISH.encode()))
    sent = await send(house, OTHER_WORDS)
    assert sent.draft is not None
    assert json.loads(sent.draft.sources) == {"story.yaml": OTHER_WORDS, "locales/es.yaml": SPANISH}
    assert (sent.report.stayed, sent.report.languages) == (("locales/es.yaml",), ("en", "es"))
    whole = await send(house, packed(OTHER_WORDS))
    assert whole.draft is not None
    assert list(json.loads(whole.draft.sources)) == ["story.yaml"]
    assert whole.report.stayed == ()


async def test_an_episode_from_before_stays_for_as_long_as_the_story_names_it(house: Atelier) -> None:
    one, two = TOLD_IN_PARTS, TOLD_IN_PARTS.replace("The Gate", "The Gates")
    await send(house, zip_of(Item("gate/story.yaml", one.encode()), Item("gate/episodes/one.yaml", PART.encode())))
    sent = await send(house, two)
    assert sent.draft is not None
    assert sent.report.stayed == ("episodes/one.yaml",)
    assert json.loads(sent.draft.sources) == {"story.yaml": two, "episodes/one.yaml": PART}
    sent = await send(house, TALE)
    assert sent.draft is not None
    assert (sent.report.stayed, list(json.loads(sent.draft.sources))) == ((), ["story.yaml"])


# -- what each role may send


async def test_testers_send_nothing(house: Atelier) -> None:
    await send(house, TALE)
    assert await why(send(house, OTHER_WORDS, who=await house.with_role("tester"))) == (Why.ROLE, "translator")


async def test_translators_change_string_tables_alone(house: Atelier) -> None:
    clip = KNOCK.read_bytes()
    await send(house, packed(clips__gate=clip))
    translator = await house.with_role("translator")
    sent = await send(house, packed(locales__es=SPANISH.encode(), clips__gate=clip), who=translator)
    assert sent.draft is not None
    assert json.loads(sent.draft.sources)["locales/es.yaml"] == SPANISH
    for content, named in (
        (packed(OTHER_WORDS, locales__es=SPANISH.encode()), "story.yaml"),
        (packed(locales__es=SPANISH.encode(), clips__gate=GLASS.read_bytes()), "clips/gate.mp4"),
        (packed(locales__es=SPANISH.encode(), clips__yard=clip), "clips/yard.mp4"),
    ):
        assert await why(send(house, content, who=translator)) == (Why.TRANSLATIONS_ONLY, named)
    scene = house.studio.sending.clip(translator, STORY, "gate", GLASS, 0)
    assert await why(scene) == (Why.ROLE, "writer")
    assert await last(house) == sent.draft


async def test_writers_send_all_but_own_nothing(house: Atelier) -> None:
    await send(house, TALE)
    writer = await house.with_role("writer")
    sent = await send(house, packed(OTHER_WORDS, clips__gate=KNOCK.read_bytes()), who=writer)
    assert sent.draft is not None
    assert (sent.draft.upload, sent.draft.viewer) == (2, writer.viewer)
    assert await house.store.role_in(STORY, writer.viewer) == "writer"


# -- clips


async def test_clips_that_come_along_lie_in_the_vault_and_what_is_missing_is_listed(house: Atelier) -> None:
    sent = await send(house, packed(clips__gate=KNOCK.read_bytes()))
    assert sent.draft is not None
    assert sent.report.missing == ("clips/yard.mp4",)
    [(path, clip)] = read_deposits(sent.draft.clips).items()
    assert (path, clip.size, clip.seconds > 3) == ("clips/gate.mp4", KNOCK.stat().st_size, True)
    kept = await house.vault.find(digest_of(clip.name))
    assert kept is not None
    assert b"".join([piece async for piece in house.vault.read(kept)]) == KNOCK.read_bytes()


async def test_clips_that_came_before_stay_with_the_story(house: Atelier) -> None:
    await send(house, packed(clips__gate=KNOCK.read_bytes()))
    sent = await send(house, OTHER_WORDS)
    assert sent.draft is not None
    assert sent.report.missing == ("clips/yard.mp4",)
    assert list(read_deposits(sent.draft.clips)) == ["clips/gate.mp4"]


async def test_clips_that_nothing_names_any_more_make_room(house: Atelier) -> None:
    await send(house, packed(clips__gate=KNOCK.read_bytes()))
    renamed = TALE.replace("clips/gate.mp4", "clips/door.mp4")
    once = await sent_draft(house, renamed)
    assert list(read_deposits(once.clips)) == ["clips/gate.mp4"], "it may have been a slip"
    again = await sent_draft(house, renamed.replace("a hall.", "halls."))
    assert read_deposits(again.clips) == {}


async def sent_draft(house: Atelier, text: str) -> DraftRow:
    draft = (await send(house, text)).draft
    assert draft is not None
    return draft


async def test_what_comes_as_a_clip_and_is_none_is_told_and_the_rest_is_kept(house: Atelier) -> None:
    sent = await send(house, packed(clips__gate=b"no clip at all", clips__yard=GLASS.read_bytes()))
    assert sent.draft is not None
    assert list(sent.unfit) == ["clips/gate.mp4"]
    assert list(read_deposits(sent.draft.clips)) == ["clips/yard.mp4"]


async def test_a_clip_by_itself_is_its_scenes(house: Atelier) -> None:
    await send(house, TALE)
    mine = await house.studio.sending.clip(house.owner, STORY, "yard", KNOCK, house.clock())
    assert list(mine.story.uploads) == ["clips/yard.mp4"]
    assert mine.draft == await last(house)
    assert json.loads(mine.draft.sources) == {"story.yaml": TALE}
    done = (await house.store.audit(STORY, 1))[0]
    assert (done.deed, done.detail) == ("clip", "2 yard")


async def test_clips_that_come_all_at_once_all_stay(house: Atelier) -> None:
    await send(house, TALE)
    both = (("gate", KNOCK), ("yard", GLASS)) * 4
    await asyncio.gather(*(house.studio.sending.clip(house.owner, STORY, scene, file, 0) for scene, file in both))
    assert set(read_deposits((await last(house)).clips)) == {"clips/gate.mp4", "clips/yard.mp4"}


@pytest.mark.parametrize(("scene", "reason"), [("nowhere", Why.NO_SCENE), ("hall", Why.NO_CLIP), ("far", Why.NO_CLIP)])
async def test_a_clip_needs_a_scene_that_has_a_place_for_it(house: Atelier, scene: str, reason: Why) -> None:
    await send(house, TALE + "      far: {clip: 'https://example.org/far.mp4', to: hall}\n")
    assert (await why(house.studio.sending.clip(house.owner, STORY, scene, KNOCK, 0)))[0] is reason
    assert (await last(house)).upload == 1


async def test_a_file_that_is_no_clip_is_refused_with_why(house: Atelier) -> None:
    await send(house, TALE)
    file = house.folder / "fake.mp4"
    file.write_bytes(b"no clip at all")
    reason, detail = await why(house.studio.sending.clip(house.owner, STORY, "gate", file, 0))
    assert reason is Why.NO_CLIP
    assert detail


async def test_a_clip_that_was_published_is_served_by_a_signed_link(house: Atelier) -> None:
    await send(house, packed(clips__gate=KNOCK.read_bytes()))
    await house.publish()
    story, now = house.library.story(STORY), house.clock() / 1000
    links = ClipLinks(b"a secret for tests, thirty-two bytes", "")
    shelf = Shelf(ClipLibrary(house.folder / "stories"), links, house.vault)
    clip = shelf.clip(story, story.scenes["gate"], now)
    assert clip is not None
    assert (clip.link, clip.type, clip.seconds > 3) == (
        links.sign(VAULT, story.uploads["clips/gate.mp4"], now), "video/mp4", True,
    )  # fmt: skip
    assert shelf.clip(story, story.scenes["yard"], now) is None
    assert await shelf.fetch(story.uploads["clips/gate.mp4"], 10**9) == KNOCK.read_bytes()


# -- quotas


async def test_one_who_sends_too_much_can_go_on_later(tmp_path: Path, workshop: Workshop) -> None:
    sizes = KNOCK.stat().st_size + GLASS.stat().st_size
    store = SQLiteStore(tmp_path / "bot.db")
    quota = Quota(store, stories=1, uploads=5, clip_bytes=sizes - 1)
    async with atelier(tmp_path, store, workshop, quota) as house:
        await send(house, packed(clips__gate=KNOCK.read_bytes()))
        assert (await why(send(house, TALE, "other.yaml")))[0] is Why.MANY_STORIES
        both = packed(clips__gate=KNOCK.read_bytes(), clips__yard=GLASS.read_bytes())
        assert (await why(send(house, both)))[0] is Why.MUCH
        assert (await why(house.studio.sending.clip(house.owner, STORY, "yard", GLASS, house.clock())))[0] is Why.MUCH
        assert await house.vault.find(sha256(GLASS.read_bytes()).hexdigest()) is None, "it was put away all the same"
        await send(house, OTHER_WORDS)
        assert (await why(send(house, TALE)))[0] is Why.MANY_UPLOADS
        house.clock.advance(3600)
        await send(house, TALE)


# -- captions


@pytest.mark.parametrize(("caption", "found"), [
    ("yard", ("gate", "yard")), ("Yard.mp4", ("gate", "yard")), ("other yard", ("other", "yard")),
    ("gate nowhere", ("gate", "nowhere")), ("nowhere", None), ("", None), ("the yard please", None), ("ж", None),
])  # fmt: skip
async def test_a_caption_names_a_scene(house: Atelier, caption: str, found: tuple[str, str] | None) -> None:
    for story in ("gate", "other"):
        await house.draft(story=story)
    stories = {one.row.story: one for one in await house.studio.portfolio.all_of(house.owner)}
    assert scene_of(caption, dict(sorted(stories.items()))) == found
