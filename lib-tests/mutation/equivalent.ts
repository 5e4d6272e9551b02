/** Mutants that no test can tell from the code, each with the reason; they are not run and count nowhere. */

interface Equivalent {
  readonly file: string;
  /** the line of the compiled file, and what it becomes */
  readonly before: string;
  readonly after: string;
  readonly why: string;
}

export const EQUIVALENT: readonly Equivalent[] = [
  {
    file: "core/compile/batch-code",
    before: 'code.access("v128.load32_lane", 0, 2 * t);',
    after: 'code.access("v128.load32_lane", 0, 2 / t);',
    why: "keys are of two trainings side by side, so t is 1",
  },
  {
    file: "core/compile/elementary-code",
    before: "const below40 = choose(o.gt(x, number(-40)), result, number(-1));",
    after: "const below40 = choose(o.gt(x, number(-41)), result, number(-1));",
    why: "e^-40 is less than half a unit in the last place of 1",
  },
];
