"""A new version of a story: nobody's place is lost, and nobody is put anywhere without a word."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest

from bot.play.landing import Fate, land
from bot.play.path import choice_points
from bot.play.renaming import names
from bot.play.state import FOLDED, BranchState, pack, unpack
from bot.play.step import Refused, show
from bot.play.toll import arrival, standing
from bot.play.walk import Walk
from bot.story.story import Story
from tests.bot.play.dramas import made_up
from tests.bot.play.editor import edited
from tests.bot.play.player import Player
from tests.bot.play.test_toll import Guest
from tests.bot.story.draft import read, scenes
from tests.fakes.priced import TOLLGATE

TALE = """
gate: {choices: {in: {label: In, to: yard}, away: {label: Away, do: coins += 1, to: road}}}
yard: {choices: {ring: {label: Ring, to: hall}, wait: {label: Wait, to: yard}}}
road: {choices: {back: {label: Back, to: gate}, on: {label: On, to: sea}}}
hall: {ending: {title: The hall, kind: happy}}
sea: {ending: {title: The sea, kind: open}}
"""
COINS = "variables: {coins: {type: integer, from: 0, to: 5}}\n"
OLD = scenes(TALE, COINS)


def changed(*replacements: tuple[str, str], head: str = COINS) -> Story:
    text = TALE
    for before, after in replacements:
        assert before in text
        text = text.replace(before, after)
    return scenes(text, head)


def at_road() -> BranchState:
    return Player(OLD).choose("away", "back", "away").state


# -- goes on


def test_nothing_changes_where_nothing_did() -> None:
    landing = land(OLD, at_road(), changed())
    assert (landing.fate, landing.walked, landing.refreshed) == (Fate.CONTINUES, True, False)
    assert landing.state == at_road()


def test_a_choice_put_above_moves_nobody() -> None:
    landing = land(OLD, at_road(), changed(("{back:", "{hide: {label: Hide, to: sea}, back:")))
    assert (landing.fate, landing.walked, landing.refreshed) == (Fate.CONTINUES, True, True)
    assert landing.state.path == at_road().path


def test_a_scene_put_in_between_is_walked_through() -> None:
    new = changed(
        ("coins += 1, to: road", "coins += 1, to: dust"), ("road: {", "dust: {look: dust, to: road}\nroad: {")
    )
    landing = land(OLD, at_road(), new)
    assert (landing.fate, landing.walked) == (Fate.CONTINUES, True)
    assert landing.state.visits == {"gate": 2, "dust": 2, "road": 2}


RENAMED = (
    ("to: road", "to: lane"), ("road: {choices: {back:", "lane: {was: road, choices: {return:"),
    ("label: Back,", "label: Back, was: back,"), ("{in:", "{enter:"), ("label: In,", "label: In, was: in,"),
    ("coins +=", "money +="),
)  # fmt: skip
MONEY = "variables: {money: {type: integer, from: 0, to: 5, was: coins}}\n"


def test_what_was_renamed_is_followed_there_and_back() -> None:
    new = changed(*RENAMED, head=MONEY)
    landing = land(OLD, at_road(), new)
    assert (landing.fate, landing.walked) == (Fate.CONTINUES, True)
    assert landing.state.path == ("gate", ">away", "lane", ">return", "gate", ">away", "lane")
    assert landing.state.values == (2,)
    # The version before is brought back: it knows nothing of the new names, but they know of it.
    back = land(new, landing.state, OLD)
    assert (back.fate, back.walked, back.state) == (Fate.CONTINUES, True, at_road())


def test_an_old_name_that_stays_in_the_file_says_nothing_more() -> None:
    there = changed(*RENAMED, head=MONEY)
    later = changed(*RENAMED, ("label: On", "label: Onward"), head=MONEY)
    state = Player(there).choose("away").state
    assert land(there, state, later).state == state
    assert land(later, state, there).state == state


def test_a_name_that_is_something_else_now_is_not_gone_back_to() -> None:
    # The lane was the road; now the gate has that name.
    old = changed(("to: road", "to: lane"), ("road: {", "lane: {was: road, "))
    new = changed(
        ("gate: {", "road: {was: gate, "),
        ("to: gate", "to: road"),
        ("to: road}}}\nyard", "to: sea}}}\nyard"),
        ("\nroad: {choices: {back", "\nshore: {choices: {back"),
    )
    called = names(old, new)
    assert (called.scene("gate"), called.scene("lane")) == ("road", "lane")
    assert land(old, Player(old).choose("away").state, new).fate is Fate.MOVED


def test_a_new_variable_has_what_the_way_walked_gives_it() -> None:
    new = changed(("coins += 1", "[coins += 1, dusty = true]"), head=COINS[:-2] + ", dusty: {type: flag}}\n")
    landing = land(OLD, at_road(), new)
    assert (landing.fate, landing.state.values) == (Fate.CONTINUES, (2, True))


def test_where_the_way_is_another_the_place_stays_and_the_way_back_goes() -> None:
    # By the new version nobody comes to the road from the gate any more.
    landing = land(OLD, at_road(), changed(("Away, do: coins += 1, to: road", "Away, to: sea")))
    assert (landing.fate, landing.walked) == (Fate.CONTINUES, False)
    assert landing.state.scene == "road"
    assert landing.state.path == ("=road",)
    assert landing.state.values == (2,)


def test_values_are_kept_inside_new_bounds() -> None:
    new = changed(
        ("Away, do: coins += 1, to: road", "Away, to: sea"),
        head="variables: {coins: {type: integer, from: 0, to: 1}}\n",
    )
    assert land(OLD, at_road(), new).state.values == (1,)


def test_a_choice_that_is_closed_now_was_made_all_the_same() -> None:
    landing = land(OLD, at_road(), changed(("{label: Away, do", "{label: Away, if: coins > 4, do")))
    assert (landing.fate, landing.walked, landing.state.values) == (Fate.CONTINUES, True, (2,))


def test_what_was_typed_is_cut_to_its_new_length() -> None:
    tale = "gate: {choices: {in: {label: In, ask: name, to: hall}}}\nhall: {choices: {out: {label: Out, to: gate}}}"
    old, new = (scenes(tale, f"variables: {{name: {{type: text, length: {length}}}}}\n") for length in (12, 5))
    landing = land(old, Player(old).choose("in", text="Wren Smith").state, new)
    assert (landing.fate, landing.walked, landing.state.values) == (Fate.CONTINUES, True, ("Wren",))
    assert landing.state.path == ("gate", ">in", '"Wren', "hall")


def test_what_the_dice_showed_for_one_choice_answers_no_other() -> None:
    tale = """
    gate: {choices: {in: {label: In, FIRST}}}
    yard: {choices: {on: {label: On, route: [{random: [{do: coins = 1, to: hall}, {do: coins = 2, to: hall}]}]}}}
    hall: {choices: {out: {label: Out, to: gate}}}
    """
    both = "route: [{random: [{to: yard}, {to: yard}]}]"
    old, new = scenes(tale.replace("FIRST", both), COINS), scenes(tale.replace("FIRST", "to: yard"), COINS)
    seen = set()
    for seed in range(20):
        state = Player(old, seed=seed).choose("in", "on").state
        landing = land(old, state, new)
        assert (landing.walked, landing.state.values) == (True, state.values)
        seen.add(state.path)
    assert len(seen) == 4


# -- whether the card that stands in a chat is still good

CLOCKED = """
gate: {
  lines: [{narrator: A gate.}], within: 9s, default: [in, away],
  choices: {
    in: {label: "In, {coins}", to: sea},
    away: {label: Away, do: coins += 1, to: gate},
    ask: {label: Ask, if: coins > 3, else: locked, ask: name, to: sea},
  }}
