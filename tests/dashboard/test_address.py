import pytest

from dashboard.address import address, link
from data.errors import Trouble


def test_links_lead_to_this_machine_unless_an_address_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HEARTLINE_ADDRESS", raising=False)
    assert link("team", team="T1 & co", sign=None) == "http://localhost:8501/team?team=T1+%26+co"
    monkeypatch.setenv("HEARTLINE_ADDRESS", "https://heartline.example.com/care/")
    assert link() == "https://heartline.example.com/care/"


@pytest.mark.parametrize("wrong", ["heartline.example.com", "ftp://x", "javascript:alert(1)", "https://x?y=1"])
def test_what_is_no_address_is_named(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEARTLINE_ADDRESS", wrong)
    with pytest.raises(Trouble, match="HEARTLINE_ADDRESS"):
        address()
