"""The one place in `data` that asks what time it is. Everything else is told."""

from datetime import UTC, datetime


def now() -> datetime:
    """The present instant, in UTC."""
    return datetime.now(UTC)
