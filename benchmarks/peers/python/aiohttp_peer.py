"""Crawls with aiohttp, and saves hashes with it while the next ones are computed.

Its messages: see conversation.py.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable

from conversation import Order, Outcome, Setting, check_status, converse, required_libraries

with required_libraries():
    import aiohttp
    import bcrypt

# Longer than a batch of hashes, which leaves the connections idle.
KEEP_ALIVE_SECONDS = 600.0

SETTINGS = [
    Setting("limit", "no limit", "100", "Only the strategy should limit the requests in flight."),
    Setting("keepalive_timeout", "600 s", "15 s", "Connections are idle while hashes are computed."),
]

LoopFactory = Callable[[], asyncio.AbstractEventLoop]


class AiohttpSession:
    """A client session and its order, on one event loop from start to end."""

    def __init__(self, order: Order, loop_factory: LoopFactory | None = None) -> None:
        self.order = order
        self.compute_ns = 0
        self.runner = asyncio.Runner(loop_factory=loop_factory)
        self.runner.run(self.open())

    async def open(self) -> None:
        # Only the strategy limits the requests in flight.
        connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=KEEP_ALIVE_SECONDS)
        self.client = aiohttp.ClientSession(connector=connector)
        await asyncio.gather(*[self.get(url) for url in self.order.warming_urls()])

    def run(self) -> Outcome:
        self.compute_ns = 0
        strategy = STRATEGIES[self.order.workload][self.order.strategy]
        return Outcome(self.runner.run(strategy(self)), self.compute_ns)

    def close(self) -> None:
        self.runner.run(self.client.close())
        self.runner.close()

    async def get(self, url: str) -> str:
        async with self.client.get(url) as response:
            check_status(response.status, url)
            return await response.text()

    async def post(self, url: str, text: str) -> str:
        """Returns the text itself, once the target has it."""
        async with self.client.post(url, data=text) as response:
            check_status(response.status, url)
            await response.read()
            return text

    def hash_password(self, job: int) -> str:
        start_ns = time.perf_counter_ns()
        hashed = bcrypt.hashpw(f"overlap {job}".encode(), self.order.salts[job].encode())
        self.compute_ns += time.perf_counter_ns() - start_ns
        return hashed.decode()


async def crawl_serial(session: AiohttpSession) -> list[str]:
    return [await session.get(url) for url in session.order.job_urls()]


async def crawl_semaphore(session: AiohttpSession) -> list[str]:
    semaphore = asyncio.Semaphore(session.order.limit)

    async def get(url: str) -> str:
        async with semaphore:
            return await session.get(url)

    return await asyncio.gather(*[asyncio.create_task(get(url)) for url in session.order.job_urls()])


async def crawl_promise_all(session: AiohttpSession) -> list[str]:
    return await asyncio.gather(*[asyncio.create_task(session.get(url)) for url in session.order.job_urls()])


async def hash_only(session: AiohttpSession) -> list[str]:
    return [session.hash_password(job) for job in range(session.order.jobs)]


async def save_serial(session: AiohttpSession) -> list[str]:
    urls = enumerate(session.order.job_urls())
    return [await session.post(url, session.hash_password(job)) for job, url in urls]


async def save_batches(session: AiohttpSession) -> list[str]:
    urls = list(session.order.job_urls())
    results: list[str] = []
    for start in range(0, len(urls), session.order.batch):
        batch = range(start, min(start + session.order.batch, len(urls)))
        hashes = [session.hash_password(job) for job in batch]
        results += await asyncio.gather(*[session.post(urls[job], text) for job, text in zip(batch, hashes)])
    return results


async def save_interleaved(session: AiohttpSession) -> list[str]:
    semaphore = asyncio.Semaphore(session.order.limit)

    async def post(url: str, text: str) -> str:
        async with semaphore:
            return await session.post(url, text)

    tasks: list[asyncio.Task[str]] = []
    for job, url in enumerate(session.order.job_urls()):
        tasks.append(asyncio.create_task(post(url, session.hash_password(job))))
        # Lets the event loop send the request before the next hash blocks it.
        await asyncio.sleep(0)
    return await asyncio.gather(*tasks)


STRATEGIES: dict[str, dict[str, Callable[[AiohttpSession], Awaitable[list[str]]]]] = {
    "crawl": {"serial": crawl_serial, "semaphore": crawl_semaphore, "promise-all": crawl_promise_all},
    "hash-and-save": {
        "no-io": hash_only,
        "serial": save_serial,
        "batches": save_batches,
        "interleaved": save_interleaved,
    },
}


def main(libraries: list[str], loop_factory: LoopFactory | None = None) -> None:
    strategies = {workload: list(by_name) for workload, by_name in STRATEGIES.items()}
    converse(libraries, strategies, lambda order: AiohttpSession(order, loop_factory), "aiohttp", SETTINGS)


if __name__ == "__main__":
    main(["aiohttp", "bcrypt"])
