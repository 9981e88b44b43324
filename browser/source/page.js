"use strict";
(() => {
const by = (id) => document.getElementById(id);
const MOST_RECORDS = 300;
const MOST_FILES = 3000;
const LARGEST = 20 * 1024 * 1024;
const ENDINGS = /\.(ya?ml|xlsx|xls|ods|csv|txt|json|jsonl|zip)$/i;
const OUTSIDE = /(^|\/)(\.git|node_modules|\$RECYCLE\.BIN)(\/|$)|(^|\/)~\$/;

const fits = ["WebAssembly", "DecompressionStream", "Worker", "Blob", "Promise", "BigInt64Array"].every((name) => name in window)
  && "replaceSync" in CSSStyleSheet.prototype && "at" in Array.prototype && "replaceChildren" in Element.prototype;
if (!fits) return;
by("old").hidden = true;
by("main").hidden = false;

// ---- the worker: one question after another

const worker = new Worker(URL.createObjectURL(new Blob([by("worker").textContent], { type: "text/javascript" })));
const waiting = new Map();
let number = 0;
const call = (door, more = {}) => new Promise((resolve, reject) => {
  number += 1;
  waiting.set(number, { resolve, reject });
  worker.postMessage({ id: number, door, ...more });
});
worker.onmessage = ({ data }) => {
  if (data.progress !== undefined) return tell(data.progress, true);
  const asker = waiting.get(data.id);
  waiting.delete(data.id);
  if (!asker) return;
  if (data.error === undefined) asker.resolve(data.value);
  else asker.reject(new Error(data.error));
};
const stopped = () => {
  tell("浏览器没能启动里面的程序，多半是版本太旧或内存不够。请换新版的 Edge、Chrome 或火狐，关掉别的页再试。");
};
worker.onerror = stopped;
const ask = async (name, more = {}) => JSON.parse(await call("ask", { question: JSON.stringify({ do: name, ...more }) }));
const run = (...words) => ask("run", { arguments: words.map(String) });

// ---- what is on the screen

const tell = (text, busy = false) => {
  by("state").textContent = text;
  by("state").classList.toggle("busy", busy);
};
const say = (id, text) => {
  by(id).textContent = text;
  by(id).hidden = !text;
};
const element = (name, text = "", attributes = {}) => {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
};
/** Without the lines that name files which only exist in here. */
const heard = (told) => [told.out, told.err].join("\n").split("\n").filter((line) => !/^已存 \/out\/|[█░·]{9}/.test(line)).join("\n").trim();

let busy = false;
const working = async (text, work) => {
  if (busy) return;
  busy = true;
  tell(text, true);
  for (const button of document.querySelectorAll("#main button")) button.disabled = true;
  try {
    await work();
    tell("好了");
  } catch (error) {
    tell(error instanceof Sentence ? error.message : `没有做成：${error.message}。您的文件没有动。`);
  } finally {
    busy = false;
    for (const button of document.querySelectorAll("#main button")) button.disabled = false;
    await showUnsaved();
  }
};
class Sentence extends Error {}

/** The behaviour of our own report pages, run on a report that is shown in here. */
const behave = (document, location, addEventListener) => {
/* page.js of the reports */
};
const reportStyle = new CSSStyleSheet();
reportStyle.replaceSync(document.querySelector("style").textContent);
const root = by("paper").attachShadow({ mode: "open" });
root.adoptedStyleSheets = [reportStyle];
const REFUSED = "script,style,link,meta,base,iframe,object,embed,title";
const showPaper = (html) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const found of page.querySelectorAll(REFUSED)) found.remove();
  for (const found of page.querySelectorAll("a[href]")) if (!found.getAttribute("href").startsWith("#")) found.removeAttribute("href");
  const body = element("div", "", { class: page.body.className });
  body.append(...page.body.childNodes);
  root.replaceChildren(body);
  behave({ querySelectorAll: (what) => root.querySelectorAll(what), getElementById: (id) => root.getElementById(id) }, { hash: "" }, () => {});
};
root.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']");
  if (!link) return;
  event.preventDefault();
  const target = root.getElementById(decodeURIComponent(link.getAttribute("href").slice(1)));
  if (!target) return;
  target.hidden = false;
  if (target.matches("details")) target.open = true;
  target.scrollIntoView();
  (target.matches("details") ? target.querySelector("summary") : target).focus({ preventScroll: true });
});
const clear = () => {
  root.replaceChildren();
  say("said", "");
  by("note").textContent = "";
  by("take").replaceChildren();
};

