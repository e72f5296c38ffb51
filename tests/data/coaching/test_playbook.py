"""The playbook: the shipped plays are whole, own ones stand beside them, and a file with an error harms no other."""

from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.check import findings
from data.coaching.play import AIMS, CAUSES, KEYS, SYSTEM, Play, parse
from data.coaching.playbook import Playbook, causes_of, lasts_weeks, names, play_named, playbook, shipped
from data.errors import Trouble
from data.home import Home
from metrics.cause_groups import LONGER, NEW
from metrics.causes import Cause, Named
from metrics.explained import Explained
from metrics.sign import all_signs
from metrics.system import Evidence

OWN = 'name = "Our walk"\npurpose = "Walk the floor."\nsteps = ["Walk"]\n'
MISSION = {
    "role_swap", "experiential_training", "fifteen_seconds", "shared_standards", "words_of_empathy",
    "praise_passed_on", "reciprocity", "ownership", "know_enough", "hire_for_empathy", "bring_customers_in",
    "tell_early", "relieve_load",
}  # fmt: skip


@pytest.fixture
def home(tmp_path: Path) -> Home:
    (tmp_path / "home" / "plays").mkdir(parents=True)
    return Home(tmp_path / "home")


def write(home: Home, name: str, text: str | bytes) -> Path:
    path = home.plays / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_the_thirteen_plays_of_the_mission_are_there_and_whole() -> None:
    plays = shipped()
    assert set(plays) == MISSION
    for play in plays.values():
        assert play.aim in AIMS
        assert play.who
        assert play.time
        assert play.needs
        assert play.watch
        assert play.caveats
        assert play.lasts_weeks
        assert len(play.steps) >= 5
        assert not play.own


def test_plays_with_material_have_it() -> None:
    plays = shipped()
    training = plays["experiential_training"]
    assert len(training.cards) >= 3
    assert training.guide
    assert training.debrief
    assert all(question.limit for question in plays["hire_for_empathy"].questions)
    assert len(plays["words_of_empathy"].words) >= 5


@pytest.mark.parametrize("sign", all_signs().values(), ids=list(all_signs()))
def test_every_play_that_a_sign_names_exists_and_names_the_sign(sign: object) -> None:
    for key in sign.plays:  # type: ignore[attr-defined]
        assert sign.key in shipped()[key].signs  # type: ignore[attr-defined]


@pytest.mark.parametrize("play", shipped().values(), ids=list(shipped()))
def test_every_play_names_signs_and_causes_that_there_are(play: Play) -> None:
    assert play.signs
    assert set(play.signs) <= set(all_signs())
    assert set(play.causes) <= set(CAUSES)


def test_an_own_play_stands_beside_the_shipped_ones(home: Home) -> None:
    write(home, "our_walk.toml", OWN)
    kept = playbook(home)
    assert set(kept.plays) == {*MISSION, "our_walk"}
    assert kept.plays["our_walk"] == Play("our_walk", "Our walk", "Walk the floor.", ("Walk",), own=True)
    assert (kept.troubles, kept.replaced) == ((), [])
    assert names(home)["our_walk"] == "Our walk"
    assert list(kept.by_aim())[-1] == "Our own"


def test_an_own_play_of_the_same_key_takes_the_place_of_a_shipped_one_and_it_is_said(home: Home) -> None:
    write(home, "role_swap.toml", OWN)
    kept = playbook(home)
    assert kept.plays["role_swap"].name == "Our walk"
    assert [play.key for play in kept.replaced] == ["role_swap"]
    assert "Your own play Our walk takes the place of the shipped role_swap." in [one.what for one in findings(home)]


