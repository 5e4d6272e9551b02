/**
 * Writes the instructions of primitives for blocks of their results: neighbours in a vector, several vectors side by side.
 */

import type { RoundingPhase } from "../arithmetic/counters.js";
import type { Code, Instruction } from "./code.js";
import { type Access, type Block, type Elements, type Index, type Layout, START } from "./elements.js";
import { type Group, isReduction, isWhole, type Step } from "./groups.js";
import type { KnownNumbers } from "./known-numbers.js";
import type { Memory } from "./memory.js";
import type { PhaseCode } from "./phase-code.js";
import type { Recording, ValueView } from "./recording.js";
import { type Reduction, type SumContext, type Sums, writeSums } from "./sums.js";

/** What the sections of a module share. */
export interface ModuleContext {
  recording: Recording;
  layout: Layout;
  memory: Memory;
  /** Addresses of values. */
  addresses: readonly number[];
  phases: Readonly<Record<RoundingPhase, PhaseCode>>;
  known: KnownNumbers;
  /** Values that are read from memory; others need not be stored. */
  wanted: Set<number>;
  /** Address for partial sums. */
  scratch: number;
  /** Whether everything is straight-line code. */
  isStraight: boolean;
}

/** The order in which a group's results are computed. */
export interface Form {
  columns: number;
  /** Whether there is one column, along which vectors lie. */
  isColumn: boolean;
  /** Whether rows can be joined, because they follow each other in the operands as well. */
  isFlat: boolean;
  /** The number of rows, and the length of each. */
  outerCount: number;
  innerCount: number;
}

/** Chooses the order in which to compute the results of a group. */
export function formOf({ primitives, rows, columns }: Group, values: Recording["values"]): Form {
  const isColumn = columns === 1;
  const isFlat = primitives.every(
    (step) =>
      !isReduction(step) &&
      step.operands.every(
        (view) =>
          (view.rows === 1 && view.columns === 1) ||
          (isWhole(view, values) && view.rows === rows && view.columns === columns),
      ),
  );
  const outerCount = isFlat || isColumn ? 1 : rows;
  const innerCount = isFlat ? rows * columns : isColumn ? rows : columns;
  return { columns, isColumn, isFlat, outerCount, innerCount };
}

/** Maximal number of terms for a sum that is written out. */
export const SHORT_SUM = 16;
/** Vector instructions without the type of the lanes. */
type Operation =
  | "add"
  | "sub"
  | "mul"
  | "div"
  | "sqrt"
  | "abs"
  | "neg"
  | "eq"
  | "ne"
  | "gt"
  | "lt"
  | "le"
  | "max"
  | "splat";

const OPERATIONS: Partial<Record<Step["operation"], Operation>> = {
  add: "add",
  subtract: "sub",
  multiply: "mul",
  divide: "div",
  sqrt: "sqrt",
  abs: "abs",
  negate: "neg",
};

const EXACT = new Set<Step["operation"]>(["abs", "negate", "maximum", "greater", "select", "copy"]);

/** Approximate number of instructions of a primitive per vector of its result. */
export function lengthOf({ operation, operands, phase }: Step, phases: ModuleContext["phases"]): number {
  const { round, accumulate } = phases[phase];
  const [{ rows, columns }] = operands;
  if (EXACT.has(operation)) return 4;
  switch (operation) {
    case "product":
      return columns * (4 + 2 * accumulate.length);
    case "sumRows":
    case "count":
      return rows * (2 + accumulate.length);
    case "sumColumns":
      return columns * (2 + accumulate.length);
    case "rank":
      return columns * 8;
    default:
      return 3 + round.length;
  }
}

/** Number of terms of a sum. */
export function termsOf({ operation, operands: [{ rows, columns }] }: Step): number {
  return operation === "sumRows" || operation === "count" ? rows : columns;
}

/** Writes the primitives of a group. */
export class StepWriter {
  /** @param numbers - values that are constants */
  constructor(
    private readonly code: Code,
    private readonly elements: Elements,
    private readonly form: Form,
    private readonly context: ModuleContext,
    private readonly numbers: ReadonlyMap<number, number>,
  ) {}

