/**
 * Browsers of this machine for tests: Chromium (or Chrome) and Firefox, headless, shut off from every
 * network. A test that wants one which is not there says so in one line and is skipped.
 */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import puppeteer, { type Browser, type Page } from "puppeteer-core";
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
  const folders = (process.env.PATH ?? "").split(delimiter).filter(Boolean);
  const candidates = PROGRAMS[name].flatMap((program) => folders.map((folder) => join(folder, program)));
  return candidates.find(isExecutable) ?? null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
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

/** A page that refuses every request off its own text, and what went wrong in it. */
export interface OfflinePage {
  page: Page;
  /** Errors of scripts and of the console, and requests that were tried; fills up as they happen. */
  problems: string[];
}

/** Opens a new page without a network: only `file:`, `data:`, `blob:` and `about:` are let through. */
export async function offlinePage(browser: Browser): Promise<OfflinePage> {
  const page = await browser.newPage();
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(`error: ${error instanceof Error ? error.message : error}`));
  page.on("console", (message) => {
    if (message.type() === "error") problems.push(`console: ${message.text()}`);
  });
  await page.setRequestInterception(true);
  page.on("request", (request) => {
    if (/^(file|data|blob|about):/.test(request.url())) {
      void request.continue();
    } else {
      problems.push(`request: ${request.url()}`);
      void request.abort();
    }
  });
  return { page, problems };
}
