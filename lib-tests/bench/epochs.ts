/** An epoch of the same training, by everybody, in one kind of numbers. */
import type { FormatName } from "../../src/core/arithmetic/formats.js";
import { c } from "./c.js";
import type { Child } from "./child.js";
import { type Contender, measure, type Result } from "./contender.js";
import { mlMatrix, ourPath } from "./ours.js";
import { python } from "./python.js";
import type { Task } from "./task.js";

/** The kinds of numbers, as the format is called here. */
export type EpochFormat = Extract<FormatName, "binary64" | "binary32" | "binary16">;

/** All kinds of numbers. */
export const formats: readonly EpochFormat[] = ["binary64", "binary32", "binary16"];

/** Epochs of the warm-up, after which all must have come to the same loss. */
const WARM_UP = 200;

/**
 * Others sum in another order, or round elsewhere: relative differences of the loss that we put down to that.
 */
const TOLERANCE: Record<EpochFormat, number> = { binary64: 1e-9, binary32: 1e-4, binary16: 0.1 };

/**
 * Measures seconds per epoch. Our machine is the first result.
 *
 * @param onVersion - told what each of the others says it is
 */
export async function measureEpochs(
  format: EpochFormat,
  task: Task,
  rounds: number,
  onVersion: (version: string) => void,
): Promise<Result[]> {
  const tolerance = TOLERANCE[format];
  const numpy = { library: "numpy", tolerance } as const;
  const torch = { name: "PyTorch", library: "torch", tolerance } as const;
  const others: Record<EpochFormat, () => Promise<Child | undefined>[]> = {
    binary64: () => [
      c("double", tolerance, task),
      python({ ...numpy, name: "NumPy", type: "float64" }, task),
      python({ ...torch, type: "float64" }, task),
    ],
    binary32: () => [
      c("float", tolerance, task),
      python({ ...numpy, name: "NumPy", type: "float32" }, task),
      python({ ...torch, type: "float32" }, task),
    ],
    binary16: () => [
      python({ ...numpy, name: "NumPy", type: "float16" }, task),
      python(
        { ...numpy, name: "NumPy, each operation", library: "numpy-each-operation", type: "float16" },
        task,
      ),
    ],
  };
  const children = (await Promise.all(others[format]())).filter((child) => child !== undefined);
  for (const { version } of children) onVersion(version);
  const contenders: Contender[] = [
    ourPath("machine", format, task),
    ourPath("eager", format, task),
    ...(format === "binary64" ? [mlMatrix(task)] : []),
    ...children,
  ];
  try {
    return await measure(contenders, WARM_UP, rounds);
  } finally {
    for (const child of children) child.close?.();
  }
}
