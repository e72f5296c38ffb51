"""A message out of the house: by e-mail or a chat service, through apprise. Says whether it was taken.

What apprise logs is kept quiet, and what is said of a failure is our own sentence: URLs hold passwords and tokens.
"""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from data.errors import Trouble

# Services that take a mail: they get HTML (and a plain text beside it) and the calendar file. Chats get plain text.
MAIL = ("mailto", "mailtos", "mailgun", "sendgrid", "ses", "o365", "azure", "smtp2go", "sparkpost", "brevo", "resend")


@dataclass(frozen=True)
class Message:
    """What is sent: the same in plain text and in HTML, and a calendar file where there are days to keep."""

    title: str
    text: str
    html: str
    ics: str | None = None


def known_as(url: str) -> tuple[str, str]:
    """The service that a URL names, as people call it, and what tells this address from others without its secrets.

    Raises Trouble with the end of a sentence that never repeats the URL.
    """
    with _quiet():
        service = _service(url)
        if len(service) != 1:
            raise Trouble("names several people at once: write one address each, so that each is sent once.")
        return str(service.service_name), str(service.url(privacy=True))


def send(url: str, message: Message) -> str | None:
    """Send it by this address. None where it was taken, else why not, in a sentence without secrets."""
    with _quiet():
        import apprise

        service = _service(url)
        mail = url.partition("://")[0].casefold() in MAIL
        out = apprise.Apprise()
        out.add(service)
        told: dict[str, Any] = {"title": message.title}
        if mail:
            told |= {"body": message.html, "body_format": apprise.NotifyFormat.HTML}
            if message.ics is not None:
                told["attach"] = apprise.AppriseAttachment()
                told["attach"].add(_calendar(message.ics))
        else:
            told |= {"body": message.text, "body_format": apprise.NotifyFormat.TEXT}
        taken = out.notify(**told)
    if taken:
        return None
    host = getattr(service, "smtp_host", None) or getattr(service, "host", None)
    return f"{service.service_name}{f' at {host}' if host else ''} did not take it"


def _calendar(ics: str) -> Any:
    from apprise.attachment.memory import AttachMemory

    made: Any = AttachMemory  # it says nothing of its types
    return made(content=ics.encode(), name="heartline.ics", mimetype="text/calendar")


def _service(url: str) -> Any:
    import apprise

    try:
        found = apprise.Apprise.instantiate(url, suppress_exceptions=True) if url else None
    except Exception:  # its own words would hold the URL
        found = None
    if found is None:
        raise Trouble(
            "is no address that can be used: write it as apprise does, for example mailtos://... or slack://..."
        )
    return found


@contextmanager
def _quiet() -> Iterator[None]:
    """Nothing that apprise logs goes anywhere, whatever the program around it does with logs."""
    logger = logging.getLogger("apprise")
    before = logger.disabled
    logger.disabled = True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # it loads modules that Python will drop
            yield
    finally:
        logger.disabled = before
