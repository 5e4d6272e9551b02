/**
 * Writes reference_engines.json: on how many inputs JavaScript engines differ in `Math`, and in the project's own functions.
 *
 *     npm run build
 *     node dist/lib-tests/reference/make_reference_engines.js
 *     npm run format
 *
 * It asks this Node, Chromium, Firefox and JavaScriptCore's shell (on Debian `apt-get install libjavascriptcoregtk-4.0-bin`; it
 * takes what the C library computes, unlike Safari on a Mac).
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { buildSync } from "esbuild";
import puppeteer from "puppeteer-core";
import { findBrowser } from "../support/browsers.js";
import { ASKED, INPUTS, inputsOf, results } from "./engine-functions.js";

// what dpkg-query puts a version in place of
const VERSION = `$\{Version}`;

type Ask = (expression: string) => Promise<string>;

/** One that differs. */
interface Example {
  /** The arguments. */
  at: number[];
  values: Record<string, number>;
}

const script = buildSync({
  stdin: { contents: 'export { results } from "./engine-functions.js";', resolveDir: __dirname },
  bundle: true,
  platform: "browser",
  format: "iife",
  globalName: "program",
  write: false,
}).outputFiles[0].text;

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "engines-"));
  const engines: Record<string, { program: string; ask: Ask }> = {};
  const [major, minor] = process.versions.v8.split(".");
  engines[`V8 ${major}.${minor}`] = {
    program: `Node ${process.versions.node}`,
    ask: async (expression) => {
      const [, name, whose] = expression.match(/"(\w+)", "(\w+)"/) ?? [];
      return results(name, whose as "engine" | "own");
    },
  };
  const chromium = await puppeteer.launch({
    executablePath: findBrowser("chromium") ?? "chromium",
    args: ["--no-sandbox"],
  });
  const firefox = await puppeteer.launch({
    browser: "firefox",
    executablePath: findBrowser("firefox") ?? "firefox",
  });
  for (const browser of [chromium, firefox]) {
    const page = await browser.newPage();
    const [kind, version] = (await browser.version()).split("/");
    const release = Number.parseInt(version, 10);
    const isFirefox = kind.toLowerCase() === "firefox";
    engines[isFirefox ? `SpiderMonkey ${release}` : `V8 ${Math.floor(release / 10)}.${release % 10}`] = {
      program: `${isFirefox ? "Firefox" : "Chromium"} ${version}`,
      ask: async (expression) => String(await page.evaluate(`${script}\n${expression}`)),
    };
  }
  const webkit = execFileSync("dpkg-query", ["-W", "-f", VERSION, "libjavascriptcoregtk-4.0-bin"], {
    encoding: "utf8",
  });
  engines.JavaScriptCore = {
    program: `WebKitGTK ${webkit.split("-")[0]}`,
    ask: async (expression) => {
      const file = join(folder, "program.js");
      writeFileSync(file, `${script}\nprint(${expression});`);
      return execFileSync("jsc", [file], { encoding: "utf8", maxBuffer: 2 ** 26 }).trim();
    },
  };

  const names = Object.keys(engines);
  const functions = [];
  for (const name of Object.keys(ASKED)) {
    const answers = async (whose: "engine" | "own"): Promise<string[][]> => {
      const told = await Promise.all(
        names.map((engine) => engines[engine].ask(`program.results("${name}", "${whose}")`)),
      );
      return told.map((text) => text.match(/.{16}/g) ?? []);
    };
    const theirs = await answers("engine");
    const own = ASKED[name].own ? await answers("own") : undefined;
    const differs = (all: readonly string[][], i: number): boolean => all.some((one) => one[i] !== all[0][i]);
    const differing = (all: readonly string[][]): number[] =>
      Array.from({ length: INPUTS }, (_, i) => i).filter((i) => differs(all, i));
    const where = differing(theirs);
    const pairs = names.flatMap((a, i) =>
      names.slice(i + 1).map((b, j) => [`${a} and ${b}`, differing([theirs[i], theirs[i + 1 + j]]).length]),
    );
    functions.push({
      name,
      range: ASKED[name].range,
      ...(ASKED[name].second && { second: ASKED[name].second }),
      differing: where.length,
      ...(own && { ownDiffering: differing(own).length }),
      pairs: Object.fromEntries(pairs),
      ...(where.length > 0 && { example: exampleOf(name, where[0], names, theirs) }),
    });
    console.log(name, where.length, own && differing(own).length);
  }
  const madeWith = {
    date: new Date().toISOString().slice(0, 10),
    cpu: `${cpus()[0].model} (${process.arch})`,
    engines: Object.fromEntries(names.map((name) => [name, engines[name].program])),
  };
  const path = resolve(__dirname, "../../../lib-tests/reference/reference_engines.json");
  writeFileSync(path, `${JSON.stringify({ madeWith, inputs: INPUTS, functions })}\n`);
  await Promise.all([chromium.close(), firefox.close()]);
  rmSync(folder, { recursive: true });
}

function exampleOf(name: string, i: number, names: readonly string[], theirs: readonly string[][]): Example {
  const [x, y] = inputsOf(name)[i];
  const bits = new DataView(new ArrayBuffer(8));
  const values = names.map((engine, k) => {
    bits.setBigUint64(0, BigInt(`0x${theirs[k][i]}`));
    return [engine, bits.getFloat64(0)];
  });
  return { at: ASKED[name].second ? [x, y] : [x], values: Object.fromEntries(values) };
}

void main();
