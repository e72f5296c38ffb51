"""How others join: the code to type, the square to point a camera at, the link to send. No secret is in any of them."""

from urllib.parse import urlsplit

import segno
import streamlit as st

from dashboard import address
from dashboard.plain import plain
from data.retro.retrospective import Retrospective

ONLY_HERE = {"localhost", "127.0.0.1", "::1"}
SET_IT = (
    "This link works on this computer alone: for other devices set HEARTLINE_ADDRESS to the address under which they "
    "reach these pages, and start anew."
)


def link(code: str) -> str:
    """What others open to take part."""
    return address.link("retrospective", join=code)


def only_here() -> bool:
    """Does the link lead other devices to themselves?"""
    return (urlsplit(address.address()).hostname or "") in ONLY_HERE


def square(code: str) -> str:
    """The link as a QR code, as SVG: black on white in the dark too, because cameras want it so."""
    made = segno.make(link(code), error="m", micro=False)
    return str(made.svg_inline(scale=5, border=3, dark="#000000", light="#ffffff"))


def spelt(code: str) -> str:
    """The code as it is read aloud: "BCD FGH"."""
    return f"{code[:3]} {code[3:]}"


def show(at: Retrospective, *, large: bool) -> None:
    """The way in for others: large while people come, folded afterwards for who comes late."""
    if not large:
        with st.expander(f"Join with the code {spelt(at.code)}"):
            _show(at)
        return
    _show(at)


def _show(at: Retrospective) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="medium", key="invite"):
        st.image(square(at.code), alt=f"A QR code that leads to {link(at.code)}", width=200)
        with st.container(width=420):
            st.markdown("Point a camera at the square, or open the link and type:")
            with st.container(key="join-code"):
                st.markdown(f"**{spelt(at.code)}**")
            st.caption(plain(link(at.code)))
            if only_here():
                st.caption(SET_IT)
