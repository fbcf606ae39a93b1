"""What shuts people out of a page, as axe-core finds it."""

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

RUN = """async inside => {
  const where = inside.length ? { include: inside.map((one) => [one]) } : document;
  return (await axe.run(where, { resultTypes: ["violations"] })).violations;
}"""


def barriers(page: Page, *inside: str) -> list[str]:
    """Return each violation of serious or critical impact, in the page or inside these elements."""
    page.evaluate(AXE_SCRIPT)
    return [
        f"{found['id']} ({found['impact']}): {node['html'][:200]}: {node['failureSummary']}"
        for found in page.evaluate(RUN, list(inside))
        if found["impact"] in ("serious", "critical")
        for node in found["nodes"]
    ]
