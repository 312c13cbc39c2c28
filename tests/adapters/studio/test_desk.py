"""The desk: what creators write, press and send is understood, done once, and answered kindly whatever it was."""

from __future__ import annotations

import pytest

from adapters.studio.acting import ASKS
from adapters.studio.ask import READY, Ask
from adapters.studio.denial import SAID, denial
from adapters.studio.stories import help_sheet, tag_of
from bot.studio.bench.line import Busy
from bot.studio.creator import Denied, Why
from tests.adapters.studio.visit import Visit, labels, named
from tests.bot.play.dramas import STORIES
from tests.bot.studio.packing import STORED, Item, zip_of
from tests.fakes.atelier import NO_YARD, OTHER_BUTTONS, OTHER_WORDS, STORY, TALE

pytestmark = pytest.mark.asyncio(loop_scope="module")

CLIP = (STORIES / "airlock-nine" / "clips" / "knock.mp4").read_bytes()


async def playing(visit: Visit, *choices: str) -> None:
    """A test play that has taken those choices."""
    await visit.house.draft()
    sheet = await visit.press(f"play {STORY}")
    for choice in choices:
        sheet = await visit.key(sheet, choice)


# -- from nothing to a story that is live


async def test_a_creator_sends_plays_mends_and_publishes(visit: Visit) -> None:
    assert "You have no stories here yet." in (await visit.command("studio")).text
    report = await visit.file(TALE.replace("to: hall", "to: hal"), "gate.yaml")
    assert "❌ gate.yaml: 1 error, so nothing has changed" in report.text
    report = await visit.file(TALE, "gate.yaml")
    assert "✅ gate · draft 1" in report.text
    assert "2 clips, such as clips/gate.mp4" in report.text
    play = await visit.key(report, "Play")
    assert play.scene == (STORY, 1, "gate")
    assert "Here is the gate." in play.text
    play = await visit.key(play, "In")
    assert "trust 0 → 1" in play.text
    mended = await visit.file(OTHER_WORDS, "gate.yaml")
    assert "The new draft: you are where you were." in mended.text
    assert "The big yard." in mended.text
    proposal = await visit.command("publish")
    assert "It is not public yet." in proposal.text
    assert "is live: publication 1." in (await visit.key(proposal, "Publish now")).text
    assert visit.house.library.story(STORY).wordings["en"].plain("scene/yard/line/yard") == "The big yard."
    assert (await visit.command("publish")).text == denial(Denied(Why.NOTHING)).text
    withdrawal = await visit.command("revert")
    assert "No other version was live before." in withdrawal.text
    assert "is out of the list" in (await visit.key(withdrawal, "Take it back")).text
    assert STORY not in visit.house.library.stories


async def test_a_publication_says_what_it_would_do_and_what_it_did_and_is_taken_back(visit: Visit) -> None:
    await visit.house.publish(TALE)
    seen = await visit.house.play("ann", "in")
    await visit.house.draft(NO_YARD)
    proposal = await visit.command("publish")
    assert "Go on where they are: 0, moved to an earlier choice: 1, begin again: 0." in proposal.text
    assert "1 × yard → back to gate" in proposal.text
    done = await visit.key(proposal, "Publish now")
    assert "taken back to an earlier choice: 1" in done.text
    assert "Told in their chat: 1." in done.text
    again = await visit.key(proposal, "Publish now")
    assert "is live: publication 2." in again.text
    assert len(await visit.house.store.publications(STORY, 9)) == 2
    back = await visit.key(await visit.command("revert"), "Take it back")
    assert "publication 3" in back.text
    assert (
        await visit.house.app.current("console", "ann", seen.session.id)
    ).session.revision == seen.session.revision + 1


# -- test plays


async def test_a_button_that_is_pressed_again_or_late_says_where_the_play_is(visit: Visit) -> None:
    await playing(visit)
    sheet = await visit.command("wait")
    assert "That cannot be done here." in sheet.text
    gate = await visit.press("now")
    yard = await visit.key(gate, "In")
    for _ in range(2):
        late = await visit.key(gate, "In")
        assert "The test play has moved on." in late.text
        assert late.scene == yard.scene
    assert (await visit.press("c 1 99")).scene == yard.scene


async def test_a_locked_choice_says_what_it_needs(visit: Visit) -> None:
    await playing(visit)
    sheet = await visit.key(await visit.press("now"), "Locked")
    assert "🔒 Locked: needs trust >= 3 (trust is 0)" in sheet.text
    assert sheet.scene == (STORY, 1, "gate")


