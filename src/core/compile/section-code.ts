/**
 * The instructions of a section: groups of primitives, each in straight-line code where that is short, in loops where
 * it is not. A vector holds neighbours of a row of the result.
 */

import type { RoundingPhase } from "../arithmetic/counters.js";
import { Code, type Instruction } from "./code.js";
import { type Access, type Block, Elements, type Index, type Layout, START } from "./elements.js";
import { type Group, groupsOf, isReduction, isWhole, type Step } from "./groups.js";
import type { KnownNumbers } from "./known-numbers.js";
import type { Memory } from "./memory.js";
import type { PhaseCode } from "./phase-code.js";
import type { Recording, Section, ValueView } from "./recording.js";
import { type Reduction, type SumContext, writeSingleSum, writeSums } from "./sums.js";

/** What sections of a module have in common. */
export interface ModuleContext {
  recording: Recording;
  layout: Layout;
  memory: Memory;
  /** Where each value stands. */
  addresses: readonly number[];
  phases: Readonly<Record<RoundingPhase, PhaseCode>>;
  known: KnownNumbers;
  /** Values that are read from memory; others need not be stored. */
  wanted: Set<number>;
  /** Where partial sums may be put. */
  scratch: number;
  /** Whether all is straight-line code. */
  isStraight: boolean;
}

/** Instructions of a loop's body beyond which it is not made longer. */
const LONG_BODY = 120;
/** Terms of a sum up to which it is written out. */
const SHORT_SUM = 16;
/** Sums that go on side by side. */
const SUMS = 12;

/** Instructions of vectors, but for what is in them. */
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

/** Instructions that a primitive takes for a vector of its result, about. */
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

/** The function of a section. */
export function sectionCode(section: Section, context: ModuleContext): Code {
  const code = new Code(context.layout.trainings === 1 ? [] : ["i32"]);
  const { values, constants } = context.recording;
  const numbers = new Map(constants.map(({ value, number }) => [value, number]));
  const { layout, memory, addresses, wanted } = context;
  const elements = new Elements(code, layout, memory, addresses, numbers, wanted);
  elements.inScope(() => {
    for (const group of groupsOf(section.primitives, values))
      new GroupWriter(code, elements, group, context, numbers).write();
    for (const { from, to } of section.carries) {
      elements.forget(to);
      const copy: Step = { operation: "copy", phase: "evaluation", operands: [from], result: to };
      new GroupWriter(code, elements, { primitives: [copy], ...values[to] }, context, numbers).write();
    }
  });
  return code;
}

/** Writes a group. */
class GroupWriter {
  private readonly isColumn: boolean;
  private readonly isFlat: boolean;
  /** Shape of the result, as it is gone through: row by row, or all in a row. */
  private readonly outerCount: number;
  private readonly innerCount: number;

  constructor(
    private readonly code: Code,
    private readonly elements: Elements,
    private readonly group: Group,
    private readonly context: ModuleContext,
    private readonly numbers: ReadonlyMap<number, number>,
  ) {
    const { primitives, rows, columns } = group;
    const { values } = context.recording;
    this.isColumn = columns === 1;
    this.isFlat = primitives.every(
      (step) =>
        !isReduction(step) &&
        step.operands.every(
          (view) =>
            (view.rows === 1 && view.columns === 1) ||
            (isWhole(view, values) && view.rows === rows && view.columns === columns),
        ),
    );
    this.outerCount = this.isFlat || this.isColumn ? 1 : rows;
    this.innerCount = this.isFlat ? rows * columns : this.isColumn ? rows : columns;
  }

  // ---- loops ----

  write(): void {
    const { code, elements, outerCount, innerCount } = this;
    const { isStraight, phases } = this.context;
    const { primitives } = this.group;
    const { neighbours } = this.context.layout;
    const vectors = Math.ceil(innerCount / neighbours);
    const length = primitives.reduce((sum, step) => sum + lengthOf(step, phases), 0);
    const isLongSum = primitives.some((step) => isReduction(step) && termsOf(step) > SHORT_SUM);
    const isWrittenOut = isStraight || outerCount * vectors * length <= LONG_BODY;
    const most = isLongSum ? SUMS : Math.max(1, Math.floor(LONG_BODY / length));
    if (isWrittenOut || outerCount * vectors <= most) {
      const rows = Array.from({ length: outerCount }, (_, o) => this.blocks({ constant: o }, START, vectors));
      this.writeTile(rows.flat());
      return;
    }
    const tile = Math.min(vectors, isLongSum && vectors > SUMS ? 8 : most);
    const writeRow = (outer: Index): void => {
      const tiles = tile < vectors ? Math.floor(Math.floor(innerCount / neighbours) / tile) : 0;
      const step = tile * neighbours;
      if (tiles > 1) {
        const local = code.local("i32");
        code.count(local, 0, tiles * step, step, () =>
          elements.inScope(() => this.writeTile(this.blocks(outer, { local, constant: 0 }, tile))),
        );
      }
      for (let v = tiles > 1 ? tiles * tile : 0; v < vectors; v += tile) {
        const count = Math.min(tile, vectors - v);
        elements.inScope(() => this.writeTile(this.blocks(outer, { constant: v * neighbours }, count)));
      }
    };
    if (outerCount === 1) {
      writeRow(START);
      return;
    }
    const local = code.local("i32");
    code.count(local, 0, outerCount, 1, () => elements.inScope(() => writeRow({ local, constant: 0 })));
  }

