"""Slows down whoever tries one password after the other."""

from __future__ import annotations

import ipaddress
import time
from collections.abc import Callable
from dataclasses import dataclass, field

FREE = 5  # tries without a pause
LONGEST_WAIT = 15 * 60.0  # seconds
_FORGOTTEN_AFTER = 60 * 60.0  # seconds
_ADDRESSES = 10_000  # kept at most


@dataclass
class Tries:
    """Counts the tries of each address; from the sixth on the pause doubles, from 2 s on."""

    clock: Callable[[], float] = time.monotonic
    _made: dict[str, tuple[int, float]] = field(default_factory=dict)

    def wait(self, address: str) -> float:
        """Seconds until this address may try again."""
        count, last = self._made.get(_network(address), (0, 0.0))
        pause = min(2.0 ** (count - FREE + 1), LONGEST_WAIT) if count >= FREE else 0.0
        return max(0.0, last + pause - self.clock())

    def begin(self, address: str) -> None:
        """A try counts from its beginning: many at once are no way around the pause."""
        now, network = self.clock(), _network(address)
        count, last = self._made.pop(network, (0, now))
        self._made[network] = (count + 1 if now - last < _FORGOTTEN_AFTER else 1, now)
        if len(self._made) > _ADDRESSES:
            del self._made[next(iter(self._made))]

    def passed(self, address: str) -> None:
        self._made.pop(_network(address), None)


def _network(address: str) -> str:
    """An IPv6 address stands for its /64: whoever has one has all of them."""
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if known.version == 4:
        return address
    return str(ipaddress.ip_network((known, 64), strict=False).network_address)
