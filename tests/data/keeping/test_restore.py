"""A restore takes nothing on trust, is all or nothing, and says of a home that it is half restored."""

import errno
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from polars.testing import assert_frame_equal

from data.check import findings
from data.database import open_database
from data.errors import Trouble
from data.home import RESTORING, Home
from data.keeping import dump
from data.keeping import restore as module
from data.keeping.archive import MANIFEST, check
from data.keeping.backup import backup
from data.keeping.restore import restore
from data.lake import Lake
from data.scope import Scope
from tests.data.keeping.conftest import Use, dumped, files, shown

Content = dict[str, bytes]


def remade(file: Path, change: Callable[[Content, dict[str, Any]], None]) -> Path:
    """The backup with something changed in its files or its manifest, which fits what is in it wherever it can."""
    with zipfile.ZipFile(file) as old:
        content = {name: old.read(name) for name in old.namelist()}
    manifest = json.loads(content.pop(MANIFEST))
    change(content, manifest)
    other = file.with_name("other.zip")
    with zipfile.ZipFile(other, "w", zipfile.ZIP_DEFLATED) as new:
        for name, body in content.items():
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(info, body)
        new.writestr(MANIFEST, json.dumps(manifest))
    return other


def named(name: str, body: bytes = b"x") -> Callable[[Content, dict[str, Any]], None]:
    """Put in one more file, rightly named in the manifest."""

    def change(content: Content, manifest: dict[str, Any]) -> None:
        import hashlib

        content[name] = body
        manifest["files"].append({"name": name, "size": len(body), "sha256": hashlib.sha256(body).hexdigest()})

    return change


def newer(content: Content, manifest: dict[str, Any]) -> None:
    manifest["revision"] = "9001"


def newer_format(content: Content, manifest: dict[str, Any]) -> None:
    manifest["format"] = 99


def another_byte(content: Content, manifest: dict[str, Any]) -> None:
    name = next(name for name in content if name.endswith(".parquet"))
    content[name] = content[name][:-1] + bytes([content[name][-1] ^ 1])


def a_row_less(content: Content, manifest: dict[str, Any]) -> None:
    content["database/actions.jsonl"] = b"\n".join(content["database/actions.jsonl"].split(b"\n")[1:])


def a_file_less(content: Content, manifest: dict[str, Any]) -> None:
    del content["home/key"]


def unnamed(content: Content, manifest: dict[str, Any]) -> None:
    content["home/plays/more.toml"] = b"x"


def no_list(content: Content, manifest: dict[str, Any]) -> None:
    manifest["files"] = 7


def another_size(content: Content, manifest: dict[str, Any]) -> None:
    manifest["files"][0]["size"] += 1


NAMES = [
    "../evil",
    "home/../../evil",
    "home/plays/../../../evil",
    "/etc/evil",
    "home//etc/evil",
    "home/plays/a\\..\\..\\evil",
    "C:/evil",
    "home/plays/c:evil",
    "home/plays/..",
    "home/plays/nul\x00.toml",
    "home/secrets.toml",
    "home/heartline.db",
    "home/restoring.json",
    "home/.streamlit/secrets.toml",
    "database/../x.jsonl",
    "database/sqlite_master.jsonl",
    "home/KEY",
]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (newer, "made by a newer Heartline .its database stands at revision 9001"),
        (newer_format, "made by a newer Heartline .format 99"),
        (another_byte, "is not what was packed"),
        (a_row_less, "has not the size"),
        (a_file_less, "not in both"),
        (unnamed, "not in both"),
        (no_list, "manifest cannot be read"),
        (another_size, "has not the size"),
        (named("home/plays/bomb.toml", bytes(60 << 20)), "would unpack to far more than it takes"),
        *((named(name), "is no whole backup of Heartline") for name in NAMES),
    ],
)
def test_what_is_unsafe_or_not_whole_is_refused_and_leaves_nothing(
    tmp_path: Path, file: Path, everyone: Scope, change: Callable[[Content, dict[str, Any]], None], words: str
) -> None:
    before = files(tmp_path)
    other = remade(file, change)
    for home in (Home(tmp_path / "target"), Home(tmp_path / "there")):
        with pytest.raises(Trouble, match=words):
            restore(everyone, other, home)
        assert not home.path.exists()
    with pytest.raises(Trouble, match=words):
        check(other)
    other.unlink()
    assert files(tmp_path) == before


def test_a_link_in_it_is_refused(tmp_path: Path, file: Path, everyone: Scope) -> None:
    with zipfile.ZipFile(file) as old:
        manifest = json.loads(old.read(MANIFEST))
        other = tmp_path / "other.zip"
        with zipfile.ZipFile(other, "w") as new:
            for name in old.namelist():
                info = zipfile.ZipInfo(name)
                info.external_attr = (0o120777 if name == "home/key" else 0o100600) << 16
                new.writestr(info, old.read(name))
    assert manifest["key"]
    with pytest.raises(Trouble, match="home/key is a link"):
        restore(everyone, other, Home(tmp_path / "target"))


