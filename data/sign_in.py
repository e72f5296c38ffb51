"""How people sign in: HOME/secrets.toml as Streamlit's st.login reads it, and who a sign-in names.

    [auth]
    redirect_uri = "https://heartline.example.com/oauth2callback"
    cookie_secret = "a long random text"
    client_id = "..."
    client_secret = "..."
    server_metadata_url = "https://login.example.com/.well-known/openid-configuration"

or with a table [auth.NAME] for each of several providers. Without the file there is local mode: one user, this machine
alone. A file that is there and wrong is Trouble, and never local mode. No secret is ever part of a message.
"""

import os
import stat
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from data.errors import Trouble
from data.home import Home
from data.settings import ONLY_PROVIDER, Settings

FILE = "secrets.toml"
# Set by `heartline serve` where sign-in was set up as it started: it stays so, whatever happens to the file.
GUARDED = "_HEARTLINE_GUARDED"
CALLBACK = "/oauth2callback"
SHORTEST_SECRET = 32
LARGEST = 1 << 20
NEEDED = ("client_id", "client_secret", "server_metadata_url")
LOCAL = "local:"
LONGEST = 320  # letters: the longest e-mail address there can be
_LOWER = {upper: upper + 32 for upper in range(65, 91)}  # ASCII alone: no other letter becomes one of these
SKEW = timedelta(minutes=5)  # that far two clocks may be apart


@dataclass(frozen=True)
class Provider:
    """One way to sign in: `key` as st.login takes it (null: the only one), its name, where it tells of itself."""

    key: str | None
    name: str
    metadata_url: str


@dataclass(frozen=True)
class SignIn:
    """Sign-in as it is set up."""

    path: Path
    redirect_uri: str
    providers: tuple[Provider, ...]


@dataclass(frozen=True)
class Person:
    """Who is signed in. `subject`: what grants name; `sign_in`: this one signing in, as kept where it has ended."""

    subject: str
    name: str
    sign_in: str
    until: datetime


class SignedInTooLong(Trouble):
    """It was longer ago than a sign-in lasts."""


def tidy_subject(written: str) -> str:
    """An e-mail address in small letters; issuer|subject and local:NAME as they are. Trouble for what is none."""
    said = written.strip()
    if not said or len(said) > LONGEST or not said.isprintable():
        raise Trouble("Say who it is: an e-mail address, issuer|subject, or local:NAME for this machine's commands.")
    if "|" in said or (said.startswith(LOCAL) and said != LOCAL):
        return said
    mailbox, at, host = said.rpartition("@")
    if not (mailbox and at and host) or any(sign.isspace() for sign in said):
        raise Trouble(
            f"{said!r} is no e-mail address: write one, or issuer|subject, or local:NAME for this machine's commands."
        )
    return said.translate(_LOWER)


def path_of(home: Home) -> Path:
    return home.path / FILE


def is_set_up(home: Home) -> bool:
    """Is there a file of sign-in, right or wrong? Then nobody is let in without."""
    return os.path.lexists(path_of(home))


def is_guarded(home: Home) -> bool:
    """Must people sign in, so that grants decide? Once it was so when the server started, it stays so."""
    return os.environ.get(GUARDED) == "1" or is_set_up(home)


def sign_in_of(home: Home) -> SignIn | None:
    """Sign-in as set up; None where it is not. Trouble that names what is wrong with it."""
    path = path_of(home)
    if not is_set_up(home):
        return None
    try:
        status = path.stat()
    except OSError as error:
        raise Trouble(f"{path} cannot be read ({error.strerror}): mend it, or nobody can sign in.") from None
    if os.name == "posix" and stat.S_IMODE(status.st_mode) & 0o077:
        raise Trouble(f"{path} holds secrets and others may read or change it: `chmod 600 {path}`.")
    return _read(path, (status.st_mtime_ns, status.st_size, status.st_ino))


@lru_cache(maxsize=16)
def _read(path: Path, _: tuple[int, int, int]) -> SignIn:
    auth = _auth(path)
    for key in ("redirect_uri", "cookie_secret"):
        if not isinstance(auth.get(key), str) or not auth[key].strip():
            raise Trouble(f"{path}: [auth] has no {key}, so nobody could sign in: see docs/access.md.")
    _check_redirect(path, auth["redirect_uri"])
    if len(auth["cookie_secret"]) < SHORTEST_SECRET:
        raise Trouble(
            f"{path}: cookie_secret is shorter than {SHORTEST_SECRET} letters, so a cookie could be forged. Make one: "
            'python -c "import secrets; print(secrets.token_urlsafe(48))"'
        )
    providers = tuple(_providers(path, auth))
    if not providers:
        raise Trouble(
            f"{path}: [auth] names no provider: it needs {', '.join(NEEDED)}, or a table [auth.NAME] with them."
        )
    return SignIn(path, auth["redirect_uri"], providers)


