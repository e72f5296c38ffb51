"""What a pack is rendered from: the frozen content, and what names the review. Nothing else is read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from data.reviewing.reviews import Review


@dataclass(frozen=True, eq=False)
class Pack:
    """A frozen review as the renderers take it. `foot` stands at the foot of each page."""

    content: dict[str, Any]
    at: datetime
    by: str
    foot: str
    link: str | None = None


def pack_of(review: Review) -> Pack:
    """Number, day and name come from the review as it was kept."""
    at = review.at.replace(microsecond=0)  # files tell time by the second
    day = f"{at.day} {at:%B} {at.year}"
    foot = f"Heartline · review {review.number}, frozen on {day} · {review.content['versions']['said']}"
    return Pack(review.content, at, review.by, foot)
