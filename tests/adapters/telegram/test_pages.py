"""Pages: each fits into what Telegram takes for the largest story there may be, and a bad picture hides none."""

from __future__ import annotations

import pytest

from adapters.telegram.chat import Chat
from adapters.telegram.pages import PAGES
from adapters.telegram.text import CAPTION, MESSAGE, units
from adapters.words import LANGUAGES, words
from bot.delivery.delivery import Unshowable
from bot.delivery.parcel import Note
from bot.play.event import Rewind
from tests.adapters.telegram.conftest import Parts, clip_at
from tests.fakes.house import START, House
from tests.fakes.telegram import Person, TelegramServer
from tests.fakes.visitor import Visitor

EPISODES = 20
ENDINGS = 800
NAME = "🎭" * 120
PRICE = "    price: 10000\n"


def huge() -> str:
    """A priced story whose texts are all as long as they may be."""
    episodes = "".join(
        f"  e{n}:\n    title: {NAME}\n{PRICE if n else ''}    scenes:\n"
        f"      s{n}: {{choices: {{on: {{label: On, to: {'end0' if n == EPISODES - 1 else f's{n + 1}'}}}}}}}\n"
        for n in range(EPISODES)
    )
    endings = "".join(f"      end{n}: {{ending: {{title: {NAME}, kind: open}}}}\n" for n in range(ENDINGS))
    genres = ", ".join(f'"{n}{"g" * 119}"' for n in range(8))
    return (
        f'title: {NAME}\nsynopsis: "{"s" * 600}"\nlanguage: en\nrating: 18+\nposter: poster.jpg\ngenres: [{genres}]\n'
        f"episodes:\n{episodes}  last:\n    title: Last\n    price: 1\n    scenes:\n{endings}"
    )


@pytest.fixture
async def huge_tale(parts: Parts, house: House) -> None:
    house.write("huge", huge())
    (house.stories / "huge" / "poster.jpg").write_bytes(clip_at(parts, "tale", "poster.jpg").read_bytes())
    await parts.app.library.load(START)
    assert "huge" in parts.app.library.stories, parts.app.library.broken


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("about", [{"greet": "yes"}, {"said": "story_unknown"}])
async def test_the_catalogue_fits_under_a_poster(
    parts: Parts, ann: Person, huge_tale: None, language: str, about: dict[str, str]
) -> None:
    note = Note("stories", str(ann.id), {"story": "huge", "language": language, **about})
    await parts.poster.show(Chat(ann.id), note)
    shown = ann.home.last
    assert shown.kind == "photo"
    assert words(language)("price_total", total=190_001) in shown.text
    assert "sss" in shown.text


async def test_many_endings_are_listed_as_far_as_a_message_holds_them(
    parts: Parts, ann: Person, huge_tale: None
) -> None:
    visitor = Visitor(parts.app, str(ann.id), "telegram")
    await visitor.open("tale")
    await visitor.tap("back")
    await visitor.open("huge")
    await parts.poster.show(Chat(ann.id), Note("endings", str(ann.id), {}))
    shown = ann.home.last
    assert shown.text.count("· · ·") > 500
    page = await PAGES["endings"](parts.shop, await parts.guest(ann))
    assert units(page.html) <= MESSAGE


@pytest.mark.parametrize("name", sorted(PAGES))
async def test_every_page_can_be_shown_to_somebody_new_and_to_a_player(parts: Parts, ann: Person, name: str) -> None:
    about = {
        "length": "12", "session": "0", "choice": "on", "stars": "5", "charge": "none", "story": "tale",
        "moment": parts.buttons.share(0, 0),
    }  # fmt: skip
    for step in ("new", "played"):
        await parts.poster.show(Chat(ann.id), Note(name, str(ann.id), about))
        assert ann.home.last.text or ann.home.last.kind != "text"
        if step == "new":
            visitor = Visitor(parts.app, str(ann.id), "telegram")
            about["session"] = str((await visitor.open("tale")).session.id)
            await visitor.tap("on")
            await visitor.tap("on")


async def test_a_page_that_there_is_not_is_unshowable(parts: Parts, ann: Person) -> None:
    with pytest.raises(Unshowable, match="nonsense"):
        await parts.poster.show(Chat(ann.id), Note("nonsense", str(ann.id), {}))


async def test_a_poster_that_is_no_picture_hides_no_page(parts: Parts, ann: Person) -> None:
    clip_at(parts, "tale", "poster.jpg").write_bytes(b"not a picture")
    await parts.poster.show(Chat(ann.id), Note("start", str(ann.id), {"story": "tale"}))
    shown = ann.home.last
    assert (shown.kind, shown.text.splitlines()[0]) == ("text", "Tale")
    assert "▶ Play" in shown.buttons


async def test_the_same_page_once_more_in_its_own_place_is_no_second_message(parts: Parts, ann: Person) -> None:
    await parts.poster.show(Chat(ann.id), Note("stories", str(ann.id), {"story": "tale"}))
    booklet = ann.home.last
    here = {"story": "tale", "message": str(booklet.id), "caption": "yes"}
    await parts.poster.show(Chat(ann.id), Note("stories", str(ann.id), here))
    assert ann.home.last.id == booklet.id
    # Another story, which has no poster, needs a message of another kind.
    await parts.poster.show(Chat(ann.id), Note("stories", str(ann.id), {**here, "story": "crossroads"}))
    assert (ann.home.last.kind, ann.home.last.id != booklet.id) == ("text", True)


async def test_a_page_whose_message_is_gone_comes_anew(parts: Parts, ann: Person) -> None:
    await parts.poster.show(Chat(ann.id), Note("settings", str(ann.id), {"message": "4711"}))
    assert ann.home.last.buttons


async def test_the_way_back_is_leafed_through_latest_first(parts: Parts, ann: Person) -> None:
    visitor = Visitor(parts.app, str(ann.id), "telegram")
    await visitor.open()
    for _ in range(4):
        await visitor.tap("right")
        await visitor.tap("back")
    about = {"session": str(visitor.session)}
    await parts.poster.show(Chat(ann.id), Note("rewind", str(ann.id), about))
    first = ann.home.last
    assert first.buttons[:2] == ["The clearing · Go back", "The fork · Go right"]
    assert first.buttons[-1] == words("en")("earlier")
    assert len(first.buttons) == 7
    await parts.poster.show(Chat(ann.id), Note("rewind", str(ann.id), {**about, "page": "1"}))
    assert ann.home.last.buttons == ["The clearing · Go back", "The fork · Go right", words("en")("later")]
    press = parts.buttons.read(first.rows[1][0]["callback_data"])
    session, revision, to = map(int, press.about.split())  # type: ignore[union-attr]
    answer = await visitor.tell(Rewind(revision, to))
    assert (session, answer.notice, answer.cards[-1].scene) == (visitor.session, None, "fork")


async def test_somebody_elses_session_is_no_page(parts: Parts, ann: Person) -> None:
    other = await Visitor(parts.app, "bob", "telegram").open("tale")
    for page in ("map", "rewind"):
        shown = await PAGES[page](parts.shop, await parts.guest(ann, {"session": str(other.session.id)}))
        assert "not in a story yet" in shown.html
        assert units(shown.html) <= CAPTION


async def test_an_export_is_all_there_is(parts: Parts, ann: Person, server: TelegramServer) -> None:
    await Visitor(parts.app, str(ann.id), "telegram").open("tale")
    await parts.poster.show(Chat(ann.id), Note("export", str(ann.id), {}))
    [sent] = server.called("sendDocument")
    content = sent["document"].content.decode()
    assert f'"{ann.id}"' in content
    assert '"tale"' in content
