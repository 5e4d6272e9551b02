/** A sweep over worker threads: the default training of notebook 01, for 64 seeds. */
import { type BaselineParameters, measureBaseline } from "../../src/experiments/baseline.js";
import { sweep } from "../../src/sweep/index.js";
import type { Contender } from "./contender.js";

const SEEDS = 64;

const training: Omit<BaselineParameters, "seed"> = {
  noise: 0.15,
  trainPoints: 250,
  testPoints: 2000,
  hiddenLayers: [10],
  initialisation: "he",
  learningRate: 0.2,
  batchSize: 1,
  epochs: 500,
  sweepSeeds: SEEDS,
  firstSeed: 1,
};

/** The sweep with so many workers; a unit of work is the whole sweep. */
export function workers(count: number): Contender {
  return {
    name: count === 1 ? "1 worker" : `${count} workers`,
    async run(sweeps) {
      const grid = Array.from({ length: sweeps * SEEDS }, (_, i) => ({ ...training, seed: (i % SEEDS) + 1 }));
      const start = performance.now();
      const results = await sweep(grid, measureBaseline, { workers: count });
      const seconds = (performance.now() - start) / 1000;
      return { seconds, loss: results.reduce((sum, { trainLoss }) => sum + trainLoss, 0) / results.length };
    },
  };
}
