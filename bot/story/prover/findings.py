"""Findings: what an outcome means for whoever writes the story."""

from __future__ import annotations

from collections.abc import Iterator

from bot.story.domain import leaves
from bot.story.expression import Read
from bot.story.limits import MAX_CHAIN
from bot.story.place import Place
from bot.story.problem import Problem, Severity
from bot.story.prover.evidence import Evidence
from bot.story.prover.mark import Mark, What
from bot.story.prover.outcome import Outcome
from bot.story.prover.report import Finding
from bot.story.prover.sites import Site, Sites
from bot.story.story import Scene, Story


def findings(story: Story, sites: Sites, outcome: Outcome) -> tuple[Finding, ...]:
    """Everything worth knowing, errors first, then by place."""
    found = _Findings(story, sites, outcome)
    return tuple(sorted(found.all(), key=_order))


def _order(finding: Finding) -> tuple[bool, str, int, int, str, str]:
    problem = finding.problem
    place = problem.place
    return problem.severity != "error", place.file, place.line, place.column, problem.code, problem.message


class _Findings:
    def __init__(self, story: Story, sites: Sites, outcome: Outcome) -> None:
        self._story = story
        self._sites = sites
        self._outcome = outcome

    def all(self) -> Iterator[Finding]:
        for scene in self._story.scenes.values():
            yield from self._scene(scene)
        for site in self._sites:
            yield from self._site(site)
        if self._outcome.exact:
            for scene_id, evidence in self._outcome.traps.items():
                message = f'from "{scene_id}" a play may go on for ever: no ending can be reached any more'
                yield self._shown("STORY075", message, self._story.scenes[scene_id].place, evidence, "error")
        yield from self._variables()

    # -- what is seen

    def _seen(self, what: What, where: str) -> bool:
        return Mark(what, where) in self._outcome.marks

    def _path(self, *marks: Mark) -> Evidence | None:
        """The way to the first of these marks that was seen."""
        return next((self._outcome.path(mark) for mark in marks if mark in self._outcome.marks), None)

    @staticmethod
    def _shown(
        code: str, message: str, place: Place | None, evidence: Evidence, severity: Severity = "warning"
    ) -> Finding:
        """A finding that its evidence proves by itself."""
        return Finding(Problem(code, message, place or Place(""), severity), evidence, True)

    def _missing(self, code: str, message: str, place: Place | None, *near: Mark) -> Finding:
        """A finding that something was never seen, with the way to where it would have been."""
        return Finding(Problem(code, message, place or Place(""), "warning"), self._path(*near), self._outcome.exact)

    # -- scenes

    def _scene(self, scene: Scene) -> Iterator[Finding]:
        if not self._seen("scene", scene.id):
            if scene.ending is not None:
                yield self._missing("STORY073", f'no play comes to the ending "{scene.id}"', scene.place)
            else:
                yield self._missing("STORY070", f'no play comes to "{scene.id}"', scene.place)
        if self._seen("stuck", scene.id):
            way = "its route finds nothing to take" if scene.route is not None else "nothing is open to choose"
            yield self._dead_end(f'a play can come to a dead end in "{scene.id}": {way}', Mark("stuck", scene.id))
        if self._seen("endless", scene.id):
            message = f'a play can stop in "{scene.id}": more than {MAX_CHAIN} scenes follow without a choice'
            yield self._dead_end(message, Mark("endless", scene.id))
        for choice in scene.choices.values():
            if self._seen("stuck", choice.key):
                message = f'a play can come to a dead end behind "{choice.key}": its route finds nothing to take'
                yield self._dead_end(message, Mark("stuck", choice.key))
        if self._seen("default", scene.id):
            mark = Mark("default", scene.id)
            message = f'no default of "{scene.id}" may be open when time runs out; then the first open choice is taken'
            yield self._shown("STORY078", message, scene.place, self._outcome.path(mark))

    def _dead_end(self, message: str, mark: Mark) -> Finding:
        scene, _, choice = mark.where.partition(".")
        place = self._story.scenes[scene].choices[choice].place if choice else self._story.scenes[scene].place
        return self._shown("STORY074", message, place, self._outcome.path(mark), "error")

    # -- choices, candidates, effects

    def _site(self, site: Site) -> Iterator[Finding]:
        if site.kind == "choice":
            yield from self._choice(site)
        elif site.kind == "candidate":
            yield from self._candidate(site)
        else:
            yield from self._never(site)
        yield from self._always(site)
        yield from self._cuts(site)

    def _choice(self, site: Site) -> Iterator[Finding]:
        scene = Mark("scene", site.address.partition(".")[0])
        if scene in self._outcome.marks and not self._seen("open", site.address):
            reason = f': "{site.condition.source}" never holds there' if site.condition else ""
            yield self._missing("STORY071", f'"{site.address}" can never be chosen{reason}', site.place, scene)

    def _candidate(self, site: Site) -> Iterator[Finding]:
        if self._seen("taken", site.address) or not self._tried(site.within):
            return
        false, true = Mark("false", site.address), Mark("true", site.address)
        name = f'"{site.condition.source}"' if site.condition else "the last resort"
        if true in self._outcome.marks or self._asked_within(site.address):
            message = f"the candidate with {name} never leads anywhere: the route within it finds nothing"
        elif false in self._outcome.marks:
            message = f"the candidate with {name} is never taken: that never holds when it is its turn"
        else:
            message = f"the candidate with {name} is never taken: one before it always is"
        yield self._missing("STORY072", message, site.place, true, false, *self._entrance(site.within))

    def _tried(self, within: str) -> bool:
        """Whether a route is ever followed."""
        if within in self._sites.by_address:
            site = self._sites.by_address[within]
            if site.kind == "choice":
                return self._seen("open", within)
            return self._seen("true", within) or (site.condition is None and self._tried(site.within))
        if within in self._story.scenes:
            return self._seen("scene", within)
        return self._asked_within(within)

    def _asked_within(self, within: str) -> bool:
        """Whether a candidate of a route is ever asked or taken."""
        return any(self._seen(what, site.address) for site in self._sites if site.within == within for what in _ASKED)

    def _entrance(self, within: str) -> Iterator[Mark]:
        """What is seen on the way into a route."""
        yield from (Mark(what, within) for what in ("open", "true", "scene"))
        yield from (Mark(what, site.address) for site in self._sites if site.within == within for what in _ASKED)

    def _never(self, site: Site) -> Iterator[Finding]:
        if site.condition is not None and self._seen("false", site.address) and not self._seen("true", site.address):
            message = f'"{site.condition.source}" never holds here'
            yield self._missing("STORY077", message, site.place, Mark("false", site.address))

    def _always(self, site: Site) -> Iterator[Finding]:
        if site.condition is not None and self._seen("true", site.address) and not self._seen("false", site.address):
            message = f'"{site.condition.source}" always holds here: it may as well be left out'
            yield self._missing("STORY076", message, site.place, Mark("true", site.address))

    def _cuts(self, site: Site) -> Iterator[Finding]:
        for n, assignment in enumerate(site.effect.assignments if site.effect else ()):
            mark = Mark("cut", f"{site.address}#{n}")
            if mark in self._outcome.marks:
                name = assignment.target.variable.name
                message = f'"{name}" can be cut at its bounds by the effects of {_called(site)}'
                yield self._shown("STORY079", message, site.place, self._outcome.path(mark))

    # -- variables

    def _variables(self) -> Iterator[Finding]:
        read = self._read()
        for index, variable in enumerate(self._story.variables):
            if index not in read:
                message = f'the variable "{variable.name}" is never read in any play'
                yield self._missing("STORY080", message, variable.place)

    def _read(self) -> set[int]:
        """Variables that a condition, an effect on another variable or a text looks at, where plays come."""
        read: set[int] = set()
        for site in self._sites:
            if site.condition is not None and (self._seen("true", site.address) or self._seen("false", site.address)):
                read |= {leaf.index for leaf in leaves(site.condition.tree) if isinstance(leaf, Read)}
            for one in site.effect.assignments if site.effect and self._done(site) else ():
                made_of = {leaf.index for leaf in leaves(one.value) if isinstance(leaf, Read)}
                read |= made_of - {one.target.index}
        return read | self._told()

    def _done(self, site: Site) -> bool:
        if site.kind == "enter" and site.condition is None:
            return self._seen("scene", site.address.partition("!")[0])
        return any(self._seen(what, site.address) for what in ("true", "open", "taken"))

    def _told(self) -> set[int]:
        told: set[int] = set()
        for wording in self._story.wordings.values():
            for key, text in wording.texts.items():
                if key.startswith("scene/") and self._seen("scene", key.split("/")[1]):
                    told |= {part for part in text.parts if isinstance(part, int)}
        return told


_ASKED: tuple[What, ...] = ("true", "false", "taken")


def _called(site: Site) -> str:
    if site.kind == "choice":
        return f'"{site.address}"'
    if site.kind == "enter":
        return f'entering "{site.address.partition("!")[0]}"'
    return "this candidate"
