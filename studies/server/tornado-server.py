"""A latency server as the chapter's: Tornado, with the same route as ours and the figures that are compared.

It says on stdout where it listens, as one line of JSON, and ends when stdin does.
"""

import asyncio
import json
import resource
import sys
import time

from tornado.httpserver import HTTPServer
from tornado.ioloop import IOLoop
from tornado.netutil import bind_sockets
from tornado.web import Application, RequestHandler

# As ours: a server that accepts too slowly makes a burst of connections wait for a full second.
BACKLOG = 4096

hold_errors_ms: list[float] = []
in_flight = 0


class DelayHandler(RequestHandler):
    async def get(self, delay_ms: str) -> None:
        global in_flight
        in_flight += 1
        arrived = time.perf_counter()
        await asyncio.sleep(float(delay_ms) / 1000)
        hold_errors_ms.append((time.perf_counter() - arrived) * 1000 - float(delay_ms))
        in_flight -= 1
        self.write({"delayMs": float(delay_ms)})


class StatsHandler(RequestHandler):
    def get(self) -> None:
        ordered = sorted(hold_errors_ms)

        def percentile(share: float) -> float:
            return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0

        self.write(
            {
                "requests": len(ordered),
                "inFlight": in_flight,
                "holdErrorMs": {"p50": percentile(0.5), "p99": percentile(0.99), "max": percentile(1.0)},
                "memoryBytes": resident_bytes(),
            }
        )

    def delete(self) -> None:
        hold_errors_ms.clear()
        self.set_status(204)


def resident_bytes() -> int:
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * resource.getpagesize()


async def main() -> None:
    application = Application([(r"/delay/([\d.]+)", DelayHandler), (r"/stats", StatsHandler)])
    # An access log would be part of what is measured.
    application.settings["log_function"] = lambda _handler: None
    server = HTTPServer(application)
    sockets = bind_sockets(0, "127.0.0.1", backlog=BACKLOG)
    server.add_sockets(sockets)
    print(json.dumps({"origin": f"http://127.0.0.1:{sockets[0].getsockname()[1]}"}), flush=True)
    await IOLoop.current().run_in_executor(None, sys.stdin.read)


asyncio.run(main())
