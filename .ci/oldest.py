"""Print every direct dependency at its lower bound, for the run that proves the bounds in pyproject.toml; after them what
the tests need, at any version.

The engines beyond one machine are left out: their tests need a cluster of that very version.
"""

import re
import tomllib
from pathlib import Path

project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
extras = project["optional-dependencies"]
ours = [project["dependencies"], *(extras[name] for name in extras if name not in ("spark", "ray", "dask", "dev"))]
needs = dict.fromkeys(one for part in ours for one in part)
tools = [one for one in extras["dev"] if not re.match("mypy|ruff|types-|build", one)]
print(*(re.sub(r">=([^,]+).*", r"==\1", one) for one in needs if not one.startswith("civic-checklist")), sep="\n")
print(*(one for one in tools if not one.startswith("civic-checklist")), sep="\n")
