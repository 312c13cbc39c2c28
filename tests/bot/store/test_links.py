"""What every store promises about viewers who turn out to be one: codes used once, and nothing lost in the merge."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.store.errors import Unstorable
from bot.store.port import Commit, Identity, Outcome, Store
from tests.bot.store.rooms import SHUT, gather_room, paid, planned, stands, vote
from tests.bot.store.steps import STORY, begin, card, due, event, step

# -- codes


NOW, LATER = 1_000, 5_000


async def test_a_code_stands_for_its_viewer_until_its_time_is_over(store: Store) -> None:
    ann = await store.viewer("console", "ann")
    await store.keep_code("abcd", ann.id, NOW, LATER)
    assert await store.code_of("abcd", LATER - 1) == ann.id
    assert await store.code_of("abcd", LATER) is None
    assert await store.code_of("efgh", NOW) is None


async def test_codes_whose_time_is_over_go_when_another_one_is_kept(store: Store) -> None:
    ann, bob, cat = [await store.viewer("console", user) for user in ("ann", "bob", "cat")]
    await store.keep_code("abcd", ann.id, NOW, LATER)
    await store.keep_code("efgh", bob.id, NOW, LATER + 1)
    await store.keep_code("jkmn", cat.id, LATER, 9_000)
    assert (await store.export(ann.id))["link_code"] == []
    assert await store.code_of("efgh", LATER) == bob.id


async def test_a_viewer_has_one_code_the_latest(store: Store) -> None:
    ann = await store.viewer("console", "ann")
    await store.keep_code("abcd", ann.id, NOW, LATER)
    await store.keep_code("efgh", ann.id, NOW, LATER)
    assert await store.code_of("abcd", NOW) is None
    assert await store.code_of("efgh", NOW) == ann.id


async def test_a_code_of_nobody_or_of_somebody_else_is_not_kept(store: Store) -> None:
    ann, bob = await store.viewer("console", "ann"), await store.viewer("console", "bob")
    await store.keep_code("abcd", ann.id, NOW, LATER)
    with pytest.raises(Unstorable):
        await store.keep_code("efgh", 12_345, NOW, LATER)
    with pytest.raises(Unstorable):
        await store.keep_code("abcd", bob.id, NOW, LATER)
    assert await store.code_of("abcd", NOW) == ann.id


async def test_a_forgotten_viewers_code_is_nobodys(store: Store) -> None:
    ann = await store.viewer("console", "ann")
    await store.keep_code("abcd", ann.id, NOW, LATER)
    await store.forget(ann.id)
    assert await store.code_of("abcd", NOW) is None


async def test_a_code_merges_once(store: Store) -> None:
    ann = await begin(store, "ann")
    others = [await begin(store, f"phone-{number}", f"story-{number}") for number in range(5)]
    await store.keep_code("abcd", ann.viewer, NOW, LATER)
    merges = (store.merge(one.viewer, ann.viewer, [], event(), "abcd") for one in others)
    assert list(await asyncio.gather(*merges)) == [Outcome.COMMITTED] + [Outcome.CONFLICT] * 4
    assert len(await store.sessions_of(ann.viewer)) == 2
    assert await store.code_of("abcd", NOW) is None


async def test_an_event_merges_once(store: Store) -> None:
    ann, other, key = await begin(store, "ann"), await begin(store, "phone", "other"), event()
    await store.keep_code("abcd", ann.viewer, NOW, LATER)
    merges = (store.merge(other.viewer, ann.viewer, [], key, "abcd") for _ in range(3))
    assert list(await asyncio.gather(*merges)) == [Outcome.COMMITTED] + [Outcome.DUPLICATE] * 2
    assert await store.seen(key)


async def test_a_code_of_somebody_else_merges_nobody_and_stays(store: Store) -> None:
    ann, bob, key = await begin(store, "ann"), await begin(store, "bob"), event()
    cat = await store.viewer("console", "cat")
    await store.keep_code("abcd", cat.id, NOW, LATER)
    assert await store.merge(bob.viewer, ann.viewer, [bob.id], key, "abcd") is Outcome.CONFLICT
    with pytest.raises(Unstorable):
        await store.merge(12_345, cat.id, [], key, "abcd")
    assert await store.code_of("abcd", NOW) == cat.id
    assert not await store.seen(key)
    assert await store.session(bob.id) == bob


# -- merging


async def test_all_that_one_has_the_other_has_after_the_merge(store: Store) -> None:
    mine = await begin(store, "ann")
    theirs = await begin(store, "phone", "other")
    tap = step(theirs, cards=(card(theirs),), agenda=(due(replace(theirs, revision=1), 5_000),))
    await store.commit(tap)
    await store.keep_shown(stands(theirs.id))
    await store.buy(event(), paid(theirs.viewer, user="phone"))
    await store.merge(theirs.viewer, mine.viewer, [])
    assert await store.session_in(mine.viewer, "other") == replace(tap.session, viewer=mine.viewer)
    assert await store.session_in(mine.viewer, STORY) == mine
    assert await store.session(theirs.id, Identity("console", "ann")) is not None
    assert (await store.viewer("console", "phone")).id == mine.viewer
    assert await store.bought(mine.viewer, STORY) == {""}
    assert await store.purchase("charge-1") == paid(mine.viewer, user="phone")
    assert len(await store.due(9_000, 10)) == 1
    assert len(await store.pending("console", 0, 10)) == 1
    assert await store.shown("console", "chat-1", theirs.id) is not None
    assert not any((await store.export(theirs.viewer)).values())


async def test_of_two_places_in_a_story_the_one_given_up_goes_with_all_that_is_its(store: Store) -> None:
    mine, theirs = await begin(store, "ann"), await begin(store, "phone")
    tap = step(mine, cards=(card(mine),), agenda=(due(replace(mine, revision=1), 5_000),))
    await store.commit(tap)
    await store.keep_shown(stands(mine.id))
    await store.merge(theirs.viewer, mine.viewer, [mine.id])
    assert await store.session(mine.id) is None
    assert await store.session_in(mine.viewer, STORY) == replace(theirs, viewer=mine.viewer)
    assert await store.pending("console", 0, 10) == []
    assert await store.next_due() is None
    assert await store.shown_in("console", "chat-1") == []
    assert await store.commit(step(tap.session)) is Outcome.CONFLICT


async def test_where_both_still_have_a_place_the_seconds_stays(store: Store) -> None:
    mine, theirs = await begin(store, "ann"), await begin(store, "phone")
    await store.merge(theirs.viewer, mine.viewer, [])
    assert await store.sessions_of(mine.viewer) == [mine]
    assert await store.session(theirs.id) is None


async def test_a_session_of_neither_is_not_given_up(store: Store) -> None:
    mine, theirs, other = [await begin(store, user, user) for user in ("ann", "phone", "bob")]
    await store.merge(theirs.viewer, mine.viewer, [other.id, 12_345])
    assert await store.session(other.id) == other
    assert len(await store.sessions_of(mine.viewer)) == 2


async def test_settings_fill_gaps(store: Store) -> None:
    mine, theirs = await store.viewer("console", "ann"), await store.viewer("console", "phone")
    await store.speak(theirs.id, "es")
    await store.prefer(mine.id, "sound", "off")
    for name, value in (("sound", "on"), ("one-message", "yes")):
        await store.prefer(theirs.id, name, value)
    await store.merge(theirs.id, mine.id, [])
    assert await store.preferences(mine.id) == {"sound": "off", "one-message": "yes"}
    assert (await store.viewer("console", "ann")).language == "es"


async def test_a_language_that_was_chosen_stays(store: Store) -> None:
    mine, theirs = await store.viewer("console", "ann"), await store.viewer("console", "phone")
    await store.speak(mine.id, "zh")
    await store.speak(theirs.id, "es")
    await store.merge(theirs.id, mine.id, [])
    assert (await store.viewer("console", "phone")).language == "zh"


async def test_codes_and_plans_after_a_merge(store: Store) -> None:
    mine, theirs = await store.viewer("console", "ann"), await store.viewer("console", "phone")
    await store.keep_code("mine", mine.id, NOW, LATER)
    await store.keep_code("theirs", theirs.id, NOW, LATER)
    plan = planned(host="console:phone")
    await store.plan(None, plan)
    await store.merge(theirs.id, mine.id, [])
    assert await store.code_of("theirs", NOW) is None
    assert await store.code_of("mine", NOW) == mine.id
    assert len((await store.export(mine.id))["plan"]) == 1
    await store.forget(mine.id)
    assert await store.plan_of(plan.id) is None


async def test_of_viewers_who_are_gone_or_one_already_nothing_is_merged(store: Store) -> None:
    mine = await begin(store, "ann")
    for source, into in ((mine.viewer, 12_345), (12_345, mine.viewer), (mine.viewer, mine.viewer)):
        with pytest.raises(Unstorable):
            await store.merge(source, into, [mine.id])
    assert await store.session(mine.id) == mine


async def test_a_merge_made_many_times_at_once_is_made_once(store: Store) -> None:
    mine, theirs = await begin(store, "ann"), await begin(store, "phone", "other")
    results = await asyncio.gather(
        *(store.merge(theirs.viewer, mine.viewer, []) for _ in range(4)), return_exceptions=True
    )
    assert [type(one) for one in results] == [Outcome] + [Unstorable] * 3
    assert len(await store.sessions_of(mine.viewer)) == 2


async def test_a_session_begun_by_a_viewer_who_is_another_by_now_is_not_begun(store: Store) -> None:
    mine, theirs = await begin(store, "ann"), await begin(store, "phone", "other")
    await store.merge(theirs.viewer, mine.viewer, [])
    with pytest.raises(Unstorable):
        await store.commit(Commit(event(), replace(theirs, id=7, story="third"), None))


# -- one vote for all identities


async def test_all_identities_of_a_viewer_are_known_in_one_order(store: Store) -> None:
    ann = await store.viewer("telegram", "5")
    assert await store.linked("telegram:5") == ["telegram:5"]
    assert await store.linked("telegram:6") == []
    assert await store.linked("nonsense") == []
    await store.link(Identity("discord", "1:2"), ann.id)
    await store.link(Identity("web", "abc"), ann.id)
    for id in ("telegram:5", "discord:1:2", "web:abc"):
        assert await store.linked(id) == ["discord:1:2", "telegram:5", "web:abc"]
    assert await store.identities((await store.viewer("telegram", "6")).id) == [Identity("telegram", "6")]


async def test_on_a_ballot_that_is_not_shut_one_vote_of_a_merged_viewer_stays_the_last(store: Store) -> None:
    held = await gather_room(store)
    mine, theirs = await store.viewer("console", "ann"), await store.viewer("web", "ann")
    await store.cast(event(), vote(held, "web:ann", "stay", at=3_000))
    await store.cast(event(), vote(held, "console:ann", at=2_000))
    await store.cast(event(), vote(held, "console:bob", at=4_000))
    await store.merge(mine.id, theirs.id, [])
    votes = [(one.voter, one.ranking) for one in await store.votes(held.session, 0)]
    assert votes == [("console:bob", "get-on"), ("web:ann", "stay")]
    assert await store.linked("web:ann") == ["console:ann", "web:ann"]


async def test_nor_has_one_two_votes_while_the_room_waits(store: Store) -> None:
    held = await gather_room(store)
    mine, theirs = await store.viewer("console", "ann"), await store.viewer("web", "ann")
    await store.cast(event(), vote(held, "web:ann", "stay", at=3_000))
    await store.cast(event(), vote(held, "console:ann", at=2_000))
    await store.keep_room(None, replace(held, open=False), 1)
    await store.merge(mine.id, theirs.id, [])
    assert await store.tally(held.session, 0) == {"stay": 1}


async def test_votes_that_were_counted_stay_as_they_were_cast(store: Store) -> None:
    held = await gather_room(store)
    mine, theirs = await store.viewer("console", "ann"), await store.viewer("web", "ann")
    for voter in ("web:ann", "console:ann"):
        await store.cast(event(), vote(held, voter))
    await store.keep_room(None, replace(held, open=False, body=SHUT), 1)
    await store.merge(mine.id, theirs.id, [])
    assert await store.tally(held.session, 0) == {"get-on": 2}
