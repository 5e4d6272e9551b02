/**
 * Browsers of this machine for tests: Chromium (or Chrome) and Firefox, headless, shut off from every
 * network. A test that wants one which is not there says so in one line and is skipped.
 */
import puppeteer, { type Browser, type Page } from "puppeteer-core";
import { findProgram } from "./programs.js";
import { skipUnless } from "./skip.js";

export type BrowserName = "chromium" | "firefox";

const PROGRAMS: Record<BrowserName, readonly string[]> = {
  chromium: ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
  firefox: ["firefox-esr", "firefox"],
};

const CHROMIUM_ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** The path of the browser's program on PATH, or null. */
export function findBrowser(name: BrowserName): string | null {
  return PROGRAMS[name].map(findProgram).find((path) => path !== null) ?? null;
}

/**
 * Starts the browser for a suite; in its absence skips the suite with one line that says so. The caller
 * closes it.
 */
export async function launchOrSkip(suite: Mocha.Context, name: BrowserName): Promise<Browser> {
  const executablePath = findBrowser(name);
  skipUnless(suite, executablePath, `no ${PROGRAMS[name].join(" or ")} on PATH`);
  return puppeteer.launch({
    browser: name === "firefox" ? "firefox" : "chrome",
    executablePath,
    headless: true,
    args: name === "firefox" ? [] : CHROMIUM_ARGUMENTS,
  });
}

/** Selects charts that are drawn: with axes or marks, and the mode bar, which comes last. */
export const DRAWN_CHART = ".js-plotly-plot:has(.modebar):has(.main-svg :is(path, image, text))";

/** What a page asks of nobody. */
const WITHIN_PAGE = /^(file|data|blob|about):/;

/** Collects the errors of a page's scripts and console. */
function problemsOf(page: Page): string[] {
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(`error: ${error instanceof Error ? error.message : error}`));
  page.on("console", (message) => {
    if (message.type() === "error")
      problems.push(`console: ${message.text()} ${message.location().url ?? ""}`);
  });
  return problems;
}

/** A page that is let load from nowhere, or from one server only, and what went wrong in it. */
export interface OfflinePage {
  page: Page;
  /** Errors of scripts and of the console, and requests that were tried; fills up as they happen. */
  problems: string[];
}

/** Opens a new page without a network: only `file:`, `data:`, `blob:` and `about:` are let through. */
export async function offlinePage(browser: Browser): Promise<OfflinePage> {
  const page = await browser.newPage();
  const problems = problemsOf(page);
  await page.setRequestInterception(true);
  page.on("request", (request) => {
    if (WITHIN_PAGE.test(request.url())) {
      void request.continue();
    } else {
      problems.push(`request: ${request.url()}`);
      void request.abort();
    }
  });
  return { page, problems };
}

/** Opens a new page that may load from one server of this machine; what it asks of others is a problem. */
export async function servedPage(browser: Browser, origin: string): Promise<OfflinePage> {
  const page = await browser.newPage();
  const problems = problemsOf(page);
  const note = (url: string): void => {
    const isOwn = url.replace(/^ws:/, "http:").startsWith(`${origin}/`);
    if (!isOwn && !WITHIN_PAGE.test(url)) problems.push(`request: ${url}`);
  };
  page.on("request", (request) => note(request.url()));
  const session = await page.createCDPSession();
  session.on("Network.webSocketCreated", ({ url }) => note(url));
  await session.send("Network.enable");
  return { page, problems };
}
