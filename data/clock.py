"""The one place in `data` that asks what time it is. Everything else is told."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)


def instant(given: datetime | None) -> datetime:
    """`given` in UTC, or the present. Raises ValueError where it has no zone: then it is no instant."""
    if given is None:
        return now()
    if given.tzinfo is None:
        raise ValueError(f"{given} has no time zone: an instant is needed")
    return given.astimezone(UTC)