// ---- the user's files

let home = null; // the folder that may be written to
let records = [];
let others = [];

const put = async (found) => {
  const kept = [];
  const left = [];
  for (const { path, file } of found) {
    if (OUTSIDE.test(path) || !ENDINGS.test(path)) continue;
    if (file.size > LARGEST) left.push(`${path} 有 ${Math.round(file.size / 1048576)} MB，太大，没有读（最大 20 MB）。`);
    else kept.push({ path, file });
  }
  if (kept.length > MOST_FILES) throw new Sentence(`这里有 ${kept.length} 个文件，太多，一个也没有读。请打开里面的一个文件夹。`);
  if (!kept.length) throw new Sentence(left[0] || "这里没有能读的文件。能读的是现状记录（.yaml）、Excel 表（.xlsx .xls .ods）和 .csv。");
  const packed = [];
  for (const { path, file } of kept) packed.push({ path, bytes: new Uint8Array(await file.arrayBuffer()) });
  const paths = packed.map(({ path }) => path);
  await call("put", { put: packed });
  await ask("mark", { paths });
  others = [...new Set([...others, ...paths.filter((path) => /\.(xlsx|xls|ods|csv|zip)$/i.test(path))])];
  await look(left);
};
const look = async (left = []) => {
  const told = await ask("records", { most: MOST_RECORDS });
  if (told.files > MOST_RECORDS) left.push(`这里有 ${told.files} 份记录，一次最多看 ${MOST_RECORDS} 份。请打开里面的一个文件夹，或用装好的 checklist。`);
  records = told.records;
  say("wrong", [...left, told.said].filter(Boolean).join("\n"));
  const list = by("choice").elements.record;
  const before = list.value;
  const many = new Set(records.map(({ ruleset }) => ruleset)).size > 1;
  list.replaceChildren(...records.map(({ file, name, day, ruleset }) => element("option", `${name}  ${day}${many ? `  ${ruleset}` : ""}`, { value: file })));
  if (records.some(({ file }) => file === before)) list.value = before;
  else if (records.length) list.value = records.reduce((a, b) => (b.day > a.day ? b : a)).file;
  by("work").hidden = !records.length && !others.length;
  if (!records.length) clear();
  drawViews();
};

async function* walk(handle, path) {
  for await (const [name, entry] of handle.entries()) {
    const inner = `${path}/${name}`;
    if (OUTSIDE.test(inner)) continue;
    if (entry.kind === "directory") yield* walk(entry, inner);
    else if (ENDINGS.test(name)) yield { path: inner, file: await entry.getFile() };
  }
}
const openHandle = async (handle) => {
  const found = [];
  for await (const one of walk(handle, handle.name)) {
    found.push(one);
    if (found.length > MOST_FILES) throw new Sentence("这个文件夹里的文件太多，一个也没有读。请打开里面的一个文件夹。");
  }
  home = handle;
  await put(found);
};
async function* entries(entry, path) {
  const inner = path ? `${path}/${entry.name}` : entry.name;
  if (entry.isFile) yield { path: inner, file: await new Promise((resolve, reject) => entry.file(resolve, reject)) };
  else {
    const reader = entry.createReader();
    for (;;) {
      const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
      if (!some.length) return;
      for (const one of some) yield* entries(one, inner);
    }
  }
}

