"""A look's known words steer the picture; everything else is only for people to read."""

from __future__ import annotations

from bot.clips.make.look import Look, Seen, parse_look, parse_person
from bot.clips.make.words import COLOURS, HAIR_COLOURS

CAST = frozenset({"mei", "lin", "gao", "bao"})


def test_reads_every_kind_of_word() -> None:
    look = parse_look("platform, night, rain, two-shot, mei left, lin right, ticket, tense", CAST)
    assert look == Look(
        place="platform",
        time="night",
        weather="rain",
        shot="two-shot",
        seen=(Seen("mei", "left"), Seen("lin", "right")),
        props=("ticket",),
        mood="tense",
    )


def test_leaves_out_unknown_words_and_takes_the_first_of_a_kind() -> None:
    look = parse_look("a purple dinosaur; kitchen, bedroom, noon, dawn, somebody left", CAST)
    assert (look.place, look.time, look.seen) == ("kitchen", "dawn", ())


def test_a_close_shot_shows_its_subject_even_when_nobody_is_placed() -> None:
    look = parse_look("street, close on gao", CAST)
    assert (look.shot, look.subject, look.seen) == ("close", "gao", (Seen("gao", "centre"),))


def test_an_insert_names_its_prop() -> None:
    look = parse_look("carriage, insert of letter, mei left", CAST)
    assert (look.shot, look.subject) == ("insert", "letter")


def test_at_most_three_are_seen() -> None:
    look = parse_look("street, mei left, lin right, gao centre, bao left", CAST)
    assert [seen.id for seen in look.seen] == ["mei", "lin", "gao"]


def test_reads_a_cast_members_words() -> None:
    person = parse_person("bao", "63, navy uniform, short white hair, hat, beard")
    assert (person.age, person.garment, person.colour) == (63, "uniform", COLOURS["navy"])
    assert (person.hair, person.style, person.hat, person.beard) == (HAIR_COLOURS["white"], "short", True, True)
    assert person.old
    assert not person.soft
    assert not person.glasses


def test_the_colour_of_the_clothes_is_not_the_colour_of_the_hair() -> None:
    person = parse_person("fang", "60, green apron, bald, beard")
    assert person.colour == COLOURS["green"]
    assert person.hair != COLOURS["green"]


def test_an_empty_look_is_drawn_the_same_way_every_time() -> None:
    assert parse_person("someone", "") == parse_person("someone", "")