async def test_a_choice_that_asks_gets_the_next_text_and_no_other(visit: Visit) -> None:
    await playing(visit)
    assert await visit.text("hello") is None
    asked = await visit.key(await visit.press("now"), "Sign")
    assert asked.question
    assert "up to 12 characters" in asked.text
    answered = await visit.text("Mo")
    assert answered is not None
    assert "name" in answered.text
    assert 'name "nobody" → "Mo"' in answered.text
    assert await visit.text("Mo") is None


async def test_a_text_is_not_taken_by_a_choice_that_was_left(visit: Visit) -> None:
    await playing(visit)
    gate = await visit.press("now")
    await visit.key(gate, "Sign")
    await visit.key(gate, "In")
    assert await visit.text("for somebody else") is None
    assert ASKS not in await visit.house.store.preferences(visit.owner.creator.viewer)


@pytest.mark.parametrize(("command", "rest", "said"), [
    ("jump", "hall", "🏁 an ending, happy"),
    ("jump", "nowhere", 'There is no scene "nowhere". /jump <scene> goes to gate, yard, hall.'),
    ("jump", "", "/jump <scene> goes to gate, yard, hall."), ("set", "trust 3", "trust 1 → 3"),
    ("set", "trust=2", "trust 1 → 2"),
    ("set", "trust = 2", "trust 1 → 2"), ("set", "trust", "Set a variable like this"), ("set", "trust 9", "trust"),
    ("set", "hope 1", "hope"), ("dice", "2 1", "dice to come 2 1"), ("dice", "two", "Lay down the next dice"),
    ("dice", "0", "Lay down the next dice"), ("wait", "", "That cannot be done here."), ("back", "", "🎬 gate"),
    ("back", "1", "🎬 gate"), ("back", "7", "That cannot be done here."), ("back", "0", "That cannot be done here."),
    ("back", "two", "🎬 gate"), ("why", "", "back: → gate"), ("vars", "", "trust 0 → 1"),
    ("link", "", "/from gate gate >in yard"), ("from", "gate gate >in yard", "🎬 yard"),
    ("from", "gate >out", ""), ("from", "", ""),
])  # fmt: skip
async def test_what_can_be_done_in_a_test_play(visit: Visit, command: str, rest: str, said: str) -> None:
    await playing(visit, "In")
    assert said in (await visit.command(command, rest)).text
    assert (await visit.press("now")).scene is not None


async def test_without_a_test_play_every_command_of_one_says_so(visit: Visit) -> None:
    await visit.house.draft()
    for name, rest in (
        ("jump", "hall"), ("set", "trust 1"), ("dice", "1"), ("wait", ""), ("back", ""), ("why", ""), ("vars", ""),
        ("link", ""),
    ):  # fmt: skip
        assert (await visit.command(name, rest)).text == denial(Denied(Why.NOT_PLAYING)).text


# -- which story is meant


async def test_the_story_in_the_test_play_is_meant_else_the_latest(visit: Visit) -> None:
    await visit.house.draft()
    visit.house.clock.advance(1)
    await visit.house.draft(story="other")
    assert (await visit.counter.desk.command(visit.owner, "check", "")).about == {"story": "other"}
    assert (await visit.counter.desk.command(visit.owner, "check", " GATE ")).about == {"story": "gate"}
    await visit.press("play gate")
    assert (await visit.counter.desk.command(visit.owner, "check", "")).about == {"story": "gate"}


async def test_one_that_they_have_no_role_in_any_more_is_not_meant(visit: Visit) -> None:
    await visit.house.draft()
    ann = named(await visit.house.with_role("tester", name="ann"))
    await visit.house.draft(story="anns", who=ann.creator)
    await visit.press("play gate", ann)
    await visit.command("leave", "gate", ann)
    assert (await visit.counter.desk.command(ann, "check", "")).about == {"story": "anns"}


@pytest.mark.parametrize(("rest", "story", "plays", "seed"), [
    ("", "gate", "10000", "1"), ("500", "gate", "500", "1"), ("50,000 7", "gate", "50000", "7"),
    ("other 20 3", "other", "20", "3"), ("99999999999999999999", "gate", "50000", "1"), ("²", "gate", "10000", "1"),
])  # fmt: skip
async def test_random_plays_are_as_many_as_was_asked(
    visit: Visit, rest: str, story: str, plays: str, seed: str
) -> None:
    await playing(visit)
    ask = await visit.counter.desk.command(visit.owner, "test", rest)
    assert (ask.page, dict(ask.about)) == ("figures", {"story": story, "plays": plays, "seed": seed})
    assert ask.slow


# -- people


