// node compile.mjs RAW MADE [READY…]: the archive RAW as byte code, made by the Python that will run it; READY are
// archives that are compiled already and at hand for it.
import { readFileSync, writeFileSync } from "node:fs";
import { loadPyodide } from "pyodide";

const [raw, made, ...ready] = process.argv.slice(2);
const pyodide = await loadPyodide();
for (const path of ready) pyodide.unpackArchive(new Uint8Array(readFileSync(path)), "zip", { extractDir: "/site" });
pyodide.FS.writeFile("/raw.zip", new Uint8Array(readFileSync(raw)));
try {
  pyodide.runPython(readFileSync(new URL("compile.py", import.meta.url), "utf-8"));
} catch (error) {
  console.error(error.message); // not the interpreter's own source, which node would show
  process.exit(1);
}
writeFileSync(made, pyodide.FS.readFile("/made.zip"));
