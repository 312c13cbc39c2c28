"""Priced episodes through the one door: paid for once, never shown before, and no clock runs meanwhile."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.agenda import Agenda
from bot.app import App, UnknownSession
from bot.delivery.parcel import Parcel, unwrap
from bot.event import Answer
from bot.play import event as play
from bot.play.card import Card
from bot.play.path import choice_points
from bot.play.step import Reason
from bot.play.toll import WHOLE, unpaid
from bot.rooms import Rooms
from bot.store.port import Due, EventKey, Outcome, Purchase
from bot.store.sqlite import SQLiteStore
from bot.story.story import Story
from tests.fakes.effort import effort
from tests.fakes.house import START, Clock, House
from tests.fakes.priced import TOLLGATE, TOLLGATE_ES
from tests.fakes.visitor import Visitor, new_event

STORY = "tollgate"
LATER = START + 3_600_000


class Buyer(Visitor):
    """A visitor who pays, or is paid back, and is let in or held as the one door sees fit."""

    def __init__(self, app: App, user: str = "ann", **facts: Any) -> None:
        super().__init__(app, user, "telegram", address=f"telegram:{user}", **facts)
        self.charges: dict[str, str] = {}

    async def begin(self, *choices: str) -> Answer:
        answer = await self.open(STORY)
        for choice in choices:
            answer = await self.tap(choice)
        return answer

    async def pay(self, episode: str) -> EventKey:
        """Only the purchase: whoever takes it says so to the door afterwards."""
        key, charge = EventKey(self.platform, new_event()), new_event()
        viewer = await self.app.store.viewer(self.platform, self.user)
        bought = Purchase(charge, self.platform, self.user, viewer.id, STORY, episode, 50, START)
        assert await self.app.store.buy(key, bought) is Outcome.COMMITTED
        self.charges[episode] = charge
        return key

    async def buy(self, episode: str, at: int = LATER) -> Answer | None:
        return await self.admit(await self.pay(episode), at)

    async def admit(self, key: EventKey, at: int = LATER) -> Answer | None:
        answer = await self.app.admit(key, self.platform, self.user, STORY, at)
        if answer is not None:
            self._seen(answer)
        return answer

    async def refund(self, episode: str) -> None:
        assert await self.app.store.refund(self.charges.pop(episode), START)

    async def pushed(self) -> list[str]:
        parcels = [unwrap(card.body) for card in await self.app.store.pending("telegram", 0, 1_000)]
        return told(tuple(parcel.card for parcel in parcels if isinstance(parcel, Parcel)))

    async def due(self) -> list[Due]:
        return list(await self.app.store.due(LATER * 2, 100))


def told(cards: tuple[Card, ...]) -> list[str]:
    return [f"${card.toll}" if card.toll else card.scene for card in cards]


def furnish(house: House) -> None:
    house.write(STORY, TOLLGATE, es=TOLLGATE_ES)


@pytest.fixture
async def ann(house: House) -> AsyncIterator[Buyer]:
    furnish(house)
    async with house.running() as app:
        yield Buyer(app)


async def test_the_story_waits_before_what_is_not_paid_for(ann: Buyer) -> None:
    answer = await ann.begin("knock")
    assert told(answer.cards) == ["porch", "$house"]
    assert await ann.pushed() == ["corner", "porch", "$house"]
    assert await ann.due() == []
    assert told((await ann.open(STORY)).cards) == ["$house"]
    assert told((await ann.app.current("telegram", "ann", ann.session)).cards) == ["$house"]


@pytest.mark.parametrize(
    "further",
    [
        lambda at: play.Choose(at, "up"),
        lambda at: play.Choose(at, "no-such"),
        lambda at: play.TimeOut(at),
        lambda at: play.TimeOut(at, present=False),
        lambda at: play.Jump(at, "vault"),
        lambda at: play.Jump(at, "corner"),
    ],
)
async def test_nothing_leads_on_meanwhile(ann: Buyer, further: Callable[[int], play.Event]) -> None:
    await ann.begin("knock")
    answer = await ann.tell(further(ann.revision))
    assert (answer.notice, told(answer.cards), answer.session.revision) == (Reason.UNPAID, ["$house"], 1)


async def test_a_button_of_before_is_late_and_not_unpaid(ann: Buyer) -> None:
    await ann.begin("knock")
    assert (await ann.tell(play.Choose(0, "walk"))).notice is Reason.MOVED_ON


async def test_one_may_go_back_play_again_and_change_the_language(ann: Buyer) -> None:
    await ann.begin("knock")
    answer = await ann.tell(play.Speak(ann.revision, "es"))
    assert (told(answer.cards), answer.cards[0].language) == (["$house"], "es")
    assert told((await ann.tell(play.Rewind(ann.revision, 0))).cards) == ["corner"]
    assert told((await ann.tap("walk")).cards) == ["park"]
    assert [due.revision for due in await ann.due()] == [ann.revision]
    await ann.tap("turn")
    await ann.tap("steal")
    assert told((await ann.tell(play.Restart(ann.revision))).cards) == ["corner"]


async def test_who_has_paid_goes_on_where_they_waited(ann: Buyer) -> None:
    await ann.begin("knock")
    answer = await ann.buy("house")
    assert answer is not None
    assert (told(answer.cards), answer.granted) == (["lobby", "stairs"], frozenset({"house"}))
    assert (await ann.pushed())[-2:] == ["lobby", "stairs"]
    assert [(due.at, due.revision) for due in await ann.due()] == [(LATER + 5_000, ann.revision)]
    assert told((await ann.app.current("telegram", "ann", ann.session)).cards) == ["lobby", "stairs"]
    assert told((await ann.tap("linger")).cards) == ["stairs"]


async def test_who_is_let_in_twice_is_let_in_once(ann: Buyer) -> None:
    await ann.begin("knock")
    key = await ann.pay("house")
    first, *others = await asyncio.gather(*(ann.admit(key) for _ in range(5)))
    assert {answer.session.revision for answer in (first, *others) if answer is not None} == {2}
    assert await ann.admit(key) is None
    assert await ann.admit(EventKey("telegram", "another")) is None
    assert (await ann.pushed()).count("lobby") == 1


async def test_who_pays_beforehand_is_never_stopped(ann: Buyer) -> None:
    assert await ann.buy("house") is None
    await ann.begin()
    assert await ann.buy("bank") is None
    assert told((await ann.tap("tunnel")).cards) == ["cellar", "vault", "quay"]


async def test_a_way_through_two_priced_episodes_stops_twice(ann: Buyer) -> None:
    await ann.begin("tunnel")
    assert await ann.buy("bank") is None
    first = await ann.buy("house")
    assert first is not None
    assert told(first.cards) == ["cellar", "vault", "quay"]
    ben = Buyer(ann.app, "ben")
    await ben.begin("tunnel")
    first, second = await ben.buy("house"), await ben.buy("bank")
    assert first is not None
    assert second is not None
    assert (told(first.cards), told(second.cards)) == (["cellar", "$bank"], ["vault", "quay"])


async def test_the_whole_story_opens_all_of_it(ann: Buyer) -> None:
    await ann.begin("tunnel")
    answer = await ann.buy(WHOLE)
    assert answer is not None
    assert told(answer.cards) == ["cellar", "vault", "quay"]


async def test_what_one_viewer_bought_opens_nothing_for_another(ann: Buyer) -> None:
    ben = Buyer(ann.app, "ben")
    await ann.begin("knock")
    await ann.buy("house")
    assert told((await ben.begin("knock")).cards) == ["porch", "$house"]
    ben.session = ann.session
    with pytest.raises(UnknownSession):
        await ben.tell(play.Admit(ann.revision))


async def test_admission_is_no_way_around_the_toll(ann: Buyer) -> None:
    await ann.begin("knock")
    answer = await ann.tell(play.Admit(ann.revision))
    assert told(answer.cards) == ["$house"]
    assert await ann.due() == []


async def test_an_admission_that_was_lost_is_made_up_for_by_coming_back(ann: Buyer) -> None:
    await ann.begin("knock")
    await ann.pay("house")
    answer = await ann.open(STORY, "back", at=LATER)
    assert (told(answer.cards), answer.state.deadline) == (["lobby", "stairs"], LATER + 5_000)
    again = await ann.open(STORY, "back", at=LATER)
    assert (told(again.cards), again.session.revision) == (["lobby", "stairs"], answer.session.revision)


class BuyingMeanwhile(SQLiteStore):
    """While `armed`, the viewer pays just after it was looked whether they had."""

    armed = False

    async def bought(self, viewer: int, story: str) -> frozenset[str]:
        known = await super().bought(viewer, story)
        if self.armed and not known:
            bought = Purchase("charge", "telegram", "ann", viewer, story, "house", 50, START)
            await self.buy(EventKey("telegram", "meanwhile"), bought)
        return known


async def test_a_purchase_between_the_look_and_the_step_lets_the_viewer_in(house: House) -> None:
    furnish(house)
    async with house.running(BuyingMeanwhile) as app:
        ann = Buyer(app)
        await ann.open(STORY)
        assert isinstance(app.store, BuyingMeanwhile)
        app.store.armed = True
        answer = await ann.tap("knock", at=LATER)
        assert (told(answer.cards), answer.session.revision) == (["porch", "lobby", "stairs"], 2)
        assert [(due.at, due.revision) for due in await ann.due()] == [(LATER + 5_000, 2)]
        assert await ann.pushed() == ["corner", "porch", "$house", "lobby", "stairs"]
        assert await ann.admit(EventKey("telegram", "meanwhile")) is None


async def test_what_is_refunded_is_held_at_once(ann: Buyer) -> None:
    await ann.begin("knock")
    await ann.buy("house")
    await ann.refund("house")
    answer = await ann.admit(EventKey("telegram", "refund"))
    assert answer is not None
    assert told(answer.cards) == ["$house"]
    assert await ann.due() == []
    answer = await ann.buy("house")
    assert answer is not None
    assert told(answer.cards) == ["lobby", "stairs"]


async def test_a_refund_that_was_not_told_of_holds_at_the_next_event(ann: Buyer) -> None:
    await ann.begin("knock")
    await ann.buy("house")
    await ann.refund("house")
    assert told((await ann.tap("up")).cards) == ["$house"]
    answer = await ann.tap("up")
    assert answer.notice is Reason.UNPAID
    answer = await ann.buy("house") or answer
    assert told(answer.cards) == ["lobby", "stairs"]


async def test_the_clock_of_what_is_not_paid_for_decides_nothing(ann: Buyer) -> None:
    await ann.begin("knock")
    agenda = Agenda(ann.app, Rooms(ann.app), Clock(LATER * 2))
    await agenda.take_due()
    assert (await ann.open(STORY)).session.revision == 1
    await ann.buy("house")
    await ann.refund("house")
    await agenda.take_due()
    answer = await ann.open(STORY)
    assert (told(answer.cards), choice_points(answer.state.path)[-1].choice) == (["$house"], "knock")
    assert await ann.due() == []


async def test_a_story_without_prices_asks_nobody_what_was_bought(house: House) -> None:
    asked: Counter[str] = Counter()

    class Asked(SQLiteStore):
        async def bought(self, viewer: int, story: str) -> frozenset[str]:
            asked[story] += 1
            return await super().bought(viewer, story)

    furnish(house)
    async with house.running(Asked) as app:
        free = Visitor(app)
        await free.open()
        await free.tap("left")
        await free.open()
        assert not asked
        await Buyer(app).begin("walk")
        assert set(asked) == {STORY}


async def test_a_price_that_comes_later_counts_from_the_next_playthrough(house: House) -> None:
    house.write(STORY, TOLLGATE.replace("    price: 50\n", "").replace("    price: 70\n", ""))
    async with house.running() as app:
        ann = Buyer(app)
        assert told((await ann.begin("knock")).cards) == ["porch", "lobby", "stairs"]
        furnish(house)
        await app.library.load(START)
        assert told((await ann.tap("linger")).cards) == ["stairs"]
        assert told((await ann.tell(play.Restart(ann.revision))).cards) == ["corner"]
        assert told((await ann.tap("knock")).cards) == ["porch", "$house"]


# -- any order of events

DEEDS = ["tap"] * 8 + ["time out", "agenda", "rewind", "restart", "speak", "jump", "open", "look", "stale"]
DEALS = ["buy"] * 3 + ["pay", "refund", "admit"]
MOVES = st.lists(st.tuples(st.sampled_from(DEEDS + DEALS), st.integers(0, 50)), max_size=16)
FOR_SALE = ("house", "bank", WHOLE)


class Chance:
    """A viewer who does anything; after each deed, all that was shown is held against what is paid for."""

    def __init__(self, buyer: Buyer, story: Story) -> None:
        self.buyer = buyer
        self.story = story
        self.scene = story.start
        self.points = 0
        self.last = 0

    async def do(self, deed: str, number: int) -> None:
        buyer, revision = self.buyer, self.buyer.revision
        choices = list(self.story.scenes[self.scene].choices) or ["none"]
        scenes = list(self.story.scenes)
        match deed:
            case "tap":
                answer = await buyer.tap(choices[number % len(choices)])
            case "time out":
                answer = await buyer.tell(play.TimeOut(revision))
            case "rewind":
                answer = await buyer.tell(play.Rewind(revision, number % (self.points + 1)))
            case "restart":
                answer = await buyer.tell(play.Restart(revision))
            case "speak":
                answer = await buyer.tell(play.Speak(revision, ("es", "en")[number % 2]))
            case "jump":
                answer = await buyer.tell(play.Jump(revision, scenes[number % len(scenes)]))
            case "stale":
                answer = await buyer.tell(play.Choose(max(revision - 1, 0), choices[0]))
            case "agenda":
                await Agenda(buyer.app, Rooms(buyer.app), Clock(LATER * 2)).take_due()
                answer = await buyer.app.current(buyer.platform, buyer.user, buyer.session)
            case "look":
                answer = await buyer.app.current(buyer.platform, buyer.user, buyer.session)
            case "open":
                answer = await buyer.open(STORY)
            case _:
                answer = await self.deal(deed, FOR_SALE[number % 3])
        await self.check(answer)

    async def deal(self, deed: str, episode: str) -> Answer:
        buyer = self.buyer
        if deed == "buy":
            answer = await buyer.buy(episode)
        elif deed == "admit":
            answer = await buyer.admit(EventKey("telegram", new_event()))
        else:
            answer = None
            if deed == "pay":
                await buyer.pay(episode)
            elif episode in buyer.charges:
                await buyer.refund(episode)
        return answer or await buyer.app.current(buyer.platform, buyer.user, buyer.session)

    async def check(self, answer: Answer) -> None:
        self.scene, self.points = answer.state.scene, len(choice_points(answer.state.path))
        self.buyer.revision = answer.session.revision
        granted = await self.buyer.app.store.bought(answer.session.viewer, STORY)
        pushed = await self.buyer.app.store.pending("telegram", self.last, 1_000)
        parcels = [unwrap(card.body) for card in pushed]
        self.last = max((card.id for card in pushed), default=self.last)
        for card in (*answer.cards, *(parcel.card for parcel in parcels if isinstance(parcel, Parcel))):
            assert card.toll or not unpaid(self.story, card.scene, granted)
            assert not card.toll or (unpaid(self.story, card.scene, granted) and not card.options and not card.lines)
        assert answer.granted == granted
        if answer.state.held is not None:
            assert answer.state.deadline is None
            assert await self.buyer.due() == []


@settings(max_examples=effort(40, 500))
@given(MOVES)
def test_no_order_of_events_shows_what_is_not_paid_for(moves: list[tuple[str, int]]) -> None:
    async def live(folder: Path) -> None:
        house = House(folder)
        furnish(house)
        async with house.running() as app:
            buyer = Buyer(app)
            await buyer.begin()
            chance = Chance(buyer, app.library.stories[STORY])
            for deed, number in moves:
                await chance.do(deed, number)

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(live(Path(folder)))