def test_a_changed_file_is_read_anew_and_one_that_is_gone_is_gone(home: Home) -> None:
    path = write(home, "our_walk.toml", OWN)
    assert playbook(home).plays["our_walk"].lasts_weeks is None
    path.write_text(OWN + "lasts_weeks = 4\n")
    assert lasts_weeks(home, "our_walk") == 4
    path.unlink()
    assert lasts_weeks(home, "our_walk") is None
    assert "our_walk" not in playbook(home).plays


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name = ", "is no TOML"),
        ("", "lacks 'name', which every play needs"),
        (b"name = 'caf\xe9'", "is not written in UTF-8"),
        ("name = 3\npurpose = 'x'\nsteps = ['x']", "has a number as 'name', where a text is needed"),
        ("name = 'x'\npurpose = '  '\nsteps = ['x']", "Please fill in the purpose: it is empty."),
        (OWN.replace("Our walk", "x" * 81), "The name has 81 characters; at most 80 can be kept"),
        (OWN.replace("Walk the floor.", "x" * 10_001), "The purpose has 10,001 characters; at most 10,000"),
        ("name = 'x'\npurpose = 'x'\nsteps = 'x'", "has a text as 'steps', where a list of texts is needed"),
        ("name = 'x'\npurpose = 'x'\nsteps = []", "has no line under 'steps'"),
        ("name = 'x'\npurpose = 'x'\nsteps = [1979-05-27]", "has a date or a time as 'steps'"),
        (OWN + f"needs = {['x'] * 61}", "has 61 lines as 'needs'; at most 60"),
        (OWN + "cost = 3", "has the key 'cost', which no play has; there are name, purpose"),
        (OWN + "signs = ['gloom']", "names the sign 'gloom', which there is not; there are buck_passing"),
        (OWN + "causes = ['Monday']", "names the cause 'Monday', which there is not; there are together"),
        (OWN + "changes = 'minds'", "says that it changes 'minds'; a play changes 'work' or 'people'"),
        (OWN + "changes = ['work']", "says that it changes ['work']"),
        (OWN + "lasts_weeks = true", "has a yes or no as 'lasts_weeks', where a whole number of weeks is needed"),
        (OWN + "lasts_weeks = 0", "has 0 as 'lasts_weeks'; it lies between 1 and 520 weeks"),
        (OWN + "cards = ['x']", "has a list as 'cards', where [[cards]] tables are needed"),
        (OWN + "[[cards]]\nsituation = 'x'", "lacks 'emotion' under 'cards'"),
        (OWN + "[[words]]\nsay = 'x'\nmood = 'y'", "has the key 'mood' under 'words'; there are say, instead_of"),
        (OWN + "[[questions]]\nask = 'x'\nlisten_for = 3\nlimit = 'z'", "has a number as 'questions.listen_for'"),
        (OWN + "x = " + "[" * 5000, "is "),
        ("x" * 200_001, "has 200,001 bytes; a play has at most 200,000"),
    ],
)  # fmt: skip
def test_a_file_with_an_error_is_named_in_one_sentence_and_the_others_work(
    home: Home, text: str | bytes, said: str
) -> None:
    path = write(home, "broken.toml", text)
    write(home, "our_walk.toml", OWN)
    kept = playbook(home)
    assert set(kept.plays) == {*MISSION, "our_walk"}
    [sentence] = kept.troubles
    assert sentence.startswith(f"The play {path} ")
    assert said.rstrip(".") in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert [one.what for one in findings(home) if one.level == "broken"] == [sentence]


def test_what_is_no_plain_file_of_a_good_name_is_said(home: Home) -> None:
    (home.plays / "folder.toml").mkdir()
    (home.plays / "gone.toml").symlink_to(home.plays / "nowhere")
    (home.plays / "loop.toml").symlink_to(home.plays / "loop.toml")
    write(home, "Our Walk.toml", OWN)
    write(home, ".hidden.toml", "not looked at")
    write(home, "readme.txt", "not looked at")
    said = "\n".join(playbook(home).troubles)
    assert "folder.toml is a folder, where a file is needed." in said
    assert "gone.toml cannot be read: No such file or directory." in said
    assert "loop.toml cannot be read" in said
    assert "Our Walk.toml is called by a name that is no key" in said
    assert len(playbook(home).troubles) == 4
    assert set(playbook(home).plays) == MISSION


def test_markup_and_what_cannot_be_printed_stay_text(home: Home) -> None:
    write(home, "our_walk.toml", OWN.replace("Walk the floor.", r"<b>Walk</b> *now*\u0007"))
    assert playbook(home).plays["our_walk"].purpose == "<b>Walk</b> *now*"


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_whatever_a_file_holds_it_is_a_play_or_trouble(raw: bytes) -> None:
    with suppress(Trouble):
        assert parse(raw, "x").steps


