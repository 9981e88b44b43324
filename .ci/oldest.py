"""Print every direct dependency at its lower bound, for the run that proves the bounds in pyproject.toml.

The engines beyond one machine are left out: their tests need a cluster of that very version.
"""

import re
import tomllib
from pathlib import Path

project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
extras = {
    name: needs
    for name, needs in project["optional-dependencies"].items()
    if name not in ("spark", "ray", "dask", "dev")
}
needs = dict.fromkeys(one for part in (project["dependencies"], *extras.values()) for one in part)
print("\n".join(re.sub(r">=([^,]+).*", r"==\1", one) for one in needs if not one.startswith("civic-checklist")))
