import assert from "node:assert/strict";
import { lyapunovExponent, type State } from "../../../src/experiments/butterfly-effect/lyapunov.js";

const both =
  (map: (state: State) => State) =>
  (reference: State, shadow: State): [State, State] => [map(reference), map(shadow)];

/** Looks after each step, and goes no step again. */
const stepwise = { limit: 1e9, stretch: 1, period: 1 };

const near = (value: number, expected: number, tolerance: number): void =>
  assert.ok(Math.abs(value - expected) < tolerance, `${value}, not ${expected}`);

describe("the finite-time Lyapunov exponent", () => {
  it("of the logistic map x -> 4 x (1 - x) is ln 2", () => {
    const { exponent } = lyapunovExponent({
      start: Float64Array.of(0.3),
      direction: Float64Array.of(1),
      separation: 1e-9,
      steps: 50_000,
      leash: 1,
      ...stepwise,
      advance: both((state) => state.map((x) => 4 * x * (1 - x))),
    });
    near(exponent, Math.LN2, 0.01);
  });

  it("of the cat map is the logarithm of (3 + √5) / 2, from any direction", () => {
    for (const direction of [Float64Array.of(1, 0), Float64Array.of(1, -5)]) {
      const { exponent, farthest } = lyapunovExponent({
        start: Float64Array.of(0.2, 0.7),
        direction,
        separation: 1e-9,
        steps: 200,
        leash: 0,
        ...stepwise,
        advance: (reference, shadow) => {
          const turn = ([x, y]: State): number[] => [2 * x + y, x + y];
          const image = turn(reference);
          // back to the torus, both by the same whole numbers
          return [image, turn(shadow)].map((state) =>
            Float64Array.from(state, (value, k) => value - Math.floor(image[k])),
          ) as [State, State];
        },
      });
      const expected = Math.log((3 + Math.sqrt(5)) / 2);
      near(exponent, expected, 0.02);
      near(Math.log(farthest / 1e-9), expected, 1e-3);
    }
  });

  it("is not cut short by saturation: the shadow is put back before it gets far, and that is told", () => {
    // x -> 3 x on a circle: nothing on it is farther away than 1/2
    const tripled = (leash: number): ReturnType<typeof lyapunovExponent> =>
      lyapunovExponent({
        start: Float64Array.of(0.1234),
        direction: Float64Array.of(1),
        separation: 1e-9,
        steps: 300,
        leash,
        ...stepwise,
        advance: both((state) => state.map((x) => (3 * x) % 1)),
      });
    const short = tripled(2);
    assert.ok(short.farthest < 1e-7, `${short.farthest}`);
    near(short.exponent, Math.log(3), 1e-3);
    const long = tripled(1000);
    assert.ok(long.farthest > 0.1 && long.exponent < 0.1, "on a long leash it saturates, and shows it");
  });

  it("goes a stretch again in halves that takes the shadow too far, and no step twice in the result", () => {
    const ends: number[][] = [];
    const { exponent, farthest } = lyapunovExponent({
      start: Float64Array.of(0),
      direction: Float64Array.of(1),
      separation: 1e-9,
      steps: 40,
      leash: 1,
      limit: 1e-6,
      stretch: 8,
      period: 20,
      advance: (reference, shadow, { from, to, isReferenceMoved }) => {
        if (!isReferenceMoved) ends.push([]);
        ends[ends.length - 1].push(to);
        // calm at first, then a factor of 10 a step
        const factor = Array.from({ length: to - from }, (_, i) => (from + i < 25 ? 1 : 10));
        const grow = (state: State): State => state.map((x) => factor.reduce((value, by) => value * by, x));
        return [grow(reference), grow(shadow)];
      },
    });
    assert.ok(farthest <= 1e-6 * 1.0001, `${farthest}`);
    near(exponent, (15 * Math.LN10) / 40, 1e-6);
    assert.deepEqual(ends.slice(0, 3), [[8], [16], [20]], "and none goes across a period");
    assert.ok(ends.some((tried) => tried.length > 1));
    assert.equal(ends[ends.length - 1].at(-1), 40);
  });

  it("is negative where states come together", () => {
    const { exponent } = lyapunovExponent({
      start: Float64Array.of(3, 4),
      direction: Float64Array.of(1, 1),
      separation: 1e-9,
      steps: 30,
      leash: 1,
      ...stepwise,
      advance: both((state) => state.map((x) => x / 2)),
    });
    near(exponent, -Math.LN2, 1e-6);
  });

  it("is minus infinity where they become one, and no number where a state is none", () => {
    const followed = (map: (state: State) => State): ReturnType<typeof lyapunovExponent> =>
      lyapunovExponent({
        start: Float64Array.of(1),
        direction: Float64Array.of(1),
        separation: 1e-9,
        steps: 10,
        leash: 1,
        ...stepwise,
        advance: both(map),
      });
    const one = followed((state) => state.map(() => 7));
    assert.equal(one.exponent, Number.NEGATIVE_INFINITY);
    const none = followed((state) => state.map(() => Number.NaN));
    assert.deepEqual(none, { exponent: Number.NaN, farthest: Number.NaN });
  });
});
