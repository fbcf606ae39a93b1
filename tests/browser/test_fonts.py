"""The browsers of the tests write with the fonts that they were given, and with no others."""

import shutil
import sys

import pytest

from tests.browser import fonts
from tools.bootstrap import Stop

TEXT = """<p>Text, y = σ(Wx + b)</p><p style="font-family: system-ui">Text</p>
<p style="font-family: Arial, sans-serif">Text</p><p style="font-family: serif">Text</p>
<p style="font-family: Helvetica">Text</p><pre>code</pre>"""


def written_with(browser):
    """Return the families of the fonts in which Chromium wrote each line."""
    page = browser.new_page()
    page.set_content(TEXT)
    session = page.context.new_cdp_session(page)
    for domain in ("DOM", "CSS"):
        session.send(f"{domain}.enable")
    root = session.send("DOM.getDocument")["root"]["nodeId"]
    lines = session.send("DOM.querySelectorAll", {"nodeId": root, "selector": "p, pre"})
    used = [
        session.send("CSS.getPlatformFontsForNode", {"nodeId": line})["fonts"]
        for line in lines["nodeIds"]
    ]
    page.close()
    return [{font["familyName"] for font in line} for line in used]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere Chromium does not ask fontconfig")
def test_each_browser_has_its_own_fonts_only(chromium, narrow):
    wide, slim = written_with(chromium), written_with(narrow)
    print(wide, slim)
    assert set().union(*wide) <= set(fonts.WIDE)
    assert set().union(*slim) <= set(fonts.NARROW)
    assert wide[0] != slim[0]


def test_a_font_that_is_missing_is_named_with_the_way_out(tmp_path):
    some = tmp_path / "some"
    some.mkdir()
    for path in fonts.FOLDER.glob("DejaVu*.ttf"):
        shutil.copy(path, some)
    assert fonts.configuration(fonts.WIDE, tmp_path / "wide", some).exists()
    with pytest.raises(Stop, match=r"STIXGeneral\.ttf is missing: `make clean`, then `make setup`"):
        fonts.configuration(fonts.NARROW, tmp_path / "narrow", some)
