/**
 * Looks for the arguments where the functions of elementary.ts and arctangent.ts err most, by exact arithmetic:
 *
 *     node dist/lib-tests/core/worst-errors.js 20000
 *
 * From each interval that many arguments are drawn; from the hundred worst it climbs, by 1000 steps each to arguments nearby that are
 * worse. What it prints stands in the docstrings and in worst.ts.
 */
import { acos, atan2 } from "../../src/core/arctangent.js";
import { LARGEST_ANGLE } from "../../src/core/elementary.js";
import { randomStream } from "../../src/core/random.js";
import {
  errorInUlps,
  type FixedPoint,
  highPrecision,
  highPrecisionAngles,
} from "../support/high-precision.js";
import { type FunctionName, functionNames, functions } from "./functions.js";

/** A function of one argument or two, what is true, and where arguments are drawn: uniform in an interval each. */
interface Searched {
  name: string;
  of: (x: number, y: number) => number;
  exact: (x: number, y: number) => FixedPoint;
  intervals: readonly (readonly [from: number, to: number])[];
  /** That of the second argument. */
  second?: readonly [from: number, to: number];
}

const intervals: Record<FunctionName, Searched["intervals"]> = {
  exp: [
    [-0.35, 0.35],
    [-708, 709],
  ],
  expm1: [
    [-0.35, 0.35],
    [0.34, 1.1],
    [-40, 40],
  ],
  tanh: [
    [-0.6, 0.6],
    [0, 3],
  ],
  log: [
    [0.7, 1.42],
    [0, 1000],
  ],
  log1p: [
    [-0.3, 0.42],
    [-1, 1],
    [1, 1000],
  ],
  sin: [
    [-0.8, 0.8],
    [-8, 8],
    [-LARGEST_ANGLE, LARGEST_ANGLE],
  ],
  cos: [
    [-0.8, 0.8],
    [-8, 8],
    [-LARGEST_ANGLE, LARGEST_ANGLE],
  ],
};

const searched: readonly Searched[] = [
  ...functionNames.map((name) => ({
    name,
    of: functions[name],
    exact: highPrecision[name],
    intervals: intervals[name],
  })),
  { name: "atan2", of: atan2, exact: highPrecisionAngles.atan2, intervals: [[-1, 1]], second: [-1, 1] },
  { name: "acos", of: acos, exact: highPrecisionAngles.acos, intervals: [[-1, 1]] },
];

/** Where a function errs, and by how many ulps. */
interface Found {
  at: [x: number, y: number];
  error: number;
}

/** The worst that is found. */
function worst({ name, of, exact, intervals, second = [0, 0] }: Searched, draws: number): Found {
  const random = randomStream(`worst/${name}`, 1);
  const within = ([from, to]: readonly [number, number]): number => from + (to - from) * random.uniform();
  const found = (at: [number, number]): Found => ({ at, error: errorInUlps(of(...at), exact(...at)) });
  const [from, to] = [Math.min(...intervals.flat()), Math.max(...intervals.flat())];
  const nearby = (x: number): number =>
    Math.min(Math.max(x * (1 + (random.uniform() - 0.5) * 2 ** (-6 - random.below(44))), from), to);
  const best = intervals
    .flatMap((interval) => Array.from({ length: draws }, () => found([within(interval), within(second)])))
    .sort((a, b) => b.error - a.error)
    .slice(0, 100);
  const climbed = best.map((start) => {
    let here = start;
    for (let i = 0; i < 1000; i++) {
      const there = found([nearby(here.at[0]), nearby(here.at[1])]);
      if (there.error > here.error) here = there;
    }
    return here;
  });
  return climbed.sort((a, b) => b.error - a.error)[0];
}

for (const one of searched) {
  const { at, error } = worst(one, Number(process.argv[2] ?? 20_000));
  console.log(`${one.name}(${one.second ? at : at[0]}): ${error.toFixed(4)} ulp`);
}
