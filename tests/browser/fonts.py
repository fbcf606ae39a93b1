"""The fonts that a browser of the tests has: two sets of this environment, none of the machine.

A page must fit in any font. DejaVu is wider than most; STIX, in the manner of Times, is narrower
than most. Both come with matplotlib. Chromium asks fontconfig for them on Linux; elsewhere it asks
the system, and both browsers of the tests then have the system's fonts.
"""

import pathlib
import shutil

import matplotlib

from tools.bootstrap import Stop

FOLDER = pathlib.Path(matplotlib.get_data_path(), "fonts", "ttf")
# By set: what stands for text without serifs, text with serifs, and code.
WIDE = ("DejaVu Sans", "DejaVu Serif", "DejaVu Sans Mono")
NARROW = ("STIXGeneral", "STIXGeneral", "DejaVu Sans Mono")
FILES = {
    "DejaVu Sans": "DejaVuSans",
    "DejaVu Serif": "DejaVuSerif",
    "DejaVu Sans Mono": "DejaVuSansMono",
    "STIXGeneral": "STIXGeneral",
}
CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
  <dir>{fonts}</dir>
  <cachedir>{cache}</cachedir>
  <alias binding="same">
    <family>serif</family><prefer><family>{serif}</family></prefer>
  </alias>
  <alias binding="same">
    <family>monospace</family><prefer><family>{code}</family></prefer>
  </alias>
  <match target="pattern">
    <edit name="family" mode="append_last"><string>{text}</string></edit>
  </match>
</fontconfig>
"""


def configuration(
    families: tuple[str, str, str], folder: pathlib.Path, source: pathlib.Path = FOLDER
) -> pathlib.Path:
    """Write into the folder a configuration for fontconfig that knows these families only.

    Raises Stop, naming the file, where matplotlib came without a font.
    """
    fonts = folder / "fonts"
    fonts.mkdir(parents=True)
    for family in dict.fromkeys(families):
        found = [
            path
            for path in sorted(source.glob(f"{FILES[family]}*.ttf"))
            if not path.stem.startswith(f"{FILES[family]}Mono")
        ]
        if not any(path.stem == FILES[family] for path in found):
            raise Stop(
                f"The browser tests need the font {family}, which comes with matplotlib, and "
                f"{source / FILES[family]}.ttf is missing: `make clean`, then `make setup`, "
                "installs it again."
            )
        for path in found:
            shutil.copy(path, fonts)
    path = folder / "fonts.conf"
    text, serif, code = families
    text = CONFIGURATION.format(
        fonts=fonts, cache=folder / "cache", text=text, serif=serif, code=code
    )
    path.write_text(text, encoding="utf-8")
    return path
