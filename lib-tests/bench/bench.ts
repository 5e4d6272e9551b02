/** `npm run bench`: reads the arguments, has everything measured, prints the ratios and then the tables. */
import { existsSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { dirname, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Comparison, compare, ratiosOf } from "./comparisons.js";

const HELP = `npm run bench [-- --json file --rounds n]

Measures, side by side, how long a training takes: this build by its machine and by its eager path, the first build, a
plain loop over typed arrays, C as written and with vectors by hand, NumPy and PyTorch, each on one thread. The network is
2-10-1 on 250 points, in every format, and deeper and wider ones in binary64: in full batches, with the loss recorded every
epoch, and in single samples, with the loss recorded at the end (the others than this project and the plain loop are given
the shuffled orders). Then sweeps of 32 seeds on workers, the first training of a fresh process, and rounding to binary16.
Each result is checked against the machine's before it counts. Everybody takes turns, and times are processor times, so that
the ratios hold on a machine that is busy with other things, too; but workers and first trainings are timed by the clock on
the wall, and 2 workers need 2 cores with nothing else to do.

  --json file   writes everything that was measured
  --rounds n    number of turns of each, 3 to 1000; 9 when left out (sweeps and large networks: a third of it, at least 3)
  --help        this text

Exit code: 0 measured, 1 failed, 2 the command cannot be met.`;

/** Everything that was measured; times in seconds. */
interface Report {
  /** Time of the other over time of ours: medians over the rounds; null where the other is not installed. */
  ratios: Record<string, number | null>;
  /** The quartiles of the ratios. */
  spread: Record<string, [number, number] | null>;
  /** Where, and by what versions. */
  machine: Record<string, unknown>;
  comparisons: Record<string, Comparison>;
}

class UsageError extends Error {}

function readArguments(): { json: string | undefined; rounds: number; help: boolean } {
  const { values } = parse();
  const { json = undefined, rounds: text = "9", help = false } = values;
  const rounds = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(rounds >= 3 && rounds <= 1000)) {
    throw new UsageError(`--rounds must be a whole number from 3 to 1000, got "${text}"`);
  }
  if (json !== undefined && (json === "" || !existsSync(dirname(resolve(json))))) {
    throw new UsageError(`--json must be a file in a folder that exists, got "${json}"`);
  }
  return { json, rounds, help };
}

function parse() {
  try {
    return parseArgs({
      options: {
        json: { type: "string" },
        rounds: { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

async function measureAll(rounds: number): Promise<Report> {
  const versions = new Set<string>([`Node ${process.versions.node}`]);
  const loadBefore = loadavg();
  const comparisons = await compare(
    rounds,
    (title) => process.stderr.write(`${title} …\n`),
    (version) => versions.add(version),
  );
  const ratios = Object.entries(ratiosOf(comparisons));
  return {
    ratios: Object.fromEntries(ratios.map(([key, timing]) => [key, timing?.median ?? null])),
    spread: Object.fromEntries(ratios.map(([key, timing]) => [key, timing?.quartiles ?? null])),
    machine: {
      processor: cpus()[0]?.model,
      cores: availableParallelism(),
      load: { before: loadBefore, after: loadavg() },
      versions: [...versions],
    },
    comparisons,
  };
}

function print({ ratios, spread, machine, comparisons }: Report): void {
  console.log("Time of the other / time of ours (median of the rounds, quartiles):");
  for (const [key, value] of Object.entries(ratios)) {
    const quartiles = spread[key]?.map((quartile) => quartile.toFixed(2)).join(" to ");
    console.log(
      `  ${key.padEnd(22)} ${value === null ? "not installed" : `${value.toFixed(2)}  [${quartiles}]`}`,
    );
  }
  for (const [title, { unit, results }] of Object.entries(comparisons)) {
    console.log(`\n${title}, µs ${unit}: median, quartiles, in units of the first, loss`);
    for (const { name, timing, loss } of results) {
      const [median, low, high] = [timing.median, ...timing.quartiles].map((time) =>
        (time * 1e6).toPrecision(4),
      );
      const relative = (timing.median / results[0].timing.median).toFixed(2);
      console.log(`  ${name.padEnd(26)} ${median.padStart(9)}  [${low} to ${high}]  ${relative}  ${loss}`);
    }
  }
  console.log(`\n${JSON.stringify(machine)}`);
}

async function main(): Promise<void> {
  const { json, rounds, help } = readArguments();
  if (help) {
    console.log(HELP);
    return;
  }
  const report = await measureAll(rounds);
  print(report);
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(report, null, 1)}\n`);
}

main().catch((error: unknown) => {
  console.error(error instanceof UsageError ? error.message : error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
