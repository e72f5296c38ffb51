"""`heartline backup` and `restore`: the readings are the same to the byte; each thing that is wrong is one sentence."""

from pathlib import Path

import pytest

from data.home import Home
from tests.dashboard.commands.test_signs import run
from tests.sample_home import copy_of


def test_the_readings_of_a_restored_home_are_the_same_to_the_byte(
    tmp_path: Path, sample: Home, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def typed(*words: str) -> tuple[int, str, str]:
        return run(capsys, monkeypatch, *words)

    home, other, file = copy_of(sample, tmp_path / "home").path, tmp_path / "other", tmp_path / "b.zip"
    before = typed("signs", "--format", "json", "--home", str(home))
    assert before[0] == 0
    status, out, _ = typed("backup", str(file), "--home", str(home))
    assert (status, "data version 1 and" in out, "keep it as safe as the home" in out) == (0, True, True)
    assert typed("backup", "--check", str(file))[1].startswith(f"{file} is whole: data version 1")
    status, out, _ = typed("restore", str(file), "--home", str(other))
    assert status == 0, out
    assert "Nothing is broken." in out
    assert "forget" in out
    assert typed("signs", "--format", "json", "--home", str(other)) == before
    status, _, err = typed("restore", str(file), "--home", str(other))
    assert (status, err.startswith(f"The home {other} is not empty (it holds ")) == (1, True)
    status, _, err = typed("backup", str(file), "--home", str(home))
    assert (status, err) == (
        1,
        f"{file} is there already: name a file that is not, so that no earlier backup is lost.\n",
    )


def test_a_damaged_backup_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "b.zip").write_text("PK no")
    for words in (("backup", "--check", str(tmp_path / "b.zip")), ("restore", str(tmp_path / "b.zip"), "--home", "x")):
        status, _, err = run(capsys, monkeypatch, *words)
        assert (status, "no whole backup of Heartline" in err) == (1, True)
