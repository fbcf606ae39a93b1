"""The static pages in a real browser that is cut off from every network: they live, and let all in.

One build serves all tests. What a demo must say on its page is asked of the live demo itself.
"""

import functools
import gzip
import html
import http.server
import itertools
import json
import re
import shutil
import threading
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
from tools.site.parts import parts

STEMS = sorted(path.stem for path in COURSE.glob("*.ipynb"))
LARGEST = 1_500_000  # bytes of a page and all it needs, compressed
HEADINGS = "nodes => nodes.map(node => Number(node.tagName[1]))"
DRAWN = """svg => [
  [...svg.querySelectorAll("[d]")].map(node => node.getAttribute("d")),
  [...svg.querySelectorAll("use")].map(node => node.getAttribute("x")),
  [...svg.querySelectorAll("text")].map(node => node.textContent),
]"""
RUNS = re.compile(r"lite/notebooks/index\.html\?path=([\w-]+)\.ipynb(.*)")
SVG = "{http://www.w3.org/2000/svg}"
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A server as dumb as a static host, and without its log."""

    def log_message(self, *_):
        """Say nothing."""


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
    svg = ElementTree.fromstring(demo.seen.moving)
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
    """Those to where a notebook runs name a notebook, and an exercise or a demo of its page."""
    pages = {path.name: path.read_text(encoding="utf-8") for path in site.glob("*.html")}
    anchors = {
        name: {html.unescape(one) for one in re.findall(r'\bid="([^"]*)"', text)}
        for name, text in pages.items()
    }
    assert pages.keys() == {"index.html", *(f"{stem}.html" for stem in STEMS)}
    for name, text in pages.items():
        for link in map(html.unescape, re.findall(r'<a\b[^>]*\bhref="([^"]*)"', text)):
            if runs := RUNS.fullmatch(link):
                link = f"{runs[1]}.html{runs[2]}"
            target, _, anchor = link.partition("#")
            if not link.startswith("https://"):
                assert (target or name) in pages, f"{name}: {link}"
                assert not anchor or anchor in anchors[target or name], f"{name}: {link}"


def test_each_exercise_and_each_demo_can_be_run_where_it_stands(page, stem):
    run = f"lite/notebooks/index.html?path={stem}.ipynb"
    cells = nbformat.read(COURSE / f"{stem}.ipynb", 4).cells
    exercises = page.locator(".exercise")
    code = "\n".join(cell.source for cell in cells)
    names = re.findall(r'^check_answer\("([\w.]+)"', code, re.M)
    assert exercises.count() == len(names) > 0
    for exercise, name in zip(exercises.all(), names, strict=True):
        assert f'check_answer("{name}"' in exercise.inner_text()
        assert exercise.get_attribute("id") == f"exercise-{name}"
        link = exercise.get_by_role("link", name=f"Run this here: exercise {name}", exact=True)
        assert link.get_attribute("href") == f"{run}#exercise-{name}"
    demos = page.locator(".demo")
    assert demos.count() == sum(shown.startswith("<img ") for shown in outputs(stem)) > 0
    for number, demo in enumerate(demos.all(), start=1):
        assert demo.get_attribute("id") == f"demo-{number}"
        link = demo.get_by_role("link", name=f"Run this here: demo {number}", exact=True)
        assert link.get_attribute("href") == f"{run}#demo-{number}"


# Where one begins -------------------------------------------------------------------------------


def test_the_landing_page_leads_to_every_notebook_in_both_ways(opened):
    page = opened("index.html")
    rows = page.locator("tbody").get_by_role("row")
    assert rows.count() == len(STEMS)
    for row, stem in zip(rows.all(), STEMS, strict=True):
        links = row.get_by_role("link").evaluate_all("all => all.map(a => a.getAttribute('href'))")
        run = f"lite/notebooks/index.html?path={stem}.ipynb"
        assert links == [f"{stem}.html", f"{stem}.html", run]
        assert 30 < len(row.locator(".promise").inner_text()) <= 110
        assert re.search(r"\d+", row.get_by_role("cell").nth(1).inner_text())
    ways = page.locator(".ways").get_by_role("link")
    assert ways.all_inner_texts() == ["Read", "Run in the browser", "Install"]
    ways.last.click()
    expect(page.get_by_text("make lab")).to_be_in_viewport()
    ways.first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^0 · "))
    assert page.complaints == page.asked == []
    page.close()


def test_the_landing_page_begins_with_a_demo_that_moves(opened):
    page = opened("index.html", viewport={"width": 1280, "height": 900})
    slider = page.get_by_role("slider", name="z", exact=True)
    expect(slider).to_be_in_viewport(ratio=1)
    expect(page.locator(".picture")).to_be_in_viewport(ratio=0.8)
    [(_, demo), *_] = lesson.demos(nbformat.read(COURSE / f"{STEMS[1]}.ipynb", 4))
    shown = Shown(page, 0)
    shown.agrees(demo)
    demo.controls["z"].value = demo.controls["z"].min
    slider.press("Home")
    shown.agrees(demo)
    demo.close()
    page.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 390, 768, 1280])
def test_the_landing_page_lets_everyone_in_at_every_width(opened, shots, width, theme):
    page = opened(
        "index.html",
        viewport={"width": width, "height": 900},
        color_scheme=theme,
        reduced_motion="reduce",
    )
    assert page.evaluate(SIDEWAYS) == 0
    assert barriers(page) == []
    assert page.locator("main h2").count() == 3
    page.screenshot(path=shots / f"landing-{width}-{theme}.png", full_page=True)
    page.close()


def test_running_from_a_file_says_how_to_start_a_server(opened):
    for name in ("index.html", FIRST):
        page = opened(name)
        way = page.locator("a.run").nth(1)
        way.focus()
        page.keyboard.press("Enter")
        dialog = page.get_by_role("dialog", name="Running needs a server")
        expect(dialog).to_contain_text("python -m http.server")
        expect(dialog.get_by_role("link")).to_have_attribute(
            "href", f"http://localhost:8000/{name}"
        )
        assert barriers(page) == []
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        expect(way).to_be_focused()
        assert page.url.endswith(name)
        assert page.complaints == page.asked == []
        page.close()


def test_below_any_address_of_a_server_every_file_is_found(chromium, site, tmp_path):
    """As on GitHub Pages, where a site lies in a folder; there Run leads to the notebook itself."""
    (tmp_path / "some").mkdir()
    shutil.copytree(site, tmp_path / "some" / "course")
    lite = tmp_path / "some" / "course" / "lite" / "notebooks"
    lite.mkdir(parents=True)
    (lite / "index.html").write_text("<title>running</title>")
    handler = functools.partial(Quiet, directory=tmp_path)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        began = f"http://127.0.0.1:{server.server_port}/some/course/"
        context = chromium.new_context()
        page, failed = context.new_page(), []
        page.on("response", lambda r: None if r.ok else failed.append(r.url))
        page.on(
            "request",
            lambda r: None if r.url.startswith((began, "data:")) else failed.append(r.url),
        )
        for name in ("", FIRST):
            page.goto(began + name)
            page.get_by_role("slider").first.press("Home")
            expect(page.get_by_role("slider").first).to_have_attribute("aria-valuetext", "−8.0")
            page.get_by_role("link", name="Run this here: demo 1").click()
            expect(page).to_have_title("running")
            assert page.url == f"{began}lite/notebooks/index.html?path={STEMS[1]}.ipynb#demo-1"
        assert failed == []
        context.close()
        server.shutdown()


def test_every_page_describes_itself_to_machines(opened):
    titles = {}
    for name in ("index.html", *(f"{stem}.html" for stem in STEMS)):
        page = opened(name, java_script_enabled=False)
        [told] = page.locator("script[type='application/ld+json']").all_text_contents()
        thing = json.loads(told)
        assert thing["@context"] == "https://schema.org"
        assert thing["url"] == name
        description = page.locator("meta[name=description]").get_attribute("content")
        assert description == thing["description"]
        assert page.title() == f"{page.locator('h1').inner_text()} · nnmath"
        titles[name] = thing
        page.close()
    course = titles.pop("index.html")
    assert course["@type"] == "Course"
    parts = [{"@context": "https://schema.org", **part} for part in course["hasPart"]]
    assert parts == list(titles.values())


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


# On a phone -------------------------------------------------------------------------------------

PHONE = {
    "viewport": {"width": 390, "height": 844},
    "has_touch": True,
    "is_mobile": True,
    "reduced_motion": "reduce",
}
# What a finger should hit: the element, or the label that does the same. A link in a line of text
# may be as high as the line.
SMALL = """() => [...document.querySelectorAll("a, button, input, summary")].filter((node) => {
  const inText = node.matches("p:not(.ways) a, li a, td:not(.open) a, th a, summary a");
  if (inText || !node.checkVisibility() || node.matches(".skip")) return false;
  const { width, height } = (node.type === "radio" ? node.labels[0] : node).getBoundingClientRect();
  return Math.min(width, height) < 24;
}).map((node) => node.outerHTML)"""
# The words of the whole picture that no panel shows.
LOST = """demo => {
  const boxes = [...demo.querySelectorAll(".panel")].map((svg) => svg.viewBox.baseVal);
  const words = [...demo.querySelectorAll(".layers text")].filter((text) => text.getBBox().width);
  return words.filter((text) => {
    const box = text.getBBox();
    const to = text.ownerSVGElement.getCTM().inverse().multiply(text.getCTM());
    const corners = [[box.x, box.y], [box.x + box.width, box.y + box.height]].map(
      ([x, y]) => new DOMPoint(x, y).matrixTransform(to));
    const inside = (b) => corners.every((p) => p.x >= b.x - 2 && p.x <= b.x + b.width + 2
      && p.y >= b.y - 2 && p.y <= b.y + b.height + 2);
    return !boxes.some(inside);
  }).map((text) => text.textContent);
}"""


@pytest.fixture(scope="module")
def phone(opened, stem):
    page = opened(f"{stem}.html", **PHONE)
    yield page
    page.close()


def drag(page, start, by):
    """Put a finger down at a point, move it, and lift it."""
    finger = page.context.new_cdp_session(page)
    (x, y), (right, down) = start, by
    for step in range(4):
        at = {"x": x + right * step / 3, "y": y + down * step / 3}
        kind = "touchMove" if step else "touchStart"
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [at]})
    finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    finger.detach()


def test_a_phone_shows_a_page_without_moving_it_sideways(phone):
    phone.evaluate("document.querySelectorAll('details').forEach(fold => (fold.open = true))")
    assert phone.evaluate(SIDEWAYS) == 0
    assert phone.evaluate(SMALL) == []
    wide = phone.locator(".formula .wide, pre, math.wide").evaluate_all(
        "all => all.filter(n => n.scrollWidth > n.clientWidth && n.tabIndex !== 0).length"
    )
    assert wide == 0
    assert barriers(phone, ".demo") == []


def test_on_a_phone_the_panels_of_a_picture_stand_below_each_other(phone, alive):
    for number, demo in enumerate(alive):
        root = phone.locator(".demo").nth(number)
        panels = root.locator(".panel")
        boxes = [panel.bounding_box() for panel in panels.all()]
        assert len(boxes) == len(parts(demo)) > 0
        for above, below in itertools.pairwise(boxes):
            assert below["y"] >= above["y"] + above["height"]
        for panel, box in zip(panels.all(), boxes, strict=True):
            scale = box["width"] / float(panel.get_attribute("viewBox").split()[2])
            assert scale >= 0.74, "its words cannot be read"
            frame = panel.locator("..")
            if frame.evaluate("frame => frame.scrollWidth > frame.clientWidth"):
                expect(frame).to_have_attribute("tabindex", "0")
        controls = [*root.get_by_role("slider").all(), *root.get_by_role("radio").all()]
        for control in [None, *controls]:
            if control is not None:
                control.press("End" if control.get_attribute("type") == "range" else "Space")
            assert root.evaluate(LOST) == []
        Shown(phone, number).reset()


def test_on_a_phone_a_finger_moves_a_slider_and_not_the_page(phone):
    for slider in phone.get_by_role("slider").all():
        slider.evaluate("node => node.scrollIntoView({ block: 'center', behavior: 'instant' })")
        box, before = slider.bounding_box(), phone.evaluate("scrollY")
        middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        texts = []
        for by in ((-box["width"] / 2, 10), (box["width"] / 2, -10)):
            drag(phone, middle, by)
            texts.append(slider.get_attribute("aria-valuetext"))
        assert len(set(texts)) == 2
        drag(phone, middle, (0, -300))
        assert phone.evaluate("scrollY") == before


def test_on_a_phone_the_panels_follow_the_control(phone):
    """They show the very layers that a screen reader is told of, whatever is drawn there."""
    shown = phone.locator(".panels use").evaluate_all(
        "all => all.map(use => document.querySelector(use.getAttribute('href')).parentElement"
        " === use.closest('.picture').querySelector('.layers'))"
    )
    assert shown
    assert all(shown)
    root = phone.locator(".demo").first
    panel = root.locator(".panel").first
    root.get_by_role("button", name="Reset", exact=True).click()
    before = panel.screenshot()
    root.get_by_role("radio").or_(root.get_by_role("slider")).first.focus()
    phone.keyboard.press("Home")
    phone.keyboard.press("ArrowRight")
    phone.keyboard.press("ArrowRight")
    assert panel.screenshot() != before


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
    note = demo.get_by_text("One control moves at a time here")
    expect(note.get_by_role("link", name="Run this here")).to_be_visible()


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


def test_a_finger_on_the_text_moves_the_page(opened):
    """Else the test above could not fail."""
    page = opened(FIRST, **PHONE)
    drag(page, (200, 700), (0, -300))
    page.wait_for_function("scrollY > 100")
    page.close()


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
