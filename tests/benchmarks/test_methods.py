import inspect
from importlib import import_module
from pathlib import Path

import pytest

from benchmarks.methods import BEGIN, END, LIST, METHODS, modules, public

TESTS = Path(__file__).resolve().parents[1]


def in_the_documentation() -> str:
    return METHODS.read_text("utf-8").split(BEGIN)[1].split(END)[0]


@pytest.mark.parametrize("method", LIST, ids=lambda method: method.calls[0])
def test_a_method_is_in_the_documentation_and_what_holds_it_is_there(method):
    told = in_the_documentation()
    for call in method.calls:
        assert call in public(call.split(".")[0])
        assert f"`{call}(" in told, "python -m benchmarks.methods --write"
    assert f"| {method.job} |" in told
    name = method.test if "/" in method.test else f"metrics/{method.test}"
    assert (TESTS / f"{name}.py").exists()


@pytest.mark.parametrize("module", modules())
def test_every_public_function_of_a_method_says_what_it_does(module):
    found = import_module(f"metrics.{module}")
    assert len(found.__doc__.split()) > 20
    for call in public(module):
        assert inspect.getdoc(getattr(found, call.split(".")[1])), call
