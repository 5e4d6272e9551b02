/** The commands that write files, on work that takes next to no time, and what their folders may and must hold. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { readRecord } from "../../src/evidence/file.js";
import { readEarlierIndex } from "../../src/report/index-files.js";
import { sumLine } from "../../src/report/sum-line.js";
import { processesWith, until, writeNotebook } from "../report/toys.js";
import { FAULT, type Fault } from "./inject.js";

const source = (path: string): string => join(__dirname, "../../src", path);

/** A command under test. */
export interface Command {
  name: string;
  program: string;
  args: readonly string[];
  /** How often it is killed and its changes broken, unless GLASS_HOUSE_FAULTS says. */
  times: number;
  /** The folder below the test's that it writes into. */
  out: string;
  prepare(folder: string): void;
  /** Fails unless every file is whole. */
  checkWhole(out: string): void;
  /** Fails unless all has been done and nothing else is there; what is returned is the same after every run. */
  result(out: string): string;
}

const filesIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
        .sort()
    : [];

const withoutDay = (text: string): string =>
  text.replace(/"recorded":"[\d-]{10}"/, "").replace(/"digest":"\w+"\}\n$/, "");

/** Number of seeds recorded. */
const SEEDS = 6;

export const evidence: Command = {
  name: "npm run evidence",
  program: source("evidence/command/cli.js"),
  args: [
    ...`01 --study seeds --seeds ${SEEDS} --first-seed 7 --out out`.split(" "),
    ...["epochs=2", "trainPoints=10", "testPoints=10", "hiddenLayers=[2]"].flatMap((value) => [
      "--set",
      value,
    ]),
  ],
  times: 5,
  out: "out",
  prepare: () => {},
  checkWhole(out) {
    for (const file of filesIn(out)) {
      const content = readFileSync(join(out, file), "utf8");
      if (file.endsWith(".jsonl")) assert.equal(readRecord(content).rows.length, SEEDS);
      if (file.endsWith(".partial")) for (const line of content.split("\n").slice(0, -1)) JSON.parse(line);
    }
  },
  result(out) {
    const files = filesIn(out);
    assert.equal(files.length, 1, String(files));
    return withoutDay(readFileSync(join(out, files[0]), "utf8"));
  },
};

export const report: Command = {
  name: "npm run report",
  program: source("report/cli.js"),
  args: ["first.ipynb", "second.ipynb", "--out", "out", "--jobs", "2"],
  times: 3,
  out: "out",
  prepare(folder) {
    for (const name of ["first", "second"]) writeNotebook(folder, name, `'the ${name}'`);
  },
  checkWhole(out) {
    for (const file of filesIn(out)) {
      const content = readFileSync(join(out, file), "utf8");
      if (file.endsWith(".html")) assert.match(content, /<\/html>\n$/);
      if (file.endsWith(".json")) assert.ok(JSON.parse(content).notebooks);
    }
  },
  result(out) {
    assert.deepEqual(filesIn(out), ["first.html", "index.html", "index.json", "second.html"]);
    const runs = readEarlierIndex(out);
    for (const { report, sha256, seconds } of runs) {
      assert.equal(sha256, sumLine(readFileSync(join(out, `${report}.html`)), `${report}.html`));
      assert.ok(seconds >= 0 && seconds < 600, `${seconds} s`);
    }
    return runs.map(({ report, status }) => `${report} ${status}`).join("\n");
  },
};

export const notebooks: Command = {
  name: "npm run notebooks",
  program: source("report/saved/cli.js"),
  args: ["saved/toy.ipynb"],
  times: 2,
  out: "saved",
  prepare(folder) {
    mkdirSync(join(folder, "saved"));
    writeNotebook(join(folder, "saved"), "toy", "'toy'");
  },
  checkWhole(out) {
    JSON.parse(readFileSync(join(out, "toy.ipynb"), "utf8"));
  },
  result(out) {
    assert.deepEqual(filesIn(out), ["toy.ipynb"]);
    return readFileSync(join(out, "toy.ipynb"), "utf8");
  },
};

/** How a command ended. */
export interface Outcome {
  status: number | null;
  stderr: string;
}

/** Starts a command in a folder of its own, where its temporary files are in `tmp`. */
export function start(
  command: Command,
  folder: string,
  preloaded: readonly string[] = [],
  fault?: Fault,
): ChildProcess {
  const tmp = join(folder, "tmp");
  mkdirSync(tmp, { recursive: true });
  const options = preloaded.map((name) => `--require ${JSON.stringify(join(__dirname, name))}`);
  return spawn(process.execPath, [command.program, ...command.args], {
    cwd: folder,
    env: {
      ...process.env,
      ...{ TMPDIR: tmp, TEMP: tmp, TMP: tmp, GLASS_HOUSE_WORKERS: "2", npm_lifecycle_event: "" },
      NODE_OPTIONS: options.join(" "),
      ...(fault && { [FAULT]: JSON.stringify(fault) }),
    },
    stdio: ["ignore", "ignore", "pipe"],
  });
}

/** The end of a command, and of all that it started. */
export async function ended(child: ChildProcess, folder: string): Promise<Outcome> {
  assert.ok(child.stderr);
  const [[status], stderr] = await Promise.all([once(child, "exit"), text(child.stderr)]);
  await until(() => processesWith(folder).length === 0, "the end of all processes");
  return { status, stderr };
}

/** Runs a command to its end. */
export function run(
  command: Command,
  folder: string,
  preloaded?: readonly string[],
  fault?: Fault,
): Promise<Outcome> {
  return ended(start(command, folder, preloaded, fault), folder);
}
