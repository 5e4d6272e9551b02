/** Where each function errs most, of all that worst-errors.ts has found. */
import type { FunctionName } from "./functions.js";

/** Arguments, and the error in ulps that the docstring states. */
export interface Worst {
  at: readonly number[];
  error: string;
}

/** By the names of the functions in core/elementary.ts and core/arctangent.ts. */
export const worst: Readonly<Record<FunctionName | "atan2" | "acos", Worst>> = {
  exp: { at: [-141.74477849602548], error: "0.609" },
  expm1: { at: [0.3477948357156959], error: "0.857" },
  tanh: { at: [-0.17694720321443932], error: "0.732" },
  log: { at: [1.4005654415914133], error: "0.655" },
  log1p: { at: [-0.2938222747266571], error: "0.661" },
  sin: { at: [0.8429378347110115], error: "0.779" },
  cos: { at: [2.337613243439037], error: "0.808" },
  atan2: { at: [-0.2460798900586824, 0.9662494036784206], error: "4.825" },
  acos: { at: [0.9689730755585008], error: "4.988" },
};
