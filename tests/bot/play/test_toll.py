"""The toll: what is not paid for is not shown, and nothing is lost by waiting for it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.play.card import Card
from bot.play.dice import seeded
from bot.play.event import Admit, Event, Speak
from bot.play.path import here, last_scenes, scenes_seen
from bot.play.state import BranchState, pack, unpack
from bot.play.step import Refused, Timer, retell, step
from bot.play.toll import WHOLE, arrival, hold, settled, standing, toll, unpaid
from bot.story.story import Story
from tests.bot.play.dramas import made_up
from tests.bot.play.player import Player
from tests.bot.play.test_session import MOVES, Move, event_of
from tests.bot.story.draft import read
from tests.fakes.priced import TOLLGATE, TOLLGATE_ES

STORY = read(TOLLGATE, {"locales/es.yaml": TOLLGATE_ES})


class Guest(Player):
    """A player who is shown what they have paid for."""

    def __init__(self, *bought: str, story: Story = STORY, seed: int = 7) -> None:
        self.granted = frozenset(bought)
        super().__init__(story, seed=seed)

    def buy(self, *episodes: str) -> Guest:
        self.granted |= set(episodes)
        self.do(Admit(self.state.revision))
        return self

    @property
    def told(self) -> list[str]:
        return told(self.cards)

    def _do(self, event: Event, state: BranchState | None, revision: int) -> None:
        now = self.now + 1000
        taken = step(self.story, state, event, now, seeded(self.seed, revision))
        self.steps.append(hold(self.story, taken, self.granted))
        self.events.append(event)
        self.now = now


def told(cards: tuple[Card, ...]) -> list[str]:
    """The scenes shown; a toll as the price of its episode's id."""
    return [f"${card.toll}" if card.toll else card.scene for card in cards]


def test_a_step_is_told_up_to_the_episode_that_must_be_bought() -> None:
    ann = Guest()
    ann.choose("knock")
    assert ann.told == ["porch", "$house"]
    assert ann.card == Card("lobby", "en", toll="house")
    assert (ann.state.scene, ann.state.held, ann.state.deadline) == ("stairs", 1, None)
    assert ann.steps[-1].agenda == ()
    assert [fact.kind for fact in ann.steps[-1].facts] == ["choice"]
    assert toll(STORY, ann.state, ann.granted) is not None


@pytest.mark.parametrize("bought", ["house", WHOLE])
def test_what_was_bought_before_is_told_at_once(bought: str) -> None:
    ann = Guest(bought)
    ann.choose("knock")
    assert ann.told == ["porch", "lobby", "stairs"]
    assert (ann.state.held, ann.state.deadline) == (None, ann.now + 5_000)


def test_who_is_let_in_sees_what_waited_and_has_all_their_time() -> None:
    ann = Guest()
    ann.choose("knock")
    before, ann.now = ann.state, ann.now + 86_400_000
    ann.buy("house")
    assert ann.told == ["lobby", "stairs"]
    assert ann.card.options
    assert (ann.state.path, ann.state.scene, ann.state.revision) == (before.path, "stairs", before.revision + 1)
    assert (ann.state.since, ann.state.deadline, ann.state.held) == (ann.now, ann.now + 5_000, None)
    assert ann.steps[-1].agenda == (Timer("timeout", ann.now + 5_000),)
    assert settled(STORY, ann.state, ann.granted)


def test_a_way_through_two_priced_episodes_is_paid_for_one_by_one() -> None:
    ann = Guest()
    ann.choose("tunnel")
    assert ann.told == ["$house"]
    ann.buy("house")
    assert ann.told == ["cellar", "$bank"]
    assert not ann.steps[-1].agenda
    ann.buy("bank")
    assert ann.told == ["vault", "quay"]
    ann.choose("home", "tunnel")
    assert ann.told == ["cellar", "vault", "quay"]


def test_the_second_may_be_bought_first_and_the_whole_at_once() -> None:
    ann, ben = Guest(), Guest()
    ann.choose("tunnel")
    ann.buy("bank")
    assert ann.told == ["$house"]
    ann.buy("house")
    assert ann.told == ["cellar", "vault", "quay"]
    ben.choose("tunnel")
    assert ben.buy(WHOLE).told == ["cellar", "vault", "quay"]


