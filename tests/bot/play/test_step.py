"""One step: what each event makes of a session, what it refuses, and when time runs out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.play.card import Card, Option, Spoken
from bot.play.carry import carried
from bot.play.event import Begin, Choose, Event, Jump, Restart, Rewind, Speak, TimeOut
from bot.play.fact import Fact
from bot.play.step import Reason, Refused, Timer, retell, show, step
from bot.story.story import Story
from tests.bot.play.player import NOON, Player
from tests.bot.story.draft import scenes

HEAD = """
cast: {mei: {name: Mei}}
variables:
  trust: {type: integer, from: -1, to: 3, start: 2}
  ticket: {type: choice, of: [none, mei, lin]}
  met: {type: flag, keep: true}
  nickname: {type: text, length: 6, start: Sparrow, keep: true}
"""
HEAD = HEAD.replace("start: Sparrow", "start: Wren")
STORY = """
gate:
  lines: [narrator: "Nine, {nickname}.", {mei: Go., at: 2.5s}]
  choices:
    call: {label: "Call her {nickname}", ask: nickname, do: met = true, to: gate}
    look: {label: Look back, once: true, do: trust += 5, to: gate}
    leap: {label: Leap, if: trust >= 3, else: locked, image: art/leap.png, to: hall}
    lie: {label: Lie, if: trust < 0, to: hall}
    walk: {label: Walk, do: [trust -= 9, ticket = mei], to: hall}
hall:
  within: 12s
  default: wait
  choices:
    run: {label: Run, to: ledge}
    wait: {label: Wait, to: ledge}
ledge:
  enter:
    - {if: ticket == mei, do: trust = 3}
    - {if: trust == 3, do: [trust -= 1, ticket = lin]}
  choices:
    back: {label: Back, to: gate}
    jump: {label: Jump, to: fall}
