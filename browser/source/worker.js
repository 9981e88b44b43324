"use strict";
// The page's worker: unpacks the program, then answers questions one after another. It has no network: fetch knows only
// the files inside the page, and the page's policy forbids all others.
const files = {};
self.importScripts = () => {
  throw new TypeError("module workers have none"); // Pyodide asks this way whether it may load with import()
};
self.fetch = async (address) => {
  const name = String(address).split("/").pop();
  if (!(name in files)) throw new TypeError(`${name} is not in this file`);
  return new Response(files[name], { headers: { "content-type": name.endsWith(".wasm") ? "application/wasm" : "" } });
};

const unpack = async (text) => {
  const raw = atob(text.trim());
  const bytes = new Uint8Array(raw.length);
  for (let i = 0; i < raw.length; i += 1) bytes[i] = raw.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
};
const importBytes = async (bytes) => {
  const address = URL.createObjectURL(new Blob([bytes], { type: "text/javascript" }));
  try {
    return await import(address);
  } finally {
    URL.revokeObjectURL(address);
  }
};

let pyodide = null;
let inside = null;
const doors = {
  async start({ packed }) {
    const tell = (progress) => postMessage({ progress });
    tell("正在解开文件");
    for (const [name, text] of Object.entries(packed)) files[name] = await unpack(text);
    tell("正在启动");
    const [{ loadPyodide }, { default: createPyodideModule }, { default: loadHighs }] = await Promise.all([
      importBytes(files["pyodide.mjs"]), importBytes(files["pyodide.asm.mjs"]), importBytes(files["highs.mjs"]),
    ]);
    const highs = await loadHighs({ wasmBinary: files["highs.wasm"], locateFile: (name) => name });
    pyodide = await loadPyodide({
      indexURL: "https://page.invalid/", // nothing is there; names are looked up in this file
      createPyodideModule,
      lockFileContents: new TextDecoder().decode(files["lock.json"]),
      stdLibURL: "https://page.invalid/stdlib.zip",
      stdout: () => {},
      stderr: () => {},
    });
    tell("正在装入测评标准");
    pyodide.registerJsModule("page_progress", { tell: (done, total) => tell(`正在读第 ${done} 份，共 ${total} 份`) });
    inside = settle(pyodide, highs, [files["packages.zip"], files["own.zip"]], files["district.zip"]);
    for (const name of Object.keys(files)) delete files[name];
    return null;
  },
  put({ put }) {
    for (const { path, bytes } of put) {
      pyodide.FS.mkdirTree(path.includes("/") ? `/desk/${path.slice(0, path.lastIndexOf("/"))}` : "/desk");
      pyodide.FS.writeFile(path.startsWith("/") ? path : `/desk/${path}`, bytes);
    }
    return null;
  },
  get: ({ path }) => pyodide.FS.readFile(path.startsWith("/") ? path : `/desk/${path}`),
  ask: ({ question }) => inside.answer(question),
};
let queue = Promise.resolve();
onmessage = ({ data }) => {
  queue = queue.then(async () => {
    try {
      postMessage({ id: data.id, value: await doors[data.door](data) });
    } catch (error) {
      postMessage({ id: data.id, error: String((error && error.message) || error) });
    }
  });
};
