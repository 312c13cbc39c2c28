"""A broken story says what is wrong, where, and what to do about it, in one go."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from bot.story import limits
from bot.story.problem import CODES, Problem, StoryError
from bot.story.reader import read_folder, read_story
from tests.bot.story.draft import FACTS, faults, read, scenes, told, written

HEAD = """\
cast:
  mei: {name: Mei}
variables:
  trust: {type: integer, from: -3, to: 3}
  ticket: {type: choice, of: [none, hers, ours]}
  nickname: {type: text, length: 20}
  met: {type: flag}
routes:
  onward: [{to: end}]
"""
END = "\nend: {ending: {title: End, kind: happy}}"
LONG = "met" + " and met" * 60

IN_A_SCENE = [
    # `§` stands where the fault must be told to be
    ("STORY006", "`label`: string should have at most 64", f"a: {{choices: {{b: {{§label: {'x' * 65}, to: end}}}}}}"),
    ("STORY006", "longer than 2000 characters", f"a: {{to: end, look: §{'x' * 2001}}}"),
    ("STORY006", "string should have at most 32 characters", f"a: {{choices: {{§{'b' * 33}: {{label: B, to: end}}}}}}"),
    ("STORY007", "quote the text", "a: {to: end, look: §*x}"),
    ("STORY008", "quote the text", "a: {to: end, look: §!x y}"),
    ("STORY009", '"to" stands already on line 16', "a: {to: end, §to: end}"),
    ("STORY010", '"../../etc/passwd" is outside the story', "a: {to: end, §clip: ../../etc/passwd}"),
    ("STORY010", '"/etc/passwd" is outside the story', "a: {to: end, §clip: /etc/passwd}"),
    ("STORY010", "is outside the story", "a: {to: end, §clip: file:///etc/passwd}"),
    ("STORY010", "is outside the story", "a: {to: end, §clip: ..\\secret}"),
    ("STORY010", "is outside the story", "a: {to: end, §clip: http://10.0.0.1/x.mp4}"),
    ("STORY010", "is outside the story", "a: {choices: {b: {label: B, to: end, §image: ~/x.png}}}"),
    ("STORY011", "at most 24 items", f"a: {{to: end, §lines: [{', '.join(['{mei: x}'] * 25)}]}}"),
    (
        "STORY011",
        "at most 8 items",
        f"a: {{§choices: {{{', '.join(f'c{n}: {{label: B, to: end}}' for n in range(9))}}}}}",
    ),
    ("STORY012", 'no scene "ent". Did you mean "end"?', "a: {§to: ent}"),
    ("STORY012", 'no scene "ent". Did you mean "end"?', "a: {choices: {b: {label: B, §to: ent}}}"),
    ("STORY012", 'no scene "ent". Did you mean "end"?', "a: {route: [{if: met, to: end}, {§to: ent}]}"),
    ("STORY012", 'no scene "ent"', "a: {route: [{random: [{to: end}, {§to: ent}]}]}"),
    ("STORY012", 'no route "onwards". Did you mean "onward"?', "a: {§route: onwards}"),
    ("STORY012", 'no route "on". Known here: onward.', "a: {route: [{§route: on}]}"),
    ("STORY012", 'nobody called "mai" is in the cast. Did you mean "mei"?', "a: {to: end, lines: [{§mai: Hello}]}"),
    (
        "STORY012",
        'no choice "c" to default to. Known here: b.',
        "a: {within: 9s, §default: c, choices: {b: {label: B, to: end}}}",
    ),
    ("STORY012", 'no variable "nick"', "a: {choices: {b: {label: B, §ask: nick, to: end}}}"),
    ("STORY012", 'no variable "trus". Did you mean "trust"?', "a: {route: [{if: §trus > 1, to: end}, {to: end}]}"),
    ("STORY012", 'no variable "trus"', "a: {enter: [{do: [met = true, §trus += 1]}], to: end}"),
    ("STORY012", '"ticket" has no option "her". Did you mean "hers"?', 'a: {route: [{if: "ticket == §her", to: end}]}'),
    ("STORY012", '"ticket" has no option "her"', "a: {enter: [{do: ticket = §'her'}], to: end}"),
    ("STORY012", 'no scene "ent"', "a: {route: [{if: not visits(§ent), to: end}]}"),
    ("STORY012", 'no scene with an ending "a". Known here: end.', "a: {route: [{if: ended(§a), to: end}]}"),
    ("STORY012", 'no choice "b"', "a: {route: [{if: chosen(§b), to: end}]}"),
    (
        "STORY012",
        'several scenes have a choice "b"; say which: chosen(a.b), chosen(c.b)',
        "a: {choices: {b: {label: B, if: 'chosen(§b)', to: c}}}\nc: {choices: {b: {label: B, to: end}}}",
    ),
    ("STORY020", "`label` is missing", "a: {choices: {§b: {to: end}}}"),
    ("STORY020", "`kind` is missing", "a: {§ending: {title: E}}"),
    ("STORY020", "`within` needs a `default`", "§a: {within: 9s, choices: {b: {label: B, to: end}}}"),
    (
        "STORY021",
        '`lable` is not known here. Did you mean "label"?',
        "a: {choices: {b: {label: B, §lable: B, to: end}}}",
    ),
    ("STORY021", '`choice` is not known here. Did you mean "choices"?', "a: {§choice: {b: {label: B, to: end}}}"),
    ("STORY021", '`wieght` is not known here. Did you mean "weight"?', "a: {route: [{to: end, §wieght: 2}]}"),
    ("STORY022", '"Far-Away" will not do as an id', "a: {to: end}\n§Far-Away: {to: end}"),
    ("STORY022", '"b_c" will not do as an id', "a: {choices: {§b_c: {label: B, to: end}}}"),
    ("STORY022", '"b--c" will not do as an id', "a: {to: end, lines: [{mei: Hi, §id: b--c}]}"),
    ("STORY022", '"../end" will not do as an id', "a: {§to: ../end}"),
    ("STORY023", "`choices` must be a mapping", "a: {§choices: [b]}"),
    ("STORY023", "`lines` must be a list", "a: {to: end, §lines: Hello}"),
    ("STORY023", "entry 2 of `lines` must be a mapping", "a: {to: end, lines: [{mei: Hi}, §Hello]}"),
    ("STORY023", "a line is one speaker with a text", "a: {to: end, lines: [§{mei: Hi, narrator: Ho}]}"),
    ("STORY023", "a line is one speaker with a text", "a: {to: end, lines: [§{id: x}]}"),
    ("STORY023", "`mei` must be a text", "a: {to: end, lines: [{§mei: [Hi]}]}"),
    ("STORY023", 'expected seconds, such as "12s"', "a: {§within: 12, default: b, choices: {b: {label: B, to: end}}}"),
    ("STORY023", 'expected seconds, such as "12s"', "a: {to: end, lines: [{mei: Hi, §at: nans}]}"),
    ("STORY023", 'expected seconds, such as "12s"', "a: {to: end, lines: [{mei: Hi, §at: -1s}]}"),
    ("STORY023", "less than or equal to 600", "a: {§within: 601s, default: b, choices: {b: {label: B, to: end}}}"),
    ("STORY023", "`once`: input should be a valid boolean", "a: {choices: {b: {label: B, to: end, §once: often}}}"),
    (
        "STORY023",
        "\"lock\" is not one of 'locked' or 'hidden'. Did you mean \"locked\"?",
        "a: {choices: {b: {label: B, §else: lock, to: end}}}",
    ),
    ("STORY023", '"glad" is not one of', "a: {ending: {title: E, §kind: glad}}"),
    ("STORY023", "`weight`: input should be a valid integer", "a: {route: [{§weight: 1.5e3, to: end}]}"),
    ("STORY023", "`route`: list should have at least 1 item", "a: {§route: []}"),
    ("STORY023", "`random`: list should have at least 1 item", "a: {route: [{§random: []}]}"),
    ("STORY023", "`a` must be a mapping", "§a: nothing"),
    (
        "STORY024",
        "exactly one of `to`, `route`; found `to` and `route`",
        "a: {choices: {§b: {label: B, to: end, route: onward}}}",
    ),
    ("STORY024", "exactly one of `to`, `route`; found none", "a: {choices: {§b: {label: B}}}"),
    ("STORY024", "exactly one of `to`, `route`, `random`; found none", "a: {route: [{to: end}, §{if: met}]}"),
    ("STORY024", "found `to` and `ending`", "§a: {to: end, ending: {title: E, kind: sad}}"),
    ("STORY025", 'already a scene "a" at story.yaml:16:7', "a: {to: end}\nb: {to: end}"),
    ("STORY025", 'the scene already has a line "hi"', "a: {to: end, lines: [{mei: Hi, id: hi}, {mei: Ho, §id: hi}]}"),
    ("STORY030", 'to compare, write "=="', "a: {route: [{if: trust §= 2, to: end}]}"),
    ("STORY030", "expected a value here, found the end", "a: {route: [{if: met and§, to: end}]}"),
    ("STORY030", 'a "(" is not closed', 'a: {route: [{if: "§(met or met", to: end}]}'),
    ("STORY030", '"%" has no meaning', "a: {route: [{if: 'trust §% 2 == 0', to: end}]}"),
    ("STORY030", 'did not expect "met" here', "a: {route: [{if: met §met, to: end}]}"),
    ("STORY030", "an effect starts with a variable", "a: {enter: [{do: [§3 = trust]}], to: end}"),
    ("STORY030", 'expected "=", "+=" or "-="', "a: {choices: {b: {label: B, do: [trust §== 1], to: end}}}"),
    ("STORY031", 'expected true or false here; "trust" is an integer', "a: {route: [{if: §trust, to: end}]}"),
    ("STORY031", '"trust" is an integer, but true is a flag', "a: {route: [{if: trust == §true, to: end}]}"),
    ("STORY031", '"<" compares integers only', "a: {route: [{if: ticket §< hers, to: end}]}"),
    ("STORY031", '"+=" needs an integer; "met" is a flag', "a: {enter: [{do: §met += true}], to: end}"),
    ("STORY031", '"*" needs integers; "met" is a flag', "a: {route: [{if: met §* 2 == 2, to: end}]}"),
    ("STORY031", '"nickname" is a text, but 3 is an integer', "a: {enter: [{do: nickname = §3}], to: end}"),
    (
        "STORY031",
        '`ask` needs a text variable; "met" is of kind flag',
        "a: {choices: {b: {label: B, §ask: met, to: end}}}",
    ),
    ("STORY032", "longer than 400 characters", f"a: {{route: [{{if: §{LONG}, to: end}}]}}"),
    ("STORY032", "nested deeper than 24", f"a: {{route: [{{if: {'(' * 25}§{'(' * 5}met{')' * 30}, to: end}}]}}"),
    ("STORY032", "nested deeper than 24", f"a: {{route: [{{if: {'not ' * 24}§{'not ' * 6}met, to: end}}]}}"),
    ("STORY032", "nested deeper than 24", f"a: {{route: [{{if: 'trust > {'- ' * 24}§{'- ' * 6}1', to: end}}]}}"),
    ("STORY032", "numbers go up to 1000000", "a: {route: [{if: trust < §1000001, to: end}]}"),
    ("STORY032", "numbers go up to 1000000", f"a: {{route: [{{if: trust < §{'9' * 300}, to: end}}]}}"),
    (
        "STORY033",
        '"{nikname}" is neither a variable nor in the cast. Did',
        'a: {to: end, lines: [{mei: "Hi, §{nikname}!"}]}',
    ),
    ("STORY033", 'a lone "{"; write it twice', "a: {to: end, lines: [{mei: 'Hi §{'}]}"),
    ("STORY033", 'a lone "}"', 'a: {choices: {b: {label: "B §}", to: end}}}'),
    ("STORY033", "variables are filled in only in lines and labels", 'a: {to: end, title: "§{trust}"}'),
]

EPISODES = "{one: {title: O, scenes: {a: {ending: {title: E, kind: sad}}}}}\n"

IN_THE_STORY = [
    (
        "STORY027",
        "the first episode must be free",
        f"{FACTS}episodes:\n  one:\n    title: One\n    §price: 50\n    scenes: {{{END.strip()}}}\n",
    ),
    (
        "STORY006",
        "`title`: string should have at most 120 characters",
        f"§title: {'x' * 121}\nlanguage: en\nepisodes: {EPISODES}",
    ),
    ("STORY003", "a key must be a plain word", "title: T\n? §[a]\n: b\n"),
    ("STORY010", 'no file "episodes/two.yaml"', f"{FACTS}episodes: {{one: §episodes/two.yaml}}\n"),
    ("STORY010", 'no file "../../etc/passwd"', f"{FACTS}episodes: {{one: §../../etc/passwd}}\n"),
    ("STORY010", 'no file "/etc/passwd"', f"{FACTS}episodes: {{one: §/etc/passwd}}\n"),
    ("STORY010", "outside the story", written("a: {ending: {title: E, kind: sad}}", "§poster: ../p.jpg\n")),
    (
        "STORY020",
        "`title` is missing",
        "§language: en\nepisodes: {one: {title: O, scenes: {a: {ending: {title: E, kind: sad}}}}}\n",
    ),
    ("STORY020", "`episodes` is missing", f"§{FACTS}"),
    ("STORY023", "the file must be a mapping", "§- a\n- b\n"),
    ("STORY023", "the file must be a mapping", "§"),
    ("STORY023", "the file must be a mapping", "§just words\n"),
    ("STORY023", "\"13+\" is not one of 'all', '6+'", written("a: {ending: {title: E, kind: sad}}", "§rating: 13+\n")),
]

VARIABLES = [
    (
        "STORY012",
        '"her" is not an option of it. Did you mean "hers"?',
        "ticket: {type: choice, of: [none, hers], §start: her}",
    ),
    ("STORY020", "`type` is missing: flag, choice, integer or text", "§trust: {from: 1, to: 2}"),
    ("STORY020", "`to` is missing", "§trust: {type: integer, from: 1}"),
    ("STORY021", '`form` is not known here. Did you mean "from"?', "trust: {type: integer, §form: 1, from: 0, to: 2}"),
    ("STORY022", '"Trust" will not do as an id', "§Trust: {type: flag}"),
    ("STORY022", '"visits" is a word of the language itself', "§visits: {type: flag}"),
    ("STORY023", "\"number\" is not one of 'flag', 'choice', 'integer', 'text'", "§trust: {type: number}"),
    ("STORY023", "`from` (3) is above `to` (1)", "trust: {type: integer, §from: 3, to: 1}"),
    ("STORY023", "starts at 5, outside 1 to 3", "trust: {type: integer, from: 1, to: 3, §start: 5}"),
    (
        "STORY023",
        "`to`: input should be less than or equal to 1000000",
        "trust: {type: integer, from: 1, §to: 1000001}",
    ),
    ("STORY023", "`to`: input should be a valid integer", "trust: {type: integer, from: 1, §to: 1e5}"),
    ("STORY023", "starts longer than its 2 characters", "name: {type: text, length: 2, §start: abc}"),
    ("STORY023", "less than or equal to 80", "name: {type: text, §length: 81}"),
    ("STORY023", "at least 2 items", "ticket: {type: choice, §of: [one]}"),
    ("STORY025", "an option stands twice", "ticket: {type: choice, §of: [one, one]}"),
]

ROUTES = [
    ("STORY026", "routes name each other in a circle: r -> s -> r", "r: [{route: s}]\n  s: [{§route: r}]"),
    ("STORY026", "in a circle: r -> r", "r: [{§route: r}]"),
    ("STORY023", "`r` must be a list", "§r: onward"),
    ("STORY012", 'no scene "ent"', "r: [{§to: ent}]"),
]


def marked(text: str) -> tuple[str, str]:
    """The text without its mark, and the place of the mark."""
    before, _, after = text.partition("§")
    return before + after, f"story.yaml:{before.count(chr(10)) + 1}:{len(before) - before.rfind(chr(10))}"


def agrees(text: str, code: str, phrase: str) -> None:
    """Exactly one fault is told: this one, where the mark is."""
    source, place = marked(text)
    assert [f"{problem.place} {problem.code}" for problem in faults(source)] == [f"{place} {code}"]
    assert phrase in faults(source)[0].message


@pytest.mark.parametrize(("code", "phrase", "scene"), IN_A_SCENE)
def test_a_fault_in_a_scene_is_told_at_its_place(code: str, phrase: str, scene: str) -> None:
    if "already a scene" in phrase:
        other = "  two:\n    title: Two\n    scenes:\n      §a: {to: end}\n"
        agrees(written(scene + END, HEAD) + other, code, phrase)
    else:
        agrees(written(scene + END, HEAD), code, phrase)


@pytest.mark.parametrize(("code", "phrase", "text"), IN_THE_STORY)
def test_a_fault_in_the_facts_is_told_at_its_place(code: str, phrase: str, text: str) -> None:
    agrees(text, code, phrase)


@pytest.mark.parametrize(("code", "phrase", "text"), VARIABLES)
def test_a_faulty_variable_is_told_at_its_place(code: str, phrase: str, text: str) -> None:
    agrees(written(END, f"variables:\n  {text}\n"), code, phrase)


@pytest.mark.parametrize(("code", "phrase", "text"), ROUTES)
def test_a_fault_in_a_route_is_told_at_its_place(code: str, phrase: str, text: str) -> None:
    agrees(written(END, f"routes:\n  {text}\n"), code, phrase)


CAST = [
    ("STORY025", '"met" is a variable already', "§met: {name: M}"),
    ("STORY022", '"narrator" means something else in a line', "§narrator: {name: N}"),
    ("STORY022", '"at" means something else in a line', "§at: {name: A}"),
    ("STORY020", "`name` is missing", "§mei: {voice: low}"),
    ("STORY033", "is neither a variable nor in the cast", 'mei: {name: "§{mei}"}'),
]


@pytest.mark.parametrize(("code", "phrase", "text"), CAST)
def test_a_fault_in_the_cast_is_told_at_its_place(code: str, phrase: str, text: str) -> None:
    agrees(written(END, f"variables: {{met: {{type: flag}}}}\ncast:\n  {text}\n"), code, phrase)


TABLES = [
    ("es.yaml:1:2 STORY003 not valid YAML", "%"),
    ("es.yaml:1:1 STORY023 a string table is one mapping", "- a"),
    ("es.yaml:1:1 STORY023 `scene` must be a text; a string table is flat", "scene: {a: x}"),
    ("es.yaml:2:12 STORY033 a lone", "synopsis: S\ntitle: 'El {'"),
    ("es.yaml:1:9 STORY006 longer than 120", f"cast/m: {'x' * 121}"),
    ("es.yaml:1:19 STORY006 longer than 64", f"scene/a/choice/b: {'x' * 65}"),
    ("es.yaml:2:1 STORY009", "title: T\ntitle: U"),
    ('Spanish.yaml:1:1 STORY022 "Spanish" is no language code', "title: T"),
    ('en.yaml:1:1 STORY024 "en" is the story\'s own language', "title: T"),
]


@pytest.mark.parametrize(("expected", "text"), TABLES)
def test_a_fault_in_a_string_table_is_told_at_its_place(expected: str, text: str) -> None:
    (problem,) = faults(written(END), {f"locales/{expected.partition(':')[0]}": text})
    assert str(problem).startswith(f"locales/{expected}")


def test_every_code_of_the_reader_is_told_somewhere_here() -> None:
    cases = [*IN_A_SCENE, *IN_THE_STORY, *VARIABLES, *ROUTES, *CAST]
    here = {case[0] for case in cases} | {
        "STORY001",
        "STORY002",
        "STORY004",
        "STORY005",
        "STORY028",
    }  # below, in test_limits and in test_tree
    assert here == {code for code in CODES if code < "STORY040"}


# -- everything at once


EIGHT = """
a:
  title: A
  clip: /etc/passwd
  to: b
