"""Crawls with tornado's client on top of libcurl.

Its messages: see conversation.py.
"""

import asyncio

from conversation import Order, Outcome, Setting, check_status, converse, required_libraries

with required_libraries():
    import pycurl
    from tornado.curl_httpclient import CurlAsyncHTTPClient


class Crawl:
    """A client and its order, on one event loop from start to end."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.runner = asyncio.Runner()
        self.runner.run(self.open())

    async def open(self) -> None:
        # Tornado's own limit: further requests wait in the client's queue.
        places = self.order.crawl_places()
        self.client = CurlAsyncHTTPClient(force_instance=True, max_clients=places)
        # By default libcurl keeps four connections per request in flight, and closes some after a batch.
        self.client._multi.setopt(pycurl.M_MAXCONNECTS, places)
        await asyncio.gather(*[self.get(url) for url in self.order.warming_urls()])

    def run(self) -> Outcome:
        return Outcome(self.runner.run(STRATEGIES[self.order.strategy](self)))

    def close(self) -> None:
        self.runner.run(self.close_client())
        self.runner.close()

    async def close_client(self) -> None:
        self.client.close()

    async def get(self, url: str) -> str:
        response = await self.client.fetch(url)
        check_status(response.code, url)
        return response.body.decode()


async def one_by_one(crawl: Crawl) -> list[str]:
    return [await crawl.get(url) for url in crawl.order.job_urls()]


async def at_once(crawl: Crawl) -> list[str]:
    return await asyncio.gather(*[crawl.get(url) for url in crawl.order.job_urls()])


# The last two strategies differ in the client's limit only.
STRATEGIES = {"serial": one_by_one, "semaphore": at_once, "promise-all": at_once}

SETTINGS = [
    Setting("max_clients", "the most requests in flight", "10", "Only the strategy should limit them."),
    Setting("M_MAXCONNECTS", "the most requests in flight", "4 for each", "libcurl would close some after a batch."),
]

if __name__ == "__main__":
    converse(["tornado", "pycurl"], {"crawl": list(STRATEGIES)}, Crawl, "libcurl", SETTINGS)
