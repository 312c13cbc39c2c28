"""Passages: what a choice, a route or a beginning does to a whole region at once, worked out once before the search."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from dd import cudd

from bot.story.compiler import Condition
from bot.story.prover.mark import Mark
from bot.story.prover.sets import NEXT, Region, Sets, Spread
from bot.story.prover.sites import Sites
from bot.story.prover.slot import Key
from bot.story.prover.walker import fit
from bot.story.prover.weigh import Moment, either, weigh, where
from bot.story.story import Candidate, Choice, Route, Scene, Story


@dataclass(slots=True)
class Edge:
    """The part of a passage that comes to one scene (or stays, `stuck`) in one way."""

    region: Region
    to: str
    stuck: bool
    functions: dict[str, Region]
    """The bits that are other afterwards, as functions of those before."""
    cube: Region = None
    step: Region = None


@dataclass(slots=True)
class Passage:
    """`edges` lead on; in `lost` the route finds nothing. `marks` say in which region each is seen."""

    edges: list[Edge] = field(default_factory=list)
    marks: list[tuple[Mark, Region]] = field(default_factory=list)
    lost: Region = None


class Passages:
    """Makes the passages of a story."""

    def __init__(self, story: Story, sites: Sites, sets: Sets) -> None:
        self._story = story
        self._sites = sites
        self._sets = sets
        self._slots = {slot.key: n for n, slot in enumerate(sets.slots)}
        self._now: Moment = {slot.key: sets.value(n) for n, slot in enumerate(sets.slots)}

    def beginning(self) -> Passage:
        """From wherever a play rested, to the start of the next one; only what is kept stays."""
        starts = {slot.key: self._sets.constant(slot.start) for slot in self._sets.slots if not slot.keep}
        passage = Passage()
        self._arrive(passage, self._sets.everything, {**self._now, **starts}, self._story.start)
        return passage

    def onward(self, scene: Scene) -> Passage:
        """Along a scene's own route."""
        passage = Passage()
        if scene.route is not None:
            passage.lost = self._follow(passage, self._sets.everything, self._now, scene.route)
            passage.marks.append((Mark("stuck", scene.id), passage.lost))
        return passage

    def choice(self, choice: Choice, texts: Sequence[str | None]) -> Passage:
        """Through a choice, whatever is typed for it."""
        passage = Passage()
        region = self.open(choice)
        for text in texts:
            moment: Moment = {**self._now, **self._taken(choice, text)}
            moment = self._applied(passage, region, moment, choice.key)
            self._lead(passage, region, moment, choice)
        return passage

    def _taken(self, choice: Choice, text: str | None) -> Moment:
        """What is other as soon as a choice is taken and answered."""
        taken: dict[Key, Spread] = {Key("chosen", choice.key): self._sets.constant(value=True)}
        if text is not None and choice.ask is not None:
            taken[Key("variable", self._story.variables[choice.ask].name)] = self._sets.constant(text)
        return {key: value for key, value in taken.items() if key in self._slots}

    def _lead(self, passage: Passage, region: Region, moment: Moment, choice: Choice) -> None:
        if choice.to is not None:
            self._arrive(passage, region, moment, choice.to)
        elif choice.route is not None:
            lost = self._follow(passage, region, moment, choice.route)
            if lost != self._sets.nothing:
                passage.marks.append((Mark("stuck", choice.key), lost))
                passage.edges.append(self._edge(lost, moment, choice.key, stuck=True))

    def open(self, choice: Choice) -> Region:
        """Where a choice can be taken."""
        asked = self._asked(choice)
        return asked if choice.condition is None else asked & where(self._sets, choice.condition.tree, self._now)

    def view(self, scene: Scene) -> Iterator[tuple[Mark, Region]]:
        """What is seen when a play rests in a scene, and where."""
        if scene.route is not None or scene.ending is not None:
            return
        shut = self._sets.everything
        for choice in scene.choices.values():
            asked, opened = self._asked(choice), self.open(choice)
            if choice.condition is not None:
                yield Mark("true", choice.key), opened
                yield Mark("false", choice.key), asked & ~opened
            yield Mark("open", choice.key), opened
            shut &= ~opened
        yield Mark("stuck", scene.id), shut
        if scene.within is not None:
            defaults = self._sets.union(self.open(scene.choices[default]) for default in scene.default)
            yield Mark("default", scene.id), ~shut & ~defaults

    # -- inside

    def _asked(self, choice: Choice) -> Region:
        """Where a choice is not used up."""
        return ~self._now[Key("chosen", choice.key)][True] if choice.once else self._sets.everything

    def _holds(
        self, passage: Passage, region: Region, moment: Moment, condition: Condition | None, address: str
    ) -> Region:
        """The part of a region where a condition holds, when it is asked in all of the region."""
        if condition is None:
            return region
        held = where(self._sets, condition.tree, moment)
        passage.marks.append((Mark("true", address), region & held))
        passage.marks.append((Mark("false", address), region & ~held))
        return region & held

    def _applied(self, passage: Passage, region: Region, moment: Moment, address: str) -> Moment:
        """The moment after a site's effects; what is cut in the region is marked."""
        effect = self._sites.by_address[address].effect
        for n, assignment in enumerate(effect.assignments if effect else ()):
            key = Key("variable", assignment.target.variable.name)
            if key not in self._slots:
                continue
            values: dict[object, Region] = {}
            cut = self._sets.nothing
            for value, here in weigh(self._sets, assignment.value, moment).items():
                fitting = fit(assignment, value)
                values[fitting] = values.get(fitting, self._sets.nothing) | here
                if fitting != value:
                    cut |= here
            passage.marks.append((Mark("cut", f"{address}#{n}"), region & cut))
            moment = {**moment, key: values}  # type: ignore[dict-item]
        return moment

    def _follow(self, passage: Passage, region: Region, moment: Moment, route: Route) -> Region:
        """Adds where a route leads from a region; the part of it in which the route finds nothing."""
        if not route.random:
            return self._try(passage, region, moment, route.candidates)
        held = {
            n: self._holds(passage, region, moment, one.condition, self._sites.of(one))
            for n, one in enumerate(route.candidates)
        }
        lost = region
        for n, first in held.items():
            others = (*route.candidates[:n], *route.candidates[n + 1 :])
            lost &= ~first | self._try(passage, first, moment, (route.candidates[n], *others))
        return lost

    def _try(self, passage: Passage, region: Region, moment: Moment, candidates: Iterable[Candidate]) -> Region:
        """Tries candidates in order; the part of the region in which none leads on."""
        for candidate in candidates:
            if region == self._sets.nothing:
                break
            address = self._sites.of(candidate)
            here = self._holds(passage, region, moment, candidate.condition, address)
            if here != self._sets.nothing:
                region &= ~(here & ~self._within(passage, here, moment, candidate, address))
        return region

    def _within(self, passage: Passage, here: Region, moment: Moment, candidate: Candidate, address: str) -> Region:
        """Takes one candidate where it holds; the part of that in which it leads nowhere and is undone."""
        own = Passage()
        after = self._applied(own, here, moment, address)
        lost = self._sets.nothing
        if candidate.route is not None:
            lost = self._follow(passage, here, after, candidate.route)
        elif candidate.to is not None:
            self._arrive(passage, here, after, candidate.to)
        passage.marks += [(mark, seen & ~lost) for mark, seen in own.marks]
        passage.marks.append((Mark("taken", address), here & ~lost))
        return lost

    def _arrive(self, passage: Passage, region: Region, moment: Moment, scene_id: str) -> None:
        """Adds the edge that enters a scene, with what happens on entering it."""
        scene = self._story.scenes[scene_id]
        passage.marks.append((Mark("scene", scene_id), region))
        moment = self._counted(moment, scene_id)
        for n, entry in enumerate(scene.enter):
            address = f"{scene_id}!{n}"
            here = self._holds(passage, region, moment, entry.condition, address)
            after = self._applied(passage, here, moment, address)
            if entry.condition is None:
                moment = after
            elif here != self._sets.nothing:
                changed = {key for key in after if after[key] is not moment[key]}
                moment = {
                    **moment,
                    **{key: either(self._sets, here, after[key], moment[key]) for key in changed},
                }
        if scene.ending is not None and Key("ended", scene_id) in moment:
            moment = {**moment, Key("ended", scene_id): self._sets.constant(value=True)}
        passage.edges.append(self._edge(region, moment, scene_id, stuck=False))

    def _counted(self, moment: Moment, scene_id: str) -> Moment:
        key = Key("visits", scene_id)
        if key not in moment:
            return moment
        most = self._sets.slots[self._slots[key]].most or 0
        counts: dict[object, Region] = {}
        for count, here in moment[key].items():
            more = min(int(count) + 1, most)
            counts[more] = counts.get(more, self._sets.nothing) | here
        return {**moment, key: counts}  # type: ignore[dict-item]

    def _edge(self, region: Region, moment: Moment, to: str, *, stuck: bool) -> Edge:
        functions: dict[str, Region] = {}
        for key, n in self._slots.items():
            functions |= self._sets.functions(n, moment[key])
        return ready(self._sets, Edge(region, to, stuck, functions))


def ready(sets: Sets, edge: Edge) -> Edge:
    """An edge with what an image needs: bits that become constant, and the relation of the others."""
    edge.cube, edge.step = sets.everything, edge.region
    for bit, function in edge.functions.items():
        if function in (sets.everything, sets.nothing):
            edge.cube &= sets.diagrams.cube({bit: function == sets.everything})
        else:
            edge.step &= sets.diagrams.var(bit + NEXT).equiv(function)
    return edge


def image(sets: Sets, edge: Edge, region: Region) -> Region:
    """Where a region is led to by an edge."""
    moved = [bit for bit, function in edge.functions.items() if function not in (sets.everything, sets.nothing)]
    led = cudd.and_exists(region, edge.step, list(edge.functions))
    if moved:
        led = sets.diagrams.let({bit + NEXT: bit for bit in moved}, led)
    return led & edge.cube


def origin(sets: Sets, edge: Edge, region: Region) -> Region:
    """From where an edge leads into a region."""
    return edge.region & (sets.diagrams.let(edge.functions, region) if edge.functions else region)