async def test_an_invitation_is_a_link_and_brings_one_in(visit: Visit) -> None:
    await visit.house.draft()
    sheet = await visit.command("invite", "writer")
    assert "an invitation for one writer" in sheet.text
    [code] = [span.text for line in sheet.lines for span in line if span.style == "code"]
    assert code.startswith("https://t.me/a_bot?start=i-")
    ann, ben = named(await visit.house.creator("ann")), named(await visit.house.creator("ben"))
    assert "You are a writer of gate now." in (await visit.command("join", code.partition("i-")[2], ann)).text
    assert (await visit.command("join", code.partition("i-")[2], ben)).text == denial(Denied(Why.INVITE)).text
    assert "Whom?" in (await visit.command("invite", "emperor")).text
    assert "Whom?" in (await visit.command("invite", "writer owner")).text


async def test_a_button_takes_away_whom_it_named_though_others_left_meanwhile(visit: Visit) -> None:
    await visit.house.draft()
    who = [named(await visit.house.with_role("tester", name=name)) for name in ("ann", "ben", "cid")]
    rows = await visit.house.store.roles_in(STORY)
    sheet = await visit.command("people")
    ben = next(row for row in rows if row.viewer == who[1].creator.viewer)
    await visit.command("leave", STORY, who[0])
    for _ in range(2):
        await visit.press(f"out {STORY} {tag_of(ben)}")
    left = {row.viewer for row in await visit.house.store.roles_in(STORY)}
    assert left == {visit.owner.creator.viewer, who[2].creator.viewer}
    assert f"out {STORY} {tag_of(ben)}" in {key.about for row in sheet.rows for key in row}


async def test_nobody_is_told_who_the_others_are(visit: Visit) -> None:
    await visit.house.draft()
    visit.house.clock.advance(1)
    ann = await visit.house.with_role("writer", name="ann")
    sheet = await visit.command("people")
    assert "you: owner" in sheet.text
    assert "no. 2: writer" in sheet.text
    assert str(ann.viewer) not in sheet.text
    log = await visit.command("log")
    assert "no. 2: joined" in log.text
    await visit.command("leave", STORY, named(ann))
    assert "somebody gone: left" in (await visit.command("log")).text


async def test_the_last_owner_cannot_leave(visit: Visit) -> None:
    await visit.house.draft()
    assert (await visit.command("leave")).text == denial(Denied(Why.LAST_OWNER)).text


# -- clips


async def test_clips_come_by_caption_until_none_is_missing(visit: Visit) -> None:
    await visit.file(TALE, "gate.yaml")
    assert "Send a clip with its scene's id" in (await visit.file(CLIP, "a.mp4")).text
    assert (await visit.file(CLIP, "a.mp4", "gate nowhere")).text == denial(Denied(Why.NO_SCENE, "nowhere")).text
    assert "hall names no file; write under it  clip: clips/hall.mp4" in (await visit.file(CLIP, "a.mp4", "hall")).text
    first = await visit.file(CLIP, "a.mp4", "yard")
    assert first.text == "🎞 gate: yard has its clip; 1 clip still to come."
    assert (await visit.file(CLIP, "a.mp4", "yard")).text == first.text
    assert (await visit.file(CLIP, "a.mov", "gate")).text == "🎞 gate: gate has its clip."
    sheet = await visit.press("play gate")
    story = await visit.counter.story(sheet)
    assert story is not None
    assert set(story.uploads) == {"clips/gate.mp4", "clips/yard.mp4"}
    assert "That clip cannot be used" in (await visit.file(b"no clip", "a.mp4", "yard")).text


async def test_clips_come_in_a_zip_too(visit: Visit) -> None:
    zipped = zip_of(
        Item("gate/story.yaml", TALE.encode()), Item("gate/clips/gate.mp4", CLIP, STORED),
        Item("gate/clips/yard.mp4", b"no clip", STORED), Item("gate/notes.doc", b"notes"),
    )  # fmt: skip
    sheet = await visit.file(zipped, "whatever.zip")
    assert "✅ gate · draft 1" in sheet.text
    assert "clips/yard.mp4 is no clip" in sheet.text
    assert "notes.doc" in sheet.text


# -- what is wrong is told


@pytest.mark.parametrize("about", [
    "", " ", "c", "c x y", "c 1", "play", "story", "f gate", "f gate x y", "pub gate", "pub gate a b", "undo gate",
    "out gate", "inv gate", "inv gate emperor", "time", "back x", "of an older release", "gone", "now now", "ask",
])  # fmt: skip
async def test_a_button_of_another_release_is_answered(visit: Visit, about: str) -> None:
    await playing(visit)
    assert (await visit.press(about)).text


