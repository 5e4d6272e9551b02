/** What is compared, and the ratios that are made of it. */
import type { PrecisionChoice } from "../../src/core/arithmetic/precision.js";
import { closeWorkers } from "../../src/sweep/index.js";
import { coldStarts } from "./cold.js";
import { type Contender, measure, type Result, ratio, type Timing } from "./contender.js";
import { isLarge, machine, trainers } from "./epochs.js";
import { roundings } from "./rounding.js";
import { sweepers, workers } from "./sweeps.js";
import type { Task } from "./training.js";

/** What was measured side by side. */
export interface Comparison {
  /** What the times are for. */
  unit: string;
  results: Result[];
}

const formats: Record<string, PrecisionChoice> = {
  binary64: "binary64",
  binary32: "binary32",
  bfloat16: "bfloat16",
  binary16: "binary16",
  e5m2: "e5m2",
  e4m3: "e4m3",
  "stochastic binary16": { format: "binary16", rounding: "stochastic", seed: 1 },
};

const shapes = [[10], [10, 10], [64, 64, 64], [160]];

const modes = { "full batch": "full", "single samples": 1 } as const;

/** The ratios: a comparison, the other there, and who is ours if not the first. */
const ratios: Record<string, readonly [comparison: string, other: string, ours?: string]> = {
  "float64.numpy": ["full batch, 2-10-1, binary64", "NumPy"],
  "float64.pytorch": ["full batch, 2-10-1, binary64", "PyTorch"],
  "float64.c": ["full batch, 2-10-1, binary64", "C, gcc -O3 -march=native"],
  "float64.cVectors": ["full batch, 2-10-1, binary64", "C, vectors by hand"],
  "float64.plainLoop": ["full batch, 2-10-1, binary64", "plain loop"],
  "float64.firstBuild": ["full batch, 2-10-1, binary64", "first build"],
  "sweep.firstBuild": ["sweep of 32 on 1 worker", "first build"],
  "single.firstBuild": ["single samples, 2-10-1, binary64", "first build"],
  "binary16.firstBuild": ["full batch, 2-10-1, binary16", "first build"],
  "binary16.numpyFloat16": ["full batch, 2-10-1, binary16", "NumPy"],
  "stochastic.firstBuild": ["full batch, 2-10-1, stochastic binary16", "first build"],
  "binary32.binary64": ["full batch, 2-10-1, the machine in each format", "binary64", "binary32"],
  "cold.firstBuild": ["first training of a process", "first build"],
  "round.petamoriken": ["rounding to binary16", "@petamoriken/float16"],
  "sweep.workers2": ["sweep of 32 by workers", "1 worker"],
};

/** The ratios of what was compared, round by round; null where the other did not take part. */
export function ratiosOf(comparisons: Record<string, Comparison>): Record<string, Timing | null> {
  return Object.fromEntries(
    Object.entries(ratios).map(([key, [title, otherName, oursName]]) => {
      const { results } = comparisons[title];
      const called = (name: string): Result | undefined => results.find((result) => result.name === name);
      return [key, ratio(called(otherName), (oursName && called(oursName)) || results[0])];
    }),
  );
}

/**
 * Measures everything, by title.
 *
 * @param onTitle - told what is measured now
 * @param onVersion - told what each of the others says it is
 */
export async function compare(
  rounds: number,
  onTitle: (title: string) => void,
  onVersion: (version: string) => void,
): Promise<Record<string, Comparison>> {
  const comparisons: Record<string, Comparison> = {};
  const fewRounds = Math.max(3, Math.ceil(rounds / 3));
  const add = async (
    title: string,
    unit: string,
    contenders: Contender[],
    warmUp: number,
    count: number,
  ): Promise<void> => {
    onTitle(title);
    comparisons[title] = { unit, results: await measure(contenders, warmUp, count) };
  };

  for (const [mode, batchSize] of Object.entries(modes)) {
    const compareTraining = async (hiddenLayers: number[], format: string): Promise<void> => {
      const task: Task = { hiddenLayers, batchSize, arithmetic: formats[format], seed: 1 };
      const warmUp = (batchSize === "full" ? 200 : 20) / (isLarge(task) ? 10 : 1);
      const title = `${mode}, ${[2, ...hiddenLayers, 1].join("-")}, ${format}`;
      const contenders = await trainers(task, warmUp, onVersion);
      await add(title, "an epoch", contenders, warmUp, isLarge(task) ? fewRounds : rounds);
    };
    for (const format of Object.keys(formats)) await compareTraining([10], format);
    for (const shape of shapes.slice(1)) await compareTraining(shape, "binary64");
    const inEachFormat = Object.entries(formats).map(([name, arithmetic]): Contender => {
      const task: Task = { hiddenLayers: [10], batchSize, arithmetic, seed: 1 };
      return { ...machine(task, name), tolerance: Number.POSITIVE_INFINITY };
    });
    await add(`${mode}, 2-10-1, the machine in each format`, "an epoch", inEachFormat, 20, rounds);
  }
  await add("sweep of 32 on 1 worker", "a sweep", sweepers(), 1, fewRounds);
  await add("sweep of 32 by workers", "a sweep", workers(), 1, fewRounds);
  await closeWorkers();
  // the clock on the wall needs more rounds
  await add("first training of a process", "a training", coldStarts(), 1, 3 * rounds);
  await add("rounding to binary16", "a rounding", roundings(), 1_000_000, rounds);
  return comparisons;
}
