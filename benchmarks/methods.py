"""Every statistical method: where it is, how it is called, where it is from, what it is held against, to how many digits.

`python -m benchmarks.methods --write` puts the list into docs/methods.md; a test keeps it complete and in step.
Digits are those that the test named asks for; "twin": a second, naive program in the tests.
"""
# ruff: noqa: E501 - one line a method reads as the table that it becomes

import inspect
import sys
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

METHODS = Path(__file__).resolve().parents[1] / "docs" / "methods.md"
BEGIN, END = "<!-- list: begin -->", "<!-- list: end -->"


@dataclass(frozen=True)
class Method:
    """One row: functions as "module.name", below `metrics`."""

    job: str
    calls: tuple[str, ...]
    source: str
    held: str
    digits: str
    test: str


# fmt: off
LIST: tuple[Method, ...] = (
    Method("case mix by strata", ("expected.reference_rates", "expected.with_expected"), "indirect standardisation, Breslow & Day 1987", "casemix/medpar_strata (R)", "9", "test_expected"),
    Method("case mix where strata are thin", ("logistic.fit", "logistic.predict", "thin.with_model"), "IRLS, McCullagh & Nelder 1989; le Cessie & van Houwelingen 1992", "casemix/medpar_oe, casemix_scalars (R glm)", "7 to 10", "test_logistic"),
    Method("observed over expected", ("intervals.observed_over_expected", "intervals.poisson", "intervals.byar"), "Garwood 1936 by chi-square; Byar", "casemix/medpar_oe (R)", "8", "test_intervals"),
    Method("interval of a share", ("intervals.wilson", "intervals.clopper_pearson"), "Wilson 1927; Clopper & Pearson 1934", "scipy binomtest", "9", "test_intervals"),
    Method("p and p' chart", ("charts.proportions",), "Laney 2002; Mohammed 2013", "spc/*_p_*, *_pprime_* (qicharts2), qcc orange juice", "6", "test_charts"),
    Method("u, u' and c chart", ("charts.rates",), "Laney 2002", "spc/*_u_*, *_uprime_*, *_c_* (qicharts2)", "6", "test_charts"),
    Method("spread by moving ranges", ("charts.spread_of", "charts.moving_range_mean"), "Nelson 1982 (screened)", "by the charts", "6", "test_charts"),
    Method("weeks that hang together, one series", ("charts.autocorrelation", "charts.long_run_factor"), "AR(1), Kendall 1954", "simulation", "", "test_charts"),
    Method("weeks that hang together, all teams", ("spread.long_run_spread", "spread.moderated", "spread.hanging_together"), "Smyth 2004; variance of an EWMA", "twin, closed form of AR(1)", "9", "test_spread"),
    Method("season that all teams share", ("common_season.season_odds", "common_season.with_season"), "harmonic regression, Stolwijk 1999", "simulation", "", "test_common_season"),
    Method("season of a count of one unit", ("season.factors", "season.fitted"), "harmonic Poisson regression, Stolwijk 1999", "simulation", "", "test_reading"),
    Method("xbar and s chart", ("means.means", "means.deviations", "means.spread_within", "means.c4"), "Montgomery 6.27 to 6.31", "spc/*_xbar_* (qicharts2)", "12", "test_means"),
    Method("XmR chart and the two icons", ("xmr.xmr", "xmr.special_causes", "xmr.latest", "xmr.variation", "xmr.assurance"), "NHS Making Data Count", "spc/ptd_* (NHSRplotthedots), *_I_* (qicharts2)", "9; 6", "test_xmr"),
    Method("runs test", ("runs.runs",), "Anhoej & Olesen 2014", "spc/*_expected (qicharts2)", "all", "test_runs"),
    Method("CUSUM", ("cusum.cusum", "cusum.accumulate"), "Page 1954", "arl/montgomery_t9.1, qcc27 (qcc)", "6", "test_cusum"),
    Method("CUSUM's run length, and h for a wanted one", ("cusum.run_length", "cusum.run_length_two_sided", "cusum.limit_for"), "Brook & Evans 1972; Lucas & Crosier 1982", "arl/cusum_normal_arl (R spc)", "6; head start 4", "test_cusum"),
    Method("risk-adjusted CUSUM", ("cusum.risk_weights", "cusum.risk_run_length"), "Steiner 2000; Knoth, Wittenberg & Gan 2019", "racusum/* (vlad)", "9", "test_cusum"),
    Method("EWMA, its run length, and L for a wanted one", ("ewma.ewma", "ewma.spread_after", "ewma.run_length", "ewma.limit_for"), "Roberts 1959; Crowder 1987", "arl/montgomery_t9.1, shewhart_normal_arl, qcc27", "6 to 9", "test_ewma"),
    Method("weeks until a change is seen", ("delay.weeks_to_see",), "Crowder 1987, week by week", "simulation", "", "test_delay"),
    Method("each week's score, a window's p", ("discoveries.binomial_score", "discoveries.tails", "discoveries.two_sided"), "Lancaster 1961; beta-binomial", "scipy betabinom, binom", "9", "test_discoveries"),
    Method("what x of n is: share, rate, dispersion, ratio", ("measure.measure_of", "measure.own_share"), "Poisson, negative binomial, chi-square", "scipy's laws", "9", "test_measure"),
    Method("standard values of all cells", ("monitor.standardise", "monitor.window_tails", "monitor.window_p", "monitor.trailing"), "Steiner 2000", "plain-Python twin", "statuses", "benchmarks/test_readings"),
    Method("the rule for a signal", ("verdict.baseline_weeks", "verdict.chart", "verdict.judge", "verdict.since", "verdict.limits"), "metrics/verdict.py; Hinkley 1970", "plain-Python twin, simulation", "statuses", "benchmarks/test_readings"),
    Method("many cells at once", ("discoveries.false_discovery_q", "discoveries.family_wise_p"), "Benjamini & Hochberg 1995; Benjamini & Yekutieli 2001; Holm 1979", "fdr/bh1995 (p.adjust)", "12", "test_discoveries"),
    Method("discoveries one after the other", ("online.lond", "online.lord", "online.saffron", "online.addis"), "Javanmard & Montanari 2018; Ramdas 2017, 2018; Tian & Ramdas 2019", "fdr/online (onlineFDR)", "9", "test_online"),
    Method("funnel of shares", ("funnel.shares", "funnel.against", "funnel.overdispersion", "funnel.winsorised", "funnel.limits", "funnel.exact_share_limits"), "Spiegelhalter 2005", "funnel/*_PR_*, teams40_identity (FunnelPlotR, metafor)", "9; limits 6", "test_funnel"),
    Method("funnel of observed over expected, of counts", ("funnel.ratios", "funnel.log_ratios", "funnel.truncated", "funnel.counts"), "CQC; SHMI; Spiegelhalter 2005", "funnel/*_SR_CQC, *_SR_SHMI, medpar_RC (FunnelPlotR)", "9; limits 6", "test_funnel"),
    Method("against its peers", ("peers.compare",), "funnel and exact binomial", "simulation", "", "test_promises"),
    Method("shrunk shares", ("shrinkage.beta_binomial", "shrinkage.shrunk_shares", "shrinkage.chance_above"), "Skellam 1948", "eb/* (VGAM, ebbr)", "5; interval 6", "test_shrinkage"),
    Method("shrunk observed over expected", ("shrinkage.gamma_poisson", "shrinkage.shrunk_ratios"), "Clayton & Kaldor 1987", "eb/teams40_gammapoisson (glm.nb)", "4 to 5", "test_shrinkage"),
    Method("shrinkage by moments, to compare with", ("moments.beta_moments", "moments.marshall", "moments.james_stein"), "Robinson; Marshall 1991; Efron & Morris 1975", "eb/eb_scalars, teams40_gammapoisson (ebbr, spdep)", "9", "test_moments"),
    Method("share still open", ("survival.still_open", "survival.share_open_at", "survival.median", "survival.logrank"), "Kaplan & Meier 1958; Mantel 1966", "survival/* (R survival)", "9", "test_survival"),
    Method("coaching: several teams", ("effect.ancova", "effect.difference", "effect.permutation", "effect.before_after"), "MacKinnon & White 1985; Welch; Fisher", "effect/card_krueger_*, prop99 (DiD)", "9; 7", "test_effect"),
    Method("coaching: one team alone", ("alone.alone", "alone.side_p", "effect.placebo", "effect.rank_p"), "Abadie 2010; Huber 1964", "effect/prop99 (rank); simulation", "9", "test_effect"),
    Method("least squares with HC3", ("regression.least_squares",), "White 1980; MacKinnon & White 1985", "effect/card_krueger_input (lm, sandwich); twin", "9", "test_effect"),
    Method("synthetic control, synthetic differences", ("synthetic.synthetic_control", "synthetic.synthetic_difference", "synthetic.placebo_rank", "synthetic.gap_ratio", "synthetic.simplex_weights"), "Abadie 2010; Arkhangelsky 2021", "effect/prop99 (simplex; synthdid)", "6; 4", "test_synthetic"),
    Method("interrupted series", ("interrupted.interrupted",), "Bernal 2017; Newey & West 1987", "effect/sicily (R glm, sandwich)", "9", "test_interrupted"),
    Method("the verdict on an action", ("helped.judge", "helped.fading", "helped.shares"), "metrics/helped.py", "plain-Python twin, simulation", "words", "benchmarks/test_readings"),
    Method("power, before it starts", ("power.power", "power.smallest_effect", "power.own_spread", "power.outlook"), "noncentral t", "simulation", "", "test_planning"),
    Method("who goes first", ("draw.who_goes_first",), "SHA-256 of seed and team", "", "all", "test_planning"),
    Method("what a play does", ("pooling.pool", "pooling.between"), "DerSimonian & Laird 1986; Hartung & Knapp 2001; Higgins 2009", "funnel/teams40_identity (metafor)", "9", "test_planning"),
    Method("readings and their series", ("panel.panel", "reading.read", "series.series"), "all of the above", "plain-Python twin", "statuses", "benchmarks/test_readings"),
)
# fmt: on


