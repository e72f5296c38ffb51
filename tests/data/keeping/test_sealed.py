"""A backup is sealed by the home's key: one that was changed and made to fit again is refused, or said to be unsure."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from data.database import open_database
from data.errors import Trouble
from data.home import Home
from data.keeping.archive import check, verifiable
from data.keeping.backup import backup
from data.keeping.restore import restore
from data.pseudonym import key_of_home
from data.record import note
from data.record_chain import Anchor, parsed, read_anchor
from data.record_reading import verify
from data.scope import Scope
from tests.data.keeping.test_restore import remade
from tests.data.test_record import without_refusal

RECORD = "database/record_entries.jsonl"


@pytest.fixture
def home(tmp_path: Path, everyone: Scope) -> Home:
    made = Home(tmp_path / "home")
    with open_database(made) as database:
        for number in range(5):
            note(database, everyone, "export", f"team {number}")
    return made


def fitting(name: str, change: Callable[[bytes], bytes]) -> Callable[[dict[str, bytes], dict[str, Any]], None]:
    """Change a file, and its size, hash and count of rows in the manifest with it."""

    def changed(content: dict[str, bytes], manifest: dict[str, Any]) -> None:
        content[name] = change(content[name])
        for one in manifest["files"]:
            if one["name"] == name:
                one["size"], one["sha256"] = len(content[name]), hashlib.sha256(content[name]).hexdigest()
        for one in manifest["tables"]:
            if f"database/{one['name']}.jsonl" == name:
                one["rows"] = content[name].count(b"\n")

    return changed


def cut(rows: bytes) -> bytes:
    return b"".join(rows.splitlines(keepends=True)[:3])


def other_key(content: dict[str, bytes], manifest: dict[str, Any]) -> None:
    fitting("home/key", lambda _: b"k" * 32)(content, manifest)


def no_seal(content: dict[str, bytes], manifest: dict[str, Any]) -> None:
    fitting(RECORD, cut)(content, manifest)
    manifest["seal"] = ""


def later(content: dict[str, bytes], manifest: dict[str, Any]) -> None:
    manifest["made_at"] = "2031-01-01T00:00:00+00:00"


@pytest.mark.parametrize("change", [fitting(RECORD, cut), other_key, no_seal, later])
@pytest.mark.parametrize("with_key", [True, False])
def test_one_that_was_changed_and_made_to_fit_again_is_refused_where_a_key_is_at_hand(
    tmp_path: Path, home: Home, everyone: Scope, change: Callable[..., None], with_key: bool
) -> None:
    if change is other_key and not with_key:
        pytest.skip("there is no key in it")
    backup(everyone, home, tmp_path / "b.zip", with_key=with_key)
    other, target = remade(tmp_path / "b.zip", change), Home(tmp_path / "target")
    target.path.mkdir()
    if not with_key:
        shutil.copy(home.key, target.key)
    with pytest.raises(Trouble, match="it was changed after it was made, or is of another home"):
        restore(everyone, other, target)
    assert {path.name for path in target.path.iterdir()} == (set() if with_key else {"key"})
    with pytest.raises(Trouble, match="does not fit"):
        check(other, key=home.key)


def test_without_a_key_it_is_said_to_be_unsure_and_the_record_tells_once_the_key_is_there(
    tmp_path: Path, home: Home, everyone: Scope
) -> None:
    backup(everyone, home, tmp_path / "b.zip", with_key=False)
    for name, file in (("as_made", tmp_path / "b.zip"), ("cut", remade(tmp_path / "b.zip", fitting(RECORD, cut)))):
        target = Home(tmp_path / name)
        assert not verifiable(check(file, key=target.key), target.key)
        assert not restore(everyone, file, target).sure
        shutil.copy(home.key, target.key)
        with open_database(target) as database:
            found = verify(database)
        assert (found.wrong is None) == (name == "as_made")
        assert name == "as_made" or "The record once reached row 5" in str(found.wrong)


def test_the_anchor_comes_with_it_and_the_record_goes_on_from_there(
    tmp_path: Path, home: Home, everyone: Scope
) -> None:
    manifest = backup(everyone, home, tmp_path / "b.zip")
    assert parsed(home, manifest.anchor).number == 5
    assert json.loads(manifest.anchor)["seal"]
    assert manifest.sealed(key_of_home(home)) == manifest
    target = Home(tmp_path / "target")
    assert restore(everyone, tmp_path / "b.zip", target).sure
    with open_database(target) as database:
        assert verify(database).wrong is None
        assert verify(database).rows == 6  # "restored" follows; that it was backed up came after the look
    assert isinstance(found := read_anchor(target), Anchor)
    assert found.number == 6


def test_what_was_cut_off_before_the_backup_is_still_missed_after_a_restore(
    tmp_path: Path, home: Home, everyone: Scope
) -> None:
    with open_database(home) as database, without_refusal(database) as connection:
        connection.execute(sa.text("DELETE FROM record_entries WHERE number >= 4"))
    backup(everyone, home, tmp_path / "b.zip")
    target = Home(tmp_path / "target")
    restore(everyone, tmp_path / "b.zip", target)
    with open_database(target) as database:
        assert "The record once reached row 5" in str(verify(database).wrong)
