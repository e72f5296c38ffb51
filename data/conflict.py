"""Two who change the same at once: the second is told, and nothing of either is lost."""

from collections.abc import Collection, Mapping
from typing import Any

from data.errors import Trouble


class Conflict(Trouble):
    """Someone else was first. `base` is what the second began from, `current` as the first left it, `tried` what the
    second wanted (field -> value), `clashes` the fields that both changed, each to something else.

    `called`: what it is ("action"); `fields`: which of its fields can be changed. Both things have updated_by and
    updated_at (UTC).
    """

    def __init__(
        self, base: Any, current: Any, tried: Mapping[str, Any], *, called: str, fields: Collection[str]
    ) -> None:
        self.base, self.current, self.tried = base, current, dict(tried)
        theirs = {name for name in fields if getattr(base, name) != getattr(current, name)}
        self.clashes = sorted(name for name in theirs & set(tried) if getattr(current, name) != tried[name])
        at = f"{current.updated_at.day} {current.updated_at:%b %H:%M} UTC"
        super().__init__(
            f"{current.updated_by} changed this {called} while you were writing ({at}): nothing was overwritten "
            "and what you wrote is kept; look at both and save again."
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.base, self.current, self.tried)