sea: {ending: {title: The sea, kind: open}}
"""
NAMED = "variables:\n  coins: {type: integer, from: 0, to: 5}\n  name: {type: text, length: 8}\n"


def clocked(*replacements: tuple[str, str]) -> Story:
    head, text = NAMED, CLOCKED
    for before, after in replacements:
        assert before in head + text
        head, text = head.replace(before, after), text.replace(before, after)
    return scenes(text, head)


@pytest.mark.parametrize(
    "replacements",
    [
        [('label: "In, {coins}"', "label: Inside")],
        [("away: {label", "off: {was: away, label"), ("[in, away]", "[in, off]")],
        [("    away:", "    new: {label: New, to: sea},\n    away:")],
        [("coins > 3, else: locked", "coins > 3")],
        [("if: coins > 3", "if: coins > 0")],
        [("ask: name, ", "")],
        [("length: 8", "length: 9")],
        [("within: 9s", "within: 8s")],
        [("default: [in, away]", "default: in")],
        [("default: [in, away]", "default: away")],
        [("within: 9s, default: [in, away],", "")],
        # By the way as it is now, its label says another number.
        [("coins += 1", "coins += 2")],
    ],
)
def test_other_buttons_or_another_clock_are_a_card_anew(replacements: list[tuple[str, str]]) -> None:
    state = Player(clocked()).choose("away").state
    landing = land(clocked(), state, clocked(*replacements))
    assert (landing.fate, landing.refreshed) == (Fate.CONTINUES, True)
    assert (landing.state.revision, landing.state.deadline) == (state.revision, None)


@pytest.mark.parametrize(
    "replacements",
    [
        [("A gate.", "The gate."), ("lines:", "clip: clips/gate.mp4, lines:")],
        [("[in, away]", "[in, ask, away]")],
        [("label: Away, do: coins += 1, to: gate", "label: Away, do: coins += 1, to: sea")],
    ],
)
def test_what_is_merely_said_or_comes_later_leaves_buttons_and_timer_alone(
    replacements: list[tuple[str, str]],
) -> None:
    state = Player(clocked()).choose("away").state
    assert state.deadline is not None
    landing = land(clocked(), state, clocked(*replacements))
    assert (landing.fate, landing.refreshed) == (Fate.CONTINUES, False)
    assert (landing.state.revision, landing.state.deadline) == (state.revision, state.deadline)


def test_a_gap_that_is_an_ending_now_is_shown_and_found() -> None:
    old = scenes("gate: {choices: {in: {label: In, to: yard}}}\nyard: {look: fog}")
    new = scenes("gate: {choices: {go: {label: Go, to: yard}}}\nyard: {ending: {title: The yard, kind: sad}}")
    landing = land(old, Player(old).choose("in").state, new)
    assert (landing.fate, landing.walked, landing.refreshed) == (Fate.CONTINUES, False, True)
    assert landing.state.ended == {"yard"}


# -- waits before an episode that must be bought

TOLLED = read(TOLLGATE)


def tolled(*replacements: tuple[str, str]) -> Story:
    text = TOLLGATE
    for before, after in replacements:
        assert before in text
        text = text.replace(before, after)
    return read(text)


def test_who_waits_to_pay_waits_on() -> None:
    state = Guest(story=TOLLED).choose("knock").state
    landing = land(TOLLED, state, tolled(("The door opens.", "The door is open."), ("label: Go up", "label: Up")))
    assert (landing.fate, landing.refreshed, landing.state) == (Fate.CONTINUES, False, state)
    new = tolled(("porch", "veranda"), ("veranda: {", "veranda: {was: porch, "), ("lobby", "hall"),
                 ("hall: {", "hall: {was: lobby, "))  # fmt: skip
    landing = land(TOLLED, state, new)
    assert (landing.fate, landing.refreshed, landing.state.held) == (Fate.CONTINUES, False, 1)
    assert [card.toll or card.scene for card in standing(new, landing.state, frozenset())] == ["veranda", "house"][1:]


@pytest.mark.parametrize("change", [("price: 50", "price: 60"), ("    price: 50\n", ""), ("price: 70", "price: 80")])
def test_another_price_is_a_card_anew(change: tuple[str, str]) -> None:
    landing = land(TOLLED, Guest(story=TOLLED).choose("knock").state, tolled(change))
    assert (landing.fate, landing.refreshed, landing.state.held) == (Fate.CONTINUES, True, 1)


def test_an_ending_that_waits_is_not_found_by_a_new_version() -> None:
    state = Guest(story=TOLLED).choose("steal").state
    landing = land(TOLLED, state, tolled(("A corner.", "The corner.")))
    assert (landing.fate, landing.state.held, landing.state.ended) == (Fate.CONTINUES, 0, frozenset())


def test_where_another_step_leads_there_who_waits_is_moved_back_and_has_seen_nothing_of_it() -> None:
    state = Guest(story=TOLLED).choose("knock").state
    landing = land(TOLLED, state, tolled(("to: lobby}", "to: quay}")))
    assert (landing.fate, landing.state.scene, landing.state.held) == (Fate.MOVED, "corner", None)
    assert landing.state.seen == {"porch"}


def test_what_was_told_after_a_wait_is_not_looked_for_in_another_step() -> None:
    ann = Guest(story=TOLLED)
    ann.choose("knock")
    state = ann.buy("house").state
    assert state.admitted == 1
    new = tolled(("to: lobby}", "to: stairs}"))
    landing = land(TOLLED, state, new)
    assert (landing.fate, landing.state.admitted) == (Fate.CONTINUES, None)
    assert [card.scene for card in arrival(new, landing.state, frozenset({"house"}))] == ["stairs"]
    elsewhere = tolled(("knock: {label: Knock, do: [brave = true], to: porch}", "knock: {label: Knock, to: park}"))
    landing = land(TOLLED, state, elsewhere)
    assert (landing.fate, landing.walked, landing.state.admitted) == (Fate.CONTINUES, False, None)


# -- is moved, and told


def test_a_scene_that_is_gone_leads_back_to_the_choice_before() -> None:
    new = changed(("to: road", "to: sea"), (next(line for line in TALE.splitlines() if line.startswith("road")), ""))
    landing = land(OLD, at_road(), new)
    assert (landing.fate, landing.state.scene, landing.refreshed) == (Fate.MOVED, "gate", True)
    assert landing.state.revision == at_road().revision
    assert "road" not in landing.state.seen


def test_a_scene_that_leads_nowhere_now_is_no_place_to_stand() -> None:
    new = changed(("road: {choices: {back:", "road: {choices: {back: {label: B, if: false, to: sea}, old:"), ("old: {label: Back,", "old: {label: Back, if: false,"), ("on: {label: On,", "on: {label: On, if: false,"))  # fmt: skip  # noqa: E501
    landing = land(OLD, at_road(), new)
    assert (landing.fate, landing.state.scene) == (Fate.MOVED, "gate")


def test_a_scene_that_goes_on_by_itself_now_is_no_place_to_stand() -> None:
    line = next(line for line in TALE.splitlines() if line.startswith("road"))
    landing = land(OLD, at_road(), changed((line, "road: {to: sea}")))
    assert (landing.fate, landing.state.scene) == (Fate.MOVED, "gate")


def test_with_nothing_left_of_the_way_it_begins_again_with_what_is_kept() -> None:
    kept = "variables: {coins: {type: integer, from: 0, to: 5, keep: true}}\n"
    old = scenes(TALE, kept)
    state = Player(old).choose("away", "on").restart().choose("away").state
    new = scenes("dawn: {choices: {up: {label: Up, to: sea}}}\nsea: {ending: {title: Sea, kind: open}}", kept)
    landing = land(old, state, new)
    assert (landing.fate, landing.state.scene) == (Fate.RESTARTS, "dawn")
    assert landing.state.values == (2,)
    assert landing.state.ended == {"sea"}


def test_who_is_moved_back_keeps_what_a_rewind_keeps() -> None:
    kept = "variables: {coins: {type: integer, from: 0, to: 5, keep: true}}\n"
    old = scenes(TALE, kept)
    player = Player(old).choose("in", "ring").jump("gate").choose("away")
    gone = scenes(TALE.replace("to: road", "to: sea").replace(TALE.splitlines()[3], ""), kept)
    landing = land(old, player.state, gone)
    assert (landing.fate, landing.walked, landing.state.scene) == (Fate.MOVED, True, "gate")
    assert landing.state.values == (1,)
    assert landing.state.ended == {"hall"}
    assert landing.state == replace(
        land(old, player.rewind(2).state, gone).state, revision=landing.state.revision, since=landing.state.since
    )


# -- whatever a writer does


@pytest.mark.parametrize("batch", range(3))
def test_nobody_is_put_anywhere_silently_whatever_a_writer_does(batch: int) -> None:
    fates: dict[Fate, int] = dict.fromkeys(Fate, 0)
    for seed in range(batch * 60, batch * 60 + 60):
        old, chance = made_up(seed % 60), Random(seed)
        new = edited(old, seed)
        if new is None:
            continue
        player = Player(old, seed=seed)
        for _ in range(chance.randint(0, 12)):
            wander(player, chance)
            landing = land(old, player.state, new)
            fates[landing.fate] += 1
            assert_sound(old, player.state, new, landing.state, landing.fate)
    assert fates[Fate.CONTINUES] > 40
    assert fates[Fate.MOVED] + fates[Fate.RESTARTS] > 4


def wander(player: Player, chance: Random) -> None:
    """Something that viewers do."""
    buttons = [one for one in player.buttons if not one.startswith("(")]
    try:
        if not buttons or chance.random() < 0.1:
            player.restart()
        elif chance.random() < 0.15 and choice_points(player.state.path):
            player.rewind(chance.randrange(len(choice_points(player.state.path))))
        else:
            player.choose(chance.choice(buttons))
    except Refused:
        player.restart()


def assert_sound(old: Story, state: BranchState, new: Story, landed: BranchState, fate: Fate) -> None:
    called = names(old, new)
    # It is a state of the new version: it can be stored, and its path leads to it.
    assert unpack(new, pack(new, landed)) == landed
    walk = Walk.again(new, landed.language, landed.base, landed.path)
    assert (walk.scene, tuple(walk.values), walk.ended) == (landed.scene, landed.values, landed.ended)
    assert landed.revision == state.revision
    card = show(new, landed)
    if fate is Fate.CONTINUES:
        assert landed.scene == called.scene(state.scene)
        assert not card.stuck
        assert new.scenes[landed.scene].route is None
    elif fate is Fate.MOVED:
        before = {called.scene(token.removeprefix(FOLDED)) for token in state.path}
        assert landed.scene in before
        assert not card.stuck
    else:
        assert landed.path[0] == new.start
        assert not landed.chosen


def test_what_was_kept_before_a_rewind_stays_inside_new_bounds() -> None:
    head = "variables: {coins: {type: integer, from: 0, to: 5, keep: true}}\n"
    player = Player(changed(head=head)).choose("away", "back", "away", "back").rewind(0)
    assert player.value("coins") == 2
    new = changed(head=head.replace("to: 5", "to: 1"))
    landing = land(player.story, player.state, new)
    assert (landing.fate, landing.walked, landing.state.values) == (Fate.CONTINUES, True, (1,))
    assert landing.state.path[-1] == '!{"values":{"coins":1},"ended":[]}'
