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
  {
    file: "core/compile/known-numbers",
    before:
      "return precision <= SHORT.precision && minExponent >= SHORT.minExponent && maxExponent <= SHORT.maxExponent;",
    after:
      "return precision <= SHORT.precision && minExponent >= SHORT.minExponent && maxExponent < SHORT.maxExponent;",
    why: "a format just at the bound takes doubles instead of singles, to the same bits",
  },
  {
    file: "core/compile/step-code",
    before: "step.operands.every((view) => (view.rows === 1 && view.columns === 1) ||",
    after: "step.operands.every((view) => (view.rows === 1 && view.columns === 1) &&",
    why: "what could be done in one go is done row by row, to the same bits",
  },
  {
    file: "core/compile/sums",
    before: "for (let l = 0; 2 ** l <= count; l++) {",
    after: "for (let l = 0; 2 * l <= count; l++) {",
    why: "beyond its highest bit, no bit of the count is set",
  },
  {
    file: "core/network/recordings",
    before: "const MOST_TEXTS = 64;",
    after: "const MOST_TEXTS = 65;",
    why: "what is forgotten is only made again",
  },
  {
    file: "core/network/train-all",
    before:
      'const numbers = typeof arithmetic === "object" ? { ...arithmetic, seed: 0 } : { format: arithmetic };',
    after:
      'const numbers = typeof arithmetic === "object" ? { ...arithmetic, seed: 1 } : { format: arithmetic };',
    why: "any seed will do, as long as it is the same for all",
  },
];
