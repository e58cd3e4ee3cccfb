"""Crawls with gevent: code that blocks, in greenlets that give way to each other while they wait.

Its messages: see conversation.py.
"""

from conversation import Order, Outcome, check_status, converse, required_libraries

with required_libraries():
    # Before anything else is imported that could keep what it replaces.
    from gevent import monkey

    monkey.patch_all()

    from queue import Queue
    from urllib.parse import urlsplit

    import gevent
    import urllib3
    from gevent.lock import Semaphore


class FairPool(urllib3.HTTPConnectionPool):
    """Takes the connection that has rested longest, so that all take part even if answers come early."""

    QueueCls = Queue


class Crawl:
    """A pool of connections and what is to be fetched over them."""

    def __init__(self, order: Order) -> None:
        self.order = order
        address = urlsplit(order.origin)
        # What fails is to be seen, not tried again.
        self.pool = FairPool(address.hostname, address.port, maxsize=order.crawl_places(), retries=False)
        # A connection goes back to the pool when its answer has been read: so many unread ones open them all.
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


STRATEGIES = {"serial": serial, "semaphore": semaphore, "promise-all": promise_all}

if __name__ == "__main__":
    # The conversation says what went wrong; each greenlet would say it again.
    gevent.get_hub().exception_stream = None
    converse(["gevent", "urllib3"], {"crawl": list(STRATEGIES)}, Crawl)
