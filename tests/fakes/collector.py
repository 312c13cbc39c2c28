"""A collector of traces as OpenTelemetry describes one: takes OTLP over HTTP and remembers what it was told."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.http.server import WebServer
from bot.trace import PATH, Trace


class Collector:
    """`told` is every byte that came, unpacked; `spans` what it says."""

    def __init__(self) -> None:
        self.server = WebServer("127.0.0.1", 0, [Route(PATH, self._take, methods=["POST"])])
        self.told = b""
        self.spans: list[Span] = []
        self.services: set[str] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    def named(self, name: str) -> list[dict[str, str]]:
        """What was said of the spans of that name, in the order in which they ended."""
        spans = sorted((span for span in self.spans if span.name == name), key=lambda span: span.end_time_unix_nano)
        return [{one.key: one.value.string_value for one in span.attributes} for span in spans]

    async def _take(self, request: Request) -> Response:
        body = await request.body()
        told = gzip.decompress(body) if request.headers.get("content-encoding") == "gzip" else body
        self.told += told
        for resource in ExportTraceServiceRequest.FromString(told).resource_spans:
            about = {one.key: one.value.string_value for one in resource.resource.attributes}
            self.services.add(about["service.name"])
            self.spans += [span for scope in resource.scope_spans for span in scope.spans]
        return Response(media_type="application/x-protobuf")


@asynccontextmanager
async def collecting() -> AsyncIterator[Collector]:
    """A collector that listens."""
    collector = Collector()
    async with collector.server.running():
        yield collector


@asynccontextmanager
async def tracing(collector: Collector) -> AsyncIterator[Trace]:
    """A trace to it; afterwards it was told everything."""
    trace = Trace(collector.url)
    try:
        yield trace
    finally:
        await asyncio.to_thread(trace.close)
