import assert from "node:assert/strict";
import { randomStream } from "../../../../src/core/random.js";
import {
  type Ball,
  type ChainOptions,
  hamiltonianMonteCarlo,
  leapfrog,
} from "../../../../src/experiments/out-of-distribution/posterior/hamiltonian.js";
import { meanOf } from "../../../../src/experiments/statistics.js";
import { close } from "../../../support/close.js";

/** A normal distribution in the plane: mean (1, -2), standard deviations 2 and 0.5, correlation 0.9. */
const MEAN = [1, -2];
const COVARIANCE = [
  [4, 0.9],
  [0.9, 0.25],
];
const determinant = 4 * 0.25 - 0.9 * 0.9;
const PRECISION = [
  [0.25 / determinant, -0.9 / determinant],
  [-0.9 / determinant, 4 / determinant],
];
const pull = (place: Float64Array): Float64Array =>
  Float64Array.from(PRECISION, ([a, b]) => -a * (place[0] - MEAN[0]) - b * (place[1] - MEAN[1]));
const normal: ChainOptions = {
  logDensity: (place) => {
    const slope = pull(place);
    return ((place[0] - MEAN[0]) * slope[0] + (place[1] - MEAN[1]) * slope[1]) / 2;
  },
  gradient: pull,
  start: Float64Array.of(-5, 5),
  warmUp: 500,
  draws: 8000,
  pathLength: 3,
  random: randomStream("test/chain", 1),
};

describe("the leapfrog method", () => {
  const ball: Ball = { place: Float64Array.of(0.3, -1), momentum: Float64Array.of(0.5, 0.8) };
  const energy = ({ place, momentum }: Ball): number =>
    (momentum[0] * momentum[0] + momentum[1] * momentum[1]) / 2 - normal.logDensity(place);

  it("returns where it came from when the momentum is reversed", () => {
    const end = leapfrog(pull, ball, 0.1, 37);
    const back = leapfrog(pull, { ...end, momentum: end.momentum.map((value) => -value) }, 0.1, 37);
    for (const k of [0, 1]) {
      close(back.place[k], ball.place[k], 1e-12);
      close(back.momentum[k], -ball.momentum[k], 1e-12);
    }
    assert.ok(Math.abs(end.place[0] - ball.place[0]) > 0.1);
  });

  it("errs in the energy by a quarter when the step is halved", () => {
    const errors = [0.04, 0.02, 0.01].map((size) => {
      const end = leapfrog(pull, ball, size, Math.round(1 / size));
      return energy(end) - energy(ball);
    });
    close(errors[0] / errors[1], 4, 0.1);
    close(errors[1] / errors[2], 4, 0.03);
  });
});

describe("Hamiltonian Monte Carlo", () => {
  it("draws from a correlated normal distribution", () => {
    const { draws, acceptance, divergences } = hamiltonianMonteCarlo(normal);
    assert.equal(draws.length, 8000);
    const means = [0, 1].map((k) => meanOf(draws.map((place) => place[k])));
    // 8000 draws, nearly independent: four standard errors
    close(means[0], MEAN[0], 0.1);
    close(means[1], MEAN[1], 0.025);
    for (const [i, j] of [
      [0, 0],
      [0, 1],
      [1, 1],
    ]) {
      const own = meanOf(draws.map((place) => (place[i] - means[i]) * (place[j] - means[j])));
      close(own / COVARIANCE[i][j], 1, 0.08);
    }
    close(acceptance, 0.8, 0.1);
    assert.equal(divergences, 0);
  });

  it("draws from the right density where the gradient jumps", () => {
    // exp(-|x|): mean distance 1, mean square 2
    const { draws } = hamiltonianMonteCarlo({
      ...normal,
      logDensity: ([x]) => -Math.abs(x),
      gradient: ([x]) => Float64Array.of(-Math.sign(x)),
      start: Float64Array.of(3),
      random: randomStream("test/chain", 2),
    });
    const values = draws.map(([x]) => x);
    close(meanOf(values), 0, 0.08);
    close(meanOf(values.map(Math.abs)), 1, 0.06);
    close(meanOf(values.map((x) => x * x)), 2, 0.3);
  });

  it("steps as a density is wide, and aims at an acceptance of 0.8", () => {
    for (const width of [0.01, 1, 100]) {
      const { acceptance, divergences } = hamiltonianMonteCarlo({
        ...normal,
        logDensity: (place) => place.reduce((sum, x) => sum - (x * x) / 2, 0) / (width * width),
        gradient: (place) => place.map((x) => -x / (width * width)),
        start: new Float64Array(30).fill(width),
        pathLength: 3 * width,
        draws: 1000,
        random: randomStream("test/chain", 4),
      });
      close(acceptance, 0.8, 0.05);
      assert.equal(divergences, 0);
    }
  });

  it("counts the paths that went wrong", () => {
    // one path finds no step size: beyond 2 the method is unstable, and the energy explodes
    const { divergences } = hamiltonianMonteCarlo({
      ...normal,
      logDensity: ([x]) => -(x * x) / 2,
      gradient: ([x]) => Float64Array.of(-x),
      start: Float64Array.of(1),
      warmUp: 1,
      draws: 1000,
      pathLength: 1000,
      random: randomStream("test/chain", 5),
    });
    assert.ok(divergences > 900, `${divergences}`);
  });

  const refused: [string, Partial<ChainOptions>, string][] = [
    ["draws", { draws: 0 }, "draws must be a whole number >= 1, got 0"],
    ["warmUp", { warmUp: 1.5 }, "warmUp must be a whole number >= 1, got 1.5"],
    ["pathLength", { pathLength: 0 }, "pathLength must be a finite number > 0, got 0"],
    [
      "start",
      { start: Float64Array.of(Number.NaN, 0) },
      "start must be a place with a finite log density, got one with NaN",
    ],
  ];
  for (const [name, change, message] of refused) {
    it(`refuses a wrong ${name}`, () => {
      assert.throws(() => hamiltonianMonteCarlo({ ...normal, ...change }), { name: "RangeError", message });
    });
  }
});
