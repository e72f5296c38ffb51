"""What axe finds on a page that shuts somebody out."""

from importlib.resources import files

from playwright.sync_api import Page

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
# In the dark the page is the same but for its colours.
EVERY, COLOURS = "{}", "{runOnly: {type: 'rule', values: ['color-contrast']}}"


def lasting(page: Page, rules: str = EVERY, looks: int = 6) -> list[str]:
    """What it still finds once nothing fades any more: a label that just comes in is faint for a moment."""
    page.evaluate(AXE)
    for _ in range(looks - 1):
        if not (found := _serious(page, rules)):
            return found
        page.wait_for_timeout(1000)
    return _serious(page, rules)


def _serious(page: Page, rules: str) -> list[str]:
    found = page.evaluate(f"axe.run({rules})")
    return [
        f"{rule['id']}: {node['html'][:200]}"
        for rule in found["violations"]
        if rule["impact"] in ("serious", "critical")
        for node in rule["nodes"]
    ]
