"""The static pages in a real browser that is cut off from every network: they live, and let all in.

One build serves all tests. What a demo must say on its page is asked of the live demo itself.
"""

import gzip
import html
import itertools
import re
from xml.etree import ElementTree

import nbformat
import pytest
from playwright.sync_api import expect

from nnmath.live import Choice, Play, Slider
from tests.browser.access import barriers
from tests.notebooks import structure
from tools.lab import COURSE
from tools.site import lesson
from tools.site.__main__ import build

STEMS = sorted(path.stem for path in COURSE.glob("*.ipynb"))
LARGEST = 1_500_000  # bytes of a page and all it needs, compressed
HEADINGS = "nodes => nodes.map(node => Number(node.tagName[1]))"
DRAWN = """svg => [
  [...svg.querySelectorAll("[d]")].map(node => node.getAttribute("d")),
  [...svg.querySelectorAll("use")].map(node => node.getAttribute("x")),
  [...svg.querySelectorAll("text")].map(node => node.textContent),
]"""
SVG = "{http://www.w3.org/2000/svg}"
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    build(folder)
    return folder


@pytest.fixture(scope="module")
def opened(chromium, site):
    """A function that opens a page from a file; what it asks of any network fails, and is kept."""
    contexts = []

    def open_page(name, **settings):
        context = chromium.new_context(offline=True, **settings)
        contexts.append(context)
        page = context.new_page()
        page.asked, page.complaints = [], []
        page.on(
            "request",
            lambda r: None if r.url.startswith(("file:", "data:")) else page.asked.append(r.url),
        )
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.on("console", lambda message: page.complaints.append(message.text))
        page.goto((site / name).as_uri())
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture(scope="module", params=STEMS)
def stem(request):
    return request.param


@pytest.fixture(scope="module")
def page(opened, stem):
    page = opened(f"{stem}.html", viewport={"width": 1280, "height": 900})
    yield page
    page.close()


@pytest.fixture(scope="module")
def alive(stem):
    """The notebook's demos themselves, each on its own, as JupyterLab would show them."""
    demos = [demo for _, demo in lesson.demos(nbformat.read(COURSE / f"{stem}.ipynb", 4))]
    yield demos
    for demo in demos:
        demo.close()


class Shown:
    """A demo on a page, found as a screen reader finds it."""

    def __init__(self, page, number):
        self.root = page.locator(".demo").nth(number)
        self.status = self.root.get_by_role("status").first

    def control(self, control):
        role = "slider" if isinstance(control, Slider) else "button"
        return self.root.get_by_role(role, name=control.label, exact=True)

    def reset(self):
        self.root.get_by_role("button", name="Reset", exact=True).click()

    def agrees(self, demo):
        """Assert that readout, picture, its text and every control are those of the live demo."""
        expect(self.status).to_have_text(demo.readout, use_inner_text=True)
        picture = self.root.locator("svg[role=img]")
        expect(picture).to_have_attribute("aria-label", demo.alt)
        assert picture.evaluate(DRAWN) == drawn(demo)
        for control in demo.controls.values():
            if isinstance(control, Slider):
                found = self.control(control)
                expect(found).to_have_attribute("aria-valuetext", control.text)
            elif isinstance(control, Choice):
                radio = self.root.get_by_role("radio", name=control.value, exact=True)
                expect(radio).to_be_checked()


def drawn(demo):
    """Return the paths, places and words of the moving layer of a live demo."""
    svg = ElementTree.fromstring(demo.figure.widget.children[1].value)
    return [
        [node.get("d") for node in svg.iter() if node.get("d") is not None],
        [node.get("x") for node in svg.iter(f"{SVG}use")],
        ["".join(node.itertext()) for node in svg.iter(f"{SVG}text")],
    ]


# Every page -------------------------------------------------------------------------------------


def test_it_stands_alone_and_lets_everyone_in(page):
    page.evaluate("document.querySelectorAll('details').forEach(fold => (fold.open = true))")
    assert barriers(page) == []
    assert page.complaints == []
    assert page.asked == []


def test_its_headings_are_in_order(page):
    levels = page.locator("h1, h2, h3, h4, h5, h6").evaluate_all(HEADINGS)
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_it_fits_the_narrowest_window_and_400_percent(opened, stem):
    page = opened(f"{stem}.html", viewport={"width": 320, "height": 256})
    page.evaluate("document.querySelectorAll('details').forEach(fold => (fold.open = true))")
    assert page.evaluate(SIDEWAYS) == 0
    page.close()


def test_it_is_small_with_all_it_needs(site, stem):
    needed = [site / f"{stem}.html", site / "page.css", site / "page.js"]
    assert set(site.iterdir()) == {*needed, *site.glob("*.html")}
    size = sum(len(gzip.compress(path.read_bytes(), 6)) for path in needed)
    assert size < LARGEST, f"{stem}: {size:,} bytes compressed"


