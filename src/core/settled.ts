/** The outcome of something that may fail: its result, or the error it threw. */
export type Settled<Result> = { result: Result } | { error: unknown };

/** Calls a function and catches what it throws. */
export function settle<Result>(make: () => Result): Settled<Result> {
  try {
    return { result: make() };
  } catch (error) {
    return { error };
  }
}

/**
 * Returns the result.
 *
 * @throws the error, if there is one instead
 */
export function resultOf<Result>(settled: Settled<Result>): Result {
  if ("error" in settled) throw settled.error;
  return settled.result;
}
