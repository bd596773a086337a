"""The house rules that an import can break: who may import whom, no cycles, a light root, files of a readable size."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "mtenvs"
MAX_LINES = 600

# A part may import what stands in a row above its own, and itself; parts of one row do not see each other.
LAYERS = (
    ("core", "catalog"),
    ("backends", "sites"),
    ("envs",),
    ("registry",),
    ("vector", "wrappers", "policies"),
    ("rollout",),
    ("serve", "integrations", "testing"),
    ("play",),
    ("commands", "cli", "__main__"),
)
LEVEL = {part: level for level, layer in enumerate(LAYERS) for part in layer}
SAME_DOOR = {("cli", "commands"), ("__main__", "cli")}  # the command line is one part in three places
ROOT_OFFERS = {"catalog", "registry", "vector", "rollout"}  # the last two for type checkers only: they are loaded when first used
CORE_MAY = {"gymnasium", "numpy", "mtenvs"}
CORE_MAY_IN = {"mtenvs.core.agents": {"pettingzoo"}}

Graph = dict[str, set[str]]


def module_name(path: Path, package: Path) -> str:
    parts = path.relative_to(package.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported(path: Path, package: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every import in a file, wherever it stands: the module, and the names taken from it."""
    here = module_name(path, package).split(".")
    if path.name != "__init__.py":
        here = here[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, ()) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = here[: len(here) - node.level + 1] if node.level else []
            yield ".".join([*base, *([node.module] if node.module else [])]), tuple(alias.name for alias in node.names)


def graph_of(package: Path) -> Graph:
    """Module -> all modules that it imports, our own ones to the exact file."""
    files = {module_name(p, package): p for p in sorted(package.rglob("*.py"))}
    graph: Graph = {}
    for name, path in files.items():
        targets = set()
        for module, names in imported(path, package):
            inner = {f"{module}.{n}" for n in names} & files.keys()
            targets |= inner
            if not names or len(inner) < len(names):
                targets.add(module)
        graph[name] = targets - {name}
    return graph


