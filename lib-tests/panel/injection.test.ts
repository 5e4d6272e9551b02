/**
 * Markup that somebody got into a page, and a script of the page's own that somebody turned: under the page's policy
 * nothing of theirs runs and nothing is asked of a server. Without the policy, every one of these does.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import type { Browser } from "puppeteer-core";
import { renderIndex } from "../../src/report/page/index.js";
import { type BrowserName, launchOrSkip } from "../support/browsers.js";
import { pageText, publication } from "./sample.js";

/** Leaves the trace of an attack in the page that it reached. */
const trace = (name: string): string =>
  `(w => w.document.documentElement.dataset.ran = (w.document.documentElement.dataset.ran || '') + ' ${name}')(window.top)`;

const data = (name: string): string => `data:text/javascript,${encodeURIComponent(trace(name))}`;

/** Markup by the trace or the request that it leaves. */
const markup: Record<string, string> = {
  "inline-script": `<script>${trace("inline-script")}</script>`,
  "inline-module": `<script type="module">${trace("inline-module")}</script>`,
  "data-script": `<script src="${data("data-script")}"></script>`,
  "remote-script": '<script src="/remote-script"></script>',
  "error-handler": `<img src="data:," onerror="${trace("error-handler")}">`,
  "load-handler": `<svg onload="${trace("load-handler")}"></svg>`,
  "click-handler": `<b class="press" onclick="${trace("click-handler")}">press</b>`,
  "script-link": `<a class="press" href="javascript:void ${trace("script-link")}">press</a>`,
  "frame-text": `<iframe srcdoc="<script>${trace("frame-text")}</script>"></iframe>`,
  "script-frame": `<iframe src="javascript:void ${trace("script-frame")}"></iframe>`,
  "remote-frame": '<iframe src="/remote-frame"></iframe>',
  "remote-object": '<object data="/remote-object" type="text/html"></object>',
  form: '<iframe name="place"></iframe><form action="/form" target="place"><button class="press"></button></form>',
  image: '<img src="/image">',
  "drawn-image": '<svg><image href="/drawn-image" width="9" height="9"/></svg>',
  "styled-image": '<p style="background: url(/styled-image)">styled</p>',
  sheet: '<link rel="stylesheet" href="/sheet">',
  "imported-sheet": "<style>@import url(/imported-sheet);</style>",
  font: '<style>@font-face { font-family: theirs; src: url(/font); }</style><p style="font-family: theirs">text</p>',
  video: '<video src="/video" preload="auto"></video>',
  ping: '<a class="press" href="#x" ping="/ping">press</a>',
};

/** What a script does, in an asynchronous function, by the trace or the request that it leaves. */
const statements: Record<string, string> = {
  eval: `(0, eval)(${JSON.stringify(trace("eval"))})`,
  function: `new Function(${JSON.stringify(trace("function"))})()`,
  timer: `setTimeout(${JSON.stringify(trace("timer"))})`,
  "new-script": `const own = document.createElement("script"); own.text = ${JSON.stringify(trace("new-script"))}; document.body.append(own)`,
  "blob-script": `const own = document.createElement("script"); own.src = URL.createObjectURL(new Blob([${JSON.stringify(trace("blob-script"))}])); document.body.append(own)`,
  "data-import": `await import(${JSON.stringify(data("data-import"))})`,
  "new-handler": `const own = document.createElement("b"); own.setAttribute("onclick", ${JSON.stringify(trace("new-handler"))}); document.body.append(own); own.click()`,
  fetch: `await fetch("/fetch")`,
  request: `const own = new XMLHttpRequest(); own.open("GET", "/request"); own.send()`,
  beacon: `navigator.sendBeacon("/beacon")`,
  socket: `new WebSocket(location.origin.replace("http", "ws") + "/socket")`,
  events: `new EventSource("/events")`,
  "new-image": `new Image().src = "/new-image"`,
  "remote-import": `await import("/remote-import")`,
  "remote-worker": `new Worker("/remote-worker")`,
  // the only worker that a policy may let be made: what it does is seen by what it asks for, and by what it says
  "blob-worker": `const own = new Worker(URL.createObjectURL(new Blob(["try { importScripts(origin + '/blob-worker') } catch {} try { eval('postMessage(1)') } catch {} fetch(origin + '/blob-worker-fetch').catch(() => {})"])));
    own.onmessage = () => { ${trace("blob-worker-eval")} }`,
};

