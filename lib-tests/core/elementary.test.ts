import assert from "node:assert/strict";
import { cos, LARGEST_ANGLE, sin, tanh } from "../../src/core/elementary.js";
import { type RandomStream, randomStream } from "../../src/core/random.js";
import { errorInUlps, highPrecision } from "../support/high-precision.js";
import { type FunctionName, functionNames, functions } from "./functions.js";
import { hardCases } from "./hard-cases.js";

/** Where a function is measured. */
interface Where {
  name: FunctionName;
  /** Added to the test's title. */
  remark?: string;
  /** The error, in ulps, that its docstring states. */
  bound: number;
  /** Intervals with random points, uniform in each. */
  intervals: readonly (readonly [number, number])[];
  /** Random points of random magnitude, from 2^-1074 up to this; with both signs where the domain allows. */
  largest?: number;
  /**
   * Edges of the domain and of the pieces that the computation is made of; the neighbours are measured too.
   */
  edges: readonly number[];
}

const MAX = Number.MAX_VALUE;
const SMALLEST_NORMAL = 2 ** -1022;

/** `first`, `first + step`, … up to `last`. */
function range(first: number, last: number, step = 1): number[] {
  return Array.from({ length: Math.floor((last - first) / step) + 1 }, (_, i) => first + i * step);
}

/** Where exp's reduction goes from one power of two to the next. */
const breaksOfExp = (step: number, limit: number): number[] =>
  range(-limit, limit, step).map((k) => (k + 0.5) * Math.LN2);
const multiplesOfQuarterPi = [...range(-40, 40), ...range(41, 1_300_000, 7919)].map((k) => (k * Math.PI) / 4);
/** 29 and 204551 times pi/2: among all multiples below 2^20, the nearest ones to a double for their size. */
const nearestToMultiples = [45.553093477052, 321307.9594422229];

const angles: Omit<Where, "name"> = {
  bound: 0.9,
  intervals: [
    [-Math.PI / 4, Math.PI / 4],
    [0.7, 0.9],
    [-8, 8],
    [-LARGEST_ANGLE, LARGEST_ANGLE],
  ],
  largest: LARGEST_ANGLE,
  edges: [
    ...multiplesOfQuarterPi,
    ...nearestToMultiples.flatMap((x) => [x, -x, 2 * x]),
    1e-9,
    LARGEST_ANGLE,
    -LARGEST_ANGLE,
  ],
};

const measured: readonly Where[] = [
  {
    name: "exp",
    bound: 0.65,
    intervals: [
      [-0.35, 0.35],
      [-20, 20],
      [-708, 709],
    ],
    largest: 708,
    edges: [...breaksOfExp(9, 1021), 709.782712893384],
  },
  {
    name: "exp",
    remark: ", where that is subnormal",
    bound: 0.85,
    intervals: [
      [-746, -708],
      [-709, -708],
    ],
    edges: [-745.1332191019411, ...range(-1075, -1022).map((k) => k * Math.LN2)],
  },
  {
    name: "expm1",
    bound: 0.95,
    intervals: [
      [0.34, 0.36],
      [-0.35, 0.35],
      [-5, 5],
      [-41, 60],
      [37, 38],
    ],
    largest: 709,
    edges: [...breaksOfExp(1, 58), 40, -40, 2 ** -53, -(2 ** -54), 709.782712893384],
  },
  {
    name: "tanh",
    bound: 0.8,
    intervals: [
      [0.17, 0.18],
      [-0.6, 0.6],
      [-2, 2],
      [1.9, 23],
    ],
    largest: 500,
    edges: [...breaksOfExp(1, 6).map((x) => x / 2), 1e-9, 2, 19, 22],
  },
  {
    name: "log",
    bound: 0.75,
    intervals: [
      [0.69, 0.72],
      [0.5, 2],
      [0, 1000],
      [0, SMALLEST_NORMAL],
    ],
    largest: MAX,
    edges: [
      ...range(-1022, 1023, 5).flatMap((k) => [2 ** k, Math.SQRT2 * 2 ** k]),
      1,
      SMALLEST_NORMAL,
      2 ** -1060,
    ],
  },
  {
    name: "log1p",
    bound: 0.75,
    intervals: [
      [-0.31, -0.28],
      [-0.3, 0.42],
      [-1, 1],
      [1, 1000],
    ],
    largest: MAX,
    edges: [
      ...range(-50, 60).flatMap((k) => [2 ** k - 1, Math.SQRT2 * 2 ** k - 1]),
      ...range(-1022, 1023, 30).map((k) => 2 ** k),
      2 ** -53,
      -(2 ** -54),
      -1 + 2 ** -53,
    ],
  },
  { name: "sin", ...angles },
  { name: "cos", ...angles },
];

