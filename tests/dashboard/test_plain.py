"""What others wrote stays text."""

import re

from hypothesis import given
from hypothesis import strategies as st

from dashboard.plain import JOINER, plain


def test_no_mark_of_others_becomes_formatting_a_link_or_a_colour() -> None:
    assert plain("*Best* [team](http://x) :red[now] $a$ <b>") == (
        r"\*Best\* \[team\]\(http|\:\/\/x\) \:red\[now\] \$a\$ \<b\>".replace(r"\/", "/").replace(
            "http|", f"http{JOINER}"
        )
    )


def test_an_address_stays_text() -> None:
    for text in ("bob@example.com", "https://x.example", "www.example.com"):
        assert JOINER in plain(f"Call me at {text}!")


@given(st.text())
def test_taking_the_escapes_away_gives_the_text_on_one_line(text: str) -> None:
    assert re.sub(r"\\(.)", r"\1", plain(text)).replace(JOINER, "") == " ".join(text.replace(JOINER, "").split())