def table() -> str:
    """The list in Markdown: first the methods, then how every function of their modules is called."""
    head = "| what | functions (in `metrics`) | source | held against | digits | test |"
    rows = [
        f"| {m.job} | {', '.join(f'`{call}`' for call in m.calls)} | {m.source} | {m.held} | {m.digits} | {m.test} |"
        for m in LIST
    ]
    calls = [f"- `{call}{_signature(call)}`" for module in modules() for call in public(module)]
    return "\n".join([head, "| --- | --- | --- | --- | --- | --- |", *rows, "", "How they are called:", "", *calls, ""])


def modules() -> list[str]:
    """The modules of the list, in its order."""
    return list(dict.fromkeys(call.split(".")[0] for method in LIST for call in method.calls))


def public(module: str) -> list[str]:
    """The functions that a module offers, as "module.name"."""
    found = import_module(f"metrics.{module}")
    own = {
        name: each
        for name, each in vars(found).items()
        if callable(each) and not inspect.isclass(each) and getattr(each, "__module__", "") == found.__name__
    }
    return [f"{module}.{name}" for name in own if not name.startswith("_")]


def _signature(call: str) -> str:
    """Names and defaults of what it takes, without their types."""
    module, name = call.split(".")
    found = inspect.signature(getattr(import_module(f"metrics.{module}"), name))
    plain = [p.replace(annotation=inspect.Parameter.empty) for p in found.parameters.values()]
    return str(found.replace(parameters=plain, return_annotation=inspect.Signature.empty))


def main() -> None:
    """Say how many there are; with --write put the list into docs/methods.md."""
    print(f"{len(LIST)} methods, {sum(len(m.calls) for m in LIST)} functions; the list is in docs/methods.md")
    if "--write" in sys.argv:
        text = METHODS.read_text("utf-8")
        before, rest = text.split(BEGIN)
        METHODS.write_text(f"{before}{BEGIN}\n{table()}{END}{rest.split(END)[1]}", "utf-8")


if __name__ == "__main__":
    main()
