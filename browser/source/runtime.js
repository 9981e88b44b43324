"use strict";
// Starts the interpreter and the solver from bytes that are already here. Used by the page's worker and, for the check, by node.

/** HiGHS in WebAssembly as the module that checklist/engine/planning/highs.py looks for: JSON in, JSON out. */
function solverModule(highs) {
  const solve = (text) => {
    const asked = JSON.parse(text);
    const width = asked.cost.length;
    const model = highs.raw.createModel();
    const must = (status) => {
      if (status === -1) throw new Error("HiGHS refused the program");
    };
    try {
      for (const [name, value] of [...Object.entries(asked.options), ["presolve", asked.presolve]]) {
        must(model.setOptionValue(name, value));
      }
      must(model.passModel({
        numCols: width,
        numRows: asked.most.length,
        colCost: Float64Array.from(asked.cost),
        colLower: new Float64Array(width),
        colUpper: new Float64Array(width).fill(1),
        rowLower: Float64Array.from(asked.least, (least) => (least === null ? -highs.infinity : least)),
        rowUpper: Float64Array.from(asked.most),
        matrix: {
          format: "csr",
          numRows: asked.most.length,
          numCols: width,
          starts: Int32Array.from(asked.starts),
          indices: Int32Array.from(asked.columns),
          values: Float64Array.from(asked.values),
        },
        integrality: Int32Array.from({ length: width }, (_, column) => (column < asked.binaries ? 1 : 0)),
      }));
      must(model.run());
      const solution = model.getSolution();
      return JSON.stringify({
        status: model.getModelStatus(),
        objective: model.getObjectiveValue(),
        columns: solution.value ? [...solution.value.colValue] : [],
      });
    } finally {
      model.dispose();
    }
  };
  return { solve };
}

/** Unpacks the program, installs the solver; the folder where the user's files lie is made the working folder. */
function settle(pyodide, highs, archives, district) {
  pyodide.registerJsModule("checklist_highs", solverModule(highs));
  for (const archive of archives) pyodide.unpackArchive(archive, "zip", { extractDir: "/site" });
  pyodide.FS.mkdirTree("/desk");
  if (district) pyodide.unpackArchive(district, "zip", { extractDir: "/district" });
  pyodide.runPython(`
import os, shutil, sys
for mine, place in ("rules", "/site/checklist/rules"), ("records", "/desk"):
    if os.path.isdir(f"/district/{mine}"):
        shutil.copytree(f"/district/{mine}", place, dirs_exist_ok=True)
sys.path.insert(0, "/site")
os.chdir("/desk")
os.geteuid = os.getuid  # there is one user here, and no such call
os.umask(0o077)
for path in ("/site/cache", *(f"/site/cache/{name}" for name in os.listdir("/site/cache"))):
    os.chmod(path, 0o700)  # compiled rules are taken only from where nobody else can write
os.environ.update(CHECKLIST_CACHE="/site/cache", TZ="Asia/Shanghai")
import inside
`);
  return pyodide.pyimport("inside");
}
