"""How each trait of empathy is counted, printed from its declaration."""

import streamlit as st

from dashboard import words
from dashboard.cached import Reads
from dashboard.plain import plain
from metrics.sign import all_signs
from metrics.trait import Trait, all_traits

ANSWERS = (
    "Answers of customers and staff come from the table surveys, by questions such as “timely response” or "
    "“use: timely response”. Favourable is the top 40% of the scale. The verdict is the customers': most say it is "
    "good where the whole interval lies above one half, most do not where it lies below, else opinions are divided."
)


def show(reads: Reads | None) -> None:
    """One passport a trait."""
    st.header("The traits of empathy", anchor=False)
    st.markdown(ANSWERS)
    for trait in all_traits().values():
        with st.expander(words.first_up(trait.name)):
            st.markdown("\n".join(f"- **{name}:** {plain(text)}" for name, text in told(trait, reads).items()))


def told(trait: Trait, reads: Reads | None) -> dict[str, str]:
    """What the tickets show of it: formula, clock, when final, what is left out, its name elsewhere."""
    said = {
        "Asks": trait.asks,
        "The tickets show": f"{trait.counts}, of {trait.of}",
        "Dated by": trait.dated_by,
        "Clock": f"{trait.clock} time",
        "Counted": f"{words.count(trait.matures.days, 'day')} later, when it is final" if trait.matures else "at once",
        "Needs": ", ".join(need.replace("|", " or ") for need in trait.needs) or "what its sign needs",
        "Asked in surveys as": ", ".join(dict.fromkeys((trait.key, trait.name, *trait.also))),
        "Mind": trait.caveat,
        "Elsewhere": trait.elsewhere or "no common name",
    }
    if trait.sign is not None:
        said["Told by the sign"] = words.heading(all_signs()[trait.sign]) if trait.sign in all_signs() else trait.sign
    if reads is not None:
        said["Read from"] = f"data version {reads.version}"
    return said
