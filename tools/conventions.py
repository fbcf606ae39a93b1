"""Ask the tools of the ecosystem whether the repository follows its conventions.

    python -m tools.conventions

They live in an environment of their own, `.venv/var/conventions`, which is made at the first call:
some of them need older packages than the course does. pyproject.toml names their versions.
"""

import pathlib
import subprocess
import sys
import tomllib

from tools.bootstrap import Stop, make_venv, pip, run_and_report, say, venv_python
from tools.surroundings import ROOT

HOME = pathlib.Path(sys.prefix, "var", "conventions")
PROJECT = ROOT / "pyproject.toml"
# What is asked, in the words of the answer, and the command.
ASKED = {
    "repo-review: the guide of Scientific Python": ["sp-repo-review", "."],
    "cffconvert: the citation": ["cffconvert", "--validate"],
    "reuse: a licence for each file": ["reuse", "lint", "--quiet"],
    # The address of the repository is where it is hosted, and nobody's e-mail stands in it.
    "pyroma: the description of the package": [
        "pyroma",
        "--min=10",
        "--skip-tests=AuthorEmail Url",
        ".",
    ],
    "zizmor: the workflows": ["zizmor", "--offline", "--quiet", "--no-progress", "."],
    "codespell: the words": ["codespell"],
}


def wanted() -> list[str]:
    """Return the pinned requirements."""
    project = tomllib.loads(PROJECT.read_text(encoding="utf-8"))
    return list(project["dependency-groups"]["conventions"])


def prepare(home: pathlib.Path = HOME) -> None:
    """Make the environment, if it does not hold exactly what is wanted."""
    stamp, goal = home / "wanted.txt", "\n".join(wanted())
    if stamp.exists() and stamp.read_text(encoding="utf-8") == goal:
        return
    say("Installing the tools that know the conventions.")
    home.parent.mkdir(parents=True, exist_ok=True)
    make_venv(sys.executable, home)
    pip(venv_python(home), wanted(), home / "install.log", ROOT)
    stamp.write_text(goal, encoding="utf-8")


def ask(command: list[str], home: pathlib.Path = HOME, folder: pathlib.Path = ROOT) -> str:
    """Run one tool; return what it complains of, nothing when it is content."""
    program = venv_python(home).with_name(command[0])
    done = subprocess.run(
        [str(program), *command[1:]],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return done.stdout.strip() or f"exit status {done.returncode}" if done.returncode else ""


def main() -> None:
    """Ask each tool, and say what it answers."""
    prepare()
    found = {title: ask(command) for title, command in ASKED.items()}
    for title, complaint in found.items():
        say(f"{title}: {'not content' if complaint else 'content'}")
    for title, complaint in found.items():
        if complaint:
            say(f"\n{title}\n{complaint}")
    if any(found.values()):
        raise Stop("The conventions are not all kept: see above, tool by tool.")


if __name__ == "__main__":
    sys.exit(run_and_report(main))
