/** The functions whose errors are searched for, and where. */
import { acos, atan2 } from "../../src/core/arctangent.js";
import { LARGEST_ANGLE } from "../../src/core/elementary.js";
import { errorInUlps, highPrecision, highPrecisionAngles } from "../support/high-precision.js";
import { type FunctionName, functionNames, functions } from "./functions.js";

type Interval = readonly [from: number, to: number];

/** A function of one argument or two. */
export interface Searched {
  name: FunctionName | "atan2" | "acos";
  /** Its error in ulps, by exact arithmetic. */
  errorAt(...at: number[]): number;
  /** Where arguments are drawn: for each of these boxes, an interval for every argument. */
  boxes: readonly (readonly Interval[])[];
}

const angles: readonly Interval[] = [
  [-0.8, 0.8],
  [-8, 8],
  [-LARGEST_ANGLE, LARGEST_ANGLE],
];

const intervals: Readonly<Record<FunctionName, readonly Interval[]>> = {
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
  sin: angles,
  cos: angles,
};

export const searched: readonly Searched[] = [
  ...functionNames.map(
    (name): Searched => ({
      name,
      errorAt: (x) => errorInUlps(functions[name](x), highPrecision[name](x)),
      boxes: intervals[name].map((interval) => [interval]),
    }),
  ),
  {
    name: "atan2",
    errorAt: (y, x) => errorInUlps(atan2(y, x), highPrecisionAngles.atan2(y, x)),
    boxes: [
      [
        [-1, 1],
        [-1, 1],
      ],
    ],
  },
  {
    name: "acos",
    errorAt: (x) => errorInUlps(acos(x), highPrecisionAngles.acos(x)),
    boxes: [[[-1, 1]]],
  },
];