const MODULE = "new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]))";

/** The script of the page's own: all statements, then a note of whether WebAssembly works. */
const script = `window.addEventListener("load", async () => {
${Object.values(statements)
  .map((statement) => `try { await (async () => { ${statement} })() } catch {}`)
  .join("\n")}
try { ${MODULE}; document.body.dataset.wasm = "works" } catch { document.body.dataset.wasm = "refused" }
});`;

/** What is left when all goes through; Firefox sends no pings unless it is told to. */
const allIn = (browser: BrowserName): string[] =>
  [...Object.keys(markup), ...Object.keys(statements), "blob-worker-eval", "blob-worker-fetch"]
    .filter((name) => browser === "chromium" || name !== "ping")
    .sort();

/** The page with all of it, and a policy that knows the script, as if it had been the page's own. */
function attacked(html: string): string {
  const hash = createHash("sha256").update(script).digest("base64");
  const known = html.replace("script-src ", `script-src &#39;sha256-${hash}&#39; `);
  assert.notEqual(known, html);
  const end = known.lastIndexOf("</main>");
  return `${known.slice(0, end)}${Object.values(markup).join("\n")}<script>${script}</script>${known.slice(end)}`;
}

const withoutPolicy = (html: string): string =>
  html.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, "");

for (const name of ["chromium", "firefox"] as const satisfies BrowserName[]) {
  describe(`what is injected into a page in ${name}`, () => {
    let browser: Browser;
    let server: Server;
    let origin: string;
    let page = "";
    const asked = new Set<string>();

    before(async function () {
      browser = await launchOrSkip(this, name);
      server = createServer((request, response) => {
        if (request.url === "/") return response.setHeader("content-type", "text/html").end(page);
        asked.add((request.url ?? "").replace(/[/?]/g, ""));
        return response.end();
      });
      server.on("upgrade", (request, socket) => {
        asked.add((request.url ?? "").slice(1));
        socket.destroy();
      });
      await once(server.listen(0, "127.0.0.1"), "listening");
      origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    after(async () => {
      await browser?.close();
      server?.close();
      server?.closeAllConnections();
    });

    /** What ran in the page or was asked for, and whether the page's own script could use WebAssembly. */
    async function left(html: string): Promise<{ left: string[]; wasm: string | undefined }> {
      page = html;
      asked.clear();
      const tab = await browser.newPage();
      await tab.goto(origin);
      await tab.waitForFunction(() => document.body.dataset.wasm);
      await tab.evaluate(() => {
        for (const element of document.querySelectorAll<HTMLElement>(".press")) element.click();
      });
      await delay(1000);
      const { ran, wasm } = await tab.evaluate(() => ({
        ran: document.documentElement.dataset.ran ?? "",
        wasm: document.body.dataset.wasm,
      }));
      await tab.close();
      asked.delete("favicon.ico");
      return { left: [...new Set([...ran.split(" ").filter(Boolean), ...asked])].sort(), wasm };
    }

    it("would all get through without a policy", async () => {
      const { left: found } = await left(withoutPolicy(attacked(await pageText(publication))));
      assert.deepEqual(found, allIn(name));
    });

    it("does nothing in a report, whose WebAssembly works", async () => {
      assert.deepEqual(await left(attacked(await pageText(publication))), { left: [], wasm: "works" });
    });

    it("does nothing in the index, which has no use for WebAssembly", async () => {
      assert.deepEqual(await left(attacked(renderIndex([]))), { left: [], wasm: "refused" });
    });
  });
}
