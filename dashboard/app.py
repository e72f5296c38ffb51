"""Page set-up and navigation, nothing else."""

from pathlib import Path

import streamlit as st

from dashboard import cached, door, menu
from dashboard.server import watch
from data.scope import Right

HERE = Path(__file__).parent

st.set_page_config(page_title="Heartline", page_icon=HERE / "static" / "heartline.svg", layout="wide")
st.html(HERE / "page.css")
visitor = door.visitor()
if not visitor.scope.may(Right.EXPORT):
    st.html(HERE / "no_export.css")
pages = menu.pages(visitor)
page = st.navigation(pages, position="hidden" if menu.alone(visitor) else "top")
menu.arrive(visitor, pages)
door.shown_to(visitor)
door.said()
with watch.page_run(door.home(), visitor.scope.asker, page.url_path or menu.FIRST):
    menu.run(page, visitor)
menu.foot(visitor)
cached.settle()
