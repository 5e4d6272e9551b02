/**
 * Breaks the code one place at a time and runs the tests that reach that place: a mutant that all of them pass survives,
 * and shows what no test would notice.
 *
 *     npm run test:mutation -- core/arithmetic
 *     npm run test:mutation -- core evidence --sample 200 --seed 7
 */
import { readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { parseArgs } from "node:util";
import { randomStream } from "../../src/core/random.js";
import { EQUIVALENT } from "./equivalent.js";
import { type Change, changeOf, type Mutant } from "./mutant.js";
import { mutantsOf } from "./mutants.js";
import { DIST, filesIn, observe, runs, runTests, type TestFile, testFilesOf } from "./test-files.js";

const USAGE = `usage: npm run test:mutation -- PART... [--sample N] [--seed S] [--limit SECONDS]
  PART      what to break: core, core/arithmetic, core/powers, or a line of the compiled file: core/powers:12
  --sample  so many of the mutants, drawn at random; without it all of them
  --seed    of that draw (1)
  --limit   test files that take longer alone are left out (10)`;

interface Place {
  readonly file: string;
  readonly mutant: Mutant;
  readonly change: Change;
}

function placesIn(part: string): Place[] {
  const [, path, line] = /^(.*?)(?::(\d+))?$/.exec(part) as RegExpExecArray;
  const files = filesIn("src", ".js").filter(
    (file) => file === `src/${path}.js` || file.startsWith(`src/${path}/`),
  );
  if (files.length === 0) throw new RangeError(`PART must be a folder or module of src/, got "${part}"`);
  return files
    .flatMap((file) => {
      const text = readFileSync(join(DIST, file), "utf8");
      return mutantsOf(text).map((mutant) => ({ file, mutant, change: changeOf(text, mutant) }));
    })
    .filter(({ change }) => line === undefined || change.line === Number(line));
}

/** The test files that matter, each observed when it is first asked for. */
interface Tests {
  readonly limit: number;
  readonly of: (file: string) => readonly string[];
  readonly observed: (file: string) => Promise<TestFile>;
}

function testsOf(places: readonly Place[], limit: number): Tests {
  const importing = new Map(
    [...new Set(places.map((place) => place.file))].map((file) => [file, testFilesOf(file)]),
  );
  const observed = new Map<string, Promise<TestFile>>();
  return {
    limit,
    of: (file) => importing.get(file) ?? [],
    observed: (file) => {
      if (!observed.has(file)) observed.set(file, observe(file, limit));
      return observed.get(file) as Promise<TestFile>;
    },
  };
}

type Outcome = "killed" | "survived" | "not run by any test";

/** Asks the test files that run the place: first those of its own folder, then the others, the quick before the slow. */
async function outcomeOf({ file, mutant }: Place, tests: Tests): Promise<Outcome> {
  const environment = {
    NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ""} --require ${JSON.stringify(join(__dirname, "preload.js"))}`,
    GLASS_HOUSE_MUTANT: JSON.stringify({ file: join(DIST, file), mutant }),
  };
  const folder = `${posix.dirname(file).replace("src", "lib-tests")}/`;
  let outcome: Outcome = "not run by any test";
  for (const own of [true, false]) {
    const lot: TestFile[] = [];
    for (const test of tests.of(file).filter((name) => name.startsWith(folder) === own)) {
      lot.push(await tests.observed(test));
    }
    const reaching = lot
      .filter(
        (test) => test.outcome === "passed" && test.seconds < tests.limit && runs(test, file, mutant.start),
      )
      .sort((a, b) => a.seconds - b.seconds);
    if (reaching.length === 0) continue;
    outcome = "survived";
    // a mutant that never ends is one that a test has noticed
    const seconds = 10 + 4 * reaching.reduce((sum, test) => sum + test.seconds, 0);
    const files = reaching.map((test) => test.file);
    if ((await runTests(files, seconds, environment)) !== "passed") return "killed";
  }
  return outcome;
}

function isEquivalent({ file, change }: Place): boolean {
  return EQUIVALENT.some(
    (known) =>
      `src/${known.file}.js` === file && known.before === change.before && known.after === change.after,
  );
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      sample: { type: "string" },
      seed: { type: "string", default: "1" },
      limit: { type: "string", default: "10" },
      help: { type: "boolean" },
    },
  });
  if (values.help || positionals.length === 0) return console.log(USAGE);
  const all = positionals.flatMap(placesIn);
  const different = all.filter((place) => !isEquivalent(place));
  const size = values.sample === undefined ? different.length : Number(values.sample);
  const order = Int32Array.from(different.keys());
  randomStream("mutation", Number(values.seed)).shuffle(order);
  // in the order of the draw: a run that is stopped has tried a random sample, too
  const places = [...order.slice(0, size)].map((i) => different[i]);
  console.log(
    `${places.length} of ${all.length} mutants of ${positionals.join(", ")}, seed ${values.seed}; ` +
      `${all.length - different.length} that no test can tell are left out`,
  );

  const tests = testsOf(places, Number(values.limit));
  let tried = 0;
  let killed = 0;
  let isStopped = false;
  process.once("SIGINT", () => {
    isStopped = true;
  });
  for (const place of places) {
    if (isStopped) break;
    tried += 1;
    const outcome = await outcomeOf(place, tests);
    if (outcome === "killed") {
      killed += 1;
      continue;
    }
    const { line, before, after } = place.change;
    console.log(
      `${tried}/${places.length} ${place.file.slice(4, -3)}:${line} ${outcome}\n  - ${before}\n  + ${after}`,
    );
  }
  const share = (100 * killed) / Math.max(tried, 1);
  console.log(`${killed} of ${tried} killed: ${share.toFixed(1)}%`);
  if (killed < tried) process.exitCode = 1;
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 2;
});