async def test_everything_that_can_be_denied_has_words(visit: Visit) -> None:
    assert SAID.keys() == set(Why)
    assert all("{" not in denial(Denied(why, "that")).text for why in Why)


async def test_a_busy_workshop_is_told(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    await visit.house.draft()

    async def busy(*_: object, **__: object) -> None:
        raise Busy("many others are waiting; try again in a minute")

    monkeypatch.setattr(visit.house.studio.workshop, "prove", busy)
    assert "try again in a minute" in (await visit.command("check")).text
    monkeypatch.setattr(visit.house.studio.workshop, "check", busy)
    assert "try again in a minute" in (await visit.file(TALE, "gate.yaml")).text


async def test_what_is_asked_for_may_lie_in_the_outbox(visit: Visit) -> None:
    await playing(visit)
    for name, rest in (
        ("studio", ""),
        ("studio", STORY),
        ("check", ""),
        ("map", ""),
        ("vars", ""),
        ("invite", "tester"),
    ):
        ask = await visit.counter.desk.command(visit.owner, name, rest)
        again = Ask(ask.page, dict(ask.about))
        assert all(isinstance(value, str) for value in ask.about.values())
        if ask.page == READY:
            assert (await visit.show(again)).text == (await visit.show(ask)).text
    assert (await visit.show(Ask("of a release to come"))).text == help_sheet().text
    assert (await visit.show(Ask("story"))).text == "That button is of an older release."


# -- giving up, stopping


async def test_a_story_is_given_up_after_a_question(visit: Visit) -> None:
    await visit.house.publish(TALE)
    question = await visit.command("delete")
    assert await visit.house.store.draft(STORY) is not None
    assert "gate" in (await visit.key(question, "Keep it")).text
    assert "given up" in (await visit.key(question, "Give it up")).text
    assert STORY not in visit.house.library.stories
    assert (await visit.key(question, "Give it up")).text == denial(Denied(Why.UNKNOWN)).text


async def test_an_operator_stops_any_story_and_sees_none(visit: Visit) -> None:
    await visit.house.publish(TALE)
    operator = named(await visit.house.creator("operator", operator=True))
    assert (await visit.command("studio", STORY, operator)).text == denial(Denied(Why.UNKNOWN)).text
    assert (await visit.command("stop", "", operator)).text == denial(Denied(Why.UNKNOWN)).text
    assert "is stopped" in (await visit.command("stop", "GATE", operator)).text
    assert STORY not in visit.house.library.stories
    again = await visit.command("stop", "gate", operator)
    assert (await visit.key(again, "Let it be played")).text == denial(Denied(Why.UNKNOWN)).text
    assert STORY not in visit.house.library.stories
    assert "is played again" in (await visit.key(again, "Let it be played", operator)).text
    assert STORY in visit.house.library.stories


# -- findings, figures, maps


async def test_a_finding_is_played_by_its_button_in_its_draft_alone(visit: Visit) -> None:
    await visit.file(TALE, "gate.yaml")
    checked = await visit.command("check")
    assert "draft 1" in checked.text
    assert "▶" in "".join(labels(checked)) or "nothing is wrong" in checked.text
    if keys := [label for label in labels(checked) if label.startswith("▶")]:
        played = await visit.key(checked, keys[0])
        assert played.scene is not None
        await visit.file(OTHER_BUTTONS, "gate.yaml")
        assert (await visit.key(checked, keys[0])).text == denial(Denied(Why.CHANGED)).text


async def test_figures_come_with_a_table_and_make_the_heat_of_the_map(visit: Visit) -> None:
    await visit.file(TALE, "gate.yaml")
    figures = await visit.command("test", "200 5")
    assert "200 random plays, seed 5" in figures.text
    assert figures.document is not None
    assert figures.document[0] == "gate-200-plays.csv"
    plain, heat = await visit.command("map"), await visit.key(figures, "Heat map")
    for sheet in (plain, heat):
        assert sheet.picture is not None
        assert sheet.picture.startswith(b"\x89PNG")
    assert plain.picture != heat.picture


async def test_a_story_that_began_anew_has_none_of_what_was_found_before(visit: Visit) -> None:
    await visit.file(TALE, "gate.yaml")
    heat = await visit.key(await visit.command("test", "50"), "Heat map")
    await visit.press(f"gone {STORY}")
    ben = named(await visit.house.creator("ben"))
    await visit.file(NO_YARD, "gate.yaml", who=ben)
    again = await visit.press(f"heat {STORY}", ben)
    assert again.picture is not None
    assert again.picture != heat.picture