by("files").addEventListener("change", ({ target }) => working("正在读文件", async () => {
  await put([...target.files].map((file) => ({ path: file.webkitRelativePath || file.name, file })));
  target.value = "";
  await show("result");
}));
by("folder").webkitdirectory = true;
by("folder").addEventListener("change", ({ target }) => working("正在读文件", async () => {
  await put([...target.files].map((file) => ({ path: file.webkitRelativePath || file.name, file })));
  target.value = "";
  await show("result");
}));
by("open-files").addEventListener("click", () => by("files").click());
by("open-folder").addEventListener("click", () => {
  if (!window.showDirectoryPicker) return by("folder").click();
  return working("正在读文件夹", async () => {
    let handle;
    try {
      handle = await window.showDirectoryPicker({ mode: "readwrite" });
    } catch (error) {
      if (error.name === "AbortError") return;
      throw new Sentence("浏览器没有答应打开文件夹。请用“打开文件”，改动用下载保存。");
    }
    await openHandle(handle);
    await show("result");
  });
});
by("open-example").addEventListener("click", () => working("正在打开例子", async () => {
  const made = await ask("example");
  others = [...new Set([...others, ...made.filter((path) => /\.(xlsx|csv)$/.test(path))])];
  await look();
  await show("result");
}));
const drop = by("drop");
addEventListener("dragover", (event) => {
  event.preventDefault();
  drop.classList.add("over");
});
addEventListener("dragleave", () => drop.classList.remove("over"));
addEventListener("drop", (event) => {
  event.preventDefault();
  drop.classList.remove("over");
  const items = [...event.dataTransfer.items].filter((item) => item.kind === "file");
  const handles = items.map((item) => (item.getAsFileSystemHandle ? item.getAsFileSystemHandle() : null));
  const plain = items.map((item) => (item.webkitGetAsEntry ? item.webkitGetAsEntry() : null));
  const files = [...event.dataTransfer.files];
  working("正在读文件", async () => {
    const handle = handles.length === 1 && handles[0] ? await handles[0].catch(() => null) : null;
    if (handle && handle.kind === "directory") await openHandle(handle);
    else {
      const found = [];
      for (const entry of plain) if (entry) for await (const one of entries(entry, "")) found.push(one);
      await put(found.length ? found : files.map((file) => ({ path: file.name, file })));
    }
    await show("result");
  });
});
by("new-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const { name, city, street, group, rules } = event.target.elements;
  working("正在建", async () => {
    const more = [["--city", city], ["--street", street], ["--group", group], ["--rules", rules]].filter(([, field]) => field.value).flatMap(([option, field]) => [option, field.value]);
    const told = await run("init", name.value, ...more);
    if (told.code) throw new Sentence(heard(told));
    const folder = name.value;
    await look();
    const made = records.find(({ file }) => file.startsWith(`${folder}/`)) || records.find((record) => record.name === name.value);
    if (made) by("choice").elements.record.value = made.file;
    const form = await run("form", made ? made.file.slice(0, made.file.lastIndexOf("/")) : folder, "-o", `/out/${folder}-填报表.xlsx`);
    for (const paper of form.papers) await download(paper);
    say("wrong", `${folder} 建好了，填报表在下载里。填好以后打开它，在“收填报表”里收进来。`);
  });
});

// ---- what is looked at

