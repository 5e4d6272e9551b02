/** What came of something that may fail: its result, or what it threw. */
export type Settled<Result> = { result: Result } | { error: unknown };

/** Does something, and keeps what it throws. */
export function settle<Result>(make: () => Result): Settled<Result> {
  try {
    return { result: make() };
  } catch (error) {
    return { error };
  }
}

/**
 * The result.
 *
 * @throws the error, where there is one instead
 */
export function resultOf<Result>(settled: Settled<Result>): Result {
  if ("error" in settled) throw settled.error;
  return settled.result;
}
