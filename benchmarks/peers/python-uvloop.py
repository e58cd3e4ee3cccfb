"""What python-aiohttp.py does, on the event loop of uvloop.

In and out: see conversation.py.
"""

from importlib import import_module

from conversation import required_libraries

with required_libraries():
    import uvloop

# The hyphen keeps an import statement from naming it.
aiohttp_peer = import_module("python-aiohttp")

if __name__ == "__main__":
    aiohttp_peer.main(["aiohttp", "uvloop", "bcrypt"], uvloop.new_event_loop)