const inDomain: Record<FunctionName, (x: number) => boolean> = {
  exp: (x) => x > -746 && x <= 709.782712893384,
  expm1: (x) => x <= 709.782712893384,
  tanh: () => true,
  log: (x) => x > 0,
  log1p: (x) => x > -1,
  sin: (x) => Math.abs(x) <= LARGEST_ANGLE,
  cos: (x) => Math.abs(x) <= LARGEST_ANGLE,
};

/** The double that lies `steps` doubles further from zero than x, or nearer where negative. */
function neighbour(x: number, steps: number): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, x);
  view.setBigInt64(0, view.getBigInt64(0) + BigInt(steps));
  return view.getFloat64(0);
}

/** Random doubles from 0 to `largest`. */
function ofAnyMagnitude(random: RandomStream, largest: number): number[] {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, largest);
  const highest = view.getUint32(0);
  return Array.from({ length: 2000 }, () => {
    // Exponent and upper digits together are one whole number: uniform in it is uniform in magnitude.
    view.setUint32(0, random.below(highest));
    view.setUint32(4, random.below(2 ** 31) * 2);
    return view.getFloat64(0);
  });
}

function pointsFor({ name, intervals, largest, edges }: Where): number[] {
  const random = randomStream(`test/${name}`, 1);
  const inIntervals = intervals.flatMap(([from, to]) =>
    Array.from({ length: 1500 }, () => from + (to - from) * random.uniform()),
  );
  const magnitudes = largest === undefined ? [] : ofAnyMagnitude(random, largest);
  const nearEdges = edges.flatMap((x) => (x === 0 ? [] : range(-3, 3).map((steps) => neighbour(x, steps))));
  return [...inIntervals, ...magnitudes, ...magnitudes.map((x) => -x), ...nearEdges].filter(inDomain[name]);
}

