#!/usr/bin/env python3
"""Checks what no compiler sees: which room may include which, and that the papers tell the truth.

usage: check_structure.py ROOT [PROGRAM]
ROOT is the folder of the sources; PROGRAM the built embedscope, to compare README with its formats.
Prints one line for each fault and exits 1 where there is any.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

# What each room may include besides itself. A room that is not listed may not exist.
CORE = {
    "base": set(),
    "data": {"base"},
    "io": {"base", "data"},
    "neighbors": {"base", "data"},
    "plot": {"base", "data"},
    "projection": {"base", "data", "neighbors", "plot"},
    "analysis": {"base", "data", "io", "neighbors", "plot"},
    "session": {"base", "data", "io", "neighbors", "plot", "projection", "analysis"},
}
# Inside ui a file may include its own room and rooms of a lower level.
UI_LEVELS = {"jobs": 0, "workspace": 1, "models": 2, "plot": 2, "charts": 2, "panels": 3,
             "dialogs": 4, "shell": 4}
# Files that lie in ui itself: words that every room uses, and the window on top of all.
UI_ROOT_LEVELS = {"convert": 0, "error_text": 0, "icons": 0, "shortcuts": 0, "theme": 0,
                  "main_window": 5, "run_window": 6}
MOST_LINES = 550  # of a source file
MOST_TEST_LINES = 800
LARGEST_FILE = 4_000_000
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.MULTILINE)
# Types of the desktop's own that other programs open by default.
COMMON_TYPES = {"text/plain", "application/json", "application/zip", "application/octet-stream",
                "image/png"}

faults = []


def fault(place, text):
    faults.append(f"{place}: {text}")


def sources(root, *folders):
    for folder in folders:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in (".h", ".cpp", ".inl"):
                yield path


def ui_level(parts):
    """The level of ui/<…>; parts are the path below ui."""
    if len(parts) > 1:
        return UI_LEVELS.get(parts[0])
    name = parts[0].split(".")[0]
    return UI_ROOT_LEVELS["main_window"] if name.startswith("main_window") else UI_ROOT_LEVELS.get(name)


def check_core_include(path, room, kind, target):
    parts = target.split("/")
    if kind == "<" and re.match(r"Q[A-Z]|Qt", target):
        fault(path, f"core knows no Qt, yet includes <{target}>")
    elif kind == '"' and parts[0] != "core":
        fault(path, f'core includes "{target}", which is not of core')
    elif parts[0] == "core" and len(parts) > 2 and parts[1] != room and parts[1] not in CORE[room]:
        fault(path, f'core/{room} may not include "{target}"')


def check_ui_include(path, parts, level, target):
    goal = target.split("/")
    if goal[0] == "app":
        fault(path, f'ui includes "{target}", which is of app')
    if goal[0] != "ui":
        return
    goal_level = ui_level(goal[1:])
    if goal_level is None:
        fault(path, f'includes "{target}", of a room that this check does not know')
    elif goal_level > level:
        fault(path, f'includes "{target}", which is built on it')
    is_panel = re.fullmatch(r"\w+_panel\.h", goal[-1]) and goal[1] == "panels"
    own_header = goal[-1].split(".")[0] == parts[-1].split(".")[0]
    if parts[0] == "panels" and is_panel and not own_header and parts[-1] != "panels.cpp":
        fault(path, f'is a panel and includes another, "{target}"')


def check_includes(root):
    for path in sources(root, "core", "ui", "app"):
        relative = path.relative_to(root)
        parts = relative.parts[1:]
        text = path.read_text(encoding="utf-8")
        if relative.parts[0] == "core" and parts[0] not in CORE:
            fault(relative, "lies in a room of core that this check does not know")
            continue
        level = ui_level(parts) if relative.parts[0] == "ui" else None
        if relative.parts[0] == "ui" and level is None:
            fault(relative, "lies in a room of ui that this check does not know")
            continue
        for kind, target in INCLUDE.findall(text):
            if kind == '"' and "/" not in target and not target.endswith(".moc"):
                fault(relative, f'includes "{target}"; paths begin at the root of the repository')
            if relative.parts[0] == "core":
                check_core_include(relative, parts[0], kind, target)
            elif relative.parts[0] == "ui":
                check_ui_include(relative, parts, level, target)


# Readers touch bytes through ByteSource alone; these are the files that stand behind it.
BYTE_ROOMS = ("core/io/bytes/byte_source.cpp", "core/io/bytes/byte_descriptor.cpp", "core/io/writers/")
OWN_BYTES = re.compile(r"#\s*include\s*<(fstream|cstdio|stdio\.h|fcntl\.h|sys/mman\.h)>|\bfopen\(|\bmmap\(")


def check_bytes(root):
    for path in sources(root, "core/io"):
        relative = path.relative_to(root)
        found = OWN_BYTES.search(path.read_text(encoding="utf-8"))
        if found and not str(relative).startswith(BYTE_ROOMS):
            fault(relative, f"reads files by itself ({found.group(0)}); readers use ByteSource")


# libhdf5 crashes and hangs on crafted files: it lives in the helper alone, which knows nothing of ours but the
# words that the two exchange. Tests write their samples with it.
HDF5_ROOMS = ("helpers/hdf5/", "tests/support/hdf5_bytes.cpp")
HDF5_WORDS = "core/io/hdf5/hdf5_messages.h"


def check_hdf5(root):
    for path in sources(root, "core", "ui", "app", "tests", "helpers"):
        relative = str(path.relative_to(root))
        for kind, target in INCLUDE.findall(path.read_text(encoding="utf-8")):
            if re.fullmatch(r"hdf5(_hl)?\.h|H5\w+\.h", target) and not relative.startswith(HDF5_ROOMS):
                fault(relative, f"includes <{target}>; only the helper embedscope-hdf5 may")
            own = target.startswith("helpers/hdf5/") or target == HDF5_WORDS
            if relative.startswith("helpers/hdf5/") and kind == '"' and not own:
                fault(relative, f'includes "{target}"; the helper knows nothing of ours but {HDF5_WORDS}')


def check_sizes(root):
    for path in sources(root, "core", "ui", "app", "tests", "helpers"):
        lines = path.read_text(encoding="utf-8").count("\n")
        most = MOST_TEST_LINES if "tests" in path.relative_to(root).parts else MOST_LINES
        if lines > most:
            fault(path.relative_to(root), f"has {lines} lines: one idea a file, at most {most}")
    for folder in ("resources", "tests", "docs"):
        for path in (root / folder).rglob("*"):
            if path.is_file() and path.stat().st_size > LARGEST_FILE:
                fault(path.relative_to(root), "is too large for the repository")


def check_words(root):
    """No loose ends, and nothing of the machine it was written on."""
    loose = re.compile(r"\b(TODO|FIXME|XXX)\b")
    machine = re.compile(r"(?<![\w.])/(home|work|tmp)/\w")
    for path in sources(root, "core", "ui", "app", "tests", "helpers"):
        text = path.read_text(encoding="utf-8")
        if loose.search(text):
            fault(path.relative_to(root), f"says {loose.search(text).group(0)}")
        if machine.search(text) and path.relative_to(root).parts[0] != "tests":
            fault(path.relative_to(root), "holds a path of one machine")


def table_rows(text, heading):
    """Cells of the table below the heading, its two head lines left out."""
    section = re.search(rf"^## {heading}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    if not section:
        fault("README.md", f'has no section "{heading}"')
        return []
    lines = [line for line in section.group(1).splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines
            if not re.match(r"\|[\s|:-]+\|?$", line)][1:]


def check_formats(root, program):
    shown = subprocess.run([program, "formats", "--json"], capture_output=True, check=True)
    formats = json.loads(shown.stdout)["formats"]
    if not formats:
        fault("embedscope formats", "lists none")
    readme = table_rows((root / "README.md").read_text(encoding="utf-8"), "File formats")
    expected = {row["name"]: " ".join(f"`.{e}`" for e in row["extensions"]) for row in formats}
    found = {row[0]: row[1] for row in readme}
    for name, extensions in expected.items():
        if name not in found:
            fault("README.md", f'its table of formats lacks "{name}" ({extensions})')
        elif found[name] != extensions:
            fault("README.md", f'"{name}" has the extensions {extensions}, not {found[name]}')
    for name in found.keys() - expected.keys():
        fault("README.md", f'its table names "{name}", which no reader reads')

    readme = table_rows((root / "README.md").read_text(encoding="utf-8"), "Saving and converting")
    expected = [[row["name"], " ".join(f"`.{e}`" for e in row["extensions"]), row["description"]]
                for row in json.loads(shown.stdout)["writers"]]
    for row in expected:
        if row not in readme:
            fault("README.md", f"its table of what is written lacks | {' | '.join(row)} |")
    if len(readme) != len(expected):
        fault("README.md", "its table of what is written has other rows than writers.cpp")

    desktop = (root / "resources/desktop/embedscope.desktop").read_text(encoding="utf-8")
    types = set(re.search(r"^MimeType=(.*)$", desktop, re.MULTILINE).group(1).split(";"))
    described = (root / "resources/desktop/embedscope.mime.xml").read_text(encoding="utf-8")
    for row in formats:
        own = row["mime_type"].split("/")[1].startswith("x-")
        if own and f'type="{row["mime_type"]}"' not in described:
            fault("embedscope.mime.xml", f'does not describe {row["mime_type"]} ({row["name"]})')
        if row["mime_type"] not in types | COMMON_TYPES:
            fault("embedscope.desktop", f'does not open {row["mime_type"]} ({row["name"]})')


def check_commands(root, program):
    """README's section on commands names every command and every method."""
    shown = subprocess.run([program, "--help"], capture_output=True, check=True, text=True).stdout
    names = re.findall(r"^  ([a-z]+) [A-Z ]*  +", shown.split("Commands,")[-1], re.MULTILINE)
    if len(names) < 5:
        fault("embedscope --help", "its commands were not understood by this check")
    readme = (root / "README.md").read_text(encoding="utf-8")
    section = re.search(r"^## Commands\n(.*?)(?=^## |\Z)", readme, re.MULTILINE | re.DOTALL)
    text = section.group(1) if section else ""
    for name in names:
        if f"embedscope {name} " not in text and f"embedscope {name}\n" not in text:
            fault("README.md", f'its section "Commands" lacks embedscope {name}')
    listed = subprocess.run([program, "methods", "--json"], capture_output=True, check=True)
    for method in json.loads(listed.stdout)["methods"]:
        if f'`{method["id"]}`' not in text:
            fault("README.md", f'its section "Commands" does not name the method {method["id"]}')


def check_keys(root):
    """README's table of keys and gestures holds every row of ui/shortcuts.cpp."""
    source = (root / "ui/shortcuts.cpp").read_text(encoding="utf-8")
    row = re.compile(r'\{"[\w.]+",\s*"([^"]*)",\s*(?:""|TEXT\("([^"]*)"\)),\s*TEXT\("([^"]*)"\)')
    rows = row.findall(source)
    if len(rows) < 10:
        fault("ui/shortcuts.cpp", "its rows were not understood by this check")
    shown = {(cells[0], cells[1])
             for cells in table_rows((root / "README.md").read_text(encoding="utf-8"),
                                     "Keys and gestures")}
    for keys, gesture, what in rows:
        name = gesture or keys.replace("; ", ", ")
        if (name, what) not in shown:
            fault("README.md", f"its table of keys lacks | {name} | {what} |")


def main():
    root = Path(sys.argv[1])
    check_includes(root)
    check_bytes(root)
    check_hdf5(root)
    check_sizes(root)
    check_words(root)
    check_keys(root)
    if len(sys.argv) > 2:
        check_formats(root, sys.argv[2])
        check_commands(root, sys.argv[2])
    for line in faults:
        print(line)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
