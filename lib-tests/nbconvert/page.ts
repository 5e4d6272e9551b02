/** A page that nbconvert wrote, opened in Chromium without a network, with or without a module loader. */
import { pathToFileURL } from "node:url";
import type { Browser, HTTPRequest, Page } from "puppeteer-core";

/**
 * What nbconvert's own template names on the network (on Debian: on the disk): the module loader and what
 * typesets mathematics. It is nothing of ours.
 */
const LOADER = /\/require(?:\.min)?\.js$/;
const MATHEMATICS = /\/MathJax\.js\?/i;

/**
 * A module loader reduced to what a script can see of one: `define` with `amd`, `require`, `requirejs`. As
 * in RequireJS, a script that defines a module without a name, and was not asked for by it, is an error.
 */
const AMD_STUB = `
  var define = function (name) {
    if (typeof name !== "string") throw new Error("Mismatched anonymous define() module: " + name);
  };
  define.amd = { jQuery: true };
  var require = function (names) {
    throw new Error("there is no module " + names);
  };
  require.config = function () {};
  var requirejs = require;
`;

/** An open page, and what went wrong in it. */
export interface ConvertedPage {
  page: Page;
  /** Errors of scripts and of the console, and requests of what is not nbconvert's own; fills up as they happen. */
  problems: string[];
}

/**
 * Opens a page that nbconvert wrote. Every request but that of the page itself is refused.
 *
 * @param loader whether the request for the module loader is answered
 * @param scripts whether scripts run
 */
export async function openConverted(
  browser: Browser,
  path: string,
  { loader = false, scripts = true }: { loader?: boolean; scripts?: boolean } = {},
): Promise<ConvertedPage> {
  const page = await browser.newPage();
  const own = pathToFileURL(path).href;
  const problems: string[] = [];
  const refused = new Set<string>();
  page.on("pageerror", (error) => problems.push(`error: ${error instanceof Error ? error.message : error}`));
  page.on("console", (message) => {
    if (message.type() !== "error" || refused.has(message.location().url ?? "")) return;
    problems.push(`console: ${message.text()}`);
  });
  const answer = (request: HTTPRequest): Promise<void> => {
    const url = request.url();
    if (url === own || /^(data|blob|about):/.test(url)) return request.continue();
    if (loader && LOADER.test(url)) {
      return request.respond({ contentType: "text/javascript", body: AMD_STUB });
    }
    refused.add(url);
    if (!LOADER.test(url) && !MATHEMATICS.test(url)) problems.push(`request: ${url}`);
    return request.abort();
  };
  await page.setRequestInterception(true);
  page.on("request", (request) => void answer(request));
  await page.setJavaScriptEnabled(scripts);
  await page.goto(own, { waitUntil: "load", timeout: 60_000 });
  return { page, problems };
}