def _auth(path: Path) -> Mapping[str, Any]:
    try:
        with path.open("rb") as opened:
            raw = opened.read(LARGEST)
        told = tomllib.loads(raw.decode("utf-8-sig"))
    except OSError as error:
        raise Trouble(f"{path} cannot be read ({error.strerror}): mend it, or nobody can sign in.") from None
    except (ValueError, RecursionError) as error:  # only where: what stands there is a secret
        where = str(error).rpartition("(")[2].rstrip(")") if isinstance(error, tomllib.TOMLDecodeError) else "not UTF-8"
        raise Trouble(f"{path} is no TOML ({where}): mend it, or nobody can sign in.") from None
    auth = told.get("auth")
    if not isinstance(auth, dict):
        raise Trouble(f"{path} has no table [auth]: write one as docs/access.md shows, or remove the file.")
    return auth


def _check_redirect(path: Path, uri: str) -> None:
    parts = urlsplit(uri)
    if parts.scheme not in {"http", "https"} or not parts.netloc or not uri.endswith(CALLBACK):
        raise Trouble(f"{path}: redirect_uri is no address of this server that ends with {CALLBACK}.")


def _providers(path: Path, auth: Mapping[str, Any]) -> Iterator[Provider]:
    if any(key in auth for key in NEEDED):
        yield _provider(path, None, auth)
    for name, told in auth.items():
        if isinstance(told, dict) and name != "client_kwargs":
            if "_" in name:
                raise Trouble(
                    f"{path}: the provider {name!r} has an underscore in its name, which Streamlit cannot take."
                )
            yield _provider(path, name, told)


def _provider(path: Path, name: str | None, told: Mapping[str, Any]) -> Provider:
    where = "[auth]" if name is None else f"[auth.{name}]"
    lacking = [key for key in NEEDED if not isinstance(told.get(key), str) or not told[key].strip()]
    if lacking:
        raise Trouble(f"{path}: {where} has no {lacking[0]}, so nobody could sign in: see docs/access.md.")
    url = urlsplit(told["server_metadata_url"])
    if url.scheme not in {"http", "https"} or not url.netloc:
        raise Trouble(f"{path}: server_metadata_url of {where} is no http or https address.")
    called = name.title() if name else (url.hostname or "your provider")
    return Provider(name, called, told["server_metadata_url"])


def person_of(claims: Mapping[str, Any], settings: Settings, now: datetime) -> Person:
    """Whom these claims of an ID token name. SignedInTooLong, or Trouble where they name nobody that can be known."""
    until = _until(claims, settings, now)
    issuer, sub = claims.get("iss"), claims.get("sub")
    if not (isinstance(issuer, str) and issuer and isinstance(sub, str) and sub):
        raise Trouble("Your provider does not say who you are (iss and sub are missing), so you cannot be let in.")
    subject = f"{issuer}|{sub}" if settings.sign_in_claim == "subject" else _email(claims, settings)
    told = "\n".join(str(claims.get(key)) for key in ("iss", "sub", "iat", "nonce", "at_hash", "provider"))
    name = claims.get("name")
    called = name.strip() if isinstance(name, str) and name.strip() else subject
    return Person(tidy_subject(subject), called, sha256(told.encode()).hexdigest(), until)


def _until(claims: Mapping[str, Any], settings: Settings, now: datetime) -> datetime:
    given = claims.get("iat")
    if not isinstance(given, int | float) or isinstance(given, bool):
        raise Trouble("Your provider does not say when you signed in (iat is missing), so you cannot be let in.")
    try:
        at = datetime.fromtimestamp(given, UTC)
    except (ValueError, OverflowError, OSError):
        at = datetime.max.replace(tzinfo=UTC)
    if at > now + SKEW:
        raise Trouble("By your provider's clock you sign in later than it is here: one of the two clocks is wrong.")
    until = at + timedelta(hours=settings.sign_in_hours)
    if until <= now:
        raise SignedInTooLong(f"You signed in more than {settings.sign_in_hours} hours ago: please sign in again.")
    return until


def _email(claims: Mapping[str, Any], settings: Settings) -> str:
    email = claims.get("email")
    if not isinstance(email, str) or not email.strip():
        raise Trouble("Your provider tells no e-mail address of yours, and that is how people are known here.")
    if "|" in email or email.startswith("local:"):
        raise Trouble("What your provider tells as your e-mail address is none.")
    verified = claims.get("email_verified")
    trusted = claims.get("provider", ONLY_PROVIDER) in settings.trust_unverified_email
    if verified is not True and verified != "true" and not trusted:
        raise Trouble(
            f"Your provider does not say that the address {email[:100]} is verified as yours, so you cannot be known "
            "by it. Whoever runs Heartline can trust this provider's addresses with the setting "
            "sign_in.trust_unverified_email."
        )
    return email
