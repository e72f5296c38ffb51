"""What is noticed of numbers under pressure, in kind words: what happens more than before, and that it wins nothing."""

from collections.abc import Mapping
from typing import Any

from dashboard import words

SAID = {
    "parked": "Tickets are put on hold without a question to the customer more often than before: their waiting counts "
    "here as ours",
    "filed_low": "More tickets carry the lowest priority than before: what is late goes by their category, so this "
    "changes nothing here",
    "closed_early": "More tickets are reopened within two days of being resolved than before: they count as not "
    "done in time, and each as a customer who had to come back",
    "closed_elsewhere": "More tickets are handed on after a reply and closed by the next team within the hour than "
    "before: they count here for who last spoke to the customer",
}


def said(row: Mapping[str, Any]) -> str:
    """One way that is used more than before, with its numbers."""
    now = f"{row['x']:,} of {row['n']:,}, {words.share(row['share'])}"
    return f"{SAID[row['sign']]} ({now}; about {words.share(row['expected'])} before). A target may be pressing: ask."
