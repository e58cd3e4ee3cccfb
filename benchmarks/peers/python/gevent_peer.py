"""Crawls with gevent: blocking code in greenlets, which yield to each other while they wait.

Its messages: see conversation.py.
"""

from conversation import Order, Outcome, Setting, check_status, converse, required_libraries

with required_libraries():
    # Before other imports, which could keep references to the replaced functions.
    from gevent import monkey

    monkey.patch_all()

    from queue import Queue
    from urllib.parse import urlsplit

    import gevent
    import urllib3
    from gevent.lock import Semaphore


class FairPool(urllib3.HTTPConnectionPool):
    """Takes the connection that was idle longest, so that all are used even if answers come early."""

    QueueCls = Queue


class Crawl:
    """A pool of connections and its order."""

    def __init__(self, order: Order) -> None:
        self.order = order
        address = urlsplit(order.origin)
        # Failures must be visible, so retries are off.
        self.pool = FairPool(address.hostname, address.port, maxsize=order.crawl_places(), retries=False)
        # An unread answer keeps its connection out of the pool, so these requests open all connections.
        greenlets = [gevent.spawn(self.request, url, preload=False) for url in order.warming_urls()]
        for response in gather(greenlets):
            response.drain_conn()

    def run(self) -> Outcome:
        return Outcome(STRATEGIES[self.order.strategy](self))

    def close(self) -> None:
        self.pool.close()

    def request(self, url: str, preload: bool = True) -> urllib3.HTTPResponse:
        response = self.pool.request("GET", url.removeprefix(self.order.origin), preload_content=preload)
        check_status(response.status, url)
        return response

    def get(self, url: str) -> str:
        return self.request(url).data.decode()


def serial(crawl: Crawl) -> list[str]:
    return [crawl.get(url) for url in crawl.order.job_urls()]


def semaphore(crawl: Crawl) -> list[str]:
    places = Semaphore(crawl.order.limit)

    def get(url: str) -> str:
        with places:
            return crawl.get(url)

    return gather([gevent.spawn(get, url) for url in crawl.order.job_urls()])


def promise_all(crawl: Crawl) -> list[str]:
    return gather([gevent.spawn(crawl.get, url) for url in crawl.order.job_urls()])


def gather(greenlets: list[gevent.Greenlet]) -> list:
    gevent.joinall(greenlets, raise_error=True)
    return [greenlet.get() for greenlet in greenlets]


SETTINGS = [
    Setting("maxsize", "the most requests in flight", "1", "Other connections would open anew for each request."),
    Setting("QueueCls", "first in, first out", "last in, first out", "All connections should be used."),
    Setting("retries", "none", "3", "Failures must be visible."),
]

STRATEGIES = {"serial": serial, "semaphore": semaphore, "promise-all": promise_all}

if __name__ == "__main__":
    # conversation.py prints the error; each greenlet would print it again.
    gevent.get_hub().exception_stream = None
    converse(["gevent", "urllib3"], {"crawl": list(STRATEGIES)}, Crawl, "urllib3", SETTINGS)
