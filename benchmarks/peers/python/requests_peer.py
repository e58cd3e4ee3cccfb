"""Crawls with requests in sequence, as a script without concurrency does.

Its messages: see conversation.py.
"""

from conversation import Order, Outcome, Setting, check_status, converse, required_libraries

with required_libraries():
    import requests
    from requests.adapters import HTTPAdapter


class Crawl:
    """A requests session and its order."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.session = requests.Session()
        # Ignores proxies and passwords of the environment, and skips their lookup at each request.
        self.session.trust_env = False
        pool = HTTPAdapter(pool_connections=1, pool_maxsize=order.crawl_places())
        self.session.mount(order.origin, pool)
        # An unread answer keeps its connection out of the pool, so these requests open all connections.
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


SETTINGS = [
    Setting("pool_maxsize", "the most connections", "10", "It opens as many as ordered."),
    Setting("trust_env", "False", "True", "No request leaves this machine."),
]

if __name__ == "__main__":
    converse(["requests", "urllib3"], {"crawl": ["serial"]}, Crawl, "requests", SETTINGS)