  /** Writes each step for each block. */
  write(steps: readonly Step[], blocks: readonly Block[]): void {
    for (const step of steps) {
      if (isReduction(step)) {
        const [sums] = writeSums(this.sumContext, [this.sums(step, blocks)]);
        this.putSums(step, blocks, sums);
        continue;
      }
      const reads = step.operands.map((view) => this.alike(view));
      for (const block of blocks) {
        this.writeElement(
          step,
          reads.map((access) => () => this.elements.push(access, block)),
        );
        this.elements.put(this.resultOf(step), block);
      }
    }
  }

  private resultOf({ result }: Step): Access {
    const outer = this.form.outerCount === 1 ? 0 : this.form.columns;
    return { value: result, from: 0, outer, inner: 1, along: 0 };
  }

  // ---- operands ----

  /** An operand whose elements correspond to those of the result. */
  private alike(view: ValueView): Access {
    const { down, right, start } = this.strides(view);
    if (this.form.isFlat) return { ...start, inner: view.rows * view.columns === 1 ? 0 : 1 };
    return this.form.isColumn ? { ...start, inner: down } : { ...start, outer: down, inner: right };
  }

  private strides(view: ValueView): { down: number; right: number; start: Access } {
    const width = this.context.recording.values[view.value].columns;
    const [down, right] = view.isTransposed ? [1, width] : [width, 1];
    const start = { value: view.value, from: view.from, outer: 0, inner: 0, along: 0 };
    return { down: view.rows === 1 ? 0 : down, right: view.columns === 1 ? 0 : right, start };
  }

  // ---- primitives ----

  private op(...names: readonly Operation[]): void {
    for (const name of names) this.code.op(`${this.context.layout.shape}.${name}` as Instruction);
  }

  private constant(number: number): void {
    this.code.constant(this.context.memory.number(number, this.context.layout.shape));
  }

  /** Pushes the result of an element-by-element operation. */
  private writeElement(step: Step, [a, b, c]: readonly (() => void)[]): void {
    const { code } = this;
    const { operation, operands, phase } = step;
    const { round, convert, writeElementary } = this.context.phases[phase];
    const { known } = this.context;
    switch (operation) {
      case "select":
        b();
        c();
        a();
        code.zero();
        this.op("ne");
        code.op("v128.bitselect");
        return;
      case "greater":
        a();
        b();
        this.op("gt");
        this.constant(1);
        code.op("v128.and");
        return;
      case "maximum":
        this.writeMaximum(operands, a, b);
        return;
      case "copy":
        a();
        return;
      case "convert":
        a();
        if (!known.isNumber(operands[0], convert.format)) convert.write(code);
        return;
      case "exp":
      case "expm1":
      case "log":
      case "log1p":
      case "tanh":
        a();
        writeElementary(operation, code);
        return;
    }
    a();
    b?.();
    this.op(OPERATIONS[operation] as Operation);
    if (!EXACT.has(operation) && !this.isExact(step)) round.write(code);
  }

  /** Whether a product needs no rounding because one factor is 0 or 1. */
  private isExact({ operation, operands: [a, b], phase }: Step): boolean {
    if (operation !== "multiply") return false;
    const { known, phases } = this.context;
    const { round } = phases[phase];
    return (
      (known.isBit(a) && known.isNumber(b, round.format)) ||
      (known.isBit(b) && known.isNumber(a, round.format))
    );
  }

  /** Math.max, which is faster if one of the two is a constant. */
  private writeMaximum(operands: readonly ValueView[], a: () => void, b: () => void): void {
    const { code } = this;
    const place = operands.findIndex(({ value }) => this.numbers.has(value));
    const number = this.numbers.get(operands[place]?.value) ?? Number.NaN;
    if (Number.isNaN(number) || Object.is(number, -0)) {
      a();
      b();
      this.op("max");
      return;
    }
    const [other, limit] = place === 1 ? [a, b] : [b, a];
    const local = code.local();
    other();
    code.set(local);
    if (number !== 0) limit();
    code.get(local);
    code.get(local);
    limit();
    this.op("le"); // false for NaN
    code.op(number === 0 ? "v128.andnot" : "v128.bitselect");
  }

