// Lighthouse on the built page, as a server that compresses sends it: prints the scores and what it complains of. The
// three that do not depend on the machine have to be 100.
import { createServer } from "node:http";
import { readFile } from "node:fs/promises";
import { brotliCompressSync, constants } from "node:zlib";
import { execFileSync } from "node:child_process";
import { extname, join } from "node:path";

const tools = new URL("../.cache/lighthouse/node_modules/", import.meta.url);
const { default: lighthouse } = await import(new URL("lighthouse/core/index.js", tools));
const { launch } = await import(new URL("chrome-launcher/dist/index.js", tools));

const KINDS = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".wasm": "application/wasm", ".svg": "image/svg+xml", ".webmanifest": "application/manifest+json" };
const dist = new URL("../dist/", import.meta.url).pathname;
const sent = new Map();
async function file(name) {
  if (!sent.has(name)) {
    const quick = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
    sent.set(name, brotliCompressSync(await readFile(join(dist, name)), quick));
  }
  return sent.get(name);
}
const server = createServer(async (request, response) => {
  const path = new URL(request.url, "http://page").pathname;
  const name = path === "/" ? "index.html" : path.slice(1);
  // Lighthouse asks for this one too, and a page in a folder of a site has none of its own.
  if (name === "robots.txt") return response.writeHead(200, { "content-type": "text/plain" }).end("User-agent: *\nAllow: /\n");
  try {
    const body = await file(name);
    response.writeHead(200, { "content-type": KINDS[extname(name)] ?? "application/octet-stream", "content-encoding": "br", "access-control-allow-origin": "*", "cache-control": "max-age=31536000" });
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((then) => server.listen(0, "127.0.0.1", then));

const chromium = execFileSync("sh", ["-c", "command -v chromium"], { encoding: "utf8" }).trim();
const browser = await launch({ chromePath: chromium, chromeFlags: ["--headless", "--no-sandbox", "--disable-gpu"], logLevel: "silent" });
let bad = 0;
try {
  for (const formFactor of ["desktop", "mobile"]) {
    const desktop = { formFactor, screenEmulation: { mobile: false, width: 1350, height: 940, deviceScaleFactor: 1, disabled: false }, throttling: { rttMs: 40, throughputKbps: 10240, cpuSlowdownMultiplier: 1, requestLatencyMs: 0, downloadThroughputKbps: 0, uploadThroughputKbps: 0 } };
    const settings = formFactor === "desktop" ? desktop : { formFactor };
    const { lhr } = await lighthouse(`http://127.0.0.1:${server.address().port}/`, { port: browser.port, logLevel: "silent", output: "json", onlyCategories: ["performance", "accessibility", "best-practices", "seo"], ...settings });
    const scores = Object.values(lhr.categories).map(({ id, score }) => [id, Math.round((score ?? 0) * 100)]);
    console.log(`lighthouse ${formFactor}: ${scores.map(([id, score]) => `${id} ${score}`).join(", ")}`);
    for (const category of Object.values(lhr.categories)) {
      for (const { id, weight } of category.auditRefs) {
        const { score, displayValue, title } = lhr.audits[id];
        if (weight > 0 && score !== null && score < 0.9) console.log(`  ${category.id}: ${title}${displayValue ? ` (${displayValue})` : ""}`);
      }
    }
    bad += scores.filter(([id, score]) => id !== "performance" && score < 100).length;
  }
} finally {
  await browser.kill();
  server.close();
}
process.exit(bad ? 1 : 0);