  /** Neighbouring blocks of a row. */
  private blocks(outer: Index, { local, constant }: Index, count: number): Block[] {
    const { neighbours } = this.context.layout;
    return Array.from({ length: count }, (_, b) => {
      const at = constant + neighbours * b;
      const lanes = local === undefined ? Math.min(neighbours, this.innerCount - at) : neighbours;
      return { outer, inner: local === undefined ? { constant: at } : { local, constant: at }, lanes };
    });
  }

  /** Each primitive for each block. */
  private writeTile(blocks: readonly Block[]): void {
    for (const step of this.group.primitives) {
      const to: Access = {
        value: step.result,
        from: 0,
        outer: this.outerCount === 1 ? 0 : this.group.columns,
        inner: 1,
        along: 0,
      };
      if (isReduction(step)) this.writeReduction(step, blocks, to);
      else {
        const reads = step.operands.map((view) => this.alike(view));
        for (const block of blocks) {
          this.writeElement(
            step,
            reads.map((access) => () => this.elements.push(access, block)),
          );
          this.elements.put(to, block);
        }
      }
    }
  }

  // ---- operands ----

  /** An operand whose elements stand where the result's do. */
  private alike(view: ValueView): Access {
    const { down, right, start } = this.strides(view);
    if (this.isFlat) return { ...start, inner: view.rows * view.columns === 1 ? 0 : 1 };
    return this.isColumn ? { ...start, inner: down } : { ...start, outer: down, inner: right };
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

  /** Puts an element of an operation that is done element by element on the stack. */
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

  /** Whether a product has nothing to round, one factor being 0 or 1. */
  private isExact({ operation, operands: [a, b], phase }: Step): boolean {
    if (operation !== "multiply") return false;
    const { known, phases } = this.context;
    const { round } = phases[phase];
    return (
      (known.isBit(a) && known.isNumber(b, round.format)) ||
      (known.isBit(b) && known.isNumber(a, round.format))
    );
  }

  /** Math.max, which is quicker if one of the two is a number that is known. */
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
    this.op("le"); // not where it is NaN
    code.op(number === 0 ? "v128.andnot" : "v128.bitselect");
  }

  private writeReduction(step: Step, blocks: readonly Block[], to: Access): void {
    const { code, context } = this;
    const { layout, scratch, isStraight } = context;
    const { round, accumulate } = context.phases[step.phase];
    const sumContext: SumContext = {
      code,
      elements: this.elements,
      layout,
      scratch,
      longest: isStraight ? Number.POSITIVE_INFINITY : SHORT_SUM,
    };
    const { isExact, ...reduction } = this.reduction(step);
    const isSingle =
      this.outerCount * this.innerCount === 1 &&
      layout.neighbours > 1 &&
      step.operation !== "rank" &&
      reduction.summation !== "pairwise";
    const sums = isSingle
      ? [writeSingleSum(sumContext, reduction)]
      : writeSums(sumContext, blocks, reduction);
    blocks.forEach((block, i) => {
      code.get(sums[i]);
      if (!isExact && accumulate !== round) round.write(code);
      this.elements.put(to, block);
    });
  }

  /** What is summed, element by element of the result. */
  private reduction(step: Step): Reduction & { isExact: boolean } {
    const { code, context } = this;
    const { operation, operands, phase } = step;
    const { accumulate, summation } = context.phases[phase];
    const [first, second] = operands;
    const a = this.strides(first);
    const left = this.isColumn ? { inner: a.down } : { outer: a.down };
    const isExact = operation === "count" || operation === "rank";
    const areNumbers = operation === "product" || context.known.isNumber(first, accumulate.format);
    const common = {
      count: termsOf(step),
      summation: isExact ? ("sequential" as const) : summation,
      isExact,
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
            { ...b.start, inner: this.isColumn ? 0 : b.right, along: b.down },
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
            if (this.isColumn) this.pushIndex(START, 0);
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

  /** The index as a number in every lane, `step` more in each that follows. */
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

/** Number of terms of a sum. */
function termsOf({ operation, operands: [{ rows, columns }] }: Step): number {
  return operation === "sumRows" || operation === "count" ? rows : columns;
}
