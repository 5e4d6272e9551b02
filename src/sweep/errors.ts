/** Errors of a sweep; they keep the results so far. */
import { inspect } from "node:util";

/** A point of the grid at which the experiment failed. */
export interface SweepFailure<Point = unknown> {
  /** Position in the grid, counted from 0. */
  index: number;
  /** The hyperparameters there. */
  point: Point;
  /** What the experiment threw, or why its worker died. */
  error: Error;
}

/** Number of failures that the message spells out. */
const SPELT_OUT = 3;
/** Number of characters shown of a point's hyperparameters. */
const POINT_TEXT = 300;

/** Thrown when some points of a sweep failed; keeps the results of the others. */
export class SweepError<Point = unknown, Result = unknown> extends Error {
  override name = "SweepError";
  // behind accessors, because a notebook prints an error with its own properties, and these may be long
  readonly #results: readonly (Result | undefined)[];
  readonly #failures: readonly SweepFailure<Point>[];

  /**
   * @param results - in the order of the grid
   * @param failures - in the order of the grid
   */
  constructor(
    results: readonly (Result | undefined)[],
    failures: readonly SweepFailure<Point>[],
    message: string = failuresText(failures, results.length),
    cause: unknown = failures[0]?.error,
  ) {
    super(message, { cause });
    this.#results = results;
    this.#failures = failures;
  }

  /** One result per point, in the order of the grid; undefined where there is none. */
  get results(): readonly (Result | undefined)[] {
    return this.#results;
  }

  /** The points that failed, in the order of the grid. */
  get failures(): readonly SweepFailure<Point>[] {
    return this.#failures;
  }
}

/** Thrown when a sweep was stopped; keeps the results so far. `cause` is what stopped it. */
export class SweepInterruptedError<Point = unknown, Result = unknown> extends SweepError<Point, Result> {
  override name = "SweepInterruptedError";

  /**
   * @param done - number of finished points, including failures
   * @param reason - what stopped it
   */
  constructor(
    results: readonly (Result | undefined)[],
    failures: readonly SweepFailure<Point>[],
    done: number,
    reason: unknown,
  ) {
    const why = reason instanceof Error ? reason.message : String(reason);
    super(results, failures, `interrupted after ${done} of ${results.length} points: ${why}`, reason);
  }
}

function failuresText(failures: readonly SweepFailure[], total: number): string {
  const lines = failures.slice(0, SPELT_OUT).map(({ index, point, error }) => {
    const text = inspect(point, { breakLength: Number.POSITIVE_INFINITY, maxArrayLength: 10 });
    const shown = text.length > POINT_TEXT ? `${text.slice(0, POINT_TEXT)}...` : text;
    return `  point ${index}, ${shown}: ${error.name}: ${error.message}`;
  });
  if (failures.length > SPELT_OUT) lines.push(`  and ${failures.length - SPELT_OUT} more`);
  return `the experiment failed at ${failures.length} of ${total} points:\n${lines.join("\n")}`;
}
