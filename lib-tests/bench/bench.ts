/** `npm run bench`: reads the arguments, has everything measured, prints the ratios and then the tables. */
import { existsSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { dirname, resolve } from "node:path";
import { parseArgs } from "node:util";
import { closeWorkers } from "../../src/sweep/index.js";
import { measure, type Result, ratio, type Timing } from "./contender.js";
import { type EpochFormat, formats, measureEpochs } from "./epochs.js";
import { roundings } from "./rounding.js";
import { measureScaling, type Scaling } from "./scaling.js";
import { makeTask } from "./task.js";
import { workers } from "./workers.js";

const HELP = `npm run bench [-- --json file --rounds n]

Measures the training of a 2-10-1 network (250 points, full batch, the loss computed each epoch) by this project, in C, with
NumPy, PyTorch and ml-matrix, each on one thread; rounding to binary16; sweeps with 1 and 2 workers; how time grows with size.
Everybody takes turns, so that the ratios hold on a machine that is busy with other things, too; all but that of the sweeps,
for 2 workers need 2 cores with nothing else to do.

  --json file   writes everything that was measured
  --rounds n    number of turns of each, 3 to 1000; 9 when left out (sweeps: a third of it)
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
  /** Per epoch. */
  epochs: Record<EpochFormat, Result[]>;
  /** Per rounding. */
  rounding: Result[];
  /** Per sweep. */
  sweep: Result[];
  scaling: Scaling[];
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
  const epochs = {} as Report["epochs"];
  const task = makeTask(250, [10]);
  for (const format of formats) {
    tell(`epochs in ${format} …`);
    epochs[format] = await measureEpochs(format, task, rounds, (version) => versions.add(version));
  }
  tell("rounding …");
  const rounding = await measure(roundings(), 1_000_000, rounds);
  tell("sweeps …");
  const sweeps = await measure([workers(2), workers(1)], 1, Math.ceil(rounds / 3));
  await closeWorkers();
  tell("scaling …");
  const scaling = await measureScaling(Math.ceil(rounds / 2));

  const other = (format: EpochFormat, name: string): Timing | null =>
    ratio(
      epochs[format].find((result) => result.name.startsWith(name)),
      epochs[format][0],
    );
  const ratios: Record<string, Timing | null> = {
    "float64.numpy": other("binary64", "NumPy"),
    "float64.pytorch": other("binary64", "PyTorch"),
    "float64.c": other("binary64", "C,"),
    "float64.mlMatrix": other("binary64", "ml-matrix"),
    "binary16.numpyFloat16": other("binary16", "NumPy"),
    "round.petamoriken": ratio(rounding[1], rounding[0]),
    "sweep.workers2": ratio(sweeps[1], sweeps[0]),
  };
  const each = <T>(f: (timing: Timing) => T): Record<string, T | null> =>
    Object.fromEntries(Object.entries(ratios).map(([key, timing]) => [key, timing && f(timing)]));
  return {
    ratios: each(({ median }) => median),
    spread: each(({ quartiles }) => quartiles),
    machine: {
      processor: cpus()[0]?.model,
      cores: availableParallelism(),
      load: { before: loadBefore, after: loadavg() },
      versions: [...versions],
    },
    epochs,
    rounding,
    sweep: sweeps,
    scaling,
  };
}

function print(report: Report): void {
  console.log("Time of the other / time of ours (median of the rounds, quartiles):");
  for (const [key, value] of Object.entries(report.ratios)) {
    const spread = report.spread[key]?.map((quartile) => quartile.toFixed(2)).join(" to ");
    console.log(
      `  ${key.padEnd(22)} ${value === null ? "not installed" : `${value.toFixed(2)}  [${spread}]`}`,
    );
  }
  for (const format of formats) printTable(`An epoch in ${format}`, report.epochs[format], 1e6, "µs");
  printTable("A rounding to binary16", report.rounding, 1e9, "ns");
  printTable("A sweep of 64 trainings of 500 epochs, single samples", report.sweep, 1, "s");
  for (const { size, values, results } of report.scaling) {
    console.log(`\n${size}: µs ${size === "epochs" ? "a training" : "an epoch"}, binary64 and binary16`);
    for (const [i, value] of values.entries()) {
      const [double, half] = [results.binary64[i], results.binary16[i]].map(
        ({ timing }) => timing.median * 1e6,
      );
      console.log(
        `  ${String(value).padEnd(6)} ${double.toFixed(1).padStart(10)} ${half.toFixed(1).padStart(10)}`,
      );
    }
  }
  console.log(`\n${JSON.stringify(report.machine)}`);
}

function printTable(title: string, results: readonly Result[], unit: number, unitName: string): void {
  console.log(
    `\n${title}, ${unitName}: median, quartiles, in units of the first${results[0].loss === undefined ? "" : ", loss"}`,
  );
  for (const { name, timing, loss } of results) {
    const [median, low, high] = [timing.median, ...timing.quartiles].map((time) => (time * unit).toFixed(2));
    const relative = (timing.median / results[0].timing.median).toFixed(2);
    console.log(
      `  ${name.padEnd(26)} ${median.padStart(9)}  [${low} to ${high}]  ${relative}  ${loss?.toPrecision(12) ?? ""}`,
    );
  }
}

function tell(what: string): void {
  process.stderr.write(`${what}\n`);
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
