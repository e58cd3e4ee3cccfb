"""The same as aiohttp_peer.py, on the event loop of uvloop.

Its messages: see conversation.py.
"""

from conversation import required_libraries

with required_libraries():
    import uvloop

import aiohttp_peer

if __name__ == "__main__":
    aiohttp_peer.main(["aiohttp", "uvloop", "bcrypt"], uvloop.new_event_loop)
