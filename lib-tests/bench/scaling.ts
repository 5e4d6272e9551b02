/** How the time of a training by the machine grows with each of its sizes. */
import type { FormatName } from "../../src/core/arithmetic/formats.js";
import { measure, type Result } from "./contender.js";
import { ourPath } from "./ours.js";
import { makeTask } from "./task.js";

/** One size that is varied. */
export interface Scaling {
  size: "points" | "width" | "depth" | "epochs";
  values: number[];
  /** Seconds per epoch (for `epochs`: of the whole training), one result a value. */
  results: Record<"binary64" | "binary16", Result[]>;
}

/** What is varied; the others stay at 250 points and one hidden layer of 10. */
const sizes: Record<Exclude<Scaling["size"], "epochs">, { values: number[]; task: typeof taskAt }> = {
  points: { values: [125, 250, 500, 1000, 2000], task: (n) => taskAt(n, 10, 1) },
  width: { values: [5, 10, 20, 40, 80, 160], task: (width) => taskAt(250, width, 1) },
  depth: { values: [1, 2, 3, 4], task: (depth) => taskAt(250, 10, depth) },
};

/** Epochs after which the engine has optimised even a program with long loops. */
const WARM_UP = 200;

const epochCounts = [125, 250, 500, 1000, 2000];

function taskAt(points: number, width = 10, depth = 1): ReturnType<typeof makeTask> {
  return makeTask(
    points,
    Array.from({ length: depth }, () => width),
  );
}

/** Measures them all. */
export async function measureScaling(rounds: number): Promise<Scaling[]> {
  const scalings: Scaling[] = [];
  for (const size of ["points", "width", "depth"] as const) {
    const { values, task } = sizes[size];
    const at = (format: FormatName): Promise<Result[]> =>
      measure(
        values.map((value) => ({ ...ourPath("machine", format, task(value)), tolerance: Infinity })),
        WARM_UP,
        rounds,
      );
    scalings.push({
      size,
      values,
      results: { binary64: await at("binary64"), binary16: await at("binary16") },
    });
  }
  const whole = (format: FormatName): Promise<Result[]> => {
    const { name, run } = ourPath("machine", format, taskAt(250));
    return measure(
      epochCounts.map((epochs) => ({
        name,
        tolerance: Infinity,
        run: async (trainings) => {
          let seconds = 0;
          for (let i = 0; i < trainings; i++) seconds += (await run(epochs)).seconds;
          return { seconds };
        },
      })),
      1,
      rounds,
    );
  };
  scalings.push({
    size: "epochs",
    values: epochCounts,
    results: { binary64: await whole("binary64"), binary16: await whole("binary16") },
  });
  return scalings;
}