def outputs(stem):
    """Return what the cells of a notebook show as HTML."""
    cells = nbformat.read(COURSE / f"{stem}.ipynb", 4).cells
    return [
        output.data["text/html"]
        for cell in cells
        for output in cell.get("outputs", [])
        if "text/html" in output.get("data", {})
    ]


def test_it_holds_every_formula_and_every_fold(site, stem):
    cells = structure.read(COURSE / f"{stem}.ipynb")
    text = (site / f"{stem}.html").read_text(encoding="utf-8")
    prose = "\n\n".join(structure._prose(cell) for cell in cells if cell.kind == "markdown")
    tables = "\n\n".join(shown for shown in outputs(stem) if "<table" in shown)
    formulas = re.findall(r"\$\$.*?\$\$|\$[^$]+\$", f"{prose}\n\n{tables}", re.S)
    assert text.count("<math") == len(formulas) > 0
    assert "merror" not in text
    assert re.findall(r'class="number">\(([\d.]+)\)', text) == [
        tag for cell in cells for tag in structure.tags_of(cell)
    ]
    folds = [
        title
        for cell in cells
        for title, _ in structure.folds(cell.source)
        if cell.kind == "markdown"
    ]
    found = re.findall(r"<summary>(.*?)</summary>", text.partition("<h1")[2], re.S)
    assert len(found) == len(folds)


def test_its_anchors_are_those_of_jupyterlab(site, stem):
    text = (site / f"{stem}.html").read_text(encoding="utf-8")
    found = [html.unescape(name) for name in re.findall(r'<h\d id="([^"]*)"', text)]
    headings = structure.headings(structure.read(COURSE / f"{stem}.ipynb"))
    assert found == [heading.replace("`", "").replace(" ", "-") for _, heading in headings]


def test_every_link_of_every_page_leads_somewhere(site):
    pages = {path.name: path.read_text(encoding="utf-8") for path in site.glob("*.html")}
    anchors = {
        name: {html.unescape(one) for one in re.findall(r'\bid="([^"]*)"', text)}
        for name, text in pages.items()
    }
    assert pages.keys() == {"index.html", *(f"{stem}.html" for stem in STEMS)}
    for name, text in pages.items():
        for link in map(html.unescape, re.findall(r'<a\b[^>]*\bhref="([^"]*)"', text)):
            target, _, anchor = link.partition("#")
            if not link.startswith("https://"):
                assert (target or name) in pages, f"{name}: {link}"
                assert not anchor or anchor in anchors[target or name], f"{name}: {link}"


def test_the_index_leads_to_every_page(opened):
    page = opened("index.html", viewport={"width": 320, "height": 600})
    assert barriers(page) == []
    links = page.locator("main a").evaluate_all("nodes => nodes.map(n => n.getAttribute('href'))")
    assert links == [f"{stem}.html" for stem in STEMS]
    page.locator("main a").last.click()
    expect(page.locator("h1")).to_have_count(1)
    assert page.evaluate(SIDEWAYS) == 0
    assert page.complaints == page.asked == []


# Every demo -------------------------------------------------------------------------------------


def test_every_demo_is_there(page, alive):
    assert page.locator(".demo").count() == len(alive)
    for number, demo in enumerate(alive):
        shown = Shown(page, number)
        expect(
            page.get_by_role("region", name=f"Demo {number + 1}: {demo.title}", exact=True)
        ).to_have_count(1)
        shown.agrees(demo)


def test_each_slider_says_at_both_ends_what_the_live_demo_says(page, alive):
    for number, demo in enumerate(alive):
        shown = Shown(page, number)
        for control in demo.controls.values():
            if not isinstance(control, Slider):
                continue
            shown.reset()  # a slider that rests at an end does not move when that end is asked for
            for press, value in (("Home", control.min), ("End", control.max)):
                demo.reset()
                control.value = value
                shown.control(control).press(press)
                shown.agrees(demo)
            demo.reset()
        shown.reset()
        shown.agrees(demo)


def test_each_choice_shows_what_the_live_demo_shows(page, alive):
    for number, demo in enumerate(alive):
        shown = Shown(page, number)
        for control in demo.controls.values():
            if isinstance(control, Choice):
                for word in (*control.choices, control.default):
                    demo.reset()
                    control.value = word
                    shown.root.get_by_role("radio", name=word, exact=True).check()
                    shown.agrees(demo)
        demo.reset()


def test_each_button_ends_where_the_live_one_ends(page, alive):
    for number, demo in enumerate(alive):
        shown = Shown(page, number)
        for key, control in demo.controls.items():
            if isinstance(control, Slider | Choice | Play) or key == "reset":
                continue
            demo.reset()
            shown.reset()
            presses = 2 if control.repeat == 1 else 1
            control.still = True  # else it would be an animation here, for playwright runs a loop
            for _ in range(presses):
                control.click()
                shown.control(control).click()
            shown.agrees(demo)
        demo.reset()
        shown.reset()
        shown.agrees(demo)


