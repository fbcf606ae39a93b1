"""What shuts people out of a page, as axe-core finds it."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

# Contrast takes most of the time, in proportion to the pieces of text. The thousands of pieces of
# coloured code are left out: tests/project/test_site.py computes their contrast. Those of formulas
# have the colour of the text around them.
RUN = """async ([inside, colours]) => {
  const include = (inside.length ? inside : ["html"]).map((one) => [one]);
  const exclude = [["pre"], ["svg"], ["math"], ["mjx-container"]];
  const options = { resultTypes: ["violations"], preload: false };
  const rules = { "color-contrast": { enabled: false } };
  const found = colours ? { violations: [] }
    : await axe.run({ include }, { ...options, rules });
  const pale = await axe.run({ include, exclude }, { ...options, runOnly: ["color-contrast"] });
  return [...found.violations, ...pale.violations];
}"""


def barriers(page: Page, *inside: str, colours: bool = False) -> list[str]:
    """Return each violation of serious or critical impact, in the page or inside these elements.

    With `colours` only what another theme can change is judged: whether the contrast is enough.
    """
    page.evaluate(AXE_SCRIPT)
    return [
        f"{found['id']} ({found['impact']}): {node['html'][:200]}: {node['failureSummary']}"
        for found in page.evaluate(RUN, [list(inside), colours])
        if found["impact"] in ("serious", "critical")
        for node in found["nodes"]
    ]
