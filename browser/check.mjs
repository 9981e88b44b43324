// node check.mjs PAGE TASK RESULT: runs TASK (files and commands, see check.py) in the interpreter that PAGE carries.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import vm from "node:vm";
import { gunzipSync } from "node:zlib";

const [page, task, result] = process.argv.slice(2);
const folder = mkdtempSync(join(tmpdir(), "page-"));
const files = {};
for (const [, name, text] of readFileSync(page, "utf-8").matchAll(/class="packed" data-name="([^"]+)">([^<]+)</g)) {
  files[name] = gunzipSync(Buffer.from(text.trim(), "base64"));
  writeFileSync(join(folder, name), files[name]);
}
const { loadPyodide } = await import(join(folder, "pyodide.mjs"));
const { default: loadHighs } = await import(join(folder, "highs.mjs"));
const pyodide = await loadPyodide({
  indexURL: folder,
  lockFileContents: files["lock.json"].toString("utf-8"),
  stdLibURL: join(folder, "stdlib.zip"),
});
const highs = await loadHighs({ wasmBinary: files["highs.wasm"] });
const { settle } = vm.runInThisContext(`${readFileSync(new URL("source/runtime.js", import.meta.url), "utf-8")}; ({ settle })`);
const inside = settle(pyodide, highs, [files["packages.zip"], files["own.zip"]].map((data) => new Uint8Array(data)), null);
const told = [];
for (const question of JSON.parse(readFileSync(task, "utf-8"))) {
  const before = performance.now();
  const answer = JSON.parse(inside.answer(JSON.stringify(question)));
  told.push({ answer, ms: Math.round(performance.now() - before) });
}
writeFileSync(result, JSON.stringify(told));
rmSync(folder, { recursive: true });
