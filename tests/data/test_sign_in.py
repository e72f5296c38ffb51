"""The file of sign-in is checked whole before anybody signs in by it, and a sign-in names one person or nobody."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from data.errors import Trouble
from data.home import Home
from data.settings import Settings, settings_of
from data.sign_in import SignedInTooLong, is_set_up, path_of, person_of, sign_in_of

NOW = datetime(2026, 10, 12, 9, tzinfo=UTC)
SECRET = "a-cookie-secret-that-is-long-enough-for-it"
WHOLE = f"""
[auth]
redirect_uri = "https://heartline.example.com/oauth2callback"
cookie_secret = "{SECRET}"
client_id = "heartline"
client_secret = "the-client-secret"
server_metadata_url = "https://id.example.com/.well-known/openid-configuration"
"""
CLAIMS = {
    "iss": "https://id.example.com", "sub": "Ab1", "iat": NOW.timestamp(), "email": "Ada@Example.com",
    "email_verified": True, "name": "Ada", "nonce": "n",
}  # fmt: skip


def home(tmp_path: Path, text: str, mode: int = 0o600) -> Home:
    found = Home(tmp_path)
    path_of(found).write_text(text)
    path_of(found).chmod(mode)
    return found


def test_without_the_file_there_is_local_mode(tmp_path: Path) -> None:
    assert sign_in_of(Home(tmp_path)) is None
    assert not is_set_up(Home(tmp_path))


def test_one_provider_or_several_are_read(tmp_path: Path) -> None:
    [only] = sign_in_of(home(tmp_path, WHOLE)).providers  # type: ignore[union-attr]
    assert (only.key, only.name) == (None, "id.example.com")
    both = (
        WHOLE + '[auth.entra]\nclient_id = "a"\nclient_secret = "b"\nserver_metadata_url = "https://e.example.com/x"\n'
    )
    os.utime(path_of(home(tmp_path, both)), ns=(1, 1))
    assert [one.key for one in sign_in_of(Home(tmp_path)).providers] == [None, "entra"]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", r"no table \[auth\]"),
        ("[auth", "no TOML"),
        ("[Auth]\nx = 1", r"no table \[auth\]"),
        (WHOLE.replace("cookie_secret", "cookie_secrets"), "no cookie_secret"),
        (WHOLE.replace(SECRET, "short"), "shorter than 32"),
        (WHOLE.replace("redirect_uri", "redirect"), "no redirect_uri"),
        (WHOLE.replace("oauth2callback", "callback"), "redirect_uri is no address"),
        (WHOLE.replace("client_id", "client"), "has no client_id"),
        (WHOLE.replace("the-client-secret", " "), "has no client_secret"),
        (WHOLE.replace("https://id.", "ldap://id."), "no http or https address"),
        (WHOLE.split("client_id", maxsplit=1)[0], "names no provider"),
        (WHOLE + "[auth.my_own]\nclient_id = 'a'", "underscore"),
    ],
)
def test_what_is_incomplete_is_refused_with_its_reason_and_never_local_mode(
    tmp_path: Path, text: str, said: str
) -> None:
    found = home(tmp_path, text)
    assert is_set_up(found)
    with pytest.raises(Trouble, match=said) as raised:
        sign_in_of(found)
    assert SECRET not in str(raised.value)
    assert "the-client-secret" not in str(raised.value)


@pytest.mark.skipif(os.name != "posix", reason="files have no such mode here")
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o602])
def test_a_file_that_others_may_read_or_change_is_refused(tmp_path: Path, mode: int) -> None:
    with pytest.raises(Trouble, match="chmod 600"):
        sign_in_of(home(tmp_path, WHOLE, mode))


def test_a_file_that_leads_nowhere_is_no_local_mode(tmp_path: Path) -> None:
    path_of(Home(tmp_path)).symlink_to(tmp_path / "gone")
    assert is_set_up(Home(tmp_path))
    with pytest.raises(Trouble, match="cannot be read"):
        sign_in_of(Home(tmp_path))


def test_a_verified_address_names_a_person_and_so_does_issuer_and_subject() -> None:
    assert person_of(CLAIMS, Settings(), NOW).subject == "ada@example.com"
    by_subject = person_of(CLAIMS, Settings(sign_in_claim="subject"), NOW)
    assert by_subject.subject == "https://id.example.com|Ab1"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"email_verified": False}, "verified"),
        ({"email_verified": None}, "verified"),
        ({"email_verified": "false"}, "verified"),
        ({"email_verified": 1}, "verified"),
        ({"email": None}, "no e-mail address"),
        ({"email": ["ada@example.com"]}, "no e-mail address"),
        ({"email": "local:root"}, "is none"),
        ({"email": "https://id.example.com|Ab1"}, "is none"),
        ({"email": "ada"}, "no e-mail address"),
        ({"sub": ""}, "who you are"),
        ({"iss": None}, "who you are"),
        ({"iat": None}, "when you signed in"),
        ({"iat": True}, "when you signed in"),
        ({"iat": (NOW + timedelta(hours=1)).timestamp()}, "clock"),
        ({"iat": 1e18}, "clock"),
        ({"iat": (NOW - timedelta(hours=13)).timestamp()}, "sign in again"),
    ],
)
def test_claims_that_name_nobody_let_nobody_in(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(Trouble, match=said):
        person_of({**CLAIMS, **changed}, Settings(), NOW)


def test_an_address_is_trusted_unverified_only_where_the_setting_says_so() -> None:
    unsaid = {**CLAIMS, "email_verified": None}
    assert person_of(unsaid, Settings(trust_unverified_email=("default",)), NOW).subject == "ada@example.com"
    entra = Settings(trust_unverified_email=("entra",))
    assert person_of({**unsaid, "provider": "entra"}, entra, NOW).subject == "ada@example.com"
    for provider, settings in (("google", entra), ("default", entra), ("google", Settings())):
        with pytest.raises(Trouble, match="does not say that the address"):
            person_of({**unsaid, "provider": provider}, settings, NOW)


@pytest.mark.parametrize(
    ("written", "held"),
    [("true", ("default",)), ("false", ()), ('["entra", "own-directory"]', ("entra", "own-directory")), ("[]", ())],
)
def test_providers_that_are_trusted_are_named(tmp_path: Path, written: str, held: tuple[str, ...]) -> None:
    (tmp_path / "heartline.toml").write_text(f"[sign_in]\ntrust_unverified_email = {written}\n")
    assert settings_of(Home(tmp_path)).trust_unverified_email == held


def test_a_sign_in_lasts_its_hours_from_when_it_was_made() -> None:
    made = {**CLAIMS, "iat": (NOW - timedelta(hours=2)).timestamp()}
    assert person_of(made, Settings(), NOW).until == NOW + timedelta(hours=10)
    with pytest.raises(SignedInTooLong):
        person_of(made, Settings(sign_in_hours=1), NOW)


def test_each_signing_in_is_another() -> None:
    again = {**CLAIMS, "nonce": "m"}
    assert person_of(CLAIMS, Settings(), NOW).sign_in != person_of(again, Settings(), NOW).sign_in