def test_a_file_that_is_cut_short_or_no_backup_is_said(tmp_path: Path, file: Path, everyone: Scope) -> None:
    whole = file.read_bytes()
    for share in range(10):
        (tmp_path / "cut").write_bytes(whole[: len(whole) * share // 10])
        with pytest.raises(Trouble, match="no whole backup of Heartline"):
            restore(everyone, tmp_path / "cut", Home(tmp_path / "target"))
    with pytest.raises(Trouble, match="There is no file"):
        restore(everyone, tmp_path / "nothing", Home(tmp_path / "target"))
    with pytest.raises(Trouble, match="cannot be read"):
        restore(everyone, tmp_path, Home(tmp_path / "target"))
    with pytest.raises(Trouble, match="needs the right to run"):
        restore(Scope("guest"), file, Home(tmp_path / "target"))


def test_every_flipped_byte_is_found(tmp_path: Path, file: Path) -> None:
    whole = bytearray(file.read_bytes())
    before = check(file)
    found = 0
    for place in range(0, len(whole), len(whole) // 60):
        whole[place] ^= 0x55
        (tmp_path / "flipped").write_bytes(whole)
        try:
            assert check(tmp_path / "flipped") == before  # bytes that mean nothing: times, padding
        except Trouble:
            found += 1
        whole[place] ^= 0x55
    assert found > 40


def test_a_home_that_is_not_empty_is_left_alone(tmp_path: Path, file: Path, full: Home, everyone: Scope) -> None:
    before = {name: (full.path / name).read_bytes() for name in files(full.path)}
    with pytest.raises(Trouble, match="is not empty"):
        restore(everyone, file, full)
    assert {name: (full.path / name).read_bytes() for name in files(full.path)} == before


@pytest.mark.postgres
@pytest.mark.xdist_group("postgres")
def test_a_database_that_is_not_empty_is_left_alone(tmp_path: Path, file: Path, use: Use, everyone: Scope) -> None:
    use("postgres")
    open_database(Home(tmp_path / "first")).close()
    home = Home(tmp_path / "target")
    with pytest.raises(Trouble, match=r"The database postgresql.* is not empty"):
        restore(everyone, file, home)
    assert files(home.path) == []
    open_database(Home(tmp_path / "first")).close()


@pytest.mark.parametrize("place", ["sqlite", pytest.param("postgres", marks=pytest.mark.xdist_group("postgres"))])
@pytest.mark.parametrize("step", ["_unpacked", "_synced", "_database", "_noted", "_ended"])
def test_what_goes_wrong_in_the_middle_leaves_it_empty_and_it_can_be_done_again(
    tmp_path: Path,
    file: Path,
    full: Home,
    use: Use,
    everyone: Scope,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    place: str,
) -> None:
    use(place)
    home = Home(tmp_path / "target")
    done = getattr(module, step)

    def fails(*given: object) -> None:
        done(*given)
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(module, step, fails)
    if step == "_ended":  # all was done: what fails now takes nothing back
        with pytest.raises(OSError, match="No space"):
            restore(everyone, file, home)
        assert RESTORING not in files(home.path)
    else:
        with pytest.raises(Trouble, match="filled up: make room"):
            restore(everyone, file, home)
        assert files(home.path) == []
        monkeypatch.setattr(module, step, done)
        restore(everyone, file, home)
    assert_frame_equal(shown(home)[-1], shown(full)[-1])


def test_a_half_restored_home_says_so_and_is_restored_again(
    tmp_path: Path, file: Path, full: Home, everyone: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path / "target")
    with monkeypatch.context() as patch:
        patch.setattr(module, "_filled", _killed)
        patch.setattr(module, "_emptied", lambda *_: None)
        patch.setattr(Path, "unlink", lambda *_, **__: None)
        with pytest.raises(KeyboardInterrupt):
            restore(everyone, file, home)
    for look in (lambda: open_database(home), lambda: Lake(home).current(), lambda: Lake(home).write({}, "x", None)):  # type: ignore[arg-type]
        with pytest.raises(Trouble, match="is half restored"):
            look()
    (found,) = findings(home)
    assert (found.level, "is half restored" in found.what) == ("broken", True)
    (home.path / "lake" / "tickets").mkdir(parents=True)
    (home.path / "lake" / "tickets" / "half.parquet").write_text("half")
    restore(everyone, file, home)
    assert_frame_equal(shown(home)[-1], shown(full)[-1])
    assert "lake/tickets/half.parquet" not in files(home.path)
    assert dumped(home)["actions"] == dumped(full)["actions"]


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_rows_that_would_come_out_otherwise_are_noticed(
    tmp_path: Path, file: Path, everyone: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = dump.lines
    monkeypatch.setattr(dump, "lines", lambda *given: (line + b" " for line in real(*given)))
    with pytest.raises(Trouble, match="is not the same in this database"):
        restore(everyone, file, Home(tmp_path / "target"))


def test_a_key_and_a_record_go_on_after_a_restore(tmp_path: Path, full: Home, everyone: Scope) -> None:
    from data.record import note

    with open_database(full) as database:
        note(database, everyone, "looked", "north")
    backup(everyone, full, tmp_path / "c.zip")
    other = Home(tmp_path / "target")
    restore(everyone, tmp_path / "c.zip", other)
    rows = dumped(other)["record_entries"]
    assert b'"restored"' in rows[-1]
