"""Health and metrics: for people and programs that look after the gateway."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from gateway_core.http.asgi import Scope, Send
from gateway_core.model.money import NANO_PER_USD
from gateway_core.state.vitals import Vitals
from gateway_core.tally import Tally

if TYPE_CHECKING:
    from prometheus_client.core import Metric

PATHS = frozenset({"/", "/health/live", "/health/ready", "/metrics"})


class Ops:
    """Answers /health and /metrics. `ready` tells whether calls are served."""

    def __init__(
        self, tally: Tally, vitals: Vitals, running: Callable[[], int], ready: Callable[[], bool]
    ) -> None:
        self._tally = tally
        self._vitals = vitals
        self._running = running
        self._ready = ready

    async def __call__(self, scope: Scope, send: Send) -> None:
        path, status, kind = scope["path"], 200, b"application/json"
        if path == "/metrics":
            body, kind = self._metrics()
        elif path == "/health/ready" and not self._ready():
            status, body = 503, b'{"status": "draining"}'
        else:
            body = b'{"status": "ok"}'
        head = [(b"content-type", kind), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": head})
        await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})

    def _metrics(self) -> tuple[bytes, bytes]:
        # Only who is asked for metrics pays for loading the library.
        from prometheus_client import CollectorRegistry
        from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

        registry = CollectorRegistry()
        registry.register(_Collector(self._tally, self._vitals, self._running))
        return generate_latest(registry), CONTENT_TYPE_LATEST.encode()


class _Collector:
    """The tally and the vital signs in Prometheus' words."""

    def __init__(self, tally: Tally, vitals: Vitals, running: Callable[[], int]) -> None:
        self._tally = tally
        self._vitals = vitals
        self._running = running

    def collect(self) -> Iterable[Metric]:
        from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily

        tally = self._tally
        calls = CounterMetricFamily(
            "llmconsole_calls", "Calls that have ended", labels=["provider", "model", "outcome"]
        )
        for labels, count in tally.calls.items():
            calls.add_metric(list(labels), count)
        tokens = CounterMetricFamily("llmconsole_tokens", "Tokens used", labels=["provider", "model", "kind"])
        for labels, count in tally.tokens.items():
            tokens.add_metric(list(labels), count)
        cost = CounterMetricFamily("llmconsole_cost_usd", "Dollars spent", labels=["provider", "model"])
        for served, nano in tally.cost_nano.items():
            cost.add_metric(list(served), nano / NANO_PER_USD)
        overhead = CounterMetricFamily("llmconsole_overhead_seconds", "Time spent in the gateway itself")
        overhead.add_metric([], tally.overhead_ms / 1000)
        running = GaugeMetricFamily("llmconsole_calls_in_flight", "Calls that are running")
        running.add_metric([], self._running())
        return [calls, tokens, cost, overhead, running, *self._signs()]

    def _signs(self) -> Iterable[Metric]:
        from prometheus_client.core import GaugeMetricFamily

        labels = ["provider", "model"]
        latency = GaugeMetricFamily("llmconsole_first_byte_seconds", "Median, lately", labels=labels)
        errors = GaugeMetricFamily("llmconsole_error_rate", "Share of late calls that failed", labels=labels)
        for target in self._vitals.all():
            first = self._vitals.latency_ms(target)
            if first is not None:
                latency.add_metric([target.provider, target.model], first / 1000)
            errors.add_metric([target.provider, target.model], self._vitals.error_rate(target))
        circuits = GaugeMetricFamily("llmconsole_circuits_open", "Keys that rest", labels=["provider"])
        opened = Counter(provider for provider, _ in self._vitals.circuits.opened())
        for provider, count in opened.items():
            circuits.add_metric([provider], count)
        return [latency, errors, circuits]
