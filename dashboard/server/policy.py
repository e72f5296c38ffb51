"""What a browser is told of every answer: what the page may load, who may frame it, what is kept. As strict as
Streamlit's pages allow.

Left open, and why: styles within the page, because Streamlit's components and page.css write them there. No script but
the server's own files runs, nothing is loaded from or sent to another place, and nobody may frame a page.
"""

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path

_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_OFF = (
    "accelerometer autoplay camera display-capture geolocation gyroscope hid magnetometer microphone midi "
    "payment screen-wake-lock serial usb xr-spatial-tracking"
)


@cache
def _scripts_within() -> tuple[str, ...]:
    """The fingerprints of the scripts that stand within Streamlit's own page."""
    import streamlit

    page = (Path(streamlit.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    return tuple(f"'sha256-{b64encode(sha256(one.encode()).digest()).decode()}'" for one in _SCRIPT.findall(page))


@cache
def content_policy() -> str:
    """The Content-Security-Policy."""
    rules = {
        "default-src": "'none'",
        "script-src": " ".join(("'self'", *_scripts_within())),
        "style-src": "'self' 'unsafe-inline'",
        "img-src": "'self' data: blob:",
        "font-src": "'self' data:",
        "connect-src": "'self'",
        "media-src": "'self' blob:",
        "worker-src": "'self' blob:",
        "manifest-src": "'self'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


@cache
def headers(https: bool) -> tuple[tuple[bytes, bytes], ...]:
    """The headers of every answer; `https`: people reach the pages by https alone."""
    told = {
        "content-security-policy": content_policy(),
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
        "referrer-policy": "same-origin",
        "permissions-policy": ", ".join(f"{name}=()" for name in _OFF.split()),
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "x-robots-tag": "noindex, nofollow",
    }
    if https:
        told["strict-transport-security"] = "max-age=31536000"
    return tuple((name.encode(), value.encode()) for name, value in told.items())


def cookie(given: bytes, https: bool) -> bytes:
    """A cookie with the flags that it lacks: never to other sites, never in the clear where there is https."""
    lower = given.lower()
    if b"samesite=" not in lower:
        given += b"; SameSite=Lax"
    if https and b"; secure" not in lower:
        given += b"; Secure"
    return given
