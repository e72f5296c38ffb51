"""Who gets a digest: what is wrong in the file is said in one sentence each, no secret is said, and the others work."""

from pathlib import Path

import pytest

from data.digests.recipients import Declared, declared
from data.errors import Trouble
from data.home import Home

TEAMS = {"north-bills": "North", "north-desk": "North", "south-bills": "South", "lost": None}
URL = "mailto://ada:sesame@mail.example.com?to=ada@example.com"
GOOD = f'[[recipient]]\nname = "Ada"\nbranch = "North"\nurls = ["{URL}"]\n'


def read(tmp_path: Path, text: str | bytes) -> Declared:
    (tmp_path / "digest.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    return declared(Home(tmp_path), TEAMS)


def test_a_manager_is_a_name_teams_and_addresses(tmp_path: Path) -> None:
    text = GOOD + '[[recipient]]\nname = " Tom  B "\nteams = ["south-bills", "lost"]\nurls = ["json://h.example.com/x"]'
    found = read(tmp_path, text)
    assert found.troubles == ()
    assert [(one.name, one.teams) for one in found.recipients] == [
        ("Ada", ("north-bills", "north-desk")),
        ("Tom B", ("south-bills", "lost")),
    ]
    assert [[way.service for way in one.ways] for one in found.recipients] == [["E-Mail"], ["JSON"]]
    assert "sesame" not in repr(found)


def test_an_address_keeps_its_name_when_only_its_password_changes(tmp_path: Path) -> None:
    first = read(tmp_path, GOOD).recipients[0].ways[0]
    again = read(tmp_path, GOOD.replace("sesame", "changed")).recipients[0].ways[0]
    other = read(tmp_path, GOOD.replace("to=ada", "to=eve")).recipients[0].ways[0]
    assert first.name == again.name != other.name


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (f'[[recipient]]\nurls = ["{URL}"', "is no TOML (at end of document): mend it there"),
        (b"\xff\xfe\x00", "is not written in UTF-8"),
        ("", "names nobody: it holds a table for each manager"),
        ("recipient = 3", "names nobody"),
        ('to = "ada"\n' + GOOD, "has the key 'to', which means nothing there"),
        ("recipient = " + "[" * 5000, "is no TOML"),
    ],
)
def test_a_file_that_cannot_be_read_is_said_and_its_secrets_are_not(
    tmp_path: Path, text: str | bytes, sentence: str
) -> None:
    with pytest.raises(Trouble) as trouble:
        read(tmp_path, text)
    assert sentence in str(trouble.value)
    assert "sesame" not in str(trouble.value)


def test_no_file_says_what_to_make(tmp_path: Path) -> None:
    with pytest.raises(Trouble, match=r"There is no .*digest.toml: make it, with a table for each manager: \[\["):
        declared(Home(tmp_path), TEAMS)


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ('branch = "North"\nurls = ["json://x"]', "digest.toml, recipient 2: it lacks a name."),
        ('name = " "\nbranch = "North"\nurls = ["json://x"]', "recipient 2: Please fill in the name: it is empty."),
        ('name = "ADA"\nbranch = "North"\nurls = ["json://x"]', "recipient 2 (ADA): this name stands there already"),
        ('name = "Tom"\nurls = ["json://x"]', "recipient 2 (Tom): say either teams or branch."),
        ('name = "Tom"\nbranch = "North"\nteams = ["lost"]\nurls = ["json://x"]', "say either teams or branch."),
        ('name = "Tom"\nbranch = "West"\nurls = ["json://x"]', "(Tom): the data has no branch 'West'."),
        ('name = "Tom"\nteams = []\nurls = ["json://x"]', "(Tom): teams is a list of team ids"),
        ('name = "Tom"\nteams = "lost"\nurls = ["json://x"]', "(Tom): teams is a list of team ids"),
        ('name = "Tom"\nteams = ["atlantis"]\nurls = ["json://x"]', "(Tom): the data has no team 'atlantis'"),
        ('name = "Tom"\nbranch = "North"', "(Tom): urls is a list of addresses"),
        ('name = "Tom"\nbranch = "North"\nurls = []', "(Tom): urls is a list of addresses"),
        ('name = "Tom"\nbranch = "North"\nurls = ["json://x"]\nmail = "x"', "(Tom): it has the key 'mail'"),
        ('name = "Tom"\nbranch = "North"\nurls = ["sesame"]', "(Tom): none of its addresses can be used"),
        ('name = "Tom"\nbranch = "North"\nurls = [3]', "(Tom): address 1 is no address that can be used"),
        (
            'name = "Tom"\nbranch = "North"\nurls = ["mailto://h?to=a@x.com,b@x.com&from=c@x.com&pass=sesame"]',
            "(Tom): address 1 names several people at once: write one address each",
        ),
    ],
)
def test_an_entry_with_an_error_is_named_and_the_others_work(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str], entry: str, sentence: str
) -> None:
    found = read(tmp_path, f"{GOOD}[[recipient]]\n{entry}\n")
    assert [one.name for one in found.recipients] == ["Ada"]
    assert any(sentence in trouble for trouble in found.troubles)
    said = "\n".join([*found.troubles, caplog.text, *capfd.readouterr()])
    assert "sesame" not in said


def test_one_unknown_team_and_one_bad_address_are_said_and_the_rest_is_sent(tmp_path: Path) -> None:
    entry = '[[recipient]]\nname = "Tom"\nteams = ["lost", "atlantis"]\nurls = ["sesame", "json://h.example.com"]\n'
    found = read(tmp_path, entry)
    assert [(one.teams, [way.service for way in one.ways]) for one in found.recipients] == [(("lost",), ["JSON"])]
    assert found.troubles == (
        "digest.toml, recipient 1 (Tom): the data has no team 'atlantis'; the others are told of.",
        "digest.toml, recipient 1 (Tom): address 1 is no address that can be used: write it as apprise does, for "
        "example mailtos://... or slack://...",
    )