def test_each_play_button_goes_to_the_end(page, alive):
    for number, demo in enumerate(alive):
        shown = Shown(page, number)
        for control in demo.controls.values():
            if isinstance(control, Play):
                demo.reset()
                slider = demo.controls[control.slider]
                slider.value = slider.max
                shown.control(slider).press("End")
                shown.control(slider).press("ArrowLeft")
                shown.control(control).click()
                shown.agrees(demo)
        demo.reset()
        shown.reset()


# Some of them are enough ------------------------------------------------------------------------

FIRST = f"{STEMS[1]}.html"


@pytest.fixture
def first(opened):
    page = opened(FIRST, viewport={"width": 1280, "height": 900})
    yield page
    page.close()


def test_one_control_moves_at_a_time_and_the_page_says_so(first):
    demo = first.locator(".demo").first
    one, other = (demo.get_by_role("slider").nth(k) for k in (0, 1))
    began = one.get_attribute("aria-valuetext")
    one.press("Home")
    expect(one).not_to_have_attribute("aria-valuetext", began)
    other.press("Home")
    expect(one).to_have_attribute("aria-valuetext", began)
    expect(demo.get_by_text("One control moves at a time here")).to_be_visible()


def test_the_keyboard_reaches_the_controls_in_order_with_a_visible_focus(first):
    demo = first.locator(".demo").first
    names = ["z", "target y", "binary cross-entropy", "Reset"]
    demo.get_by_role("slider", name="z", exact=True).focus()
    for name in names:
        focused = first.locator(":focus")
        told = focused.evaluate("node => (node.labels?.[0] ?? node).textContent.trim()")
        assert told == name
        if name != names[0]:  # it had the focus from the script, not from a key
            assert focused.evaluate("node => getComputedStyle(node).outlineWidth") == "3px"
        first.keyboard.press("Tab")


def test_a_held_key_is_not_read_out_at_every_step(first):
    demo = first.locator(".demo").first
    status = demo.get_by_role("status").first
    slider = demo.get_by_role("slider").first
    expect(status).to_have_attribute("aria-live", "polite")
    expect(status).to_have_attribute("aria-busy", "false")
    busy = []
    for _ in range(10):
        slider.press("ArrowLeft")
        busy.append(status.get_attribute("aria-busy"))
    assert "true" in busy
    expect(status).to_have_attribute("aria-busy", "false")


def test_an_animation_can_be_stopped_and_is_skipped_where_less_motion_is_asked_for(opened, first):
    name = "100 steps"
    demo = first.get_by_role("region", name="Demo 2: A batch in the plane")
    demo.get_by_role("button", name=name, exact=True).click()
    demo.get_by_role("button", name="Stop", exact=True).click()
    expect(demo.get_by_role("button", name=name, exact=True)).to_be_visible()
    stopped = demo.get_by_role("status").first.inner_text()
    assert "after 100 steps" not in stopped

    calm = opened(FIRST, reduced_motion="reduce")
    demo = calm.get_by_role("region", name="Demo 2: A batch in the plane")
    calm.evaluate("window.seen = []")
    demo.get_by_role("status").first.evaluate(
        "node => new MutationObserver(() => seen.push(1)).observe(node, {childList: true})"
    )
    demo.get_by_role("button", name=name, exact=True).click()
    expect(demo.get_by_role("status").first).to_contain_text("after 100 steps")
    assert calm.evaluate("seen.length") == 1
    demo.get_by_role("button", name=name, exact=True).click()
    expect(demo.get_by_text("No further press was recorded")).to_be_visible()
    calm.close()


def test_it_is_dark_where_dark_is_asked_for(opened):
    page = opened(FIRST, color_scheme="dark")
    paper = page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert max(map(int, re.findall(r"\d+", paper)[:3])) < 64
    assert barriers(page) == []
    page.close()


def test_without_javascript_the_picture_and_its_numbers_are_there(opened):
    page = opened(FIRST, java_script_enabled=False)
    demo = page.locator(".demo").first
    expect(demo.locator("svg[role=img]")).to_be_visible()
    assert "z = 2.0" in demo.locator(".readout").inner_text()
    page.close()


def test_the_judge_sees_a_barrier(opened):
    page = opened("index.html")
    page.evaluate("document.body.append(document.createElement('img'))")
    assert any(found.startswith("image-alt") for found in barriers(page))
    page.close()


def test_two_builds_give_the_same_bytes(site):
    path = COURSE / f"{STEMS[0]}.ipynb"
    again = lesson.page(path, "", f"{STEMS[1]}.html")
    assert (site / f"{STEMS[0]}.html").read_text(encoding="utf-8") == again
