"""The messages between a peer and the process that measures it.

docs/peer-protocol.md describes the messages and their rules.
"""

import gc
import json
import os
import platform
import signal
import sys
import threading
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Protocol
from urllib.parse import quote

EXIT_FAILED = 1
EXIT_MISSING = 3

Command = dict[str, Any]

# Ctrl-C reaches the whole process group; the parent decides what it means.
signal.signal(signal.SIGINT, signal.SIG_IGN)


def end_with_parent(parent: int, pause: Callable[[float], None]) -> None:
    """Ends with the parent. A process that computes does not read stdin, so a thread polls the parent."""
    while os.getppid() == parent:
        pause(0.5)
    os._exit(EXIT_FAILED)


# The original sleep: gevent replaces the module's function later.
threading.Thread(target=end_with_parent, args=(os.getppid(), time.sleep), daemon=True).start()


@dataclass(frozen=True)
class Order:
    """The fields of an open command."""

    workload: str
    strategy: str
    origin: str
    run: str
    jobs: int
    delay_ms: float
    limit: int
    connections: int
    batch: int
    salts: Sequence[str]
    """One per job; each carries the cost of its hash."""

    def crawl_places(self) -> int:
        """The most connections of a crawl: those that it opens first, or all that it uses at once."""
        at_once = {"serial": 1, "semaphore": self.limit, "promise-all": self.jobs}
        return max(self.connections, at_once[self.strategy])

    def warming_urls(self) -> list[str]:
        """Requested at once, these URLs open the connections; they belong to no sample."""
        # Held until all are sent, since an early answer would lend its connection to a later request.
        hold_ms = max(50, self.connections // 5)
        return [f"{self.origin}/delay/{hold_ms}"] * self.connections

    def job_urls(self) -> Iterator[str]:
        """In the order of the jobs."""
        run = quote(self.run, safe="")
        return (f"{self.origin}/delay/{self.delay_ms}?job={job}&run={run}" for job in range(self.jobs))


@dataclass(frozen=True)
class Outcome:
    """The results of a batch of jobs."""

    results: Sequence[str]
    """In the order of the jobs."""
    compute_ns: int = 0


@dataclass(frozen=True)
class Setting:
    """A setting of the client that is not the default, and why."""

    name: str
    value: str
    default: str
    why: str

    def described(self) -> Mapping[str, str]:
        return {"name": self.name, "value": self.value, "default": self.default, "why": self.why}


class Session(Protocol):
    """A client that keeps its connections from its creation until it is closed."""

    def run(self) -> Outcome: ...

    def close(self) -> None: ...


@contextmanager
def required_libraries() -> Iterator[None]:
    """Wraps imports: if one fails, the peer reports the missing library and ends."""
    try:
        yield
    except ImportError as error:
        say({"ready": False, "missing": (error.name or str(error)).partition(".")[0]})
        sys.exit(EXIT_MISSING)


def converse(
    libraries: Iterable[str],
    strategies: Mapping[str, Sequence[str]],
    open_session: Callable[[Order], Session],
    client: str,
    settings: Sequence[Setting] = (),
) -> None:
    """Reports this peer's abilities, then follows commands until stdin ends.

    `libraries` are distribution names, `strategies` are by workload. `open_session` opens the
    connections that must be open before the clock starts. `client` is the library that sends.
    """
    say(
        {
            "ready": True,
            "versions": {"python": platform.python_version()} | {name: version(name) for name in libraries},
            "strategies": strategies,
            "client": client,
            "settings": [setting.described() for setting in settings],
        }
    )
    session: Session | None = None
    try:
        for line in sys.stdin:
            command = json.loads(line)
            match command["do"], session:
                case "open", None:
                    session = open_session(read_order(command, strategies))
                    say({"opened": True})
                case "run", opened if opened is not None:
                    say(measure(opened))
                case "close", opened if opened is not None:
                    opened.close()
                    session = None
                    say({"closed": True})
                case unexpected, _:
                    raise ValueError(f"{unexpected} is no command, or comes at the wrong time")
        if session is not None:
            session.close()
    except Exception as error:
        print(f"{type(error).__name__}: {' '.join(str(error).split())}", file=sys.stderr, flush=True)
        # Libraries that end in the middle of their work would print further lines.
        os._exit(EXIT_FAILED)


def say(answer: Mapping[str, Any]) -> None:
    print(json.dumps(answer), flush=True)


def check_status(status: int, url: str) -> None:
    if status != 200:
        raise RuntimeError(f"the target answered {status} to {url}")


def read_order(command: Command, strategies: Mapping[str, Sequence[str]]) -> Order:
    workload, strategy = command["workload"], command["strategy"]
    if strategy not in strategies.get(workload, ()):
        raise ValueError(f"{workload} by {strategy} is not what this peer can do")
    return Order(
        workload=workload,
        strategy=strategy,
        origin=command["origin"],
        run=command["run"],
        jobs=command["jobs"],
        delay_ms=command["delayMs"],
        limit=command["limit"],
        connections=command["connections"],
        batch=command.get("batch") or command["jobs"],
        salts=command.get("salts", ()),
    )


def measure(session: Session) -> Mapping[str, Any]:
    gc.collect()
    cpu_start_ns = time.process_time_ns()
    wall_start_ns = time.perf_counter_ns()
    outcome = session.run()
    wall_ns = time.perf_counter_ns() - wall_start_ns
    cpu_ns = time.process_time_ns() - cpu_start_ns
    return {
        "wallMs": wall_ns / 1e6,
        "cpuMs": cpu_ns / 1e6,
        "computeMs": outcome.compute_ns / 1e6,
        "checksum": checksum(outcome.results),
    }


def checksum(results: Iterable[str]) -> str:
    value = 0
    for result in results:
        value = zlib.crc32(result.encode(), value)
    return f"{value:08x}"