fall: {lines: [narrator: Down.], to: river}
river: {ending: {title: The river, kind: sad}}
"""


@pytest.fixture(scope="module")
def story() -> Story:
    tables = {"locales/es.yaml": "cast/mei: Mía\nscene/fall/line/x: y\nscene/hall/choice/run: Corre\n"}
    return scenes(STORY, HEAD, tables)


def test_a_session_begins_where_the_story_does(story: Story) -> None:
    player = Player(story)
    state = player.state
    assert (state.scene, state.revision, state.language, state.values) == ("gate", 0, "en", (2, "none", False, "Wren"))
    assert (state.visits, state.path, state.since, state.deadline) == ({"gate": 1}, ("gate",), NOON + 1000, None)
    assert player.steps[0].facts == (Fact("begin", "gate", None, NOON + 1000, None),)
    assert player.card == Card(
        "gate",
        "en",
        (Spoken(None, "", "Nine, Wren."), Spoken("mei", "Mei", "Go.", 2.5)),
        (
            Option("call", "Call her Wren", ask=6),
            Option("look", "Look back"),
            Option("leap", "Leap", locked=True, image="art/leap.png"),
            Option("walk", "Walk"),
        ),
    )


def test_a_choice_has_its_effects_in_order_and_inside_bounds(story: Story) -> None:
    player = Player(story).choose("walk")
    assert (player.scene, player.value("trust"), player.value("ticket")) == ("hall", -1, "mei")
    assert player.state.chosen == {"gate.walk": 1}
    assert player.steps[-1].facts == (Fact("choice", "gate", "walk", NOON + 2000, 1000),)


def test_a_choice_for_once_is_gone_and_a_locked_one_opens(story: Story) -> None:
    player = Player(story).choose("look")
    assert player.buttons == ["call", "leap", "walk"]
    with pytest.raises(Refused) as refused:
        player.choose("look")
    assert refused.value.reason is Reason.LOCKED


def test_arriving_has_its_effects_in_order(story: Story) -> None:
    player = Player(story).choose("walk", "run")
    assert (player.value("trust"), player.value("ticket")) == (2, "lin")
    player.choose("back", "look", "leap", "run")
    assert (player.value("trust"), player.value("ticket")) == (2, "lin")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Mo", "Mo"),
        ("  Mo \n Li ", "Mo Li"),
        ("Rumpelstiltskin", "Rumpel"),
        ("Rumpe lstilt", "Rumpe"),
        ("{trust}", "{trust"),
        ("a\u202eb\x00c", "a b c"),
        ("   ", "Wren"),
        ("", "Wren"),
        (None, "Wren"),
    ],
)
def test_a_typed_text_is_tidied_and_cut(story: Story, typed: str | None, kept: str) -> None:
    player = Player(story).choose("call", text=typed)
    assert player.value("nickname") == kept
    assert player.card.lines[0].text == f"Nine, {kept}."
    assert player.card.options[0].label == f"Call her {kept}"


def test_a_typed_text_where_none_is_asked_for_is_nothing(story: Story) -> None:
    assert Player(story).choose("look", text="Mo").state.path == ("gate", ">look", "gate")


def test_scenes_that_go_on_by_themselves_are_one_step(story: Story) -> None:
    player = Player(story).choose("walk", "run", "jump")
    assert [card.scene for card in player.cards] == ["fall", "river"]
    assert player.card.ending == "sad"
    assert player.state.ended == {"river"}
    assert player.steps[-1].facts[-1] == Fact("ending", "river", None, NOON + 4000, None)


# -- what is refused


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        (Choose(0, "walk"), Reason.MOVED_ON),
        (Choose(2, "walk"), Reason.MOVED_ON),
        (TimeOut(0), Reason.MOVED_ON),
        (Rewind(0, 0), Reason.MOVED_ON),
        (Restart(0), Reason.MOVED_ON),
        (Jump(0, "hall"), Reason.MOVED_ON),
        (Speak(0, "es"), Reason.MOVED_ON),
        (Choose(1, "run"), Reason.UNKNOWN_CHOICE),
        (Choose(1, ""), Reason.UNKNOWN_CHOICE),
        (Choose(1, "look"), Reason.LOCKED),
        (Choose(1, "lie"), Reason.LOCKED),
        (TimeOut(1), Reason.NOTHING_TO_DO),
        (Rewind(1, 1), Reason.NOTHING_TO_DO),
        (Rewind(1, -1), Reason.NOTHING_TO_DO),
        (Jump(1, "nowhere"), Reason.NOTHING_TO_DO),
        (Speak(1, "en"), Reason.NOTHING_TO_DO),
        (Speak(1, "xx"), Reason.NOTHING_TO_DO),
    ],
)
def test_what_changes_nothing_is_refused_with_a_reason(story: Story, event: Event, reason: Reason) -> None:
    player = Player(story).choose("look")
    with pytest.raises(Refused) as refused:
        player.do(event)
    assert refused.value.reason is reason


def test_only_a_beginning_begins(story: Story) -> None:
    with pytest.raises(ValueError, match="only Begin"):
        step(story, None, Restart(0), NOON, lambda sides: 0)


def test_a_beginning_begins_in_the_nearest_language(story: Story) -> None:
    assert Player(story, "es-MX").state.language == "es"
    assert Player(story, "xx").state.language == "en"
    assert step(story, None, Begin("es"), NOON, lambda sides: 0).cards[0].lines[1].name == "Mía"


# -- time


def test_when_time_runs_out_the_default_is_taken(story: Story) -> None:
    player = Player(story).choose("walk")
    assert (player.card.within, player.card.default) == (12_000, "wait")
    assert player.state.deadline == NOON + 2000 + 12_000
    assert [timer.at for timer in player.steps[-1].agenda] == [NOON + 14_000]
    player.time_out()
    assert player.state.path[-2:] == ("~wait", "ledge")
    assert player.state.chosen["hall.wait"] == 1
    assert player.steps[-1].facts == (Fact("timeout", "hall", "wait", NOON + 3000, 1000),)
    assert not player.steps[-1].agenda


TIMED = """
a:
  within: 10s
  default: %s
  choices:
    x: {label: X, if: %s, else: locked, to: a}
    y: {label: Y, to: a}
    z: {label: Z, to: a}