b:
  choices:
    one: {lable: One, to: c}
    two: {label: "{nobody}", to: nowhere}
  lines: [{mei: Hi, at: soon}]
c:
  within: 5
  default: x
  choices:
    x: {label: X, if: trust > true, ask: met, to: d}
d: {to: end, route: onward}
"""


def test_all_faults_of_a_file_are_told_at_once() -> None:
    assert told(written(EIGHT + END, HEAD)) == [
        "story.yaml:18:9 STORY010",
        "story.yaml:22:11 STORY020",
        "story.yaml:22:17 STORY021",
        "story.yaml:23:25 STORY033",
        "story.yaml:23:36 STORY012",
        "story.yaml:24:27 STORY023",
        "story.yaml:26:9 STORY023",
        "story.yaml:29:37 STORY031",
        "story.yaml:29:43 STORY031",
        "story.yaml:30:7 STORY024",
    ]


SECONDARY = [
    # everything that mentions the faulty thing is fine, so only the fault itself may be told
    (
        "a choice",
        "a: {choices: {b: {label: B, §too: end, to: end}}}\nc: {route: [{if: chosen(b), to: end}]}",
        "STORY021",
    ),
    ("a default", "a: {within: 5s, default: b, choices: {b: {label: B, §too: x, to: end}}}", "STORY021"),
    ("an ending", "a: {ending: {title: A, §kind: glad}}\nc: {route: [{if: ended(a), to: end}]}", "STORY023"),
    (
        "an entry of a list",
        "a: {route: [{to: end, §wait: 1}, {to: c}]}\nc: {route: [{if: visits(a) > 1, to: a}]}",
        "STORY021",
    ),
    ("a line", "a: {lines: [{mei: Hi, id: x}, {mei: Ho, §at: 5}], to: end}\nc: {to: a}", "STORY023"),
    (
        "an effect",
        "a: {choices: {b: {label: B, §do: {trust: 1}, to: end}}}\nc: {route: [{if: chosen(a.b), to: a}]}",
        "STORY023",
    ),
]


@pytest.mark.parametrize(("what", "text", "code"), SECONDARY)
def test_a_faulty_part_makes_no_second_fault(what: str, text: str, code: str) -> None:
    source, place = marked(written(text + END, HEAD))
    assert told(source) == [f"{place} {code}"]


def test_a_faulty_variable_makes_no_second_fault() -> None:
    head = HEAD.replace("of: [none, hers, ours]", "§on: [none, hers, ours]").replace(
        "cast:", "cast:\n  lin: {§nam: Lin}"
    )
    scene = """
        a:
          lines: [{lin: "{ticket} {lin}"}]
          choices: {b: {label: "{ticket}", if: hers == ticket, do: [ticket = hers, trust += 1], ask: nickname, to: end}}
    """
    codes = [problem.code for problem in faults(written(dedent(scene) + END, head).replace("§", ""))]
    assert sorted(codes) == ["STORY020", "STORY020", "STORY021", "STORY021"]


def test_a_faulty_route_makes_no_second_fault() -> None:
    source, place = marked(written("a: {route: r}" + END, "routes: {r: [{§too: end, to: end}]}\n"))
    assert told(source) == [f"{place} STORY021"]


def test_faults_of_several_files_are_told_together() -> None:
    main = f"{FACTS}episodes:\n  one: episodes/one.yaml\n  two: episodes/two.yaml\n"
    one = "title: One\nscenes:\n  a: {to: b, lok: fog}\n  c: {to: nowhere}\n"
    two = "title: Two\nscenes:\n  b: {ending: {title: B, kind: glad}}\n  d: {route: [{if: ended(b), to: a}]}\n"
    assert told(main, {"episodes/one.yaml": one, "episodes/two.yaml": two}) == [
        "episodes/one.yaml:3:14 STORY021",
        "episodes/one.yaml:4:7 STORY012",
        "episodes/two.yaml:3:26 STORY023",
    ]


def test_an_unreadable_episode_is_the_only_fault() -> None:
    main = f"{FACTS}episodes:\n  one: episodes/one.yaml\n  two: episodes/two.yaml\n"
    one = "title: One\nscenes:\n  a: {to: b}\n"
    two = "title: Two\nscenes:\n  b: [ending\n"
    assert told(main, {"episodes/one.yaml": one, "episodes/two.yaml": two}) == ["episodes/two.yaml:4:1 STORY003"]


def test_a_file_cannot_be_two_episodes() -> None:
    main = f"{FACTS}episodes:\n  one: e.yaml\n  two: e.yaml\n"
    one = "title: One\nscenes:\n  a: {ending: {title: E, kind: sad}}\n"
    assert told(main, {"e.yaml": one}) == ["story.yaml:5:8 STORY025"]
    assert told(f"{FACTS}episodes: {{one: story.yaml}}\n") == ["story.yaml:3:17 STORY025"]


def test_so_many_faults_are_enough() -> None:
    many = "\n".join(f"a{n}: {{to: nowhere}}" for n in range(500))
    assert len(faults(written(many))) == limits.MAX_PROBLEMS
    assert len(faults(written(many.replace("to:", "too:")))) == limits.MAX_PROBLEMS


def test_a_problem_reads_as_one_line() -> None:
    (problem,) = faults(written("a: {to: ent}" + END))
    assert str(problem) == 'story.yaml:7:11 STORY012 there is no scene "ent". Did you mean "end"?'


# -- files


def test_a_folder_is_a_story(tmp_path: Path) -> None:
    folder = tmp_path / "my-story"
    (folder / "episodes").mkdir(parents=True)
    (folder / "locales").mkdir()
    (folder / "story.yaml").write_bytes(b"\xef\xbb\xbf" + f"{FACTS}episodes: {{one: episodes/one.yaml}}\r\n".encode())
    (folder / "episodes/one.yaml").write_text("title: One\nscenes:\n  a: {ending: {title: E, kind: sad}}\n")
    (folder / "episodes/draft.yaml").write_bytes(b"\xff not yet [ a story")
    (folder / "locales/es.yaml").write_text("title: Uno\n")
    (folder / "locales/es.txt").write_text("notes")
    story = read_folder(folder)
    assert (story.id, story.languages, list(story.scenes)) == ("my-story", ("en", "es"), ["a"])
    assert sorted(story.sources) == ["episodes/one.yaml", "locales/es.yaml", "story.yaml"]


def test_the_sources_of_a_story_read_again_are_the_same_version() -> None:
    story = scenes(END, files={"locales/es.yaml": "title: Uno\n", "unused.yaml": "x"})
    again = read_story("tale", {name: text.encode() for name, text in story.sources.items()})
    marked_bytes = read_story("tale", {name: b"\xef\xbb\xbf" + text.encode() for name, text in story.sources.items()})
    assert story.version == again.version == marked_bytes.version
    assert story.sources == again.sources
    assert scenes(END.replace("End", "Ende")).version != story.version


def test_a_file_outside_the_folder_is_not_read_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text("title: S\nscenes: {a: {ending: {title: E, kind: sad}}}\n")
    folder = tmp_path / "story"
    (folder / "episodes").mkdir(parents=True)
    (folder / "story.yaml").write_text(f"{FACTS}episodes: {{one: episodes/one.yaml}}\n")
    (folder / "episodes/one.yaml").symlink_to(tmp_path / "secret.yaml")
    with pytest.raises(StoryError) as refused:
        read_folder(folder)
    assert str(refused.value).startswith(f'{folder.as_posix()}/story.yaml:3:17 STORY010 there is no file "episodes/one')


def test_a_link_in_a_circle_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "story.yaml").write_text(f"{FACTS}episodes: {{one: loop.yaml}}\n")
    (tmp_path / "loop.yaml").symlink_to(tmp_path / "loop.yaml")
    (tmp_path / "episodes").symlink_to(tmp_path)
    with pytest.raises(StoryError, match="STORY010"):
        read_folder(tmp_path)


def test_a_folder_without_a_story_says_so(tmp_path: Path) -> None:
    with pytest.raises(StoryError, match=r"STORY001 there is no story\.yaml here"):
        read_folder(tmp_path)
    assert str(refusal({"a.yaml": b""})) == "story.yaml:1:1 STORY001 there is no story.yaml"


def refusal(files: dict[str, bytes]) -> Problem:
    with pytest.raises(StoryError) as refused:
        read_story("tale", files)
    return refused.value.problems[0]


def test_too_many_or_too_large_files_are_refused(tmp_path: Path) -> None:
    main = written(END).encode()
    many = {f"locales/{n}.yaml": b"" for n in range(limits.MAX_FILES)}
    assert "STORY002 more than 200 YAML files" in str(refusal({"story.yaml": main, **many}))
    large = {f"x{n}.yaml": b"#" * limits.MAX_FILE_BYTES for n in range(8)}
    assert "STORY002 the story's files are over 4096 KiB together" in str(refusal({"story.yaml": main, **large}))
    (tmp_path / "story.yaml").write_bytes(main)
    for name, content in {**many, **large}.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content)
    with pytest.raises(StoryError, match="STORY002"):
        read_folder(tmp_path)


# -- the language


def test_a_whole_story_is_read() -> None:
    main = """
        title: 1984
        synopsis: yes
        genres: [thriller, family]
        rating: 12+
        language: en
        poster: poster.jpg
        cast: {mei: {name: Mei, voice: low, look: "30"}}
        episodes:
          one: episodes/one.yaml
          two:
            title: Two
            start: c
            scenes: {b: {to: c}, c: {ending: {title: C, kind: secret}}}
    """
    one = """
        title: One
        scenes:
          a:
            clip: https://clips.example/a.mp4
            subtitles: {es: subtitles/a.es.vtt}
            lines: [narrator: Hello, {mei: Hi, at: 3.5s, id: hi}]
            to: b
    """
    story = read(main, {"episodes/one.yaml": one})
    assert (story.rating, story.genres, story.poster) == ("12+", ("thriller", "family"), "poster.jpg")
    assert (story.start, story.endings, story.cast["mei"].voice) == ("a", ("c",), "low")
    assert [(episode.id, episode.start, episode.scenes) for episode in story.episodes.values()] == [
        ("one", "a", ("a",)),
        ("two", "c", ("b", "c")),
    ]
    assert [(line.speaker, line.at) for line in story.scenes["a"].lines] == [(None, None), ("mei", 3.5)]
    assert story.scenes["a"].subtitles == {"es": "subtitles/a.es.vtt"}
    wording = story.wording("en")
    assert [wording.plain(key) for key in ("title", "synopsis", "episode/two", "scene/c/ending")] == [
        "1984",
        "yes",
        "Two",
        "C",
    ]


def test_an_episode_starts_with_a_scene_of_its_own() -> None:
    text = f"{FACTS}episodes:\n  one: {{title: O, start: b, scenes: {{a: {{to: b}}}}}}\n"
    text += "  two: {title: T, scenes: {b: {ending: {title: B, kind: sad}}}}\n"
    (problem,) = faults(text)
    assert str(problem).startswith(
        'story.yaml:4:19 STORY012 the episode has no scene "b" to start with. Known here: a.'
    )


# -- what things were called before


RENAMED = """
gate: {was: door, choices: {in: {label: In, was: enter, to: yard}, out: {label: Out, to: yard}}}
yard: {ending: {title: The yard, kind: open}}
"""


def test_what_was_called_otherwise_says_so() -> None:
    story = scenes(RENAMED, "variables: {money: {type: flag, was: coins}}\n")
    gate = story.scenes["gate"]
    assert (gate.was, gate.choices["in"].was, gate.choices["out"].was) == ("door", "enter", None)
    assert story.variables[0].was == "coins"


def test_an_old_name_that_is_still_there_or_went_to_two_is_a_fault() -> None:
    there = RENAMED.replace("was: door", "was: yard").replace("was: enter", "was: out")
    two = RENAMED.replace("was: door", "was: shed").replace("yard: {", "yard: {was: shed, ")
    money = "variables: {money: {type: flag, was: coins}, coins: {type: flag}}\n"
    assert told(written(there)) == ["story.yaml:7:14 STORY028", "story.yaml:7:51 STORY028"]
    assert told(written(two)) == ["story.yaml:8:14 STORY028"]
    assert told(written(RENAMED, money))[0].endswith("STORY028")