const folderOf = (file) => (file.includes("/") ? file.slice(0, file.lastIndexOf("/")) : ".");
const chosenFolder = () => folderOf(by("choice").elements.record.value);
const VIEWS = {
  result: { word: "自查结果", make: ({ file, rules }) => ["report", file, "--to", "html", ...rules, "-o", "/out/结果.html"] },
  next: {
    word: "先核什么",
    command: "next",
    fields: [["minutes", "有多少分钟", "number", "120"]],
    make: ({ file, rules, asked }) => ["next", file, "--minutes", asked.minutes || "120", ...rules, "--width", "72"],
  },
  plan: {
    word: "整改方案",
    command: "plan",
    fields: [["target", "目标（分或等次）", "text", ""], ["budget", "预算（元，如 20万）", "text", ""], ["by", "最晚哪天", "date", ""], ["known", "只排查明的差距", "checkbox", ""]],
    make: ({ file, rules, asked }) => ["plan", file, ...options(asked, ["target", "budget", "by"]), ...(asked.known ? ["--known"] : []), ...rules, "--format", "html", "-o", "/out/整改方案.html"],
  },
  compare: { word: "和别的社区比", command: "compare", when: () => new Set(records.map(({ id }) => id)).size > 1, make: ({ rules }) => ["compare", ".", ...(rules.length ? ["--reassess", rules[1]] : []), "--format", "html", "-o", "/out/比较.html"] },
  trend: { word: "历次变化", command: "trend", when: severalDays, make: ({ file }) => ["trend", folderOf(file), "--format", "html", "-o", "/out/历次变化.html"] },
  diff: { word: "前后差在哪儿", command: "diff", when: severalDays, make: ({ file }) => ["diff", folderOf(file), "--format", "html", "-o", "/out/前后差在哪儿.html"] },
  sites: { word: "点位", command: "sites", when: () => homes.includes(chosenFolder()), make: () => ["sites", "list", chosenFolder()] },
  forecast: {
    word: "迎检推演",
    command: "forecast",
    fields: [["draw", "每个社区抽几处（如 estate=1，不写每类一处）", "text", ""], ["target", "要过的线（分或等次）", "text", ""]],
    make: ({ file, rules, asked }) => ["forecast", file, ...options(asked, ["draw", "target"]), ...rules, "--format", "html", "-o", "/out/迎检推演.html"],
  },
  take_in: {
    word: "收填报表",
    command: "import",
    when: () => others.length,
    fields: [["form", "填好的表", "files", ""], ["into", "收进哪个社区", "folders", ""], ["by", "填报人（表里没写时）", "text", ""]],
    write: "写进记录",
    make: ({ asked }) => ["import", asked.form, "--into", asked.into, ...options(asked, ["by"]), "--width", "72"],
  },
  problems: {
    word: "问题清单",
    command: "problems",
    when: () => others.length,
    fields: [["list", "问题清单", "files", ""], ["into", "记到哪个社区（确认好的清单）", "folders?", ""], ["on", "哪天检查的（清单里没写时）", "date", ""]],
    write: "记进去",
    make: ({ asked }) => (asked.into
      ? ["problems", asked.list, "--into", asked.into, ...options(asked, ["on"]), "--width", "72"]
      : ["problems", asked.list, ...options(asked, ["on"]), "-o", "/out/待确认的清单.xlsx", "--width", "72"]),
  },
  undo: { word: "撤销", command: "undo", when: () => homes.length, fields: [["folder", "哪个社区", "folders", ""]], make: ({ asked }) => ["undo", asked.folder], changes: true },
};
const PAPERS = { html: "网页（Word 能打开）", xlsx: "Excel", md: "Markdown", csv: "CSV", json: "JSON" };
function severalDays() {
  const chosen = records.find(({ file }) => file === by("choice").elements.record.value);
  const same = chosen ? records.filter(({ id, file }) => id === chosen.id && folderOf(file) === folderOf(chosen.file)) : [];
  return new Set(same.map(({ day }) => day)).size > 1 && folderOf(chosen.file) !== ".";
}
const options = (asked, names) => names.filter((name) => asked[name]).flatMap((name) => [`--${name}`, asked[name]]);
let commands = [];
let homes = [];
let current = "result";

