/** Mutants that no test can tell from the code, each with the reason; they are not run and count nowhere. */

interface Equivalent {
  readonly file: string;
  /** the line of the compiled file, and what it becomes */
  readonly before: string;
  readonly after: string;
  readonly why: string;
}

export const EQUIVALENT: readonly Equivalent[] = [];
