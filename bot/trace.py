"""Traces for whoever watches over the bot: which work took how long, told to a collector by OpenTelemetry.

Imported only where a collector is set; everywhere else `Figures.trace` is None, and nothing is asked but that.
"""

from __future__ import annotations

import os
from collections.abc import Awaitable
from threading import Timer
from typing import TypeVar

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import StatusCode, get_current_span

PATH = "/v1/traces"
"""Where a collector takes traces (OTLP over HTTP)."""

PATIENCE = 2.0
"""Seconds for one call to the collector, repeats included, and for what is left at the end: others wait for that."""

Result = TypeVar("Result")


class Trace:
    """Spans have words of our own only: platforms, outcomes, kinds of error. Never an id, a text, an error's message.

    A thread of the library's sends them; when it cannot keep up, or the collector is away, spans are dropped.
    """

    def __init__(self, endpoint: str) -> None:
        """`endpoint`: as OTEL_EXPORTER_OTLP_ENDPOINT has it; the library reads its other variables itself."""
        name = os.environ.get("OTEL_SERVICE_NAME") or "cliffhanger"
        self._provider = TracerProvider(resource=Resource.create({SERVICE_NAME: name}), shutdown_on_exit=False)
        self._exporter = OTLPSpanExporter(endpoint + PATH, timeout=PATIENCE)
        self._provider.add_span_processor(BatchSpanProcessor(self._exporter))
        self._tracer = self._provider.get_tracer("cliffhanger")

    async def around(self, work: Awaitable[Result], name: str, **about: str) -> Result:
        """Do the work within a span; what it traces itself lies inside."""
        span = self._tracer.start_as_current_span(
            name, attributes=about, record_exception=False, set_status_on_exception=False
        )
        with span as current:
            try:
                return await work
            except Exception as error:
                current.set_attribute("error.type", type(error).__name__)
                current.set_status(StatusCode.ERROR)
                raise

    def note(self, **about: str) -> None:
        """Say more of the span that the caller is in; nothing outside of one."""
        get_current_span().set_attributes(about)

    def close(self) -> None:
        """Send what is left, for some seconds at most: call it off the event loop."""
        # By itself the library goes on for every batch in its queue, however long the collector is away.
        enough = Timer(PATIENCE, self._exporter.shutdown)
        enough.start()
        self._provider.shutdown()
        enough.cancel()