const drawViews = () => {
  by("views").replaceChildren(...Object.entries(VIEWS)
    .filter(([, view]) => (!view.command || commands.includes(view.command)) && (!view.when || view.when()))
    .map(([name, { word }]) => {
      const item = element("li");
      const button = element("button", word, { type: "button" });
      if (name === current) button.setAttribute("aria-current", "true");
      button.addEventListener("click", () => working(`正在算：${word}`, () => show(name)));
      item.append(button);
      return item;
    }));
};
const field = ([name, label, kind, value]) => {
  const box = element("label", `${label} `);
  let input;
  if (kind.startsWith("files") || kind.startsWith("folders")) {
    input = element("select", "", { name });
    const known = kind.startsWith("files") ? others : homes;
    if (kind.endsWith("?")) input.append(element("option", "先不记，只给建议", { value: "" }));
    input.append(...known.map((path) => element("option", path, { value: path })));
    if (kind === "folders" && known.includes(chosenFolder())) input.value = chosenFolder();
  } else input = element("input", "", { name, type: kind, value, autocomplete: "off" });
  if (kind === "checkbox") box.className = "tick";
  box.append(input);
  return box;
};
const show = async (name) => {
  const fresh = name !== current || !by("asked").elements.length;
  current = name;
  homes = await ask("folders");
  drawViews();
  clear();
  const view = VIEWS[name];
  if (fresh) {
    by("asked").replaceChildren(...(view.fields || []).map(field), ...(view.fields ? [element("button", name === "undo" ? "撤销上一次写入" : "算")] : []));
  }
  by("asked").hidden = !view.fields;
  if (["take_in", "problems", "undo"].includes(name) && fresh) return;
  await make(view);
};
const words = (view) => {
  const { record, rules } = by("choice").elements;
  const asked = Object.fromEntries([...by("asked").elements].filter(({ name }) => name).map((input) => [input.name, input.type === "checkbox" ? input.checked : input.value.trim()]));
  return view.make({ file: record.value, rules: rules.value ? ["--rules", rules.value] : [], asked });
};
const make = async (view, write = false) => {
  if (!by("choice").elements.record.value && !view.write) {
    const why = others.length ? `${others.join("、")} 里没有现状记录：填好的表用“收填报表”，检查组的清单用“问题清单”。` : "上面写着哪里不对。";
    throw new Sentence(`还没有能评的记录。${why}`);
  }
  clear();
  const asked = words(view);
  const told = await run(...asked, ...(write ? ["--write"] : []));
  const page = told.papers.find((path) => path.endsWith(".html"));
  if (page) {
    showPaper(new TextDecoder().decode(await call("get", { path: page })));
    by("note").textContent = heard(told);
  } else say("said", heard(told) || "没有要说的。");
  const take = by("take");
  for (const path of told.papers) take.append(button(`下载${path.split("/").pop()}`, "正在准备", () => download(path, asked)));
  if (page) take.append(printer());
  if (view === VIEWS.result && page) {
    take.replaceChildren(...Object.entries(PAPERS).map(([form, word]) => button(`下载 ${word}`, "正在准备", () => takeReport(form))), printer());
    take.append(button("下载填报表", "正在准备", takeForm));
  }
  if (view.write && !write && told.code === 0 && (view !== VIEWS.problems || asked.includes("--into"))) {
    take.append(button(view.write, "正在写", () => make(view, true)));
  }
  if (write || view.changes) {
    const kept = by("said").textContent;
    await look();
    say("said", kept);
  }
};
const button = (word, doing, work) => {
  const made = element("button", word, { type: "button" });
  made.addEventListener("click", () => working(doing, work));
  return made;
};
const printer = () => {
  const made = element("button", "打印", { type: "button" });
  made.addEventListener("click", () => print());
  return made;
};
const takeReport = async (form) => {
  const { record, rules } = by("choice").elements;
  const told = await run("report", record.value, "--to", form, ...(rules.value ? ["--rules", rules.value] : []), "-o", "/out/");
  if (!told.papers.length) throw new Sentence(heard(told));
  for (const path of told.papers) await download(path);
};
const takeForm = async () => {
  const record = by("choice").elements.record.value;
  const name = records.find(({ file }) => file === record).name;
  const told = await run("form", record, "-o", "/out/填报表.xlsx");
  if (!told.papers.length) throw new Sentence(heard(told));
  await download(told.papers[0], [], `${name}-填报表.xlsx`);
};
by("asked").addEventListener("submit", (event) => {
  event.preventDefault();
  working("正在算", () => make(VIEWS[current]));
});
by("choice").addEventListener("change", () => working("正在算", () => show("result")));
by("choice").addEventListener("submit", (event) => event.preventDefault());

// ---- keeping

