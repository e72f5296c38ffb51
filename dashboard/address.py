"""Under which address people reach the pages: what a code to join, a digest and a pack link to."""

from urllib.parse import urlencode

from data.settings import settings_of


def address() -> str:
    """The address of the pages without a slash at its end. Trouble where the setting is no http or https address."""
    settings = settings_of()
    return settings.address.rstrip("/") or f"http://localhost:{settings.port}"


def link(page: str = "", **query: str | int | None) -> str:
    """The address of `page` (as in the browser: "team"), with what is asked of it; what is None is left out."""
    asked = urlencode({name: value for name, value in query.items() if value is not None})
    return f"{address()}/{page}" + (f"?{asked}" if asked else "")