"""


def timed(default: str, condition: str = "true") -> Player:
    return Player(scenes(TIMED % (default, condition)))


def test_a_default_that_is_locked_falls_back_to_the_first_open_choice() -> None:
    player = timed("x", "false")
    assert player.card.default == "y"
    assert player.time_out().state.path == ("a", "~y", "a")


def test_a_random_default_is_left_to_the_dice_among_the_open_ones() -> None:
    taken = set()
    for seed in range(40):
        player = Player(scenes(TIMED % ("[x, y, z]", "false")), seed=seed)
        assert player.card.default is None
        taken.add(player.time_out().state.path[1])
    assert taken == {"~y", "~z"}


def test_a_random_default_with_one_open_choice_is_that_one() -> None:
    assert timed("[x, y]", "false").card.default == "y"


def test_time_does_not_run_where_nothing_can_be_chosen() -> None:
    player = Player(scenes("a: {within: 5s, default: x, choices: {x: {label: X, if: false, to: a}}}"))
    assert (player.card.stuck, player.state.deadline, player.steps[0].agenda) == (True, None, ())
    with pytest.raises(Refused):
        player.time_out()


def test_a_second_clock_with_nobody_there_does_not_run() -> None:
    player = timed("y")
    watched = player.time_out(present=True).state
    assert watched.deadline is not None
    assert not watched.absent
    player.time_out(present=False)
    assert player.state.absent
    assert player.state.deadline is None
    assert not player.steps[-1].agenda
    with pytest.raises(Refused) as refused:
        player.time_out(present=False)
    assert refused.value.reason is Reason.NOTHING_TO_DO
    there_again = player.choose("z").state
    assert there_again.deadline is not None
    assert not there_again.absent


def test_the_clock_waits_for_the_clips() -> None:
    text = "a: {choices: {b: {label: B, to: c}}}\nc: {to: d}\nd: {to: e}\n"
    text += "e: {within: 10s, default: x, choices: {x: {label: X, to: a}}}"
    bare = scenes(text)
    for seconds, milliseconds in [
        ({}, 10_000),
        ({"c": 3.5, "d": 4.0}, 17_500),
        ({"c": 3.5, "e": 8.0}, 13_500),  # the clock of the last scene runs while its clip does
        ({"c": 3.5, "e": 30.25}, 33_750),  # but never ends before the clip
        ({"a": 99.0, "d": 0.001}, 10_001),
    ]:
        player = Player(replace(bare, seconds=seconds)).choose("b")
        assert player.state.deadline == player.now + milliseconds
        assert player.steps[-1].agenda == (Timer("timeout", player.now + milliseconds),)


# -- going back, again, elsewhere


def test_a_rewind_undoes_all_but_what_is_kept(story: Story) -> None:
    player = Player(story).choose("call", text="Mo").choose("walk", "run", "jump")
    player.rewind(1)
    state = player.state
    assert (state.scene, state.visits, state.chosen) == ("gate", {"gate": 2}, {"gate.call": 1})
    assert state.values == (2, "none", True, "Mo")
    assert state.ended == {"river"}
    assert state.seen == {"hall", "ledge", "fall", "river"}
    player.rewind(0)
    assert (player.scene, player.state.chosen, player.value("nickname")) == ("gate", {}, "Mo")
    assert player.card.lines[0].text == "Nine, Mo."
    assert [fact.kind for fact in player.steps[-1].facts] == ["rewind"]
    assert len(player.cards) == 1


def test_a_rewind_starts_the_clock_anew(story: Story) -> None:
    player = Player(story).choose("walk", "run").rewind(1)
    assert player.scene == "hall"
    assert player.state.deadline == player.now + 12_000


def test_a_restart_keeps_what_is_kept(story: Story) -> None:
    player = Player(story).choose("call", text="Mo").choose("walk", "run", "jump").restart()
    state = player.state
    assert (state.scene, state.path, state.visits, state.chosen) == ("gate", ("gate",), {"gate": 1}, {})
    assert state.values == (2, "none", True, "Mo")
    assert state.base.values == state.values
    assert state.ended == {"river"}
    assert [fact.kind for fact in player.steps[-1].facts] == ["restart"]


def test_endings_found_are_known_in_the_next_play() -> None:
    text = """
        a: {choices: {x: {label: X, to: end}, y: {label: Y, if: ended(end), to: end2}}}
        end: {ending: {title: E, kind: sad}}
        end2: {ending: {title: F, kind: secret}}
    """
    player = Player(scenes(text))
    assert player.buttons == ["x"]
    assert player.choose("x").restart().buttons == ["x", "y"]
    assert player.choose("y").restart().state.ended == {"end", "end2"}
    assert player.choose("x").rewind(0).buttons == ["x", "y"]


def test_visits_and_choices_are_counted_in_this_play_only() -> None:
    text = """
        a:
          choices:
            x: {label: X, to: a}
            y: {label: Y, if: visits(a) > 1, to: a}
            z: {label: Z, if: chosen(y) and chosen(a.x), to: a}
    """
    player = Player(scenes(text))
    shown = [player.buttons, player.choose("x").buttons, player.choose("y").buttons, player.restart().buttons]
    assert shown == [["x"], ["x", "y"], ["x", "y", "z"], ["x"]]


def test_a_jump_goes_anywhere_and_keeps_what_is(story: Story) -> None:
    player = Player(story).choose("look").jump("fall")
    assert [card.scene for card in player.cards] == ["fall", "river"]
    assert player.value("trust") == 3
    assert player.state.path == ("gate", ">look", "gate", "@fall", "fall", "river")
    assert player.steps[-1].facts[0] == Fact("jump", "fall", None, player.now, None)


def test_a_change_of_language_shows_the_same_place(story: Story) -> None:
    player = Player(story).choose("walk")
    deadline = player.state.deadline
    player.speak("es")
    assert [option.label for option in player.card.options] == ["Corre", "Wait"]
    assert (player.scene, player.state.deadline, player.steps[-1].facts) == ("hall", deadline, ())
    assert player.steps[-1].agenda == (Timer("timeout", deadline or 0),)
    assert player.choose("run").state.language == "es"
    assert player.speak("en-GB").state.language == "en"


# -- told again


def test_the_last_step_is_told_again(story: Story) -> None:
    player = Player(story)
    for event in (
        Choose(0, "call", "Mo"),
        Choose(1, "walk"),
        TimeOut(2),
        Choose(3, "jump"),
        Jump(4, "fall"),
        Restart(5),
        Choose(6, "walk"),
        Choose(7, "run"),
        Speak(8, "es"),
        Choose(9, "jump"),
    ):
        player.do(event)
        assert retell(story, player.state) == player.cards
        assert show(story, player.state) == player.card


def test_what_is_told_after_a_rewind_ends_as_it_stands_now(story: Story) -> None:
    player = Player(story).choose("call", text="Mo").rewind(0)
    assert retell(story, player.state) == (show(story, player.state),) == player.cards


# -- another version of the story


def test_a_session_is_carried_to_a_version_that_leads_the_same_way(story: Story) -> None:
    player = Player(story).choose("call", text="Mo").choose("walk")
    newer = scenes(STORY.replace("Look back", "Look around"), HEAD + "  extra: {type: flag, start: true}\n")
    state = carried(story, player.state, newer)
    assert state.values == (-1, "mei", True, "Mo", True)
    assert state.path == player.state.path
    assert step(newer, state, Rewind(state.revision, 0), NOON, lambda sides: 0).branch_state.scene == "gate"


def test_a_session_is_carried_to_a_version_that_leads_elsewhere(story: Story) -> None:
    player = Player(story).choose("look", "walk", "run", "jump")
    head = HEAD.replace("from: -1, to: 3, start: 2", "from: 5, to: 9, start: 5").replace(
        "of: [none, mei, lin]", "of: [none, mei]"
    )
    newer = scenes(
        STORY.replace("walk: {", "go: {")
        .replace("ticket = lin", "met = true")
        .replace("river:", "sea:")
        .replace("to: river", "to: sea"),
        head,
    )
    state = carried(story, player.state, newer)
    assert state.values == (5, "none", False, "Wren")
    assert state.ended == frozenset()
    assert state.chosen == {"gate.look": 1, "hall.run": 1, "ledge.jump": 1}
    assert "river" not in state.visits
    after = step(newer, state, Restart(state.revision), NOON, lambda sides: 0).branch_state
    assert (after.scene, after.values) == ("gate", (5, "none", False, "Wren"))


def test_a_carried_session_goes_on_where_its_scene_still_is(story: Story) -> None:
    player = Player(story).choose("look", "walk", "run")
    newer = scenes(STORY.replace("walk: {", "go: {"), HEAD)
    state = carried(story, player.state, newer)
    assert state.path == ("=ledge",)
    assert show(newer, state).scene == "ledge"
    after = step(newer, state, Choose(state.revision, "back"), NOON, lambda sides: 0).branch_state
    assert (after.path, after.visits["gate"]) == (("=ledge", ">back", "gate"), 3)