const give = (bytes, name) => {
  const address = URL.createObjectURL(new Blob([bytes]));
  const link = element("a", "", { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60000);
};
async function download(path, again = [], name = path.split("/").pop()) {
  let bytes;
  try {
    bytes = await call("get", { path });
  } catch {
    await run(...again); // another paper has been made since
    bytes = await call("get", { path });
  }
  give(bytes, name);
}
let changed = [];
const showUnsaved = async () => {
  changed = ready ? await ask("unsaved") : [];
  by("unsaved").hidden = !changed.length;
  by("unsaved-count").textContent = `${changed.length} 个文件`;
  by("unsaved-list").replaceChildren(...changed.slice(0, 8).map(({ path, gone }) => element("li", `${path}${gone ? "（要删掉）" : ""}`)));
  if (changed.length > 8) by("unsaved-list").append(element("li", `另有 ${changed.length - 8} 个`));
  by("save").hidden = !home;
};
addEventListener("beforeunload", (event) => {
  if (changed.length) event.preventDefault();
});
const place = async (path, create) => {
  const parts = path.split("/");
  if (parts.shift() !== home.name) return null;
  let folder = home;
  for (const part of parts.slice(0, -1)) folder = await folder.getDirectoryHandle(part, { create });
  return { folder, name: parts.at(-1) };
};
const hashOnDisk = async (path) => {
  try {
    const { folder, name } = await place(path, false);
    const file = await (await folder.getFileHandle(name)).getFile();
    await call("put", { put: [{ path: "/tmp/on-disk", bytes: new Uint8Array(await file.arrayBuffer()) }] });
    return await ask("sha", { path: "/tmp/on-disk" });
  } catch (error) {
    if (error.name === "NotFoundError") return "";
    throw error;
  }
};
by("save").addEventListener("click", () => working("正在保存", async () => {
  const mine = changed.filter(({ path }) => path.startsWith(`${home.name}/`));
  const clashing = [];
  for (const { path, was } of mine) if ((await hashOnDisk(path)) !== was) clashing.push(path);
  if (clashing.length) throw new Sentence(`这些文件打开以后有人改过，一个也没有写：${clashing.join("、")}。先“下载改动的文件”留一份，再重新打开文件夹。`);
  try {
    for (const { path, gone } of mine) {
      const { folder, name } = await place(path, true);
      if (gone) await folder.removeEntry(name);
      else {
        const stream = await (await folder.getFileHandle(name, { create: true })).createWritable();
        await stream.write(await call("get", { path }));
        await stream.close();
      }
      await ask("mark", { paths: [path] });
    }
  } catch (error) {
    throw new Sentence(`没有都写成（${error.message}）。没写的还在上面列着，可以“下载改动的文件”。`);
  }
  const rest = changed.length - mine.length;
  if (rest) throw new Sentence(`打开的文件夹里的都存好了；另有 ${rest} 个文件不在那个文件夹里，用“下载改动的文件”。`);
}));
by("save-down").addEventListener("click", () => working("正在准备", async () => {
  const paths = changed.filter(({ gone }) => !gone).map(({ path }) => path);
  if (paths.length === 1) await download(paths[0]);
  else if (paths.length) give(await call("get", { path: await ask("packed", { paths }) }), "社区自查.zip");
  await ask("mark", { paths: changed.map(({ path }) => path) });
}));
by("licences").addEventListener("click", async () => {
  const raw = Uint8Array.from(atob(by("licences-packed").textContent.trim()), (letter) => letter.charCodeAt(0));
  const text = await new Response(new Blob([raw]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
  say("licence-text", text);
});

// ---- beginning

let named = false;
const nameRulesets = async () => {
  if (named || !ready) return;
  named = true;
  const titles = await ask("titles");
  for (const option of document.querySelectorAll("select.rulesets option")) option.textContent = titles[option.value] || option.textContent;
};
for (const list of document.querySelectorAll("select.rulesets")) list.addEventListener("focus", nameRulesets);
by("begin").addEventListener("toggle", nameRulesets);

let ready = false;
const twice = () => {
  try {
    const channel = new BroadcastChannel("社区自查");
    channel.onmessage = ({ data }) => {
      if (data === "谁开着") channel.postMessage("我开着");
      else say("wrong", "另一页也开着这个文件。两页各算各的；存回同一个文件夹时会查，后存的不覆盖先存的。");
    };
    channel.postMessage("谁开着");
  } catch {
    // this browser keeps pages apart: saving checks all the same
  }
};
working("正在准备", async () => {
  const packed = {};
  for (const block of document.querySelectorAll("script.packed")) {
    packed[block.dataset.name] = block.textContent;
    block.remove();
  }
  try {
    await call("start", { packed });
  } catch (error) {
    throw new Sentence(`浏览器没能启动里面的程序（${error.message}）。多半是版本太旧或内存不够：请换新版的 Edge、Chrome 或火狐，关掉别的页再试。`);
  }
  const about = await ask("about");
  ready = true;
  commands = about.commands;
  if (about.title) document.title = document.querySelector("h1").textContent = about.title;
  by("about").textContent = `checklist ${about.version}；测评体系：${about.rulesets.join("、")}`;
  for (const list of document.querySelectorAll("select.rulesets")) {
    list.append(...about.rulesets.map((id) => element("option", id, { value: id })));
  }
  await look();
  document.documentElement.dataset.ready = "yes";
  twice();
  if (records.length) await show("result");
});
})();
