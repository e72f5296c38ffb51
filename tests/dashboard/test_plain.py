"""What others wrote stays text."""

import re

from hypothesis import given
from hypothesis import strategies as st

from dashboard.plain import plain


def test_no_mark_of_others_becomes_formatting_a_link_or_a_colour() -> None:
    assert plain("*Best* [team](http://x) :red[now] $a$ <b>") == (
        r"\*Best\* \[team\]\(http\:\/\/x\) \:red\[now\] \$a\$ \<b\>".replace(r"\/", "/")
    )


@given(st.text())
def test_taking_the_escapes_away_gives_the_text_on_one_line(text: str) -> None:
    assert re.sub(r"\\(.)", r"\1", plain(text)) == " ".join(text.split())