def test_an_ending_behind_the_toll_is_found_when_it_is_seen() -> None:
    ann = Guest()
    ann.choose("steal")
    assert ann.told == ["$house"]
    assert (ann.state.ended, [fact.kind for fact in ann.steps[-1].facts]) == (frozenset(), ["choice"])
    assert unpack(STORY, pack(STORY, ann.state)) == ann.state
    ann.buy("house")
    assert (ann.card.ending, ann.card.new, ann.state.ended) == ("secret", True, frozenset({"loft"}))
    assert [(fact.kind, fact.scene) for fact in ann.steps[-1].facts] == [("ending", "loft")]
    ann.rewind(0).choose("steal")
    assert not ann.card.new


def test_going_back_leaves_what_was_never_seen_unseen() -> None:
    ann = Guest()
    ann.choose("steal")
    assert (here(ann.state), scenes_seen(ann.state)) == ("loft", {"corner"})
    ann.rewind(0)
    assert (ann.told, ann.state.held, ann.state.ended) == (["corner"], None, frozenset())
    assert scenes_seen(ann.state) == {"corner"}
    ann.choose("knock").restart()
    assert scenes_seen(ann.state) == {"corner", "porch"}
    assert ann.value("brave") is True


def test_a_change_of_language_leaves_the_viewer_waiting() -> None:
    ann = Guest()
    ann.choose("tunnel").speak("es")
    assert ann.cards == (Card("cellar", "es", toll="house"),)
    assert ann.buy("house").cards[0].language == "es"


def test_one_who_speaks_after_paying_misses_nothing() -> None:
    ann = Guest()
    ann.choose("knock")
    ann.granted |= {"house"}
    ann.do(Speak(ann.state.revision, "es"))
    assert ann.told == ["lobby", "stairs"]
    assert ann.buy("house").told == ["lobby", "stairs"]


def test_who_comes_back_sees_what_they_wait_for_or_all_that_let_them_in() -> None:
    ann = Guest()
    ann.choose("knock")
    assert told(standing(STORY, ann.state, ann.granted)) == ["$house"]
    assert told(standing(STORY, ann.state, frozenset({"house"}))) == ["lobby", "stairs"]
    ann.buy("house")
    assert told(arrival(STORY, ann.state, ann.granted)) == ["lobby", "stairs"]
    assert told(standing(STORY, ann.state, ann.granted)) == ["stairs"]
    ann.choose("linger")
    assert told(arrival(STORY, ann.state, ann.granted)) == ["stairs"]


def test_what_is_refunded_is_held_and_let_in_again() -> None:
    ann = Guest("house")
    ann.choose("knock")
    ann.granted = frozenset()
    assert not settled(STORY, ann.state, ann.granted)
    ann.do(Admit(ann.state.revision))
    assert (ann.told, ann.state.deadline, ann.steps[-1].agenda) == (["$house"], None, ())
    assert ann.buy("house").told == ["lobby", "stairs"]


def shown_for_money(guest: Guest) -> bool:
    return any(card.toll is None and unpaid(guest.story, card.scene, guest.granted) for card in guest.cards)


@given(MOVES, st.lists(st.sampled_from(["house", "bank", WHOLE, "refund"]), max_size=6), st.integers(0, 2**32))
def test_no_way_through_the_story_shows_what_is_not_paid_for(moves: list[Move], deals: list[str], seed: int) -> None:
    guest = Guest(seed=seed)
    for what, number in moves:
        try:
            guest.do(event_of(guest, what, number))
        except Refused:
            continue
        assert not shown_for_money(guest)
        assert unpack(STORY, pack(STORY, guest.state)) == guest.state
        assert settled(STORY, guest.state, guest.granted) or guest.state.held is not None
        if guest.state.held is not None and deals:
            deal = deals.pop()
            guest.granted = frozenset() if deal == "refund" else guest.granted | {deal}
            guest.do(Admit(guest.state.revision))
            assert not shown_for_money(guest)
            assert settled(STORY, guest.state, guest.granted)
            assert (guest.state.held is None) == (guest.card.toll is None)
            assert guest.card.toll is None or guest.state.deadline is None


@given(st.integers(0, 100), MOVES, st.integers(0, 2**32))
def test_the_last_step_has_a_scene_for_every_card_it_retells(author: int, moves: list[Move], seed: int) -> None:
    player = Player(made_up(author), seed=seed)
    for what, number in moves:
        try:
            player.do(event_of(player, what, number))
        except Refused:
            continue
        assert tuple(card.scene for card in retell(player.story, player.state)) == last_scenes(player.state)
