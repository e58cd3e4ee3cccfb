"""Crawls with requests, one page after the other, as a script without concurrency does.

Its messages: see conversation.py.
"""

from conversation import Order, Outcome, check_status, converse, required_libraries

with required_libraries():
    import requests
    from requests.adapters import HTTPAdapter


class Crawl:
    """A requests session and what it is to fetch."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.session = requests.Session()
        # No proxy or password of the environment comes between, nor is one looked for at each request.
        self.session.trust_env = False
        pool = HTTPAdapter(pool_connections=1, pool_maxsize=order.crawl_places())
        self.session.mount(order.origin, pool)
        # A connection goes back to the pool when its answer has been read: so many unread ones open them all.
        for response in [self.session.get(url, stream=True) for url in order.warming_urls()]:
            response.content

    def run(self) -> Outcome:
        return Outcome([self.get(url) for url in self.order.job_urls()])

    def close(self) -> None:
        self.session.close()

    def get(self, url: str) -> str:
        response = self.session.get(url)
        check_status(response.status_code, url)
        return response.text


if __name__ == "__main__":
    converse(["requests", "urllib3"], {"crawl": ["serial"]}, Crawl)