@given(
    st.dictionaries(
        st.sampled_from(list(KEYS)),
        st.integers() | st.booleans() | st.text(max_size=5) | st.lists(st.integers() | st.text(max_size=5), max_size=3),
    )
)
def test_whatever_stands_under_a_key_it_is_a_play_or_trouble(told: dict[str, object]) -> None:
    lines = [f"{key} = {_toml(value)}" for key, value in told.items()]
    with suppress(Trouble):
        assert parse("\n".join(lines).encode(), "x").steps


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(_toml(one) for one in value)}]"
    if isinstance(value, str):
        return '"' + "".join(f"\\U{ord(letter):08x}" for letter in value) + '"'
    return str(value)


def test_an_unknown_play_is_answered_with_those_that_there_are(home: Home) -> None:
    with pytest.raises(Trouble, match="There is no play 'nope': choose one of bring_customers_in, "):
        play_named(home, "nope")
    assert play_named(home, "ownership").name == "Ownership"


BOOK = Playbook(shipped())


def suggested(sign: str, *causes: str) -> list[str]:
    return [play.key for play in BOOK.suggest(sign, causes)]


def test_at_most_three_plays_are_suggested_in_the_signs_own_order_where_no_cause_is_known() -> None:
    for key, sign in all_signs().items():
        found = suggested(key)
        assert len(found) <= 3
        assert found[: len(sign.plays)] == list(sign.plays)[:3]


def test_a_cause_brings_the_plays_forward_that_name_it() -> None:
    assert suggested("slow_simple")[0] == "know_enough"
    assert suggested("slow_simple", "routed_from")[0] == "role_swap"
    assert suggested("buck_passing", "hour") == ["ownership", "shared_standards", "role_swap"]
    assert suggested("slow_simple", "newcomers") == ["know_enough", "fifteen_seconds", "role_swap"]


@pytest.mark.parametrize("sign", list(all_signs()))
@pytest.mark.parametrize("cause", SYSTEM)
def test_for_a_systems_cause_no_coaching_of_people_is_suggested(sign: str, cause: str) -> None:
    found = BOOK.suggest(sign, {cause, "newcomers"})
    assert 1 <= len(found) <= 3
    assert {play.changes for play in found} == {"work"}
    if cause in ("load", "absence"):
        assert found[0].key == "relieve_load"


def test_an_own_play_is_suggested_too(home: Home) -> None:
    write(home, "our_walk.toml", OWN + "signs = ['new_accounts']\ncauses = ['hour']")
    assert [play.key for play in playbook(home).suggest("new_accounts", {"hour"})] == [
        "our_walk", "reciprocity", "praise_passed_on"
    ]  # fmt: skip


def explained(cause: Cause, *system: Evidence) -> Explained:
    return Explained(cause, system, date(2026, 9, 7), date(2026, 10, 5))


def named(dimension: str, value: str) -> Named:
    return Named(dimension, value, 0.5, 0.3, 0.7)


@pytest.mark.parametrize(
    ("found", "causes"),
    [
        (None, set()),
        (explained(Cause(why="too few"), Evidence("load", 20, 30)), {"load"}),
        (explained(Cause(named=(named("channel", "phone"),)), Evidence("flood")), {"flood"}),
        (explained(Cause(why="too few")), set()),
        (explained(Cause(mix=0.01, rate=0.05)), {"evenly"}),
        (explained(Cause(mix=0.05, rate=0.01)), {"mix"}),
        (explained(Cause(named=(named("newcomers", NEW), named("hour", "before 9:00")))), {"newcomers", "hour"}),
        (explained(Cause(named=(named("newcomers", LONGER),))), {"longer_there"}),
    ],
)
def test_what_moved_a_signal_in_the_words_that_plays_name(found: Explained | None, causes: set[str]) -> None:
    assert causes_of(found) == causes
    assert causes <= set(CAUSES)


@pytest.mark.parametrize("dimension", ["category", "channel", "hour", "routed_from"])
def test_every_dimension_of_a_cause_is_one_that_plays_may_name(dimension: str) -> None:
    assert causes_of(explained(Cause(named=(named(dimension, "x"),)))) == {dimension}
    assert dimension in CAUSES