def part_of(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


def breaches(graph: Graph) -> list[str]:
    """What the drawing of the house forbids."""
    found = []
    for module, targets in graph.items():
        mine = part_of(module)
        if mine and mine not in LEVEL:
            found.append(f"{module} is in no layer of the house: give {mine!r} a place in LAYERS")
            continue
        for target in sorted(t for t in targets if t.split(".")[0] == "mtenvs"):
            theirs = part_of(target)
            if not theirs:
                found.append(f"{module} imports the root package")
            elif not may_import(mine, theirs):
                found.append(f"{module} imports {target}, which stands above it or beside it")
            elif mine == theirs == "envs" and (family := target.split(".")[2:3]) and family != module.split(".")[2:3]:
                found.append(f"{module} imports {target}: families do not know each other")
    return found


def may_import(mine: str, theirs: str) -> bool:
    """Whether one part may import another; the root package has the empty name."""
    if not mine:
        return theirs in ROOT_OFFERS
    return mine == theirs or (mine, theirs) in SAME_DOOR or LEVEL.get(theirs, len(LAYERS)) < LEVEL[mine]


def cycles(graph: Graph) -> list[str]:
    """One line for each circle of imports."""
    state: dict[str, int] = {}
    trail: list[str] = []
    found = []

    def visit(module: str) -> None:
        state[module] = 1
        trail.append(module)
        for target in sorted(graph[module] & graph.keys()):
            if state.get(target) == 1:
                found.append(" -> ".join([*trail[trail.index(target) :], target]))
            elif target not in state:
                visit(target)
        trail.pop()
        state[module] = 2

    for module in graph:
        if module not in state:
            visit(module)
    return found


@pytest.fixture(scope="module")
def graph() -> Graph:
    return graph_of(PACKAGE)


def test_everyone_imports_only_what_stands_below(graph: Graph) -> None:
    assert not breaches(graph)


def test_no_circles(graph: Graph) -> None:
    assert not cycles(graph)


def test_core_needs_gymnasium_and_numpy_only(graph: Graph) -> None:
    too_much = []
    for module in (m for m in graph if part_of(m) in ("core", "catalog")):
        allowed = sys.stdlib_module_names | CORE_MAY | CORE_MAY_IN.get(module, set())
        too_much += [f"{module} imports {t}" for t in graph[module] if t.split(".")[0] not in allowed]
    assert not too_much


def test_worlds_know_nothing_of_gymnasium(graph: Graph) -> None:
    pairs = [(world, inner) for world in graph if part_of(world) == "envs" and world.endswith(".world") for inner in reach(graph, world)]
    breaking = [f"{world} through {inner}" for world, inner in pairs if any(t.split(".")[0] == "gymnasium" for t in graph[inner])]
    assert not breaking


def reach(graph: Graph, start: str) -> set[str]:
    """The module and everything in its family that it leads to."""
    family, seen, todo = ".".join(start.split(".")[:3]) + ".", set[str](), [start]
    while todo:
        module = todo.pop()
        seen.add(module)
        todo += [t for t in graph[module] & graph.keys() if t.startswith(family) and t not in seen]
    return seen


def test_files_are_of_a_readable_size() -> None:
    paths = [p for folder in ("mtenvs", "tests", "benchmarks", "scripts") for p in (ROOT / folder).rglob("*.py")]
    long = {str(p.relative_to(ROOT)): n for p in paths if (n := len(p.read_text(encoding="utf-8").splitlines())) > MAX_LINES}
    assert not long


def test_importing_mtenvs_loads_nothing_heavy() -> None:
    # In a process of its own: what this one has loaded already would hide it.
    script = (
        "import sys, gymnasium; before = set(sys.modules); import mtenvs;"
        "print(*sorted({m.split('.')[0] for m in set(sys.modules) - before}));"
        "print(*sorted(m for m in sys.modules if m.startswith('mtenvs.')));"
        "print(*sorted({'mujoco', 'cv2', 'PIL', 'metaworld', 'OpenGL', 'pettingzoo', 'rich', 'tqdm', 'torch'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)  # noqa: S603 - our own interpreter
    new, ours, heavy = (set(line.split()) for line in done.stdout.split("\n")[:3])
    assert new - set(sys.stdlib_module_names) == {"mtenvs"}
    assert {part_of(m) for m in ours} == {"catalog", "core", "registry"}
    assert not heavy


@pytest.fixture
def crooked(tmp_path: Path) -> Path:
    """A package that breaks every rule once."""
    files = {
        "__init__.py": "",
        "catalog.py": "",
        "core/__init__.py": "",
        "core/a.py": "from mtenvs.core import b\nimport rich",
        "core/b.py": "def later():\n    from . import a",
        "core/c.py": "from mtenvs.envs.rpg import world",
        "envs/__init__.py": "",
        "envs/rpg/__init__.py": "",
        "envs/rpg/world.py": "from mtenvs.envs.rpg import state\nfrom mtenvs.envs.words import x",
        "envs/rpg/state.py": "import gymnasium",
        "envs/words/__init__.py": "x = 1",
        "policies/__init__.py": "from mtenvs.vector import y\nfrom mtenvs import list_envs",
        "vector/__init__.py": "import mtenvs.core.a",
        "attic/__init__.py": "",
    }
    for name, text in files.items():
        path = tmp_path / "mtenvs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path / "mtenvs"


def test_the_rules_catch_what_breaks_them(crooked: Path) -> None:
    graph = graph_of(crooked)
    assert breaches(graph) == [
        "mtenvs.attic is in no layer of the house: give 'attic' a place in LAYERS",
        "mtenvs.core.c imports mtenvs.envs.rpg.world, which stands above it or beside it",
        "mtenvs.envs.rpg.world imports mtenvs.envs.words: families do not know each other",
        "mtenvs.policies imports the root package",
        "mtenvs.policies imports mtenvs.vector, which stands above it or beside it",
    ]
    assert cycles(graph) == ["mtenvs.core.a -> mtenvs.core.b -> mtenvs.core.a"]
    assert reach(graph, "mtenvs.envs.rpg.world") == {"mtenvs.envs.rpg.world", "mtenvs.envs.rpg.state"}
    with pytest.raises(AssertionError):
        test_core_needs_gymnasium_and_numpy_only(graph)
    with pytest.raises(AssertionError):
        test_worlds_know_nothing_of_gymnasium(graph)
