"""`/metrics`: the figures of this process as Prometheus reads them."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain

from prometheus_client import CollectorRegistry, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.figures import Figures, Spread

PREFIX = "cliffhanger_"


@dataclass(frozen=True, slots=True)
class Gauge:
    """A figure that is asked for when somebody looks: `read` gives it by the values of `label`, or by "" without."""

    name: str
    meaning: str
    label: str
    read: Callable[[], Mapping[str, float]]


class Metrics:
    """With a token, only for those who send it as a bearer."""

    def __init__(self, figures: Figures, gauges: Sequence[Gauge], token: str | None) -> None:
        self._token = token
        self._registry = CollectorRegistry()
        self._registry.register(_Figures(figures, gauges))
        ProcessCollector(registry=self._registry)

    def route(self) -> Route:
        """For the web server."""
        return Route("/metrics", self._answer)

    async def _answer(self, request: Request) -> Response:
        if not self._admitted(request.headers.get("authorization", "")):
            return PlainTextResponse("Send METRICS_TOKEN as a bearer.", 401, {"www-authenticate": "Bearer"})
        return Response(generate_latest(self._registry), 200, {"cache-control": "no-store"}, CONTENT_TYPE_LATEST)

    def _admitted(self, authorization: str) -> bool:
        if self._token is None:
            return True
        scheme, _, sent = authorization.partition(" ")
        return scheme.lower() == "bearer" and hmac.compare_digest(sent.strip().encode(), self._token.encode())


class _Figures(Collector):
    """Makes Prometheus' families of the figures, anew for each look."""

    def __init__(self, figures: Figures, gauges: Sequence[Gauge]) -> None:
        self._figures = figures
        self._gauges = gauges

    def collect(self) -> Iterator[Metric]:
        """See the library."""
        figures = self._figures
        at, sort = "platform", "outcome"
        committed = (((platform, "committed"), spread.count) for platform, spread in figures.commit_seconds.items())
        events = chain(committed, figures.events.items())
        yield _counter("events", "Events by what became of them.", (at, sort), events)
        yield _spread("commit_seconds", "From an event until it is durable.", at, figures.commit_seconds)
        yield _spread("shown_seconds", "From a card's commit until it is shown.", at, figures.shown_seconds)
        failures = figures.delivery_failures
        yield _counter("delivery_failures", "Cards that could not be shown.", (at, "kind"), failures.items())
        yield _counter("votes", "Votes by what became of them.", (at, sort), figures.votes.items())
        yield _spread("agenda_late_seconds", "How late agenda rows were taken up.", "", {"": figures.agenda_seconds})
        lines = figures.lines
        groups = {name: line.groups for name, line in lines.items()}
        yield _spread("store_group_jobs", "Jobs that shared a transaction or a read.", "line", groups)
        failed = [((name,), line.failures) for name, line in lines.items()]
        yield _counter("store_failures", "Jobs that the database failed at or refused.", ("line",), failed)
        yield from map(_gauge, self._gauges)


def _counter(name: str, meaning: str, labels: Sequence[str], counts: Iterable[tuple[Sequence[str], int]]) -> Metric:
    family = CounterMetricFamily(PREFIX + name, meaning, labels=labels)
    for values, count in counts:
        family.add_metric(values, count)
    return family


def _spread(name: str, meaning: str, label: str, spreads: Mapping[str, Spread]) -> Metric:
    family = HistogramMetricFamily(PREFIX + name, meaning, labels=[label] if label else [])
    for value, spread in spreads.items():
        bounds = [*(str(float(bound)) for bound in spread.bounds), "+Inf"]
        buckets = list(zip(bounds, accumulate(spread.counts), strict=True))
        family.add_metric([value] if label else [], buckets, spread.total)
    return family


def _gauge(gauge: Gauge) -> Metric:
    family = GaugeMetricFamily(PREFIX + gauge.name, gauge.meaning, labels=[gauge.label] if gauge.label else [])
    for value, number in gauge.read().items():
        family.add_metric([value] if gauge.label else [], number)
    return family
