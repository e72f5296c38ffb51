import json

import numpy as np
import pytest

from metrics.logistic import fit, predict
from tests.metrics.test_charts import column, read
from tests.shared import shared


def medpar():
    table = read("oracles/casemix/medpar_input.csv")
    kind = np.array(table["type"])
    terms = [np.ones(len(kind)), *(column(table, t) for t in ("hmo", "white", "age80")), kind == "2", kind == "3"]
    return np.column_stack(terms).astype(float), column(table, "died"), np.array(table["provnum"])


def test_coefficients_agree_with_r_glm():
    wanted = json.loads(shared("oracles/casemix/casemix_scalars.json").read_text())
    design, died, _ = medpar()
    found = fit(design, died)
    np.testing.assert_allclose(found.coefficients, list(wanted["coef"].values()), rtol=1e-7)
    np.testing.assert_allclose(found.errors, list(wanted["se"].values()), rtol=1e-5)
    assert found.deviance == pytest.approx(wanted["deviance"], rel=1e-10)
    assert predict(design, found).sum() == pytest.approx(wanted["sumE"], rel=1e-9)


def test_expected_deaths_by_hospital_agree():
    table = read("oracles/casemix/medpar_oe_expected.csv")
    design, died, hospital = medpar()
    p = predict(design, fit(design, died))
    for place, each in enumerate(table["provnum"]):
        mine = hospital == each
        assert p[mine].sum() == pytest.approx(column(table, "E")[place], rel=1e-8)
        assert (p * (1 - p))[mine].sum() == pytest.approx(column(table, "V")[place], rel=1e-8)
        z = (died[mine] - p[mine]).sum() / np.sqrt((p * (1 - p))[mine].sum())
        assert z == pytest.approx(column(table, "z_binom")[place], rel=1e-6, abs=1e-9)


def test_weights_stand_for_repeated_rows():
    rng = np.random.default_rng(8)
    design = np.column_stack([np.ones(40), rng.normal(size=40)])
    y, w = (rng.random(40) < 0.4).astype(float), rng.integers(1, 4, 40)
    many = fit(np.repeat(design, w, axis=0), np.repeat(y, w))
    np.testing.assert_allclose(fit(design, y, w.astype(float)).coefficients, many.coefficients, rtol=1e-8)


def test_what_cannot_be_fitted_is_refused():
    ones = np.ones((10, 1))
    with pytest.raises(ValueError, match="repeats another"):
        fit(np.hstack([ones, ones]), np.array([0.0, 1] * 5))
    line = np.column_stack([ones, np.arange(10.0)])
    with pytest.raises(ValueError, match="perfectly"):
        fit(line, (np.arange(10) > 4).astype(float))