  get sumContext(): SumContext {
    const { layout, scratch, isStraight } = this.context;
    const longest = isStraight ? Number.POSITIVE_INFINITY : SHORT_SUM;
    return { code: this.code, elements: this.elements, layout, scratch, longest };
  }

  sums(step: Step, blocks: readonly Block[]): Sums {
    const reduction = this.reduction(step);
    const isSingle =
      this.form.outerCount * this.form.innerCount === 1 &&
      this.context.layout.neighbours > 1 &&
      step.operation !== "rank";
    return { blocks, reduction, isSingle };
  }

  putSums(step: Step, blocks: readonly Block[], sums: readonly number[]): void {
    const { round, accumulate } = this.context.phases[step.phase];
    const isExact = step.operation === "count" || step.operation === "rank";
    blocks.forEach((block, i) => {
      this.code.get(sums[i]);
      if (!isExact && accumulate !== round) round.write(this.code);
      this.elements.put(this.resultOf(step), block);
    });
  }

  /** The sums that give the elements of the result. */
  reduction(step: Step): Reduction {
    const { code, context } = this;
    const { operation, operands, phase } = step;
    const { accumulate, summation } = context.phases[phase];
    const [first, second] = operands;
    const a = this.strides(first);
    const left = this.form.isColumn ? { inner: a.down } : { outer: a.down };
    const isExact = operation === "count" || operation === "rank";
    const areNumbers = operation === "product" || context.known.isNumber(first, accumulate.format);
    const common = {
      count: termsOf(step),
      summation: isExact ? ("sequential" as const) : summation,
      isBrief: isExact || accumulate.length === 0,
      add: (isFirst: boolean): void => {
        this.op("add");
        if (isExact || (isFirst && areNumbers)) return;
        accumulate.write(code, areNumbers ? "sum" : "alone");
      },
    };
    switch (operation) {
      case "product": {
        const b = this.strides(second);
        return {
          ...common,
          accesses: [
            { ...a.start, ...left, along: a.right },
            { ...b.start, inner: this.form.isColumn ? 0 : b.right, along: b.down },
          ],
          term: (_block, _along, [x, y]) => {
            x();
            y();
            this.op("mul");
            accumulate.write(code, "term");
          },
        };
      }
      case "rank":
        return {
          ...common,
          accesses: [{ ...a.start, ...left, along: a.right }, this.alike(first)],
          term: ({ inner }, along, [other, self]) => {
            other();
            self();
            this.op("gt");
            other();
            self();
            this.op("eq");
            this.pushIndex(along, 0);
            if (this.form.isColumn) this.pushIndex(START, 0);
            else this.pushIndex(inner, 1);
            this.op("lt");
            code.op("v128.and", "v128.or");
            this.constant(1);
            code.op("v128.and");
          },
        };
      default: {
        const [along, inner] = operation === "sumColumns" ? [a.right, a.down] : [a.down, a.right];
        return {
          ...common,
          accesses: [{ ...a.start, inner, along }],
          term: (_block, _along, [x]) => {
            x();
            if (operation !== "count") return;
            code.zero();
            this.op("ne");
            this.constant(1);
            code.op("v128.and");
          },
        };
      }
    }
  }

  /** Pushes the index as a number in every lane, `step` larger in each following lane. */
  private pushIndex({ local, constant }: Index, step: number): void {
    const { code } = this;
    const { layout, memory } = this.context;
    code.constant(memory.ascending(constant, layout.neighbours > 1 ? step : 0, layout.shape));
    if (local === undefined) return;
    code.get(local);
    code.op(layout.shape === "f64x2" ? "f64.convert_i32_s" : "f32.convert_i32_s");
    this.op("splat", "add");
  }
}
