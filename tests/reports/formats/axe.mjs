// node axe.mjs CHROMIUM NODE_MODULES PAGE... : axe-core on each page at desk and phone width, light and dark, without network.
// Prints one JSON object: for each page and view the violations and the addresses that the page tried to reach.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const shots = process.env.SHOTS;
const [chromium, modules, ...pages] = process.argv.slice(2);
const require = createRequire(`${modules}/`);
const puppeteer = (await import(pathToFileURL(require.resolve("puppeteer-core")).href)).default;
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const views = [
  { name: "desk light", width: 1280, height: 900, scheme: "light" },
  { name: "desk dark", width: 1280, height: 900, scheme: "dark" },
  { name: "phone light", width: 390, height: 844, scheme: "light" },
  { name: "phone dark", width: 390, height: 844, scheme: "dark" },
];
const browser = await puppeteer.launch({ executablePath: chromium, args: ["--no-sandbox", "--disable-gpu"] });
const results = [];
for (const file of pages) {
  for (const view of views) {
    const page = await browser.newPage();
    await page.setBypassCSP(true);
    await page.setOfflineMode(true);
    await page.setViewport({ width: view.width, height: view.height, isMobile: view.width < 500, hasTouch: view.width < 500 });
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: view.scheme }]);
    const asked = [];
    const errors = [];
    page.on("request", (request) => { if (!request.url().startsWith("file:") && !request.url().startsWith("data:")) asked.push(request.url()); });
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("dialog", async (dialog) => { errors.push(`dialog ${dialog.message()}`); await dialog.dismiss(); });
    await page.goto(pathToFileURL(file).href, { waitUntil: "load" });
    await page.evaluate(() => [...document.querySelectorAll("details")].slice(0, 12).forEach((d) => { d.open = true; }));
    await page.evaluate(axe);
    const found = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
    if (shots) await page.screenshot({ path: `${shots}/${results.length}-${view.name.replace(" ", "-")}.png`, clip: { x: 0, y: 0, width: view.width, height: 3000 } });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    const use = await page.evaluate(() => {
      const form = document.querySelector("form.filters");
      if (!form) return null;
      const rows = [...document.querySelectorAll("#gap-table tbody tr")];
      form.elements.q.value = rows[0] ? rows[0].cells[0].textContent : "";
      form.dispatchEvent(new Event("input", { bubbles: true }));
      const left = rows.filter((row) => !row.hidden).length;
      form.reset();
      const number = document.querySelector("#gap-table th[data-sort=number] button");
      if (number) number.click();
      const values = [...document.querySelectorAll("#gap-table tbody tr")].map((row) => Number(row.cells[3].dataset.value));
      return { rows: rows.length, left, sorted: values.every((v, n) => n === 0 || values[n - 1] <= v) };
    });
    const violations = found.violations.map((v) => `${v.id} (${v.impact}): ${v.nodes.length} × ${v.nodes[0].target}`);
    results.push({ page: file, view: view.name, violations, passes: found.passes.length, asked, errors, wide, use });
    await page.close();
  }
}
await browser.close();
console.log(JSON.stringify(results));
