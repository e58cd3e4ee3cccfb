"""Crawls with httpx on asyncio.

Its messages: see conversation.py.
"""

import asyncio
from collections.abc import Awaitable, Callable

from conversation import Order, Outcome, Setting, check_status, converse, required_libraries

with required_libraries():
    import httpx

# Longer than any pause between batches.
KEEP_ALIVE_SECONDS = 600.0

SETTINGS = [
    Setting("max_connections", "no limit", "100", "Only the strategy should limit the requests in flight."),
    Setting("max_keepalive_connections", "no limit", "20", "Other connections would open anew for each request."),
    Setting("keepalive_expiry", "600 s", "5 s", "No connection should close between batches."),
    Setting("timeout", "none", "5 s", "Requests that wait in the client would fail."),
    Setting("trust_env", "False", "True", "No request leaves this machine."),
]


class Crawl:
    """A client and its order, on one event loop from start to end."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.runner = asyncio.Runner()
        self.runner.run(self.open())

    async def open(self) -> None:
        limits = httpx.Limits(
            max_connections=None,
            max_keepalive_connections=None,
            keepalive_expiry=KEEP_ALIVE_SECONDS,
        )
        self.client = httpx.AsyncClient(limits=limits, timeout=None, trust_env=False)
        await asyncio.gather(*[self.get(url) for url in self.order.warming_urls()])

    def run(self) -> Outcome:
        return Outcome(self.runner.run(STRATEGIES[self.order.strategy](self)))

    def close(self) -> None:
        self.runner.run(self.client.aclose())
        self.runner.close()

    async def get(self, url: str) -> str:
        response = await self.client.get(url)
        check_status(response.status_code, url)
        return response.text


async def serial(crawl: Crawl) -> list[str]:
    return [await crawl.get(url) for url in crawl.order.job_urls()]


async def semaphore(crawl: Crawl) -> list[str]:
    places = asyncio.Semaphore(crawl.order.limit)

    async def get(url: str) -> str:
        async with places:
            return await crawl.get(url)

    return await asyncio.gather(*[asyncio.create_task(get(url)) for url in crawl.order.job_urls()])


async def promise_all(crawl: Crawl) -> list[str]:
    return await asyncio.gather(*[asyncio.create_task(crawl.get(url)) for url in crawl.order.job_urls()])


STRATEGIES: dict[str, Callable[[Crawl], Awaitable[list[str]]]] = {
    "serial": serial,
    "semaphore": semaphore,
    "promise-all": promise_all,
}

if __name__ == "__main__":
    converse(["httpx", "httpcore"], {"crawl": list(STRATEGIES)}, Crawl, "httpx", SETTINGS)