describe("elementary functions", () => {
  for (const where of measured) {
    const { name, remark = "", bound } = where;
    it(`${name} is within ${bound} ulp of the true value${remark}`, () => {
      let worst = { x: 0, error: 0 };
      for (const x of pointsFor(where)) {
        const error = errorInUlps(functions[name](x), highPrecision[name](x));
        if (error > worst.error) worst = { x, error };
      }
      const { x, error } = worst;
      assert.ok(error < bound, `${name}(${x}) = ${functions[name](x)} is off by ${error} ulp`);
    });
  }

  for (const name of functionNames) {
    const { between, at } = hardCases[name];
    it(`${name} is next to the true value where that is hardest to round`, () => {
      const errors = (where: readonly number[]): number[] =>
        where.map((x) => errorInUlps(functions[name](x), highPrecision[name](x)));
      // in the middle between two doubles each is off by a half, and any other by more
      for (const error of errors(between)) assert.ok(Math.abs(error - 0.5) < 2 ** -39, `${error}`);
      for (const error of errors(at)) assert.ok(error < 2 ** -39, `${error}`);
    });
  }

  const special: [FunctionName, [x: number, value: number][]][] = [
    [
      "exp",
      [
        [NaN, NaN],
        [0, 1],
        [-0, 1],
        [Infinity, Infinity],
        [-Infinity, 0],
        [Number.MIN_VALUE, 1],
        [709.782712893384, 1.7976931348622732e308],
        [709.7827128933841, Infinity],
        [MAX, Infinity],
        [-745.1332191019411, Number.MIN_VALUE],
        [-745.1332191019412, 0],
        [-MAX, 0],
      ],
    ],
    [
      "expm1",
      [
        [NaN, NaN],
        [0, 0],
        [-0, -0],
        [Infinity, Infinity],
        [-Infinity, -1],
        [Number.MIN_VALUE, Number.MIN_VALUE],
        [-Number.MIN_VALUE, -Number.MIN_VALUE],
        [709.7827128933841, Infinity],
        [-MAX, -1],
      ],
    ],
    [
      "tanh",
      [
        [NaN, NaN],
        [0, 0],
        [-0, -0],
        [Infinity, 1],
        [-Infinity, -1],
        [-Number.MIN_VALUE, -Number.MIN_VALUE],
        [MAX, 1],
        [-MAX, -1],
      ],
    ],
    [
      "log",
      [
        [NaN, NaN],
        [0, -Infinity],
        [-0, -Infinity],
        [1, 0],
        [Infinity, Infinity],
        [-Infinity, NaN],
        [-Number.MIN_VALUE, NaN],
        [Number.MIN_VALUE, -744.4400719213812],
        [MAX, 709.782712893384],
      ],
    ],
    [
      "log1p",
      [
        [NaN, NaN],
        [0, 0],
        [-0, -0],
        [Number.MIN_VALUE, Number.MIN_VALUE],
        [-Number.MIN_VALUE, -Number.MIN_VALUE],
        [-1, -Infinity],
        [-1.0000000000000002, NaN],
        [Infinity, Infinity],
        [-Infinity, NaN],
        [MAX, 709.782712893384],
      ],
    ],
    [
      "sin",
      [
        [NaN, NaN],
        [0, 0],
        [-0, -0],
        [Number.MIN_VALUE, Number.MIN_VALUE],
        [Infinity, NaN],
        [-Infinity, NaN],
        [neighbour(LARGEST_ANGLE, 1), NaN],
        [neighbour(-LARGEST_ANGLE, 1), NaN],
      ],
    ],
    [
      "cos",
      [
        [NaN, NaN],
        [0, 1],
        [-0, 1],
        [Infinity, NaN],
        [-Infinity, NaN],
        [neighbour(LARGEST_ANGLE, 1), NaN],
        [neighbour(-LARGEST_ANGLE, 1), NaN],
      ],
    ],
  ];
  for (const [name, values] of special) {
    it(`${name} has its special values`, () => {
      // deepEqual tells 0 from -0 and takes NaN for equal to NaN
      assert.deepEqual(
        values.map(([x]) => [x, functions[name](x)]),
        values,
      );
    });
  }

  const rising: [FunctionName, number, number][] = [
    ["exp", -708, 709],
    ["expm1", -30, 30],
    ["tanh", -3, 3],
    ["log", 1e-3, 100],
    ["log1p", -0.99, 10],
    ["sin", -1.5, 1.5],
    ["cos", -3, -0.1],
  ];
  for (const [name, from, to] of rising) {
    it(`${name} rises from ${from} to ${to}`, () => {
      const grid = range(0, 20_000).map((i) => from + ((to - from) * i) / 20_000);
      const fall = grid.findIndex((x, i) => i > 0 && functions[name](x) <= functions[name](grid[i - 1]));
      assert.equal(fall, -1, `${name} does not rise before ${grid[fall]}`);
    });
  }

  it("sin and tanh are odd and cos is even, to the bit", () => {
    for (const x of pointsFor({ name: "sin", ...angles })) {
      assert.equal(sin(-x), -sin(x));
      assert.equal(cos(-x), cos(x));
      assert.equal(tanh(-x), -tanh(x));
    }
  });
});
