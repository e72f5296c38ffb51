"""Under which address people reach the pages: what a code to join, a digest and a pack link to."""

import os
from urllib.parse import urlencode, urlsplit

from data.errors import Trouble

SETTING = "HEARTLINE_ADDRESS"
HERE = "http://localhost:8501"


def address() -> str:
    """The address of the pages without a slash at its end. Trouble where the setting is no http or https address."""
    set_to = os.environ.get(SETTING, "").strip() or HERE
    parts = urlsplit(set_to)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        raise Trouble(f"{SETTING} is {set_to!r}, which is no address such as https://heartline.example.com: mend it.")
    return set_to.rstrip("/")


def link(page: str = "", **query: str | int | None) -> str:
    """The address of `page` (as in the browser: "team"), with what is asked of it; what is None is left out."""
    asked = urlencode({name: value for name, value in query.items() if value is not None})
    return f"{address()}/{page}" + (f"?{asked}" if asked else "")
