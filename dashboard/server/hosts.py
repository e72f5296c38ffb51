"""By which names the pages may be asked for, and from which pages of others: none.

A page of another site could point a name of its own at this machine (DNS rebinding), or open a connection to it from
the visitor's browser (a forged request). The first is told by the Host that is asked for, the second by the Origin.
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from data.settings import Settings

HERE = frozenset({"localhost", "127.0.0.1", "::1"})
_ANYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 - not listened at: compared with


@dataclass(frozen=True)
class Names:
    """The names that are answered to. `origins`: those of the addresses that are set."""

    exact: frozenset[str]
    endings: tuple[str, ...]
    origins: frozenset[str] = frozenset()

    @property
    def https(self) -> bool:
        """Do people reach the pages by https alone, as far as is set?"""
        return bool(self.origins) and all(one.startswith("https://") for one in self.origins)

    def answers_to(self, host: str | None) -> bool:
        """May the pages be asked for by this Host header?"""
        name = name_of(host)
        return name is not None and (name in self.exact or name.endswith(self.endings))

    def same_site(self, origin: str | None, host: str | None) -> bool:
        """Does a request with this Origin come from our own pages? No Origin: from no page at all."""
        if origin is None:
            return True
        try:
            parts = urlsplit(origin)
        except ValueError:
            return False
        if parts.scheme not in {"http", "https"} or not parts.netloc:
            return False  # "null": from a sandbox or a file
        return origin in self.origins or (parts.netloc.lower() == (host or "").lower() and self.answers_to(host))


def names_of(settings: Settings, host: str, *addresses: str) -> Names:
    """What the settings allow, for a server that listens at `host`; `addresses`: others of its own, as sign-in's."""
    exact, endings, origins = set(HERE), [], set()
    if host not in _ANYWHERE:
        exact.add(host.lower())
    for address in filter(None, (settings.address, *addresses)):
        parts = urlsplit(address)
        exact.add((parts.hostname or "").rstrip("."))
        origins.add(f"{parts.scheme}://{parts.netloc}".lower())
    for one in settings.allowed_hosts:
        name = one.lower().rstrip(".")
        if name.startswith("*."):
            endings.append(name[1:])
        else:
            exact.add(name)
    return Names(frozenset(exact - {""}), tuple(endings), frozenset(origins))


def name_of(host: str | None) -> str | None:
    """The name in a Host header, without its port; None where it is no such header."""
    if not host or any(sign in host for sign in "@/\\?# \t,"):
        return None
    try:
        parts = urlsplit(f"//{host}")
        _ = parts.port  # raises where it is none
    except ValueError:
        return None
    return (parts.hostname or "").rstrip(".") or None
