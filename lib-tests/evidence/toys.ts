/** A toy experiment that leaves traces, and fails where it is told to; its measurements are found by workers. */
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { threadId } from "node:worker_threads";
import * as z from "zod/mini";
import type { AnyExperiment, ExperimentParameters } from "../../src/experiments/experiment.js";
import { experiment } from "../../src/experiments/experiment.js";
import { oneEach, study } from "../../src/experiments/study.js";
import { sweepShape } from "../../src/experiments/task.js";

export interface ToyParameters extends ExperimentParameters {
  /** Where traces are left, and where files tell what to do. */
  folder: string;
}

interface ToyPoint {
  folder: string;
  seed: number;
  name: string;
}

/** A number by the seed, with all that JSON cannot say beside it; fails where there is a file `fail-SEED`. */
export function measureToy({ folder, seed, name }: ToyPoint): unknown {
  appendFileSync(join(folder, "log"), `${name} ${seed}\n`);
  if (existsSync(join(folder, `fail-${seed}`))) throw new RangeError("told to fail");
  if (existsSync(join(folder, `odd-${seed}`))) return { values: [Float64Array.of(1)] };
  return { root: Math.sqrt(seed), odd: [Number.NaN, -0], ...(seed % 3 === 0 && { third: seed / 3 }) };
}

/** When it ran, and where. */
export function measureClock(): { thread: number; start: number; end: number } {
  const now = (): number => performance.timeOrigin + performance.now();
  const start = now();
  while (now() < start + 5);
  return { thread: threadId, start, end: now() };
}

export const modules: readonly string[] = [__filename];

/** The toy, which leaves its traces in a folder. */
export function toy(folder: string): Record<string, AnyExperiment> {
  const own = experiment({
    name: "01-toy",
    claim: "A toy.",
    schema: z.strictObject({ seed: z.int(), folder: z.string(), ...sweepShape }),
    defaults: { seed: 1, folder, sweepSeeds: 2, firstSeed: 100 },
    studies: {
      pairs: study({
        title: "pairs",
        seeds: 100,
        reason: "it is a toy",
        points: (parameters: ToyParameters, seed) =>
          ["first", "second"].map((name) => ({ folder: parameters.folder, seed, name })),
        measure: measureToy,
        findings: (rows) => rows,
      }),
      single: study({
        title: "single ones",
        seeds: 20,
        reason: "it is a toy",
        points: (parameters: ToyParameters, seed) => [{ folder: parameters.folder, seed, name: "single" }],
        measure: measureToy,
        findings: oneEach,
      }),
      clock: study({
        title: "times",
        seeds: 6,
        reason: "it is a toy",
        isObserved: true,
        points: (_: ToyParameters, seed) => [{ seed }, { seed }],
        measure: measureClock,
        findings: (rows) => rows,
      }),
    },
    verdict: () => ({ claim: "A toy.", stamp: "not tested", rows: [], summary: "" }) as never,
    panel: {} as never,
  });
  return { "01-toy": own as unknown as AnyExperiment };
}

/** What was measured, in its order: `name seed`. */
export function traces(folder: string): string[] {
  const path = join(folder, "log");
  return existsSync(path) ? readFileSync(path, "utf8").split("\n").slice(0, -1) : [];
}
