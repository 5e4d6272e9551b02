/** Which test files run which places of the compiled code, and how long they take: what V8 counted while each ran alone. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";

export const DIST: string = resolve(__dirname, "../..");

const MOCHA = require.resolve("mocha/bin/mocha.js");

/** The folders whose tests run the code in their own process; in the others a kernel or a browser takes its time. */
const FOLDERS = ["core", "evidence", "experiments", "reference", "charts", "live", "timing"];

/** What one run of a test file showed. */
export interface TestFile {
  readonly file: string;
  /** "late": it was stopped at the limit */
  readonly outcome: "passed" | "failed" | "late";
  readonly seconds: number;
  /** of each file of src/ that it loads, by process: how often each stretch of characters ran, the wider before the narrower */
  readonly ran: Readonly<Record<string, readonly (readonly Stretch[])[]>>;
}

type Stretch = readonly [start: number, end: number, count: number];

/** Files below a folder of the compiled tree, with its `/`. */
export function filesIn(folder: string, ending: string): string[] {
  return readdirSync(join(DIST, folder), { recursive: true, encoding: "utf8" })
    .map((file) => `${folder}/${file.split(sep).join("/")}`)
    .filter((file) => file.endsWith(ending))
    .sort();
}

/** The test files that import a module, directly or not. */
export function testFilesOf(module: string): string[] {
  return FOLDERS.filter((folder) => existsSync(join(DIST, "lib-tests", folder)))
    .flatMap((folder) => filesIn(`lib-tests/${folder}`, ".test.js"))
    .filter((file) => !file.endsWith("browser.test.js") && reaches(file, module, new Set()));
}

function reaches(file: string, module: string, seen: Set<string>): boolean {
  if (file === module) return true;
  if (seen.has(file) || !existsSync(join(DIST, file))) return false;
  seen.add(file);
  return [...readFileSync(join(DIST, file), "utf8").matchAll(/require\("(\.[^"]+)"\)/g)].some(([, name]) =>
    reaches(
      relative(DIST, resolve(DIST, dirname(file), name))
        .split(sep)
        .join("/"),
      module,
      seen,
    ),
  );
}

/** Runs mocha on test files up to the first failure, or until the time is up. */
export function runTests(
  files: readonly string[],
  seconds: number,
  environment: NodeJS.ProcessEnv,
): Promise<TestFile["outcome"]> {
  return new Promise((done, fail) => {
    const paths = files.map((file) => join(DIST, file));
    const options = ["--no-config", "--bail", "--exit", "--timeout", String(seconds * 1000)];
    const mocha = spawn(process.execPath, [MOCHA, ...options, ...paths], {
      cwd: dirname(DIST),
      env: { ...process.env, ...environment },
      stdio: "ignore",
      detached: true,
    });
    let late = false;
    const clock = setTimeout(() => {
      late = true;
      // with the processes that it started
      process.kill(-(mocha.pid as number), "SIGKILL");
    }, seconds * 1000);
    mocha.once("error", fail).once("exit", (code) => {
      clearTimeout(clock);
      done(late ? "late" : code === 0 ? "passed" : "failed");
    });
  });
}

/** Runs a test file alone, or reads what its last run showed if neither it nor the code has changed since. */
export async function observe(file: string, limit: number): Promise<TestFile> {
  const hash = createHash("sha256").update(`${codeHash()} ${file}`);
  const kept = join(DIST, "mutation", `${hash.update(readFileSync(join(DIST, file))).digest("hex")}.json`);
  if (existsSync(kept)) {
    const test = JSON.parse(readFileSync(kept, "utf8")) as TestFile;
    if (test.outcome !== "late" || test.seconds >= limit) return test;
  }
  const folder = mkdtempSync(join(tmpdir(), "glass-house-coverage-"));
  try {
    const began = process.hrtime.bigint();
    const outcome = await runTests([file], limit, { NODE_V8_COVERAGE: folder });
    const seconds = Number(process.hrtime.bigint() - began) / 1e9;
    const ran = outcome === "passed" ? counts(folder) : {};
    const test: TestFile = { file, outcome, seconds, ran };
    mkdirSync(dirname(kept), { recursive: true });
    writeFileSync(kept, JSON.stringify(test));
    return test;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

let code: string | undefined;

function codeHash(): string {
  if (code === undefined) {
    const hash = createHash("sha256");
    for (const file of filesIn("src", ".js")) hash.update(readFileSync(join(DIST, file)));
    code = hash.digest("hex");
  }
  return code;
}

interface Coverage {
  readonly result: readonly {
    readonly url: string;
    readonly functions: readonly {
      readonly ranges: readonly { startOffset: number; endOffset: number; count: number }[];
    }[];
  }[];
}

function counts(folder: string): TestFile["ran"] {
  const root = pathToFileURL(join(DIST, "src/")).href;
  const ran: Record<string, Stretch[][]> = {};
  for (const name of readdirSync(folder)) {
    const { result } = JSON.parse(readFileSync(join(folder, name), "utf8")) as Coverage;
    for (const { url, functions } of result.filter((script) => script.url.startsWith(root))) {
      const stretches = functions.flatMap(({ ranges }) =>
        ranges.map((range): Stretch => [range.startOffset, range.endOffset, range.count]),
      );
      const file = `src/${url.slice(root.length)}`;
      ran[file] = [...(ran[file] ?? []), stretches.sort((a, b) => b[1] - b[0] - (a[1] - a[0]))];
    }
  }
  return ran;
}

/** Whether a test ran a place of a file. */
export function runs(test: TestFile, file: string, place: number): boolean {
  return (test.ran[file] ?? []).some(
    (stretches) => (stretches.findLast(([start, end]) => start <= place && place < end)?.[2] ?? 0) > 0,
  );
}
