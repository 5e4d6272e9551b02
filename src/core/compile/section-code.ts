/**
 * The instructions of a section: groups of primitives, each in straight-line code where that is short, in loops where
 * it is not. A vector holds two neighbours of a row of the result; of the last, odd one only the first lane counts.
 */

import type { RoundingPhase } from "../arithmetic/counters.js";
import type { Summation } from "../arithmetic/summation.js";
import type { Code, Instruction } from "./code.js";
import { type Group, groupsOf, isReduction, isWhole, type Step } from "./groups.js";
import type { knownNumbers } from "./known-numbers.js";
import type { Memory } from "./memory.js";
import type { Recording, Section, ValueView } from "./recording.js";

/** Rounding of the two doubles on the stack. */
export interface RoundingCode {
  /** Names what numbers come out. */
  name: string;
  /** @param place - that of the value in a sum, whose terms are such numbers, too */
  write(code: Code, place?: "alone" | "term" | "sum"): void;
  /** Whether it leaves a number as it is. */
  keeps(number: number): boolean;
  /** Number of instructions, about. */
  length: number;
}

/** How a phase rounds. */
export interface PhaseCode {
  round: RoundingCode;
  accumulate: RoundingCode;
  convert: RoundingCode;
  summation: Summation;
}

/** What sections of a module have in common. */
export interface ModuleContext {
  recording: Recording;
  memory: Memory;
  /** Where each value stands. */
  addresses: readonly number[];
  phases: Readonly<Record<RoundingPhase, PhaseCode>>;
  /** Indices of the elementary functions. */
  functions: Readonly<Record<string, number>>;
  /** Values that are read from memory; others need not be stored. */
  wanted: Set<number>;
  /** Where partial sums may be put. */
  scratch: number;
  /** Whether all is straight-line code. */
  isStraight: boolean;
  known: ReturnType<typeof knownNumbers>;
}

/** A whole number: what stands in the local, if there is one, plus a constant. */
interface Index {
  local?: number;
  constant: number;
}

const START: Index = { constant: 0 };

/** Where an operand's elements stand: distances along the outer axis, the vector's axis, and that of a sum. */
interface Access {
  value: number;
  from: number;
  outer: number;
  inner: number;
  along: number;
}

/** A local times a distance. */
type Term = readonly [local: number, distance: number];

/** Two elements of the result, or the last one. */
interface Block {
  outer: Index;
  inner: Index;
  lanes: 1 | 2;
}

/** What is summed. */
interface Reduction {
  count: number;
  accesses: Access[];
  /** Puts a term on the stack, by functions that put its operands there. */
  term(block: Block, along: Index, pushes: (() => void)[]): void;
  /** Whether sums are not rounded; or else whether the terms are numbers of the format that sums are rounded to. */
  adding: "exact" | "numbers" | "any";
}

/** An element that is in a lane of a local. */
interface Lane {
  local: number;
  lane: number;
}

/** What is known while a piece of code runs: elements by value, and addresses. */
interface Scope {
  elements: Map<number, Map<string, Lane>>;
  addresses: Map<string, number>;
}

/** Instructions of a loop's body beyond which it is not made longer. */
const LONG_BODY = 120;
/** Terms of a sum up to which it is written out. */
const SHORT_SUM = 16;
/** Sums that go on side by side. */
const SUMS = 12;

const ELEMENTWISE: Partial<Record<Step["operation"], Instruction>> = {
  add: "f64x2.add",
  subtract: "f64x2.sub",
  multiply: "f64x2.mul",
  divide: "f64x2.div",
  sqrt: "f64x2.sqrt",
  abs: "f64x2.abs",
  negate: "f64x2.neg",
};

/** Instructions that a primitive takes for two elements, about. */
export function lengthOf({ operation, operands, phase }: Step, phases: ModuleContext["phases"]): number {
  const { round, accumulate } = phases[phase];
  const [{ rows, columns }] = operands;
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
    case "abs":
    case "copy":
    case "negate":
    case "maximum":
    case "greater":
    case "select":
      return 4;
    default:
      return 3 + round.length;
  }
}

/** Writes the code of a section into a function that takes and gives nothing. */
export function writeSection(code: Code, section: Section, context: ModuleContext): void {
  const { recording, memory, addresses, phases, functions, wanted, scratch, isStraight, known } = context;
  const { values } = recording;
  const numbers = new Map(recording.constants.map(({ value, number }) => [value, number]));
  const scopes: Scope[] = [];

  const inScope = (body: () => void): void => {
    scopes.push({ elements: new Map(), addresses: new Map() });
    body();
    scopes.pop();
  };
  const constant = (address: number): void => code.constant(address);
  /** A new local with what is on the stack. */
  const keep = (): number => {
    const local = code.local();
    code.set(local);
    return local;
  };

  // ---- elements ----

  /** What of a place is known only when the code runs, and what is known now. */
  const termsOf = (
    access: Access,
    outer: Index,
    inner: Index,
    along: Index,
  ): { terms: Term[]; offset: number } => {
    const terms: Term[] = [];
    if (outer.local !== undefined && access.outer !== 0) terms.push([outer.local, access.outer]);
    if (inner.local !== undefined && access.inner !== 0) terms.push([inner.local, access.inner]);
    if (along.local !== undefined && access.along !== 0) terms.push([along.local, access.along]);
    const offset =
      outer.constant * access.outer + inner.constant * access.inner + along.constant * access.along;
    return { terms, offset: access.from + offset };
  };
  /** Puts the address of the elements at these distances, without a constant offset, on the stack. */
  const pushAddress = (terms: readonly Term[]): void => {
    if (terms.length === 0) {
      code.i32(0);
      return;
    }
    const key = terms.join(" ");
    const scope = scopes.findLast(({ addresses }) => addresses.has(key));
    if (scope) {
      code.get(scope.addresses.get(key) as number);
      return;
    }
    terms.forEach(([local, distance], i) => {
      code.get(local);
      code.i32(8 * distance);
      code.op("i32.mul");
      if (i > 0) code.op("i32.add");
    });
    const address = code.local("i32");
    code.tee(address);
    scopes[scopes.length - 1].addresses.set(key, address);
  };
  const find = (value: number, key: string): Lane | undefined => {
    for (let i = scopes.length - 1; i >= 0; i--) {
      const lane = scopes[i].elements.get(value)?.get(key);
      if (lane) return lane;
    }
    return undefined;
  };
  const learn = (value: number, key: string, lane: Lane): void => {
    const { elements } = scopes[scopes.length - 1];
    const ofValue = elements.get(value) ?? new Map<string, Lane>();
    elements.set(value, ofValue.set(key, lane));
  };
  const forget = (value: number): void => {
    for (const { elements } of scopes) elements.delete(value);
  };

  /** Puts the elements of a block on the stack; `along` is the place in a sum. */
  const push = (access: Access, { outer, inner, lanes }: Block, along: Index = START): void => {
    const { value } = access;
    const number = numbers.get(value);
    if (number !== undefined) {
      constant(memory.double(number));
      return;
    }
    const { terms, offset: first } = termsOf(access, outer, inner, along);
    const second = lanes === 1 ? first : first + access.inner;
    const name = terms.join(" ");
    const [key, other] = [`${name}:${first}`, `${name}:${second}`];
    const [a, b] = [find(value, key), find(value, other)];
    const spread = first === second ? find(value, `${key}*`) : undefined;
    const isThere =
      a && a.lane === 0 && (lanes === 1 || (first !== second && a.local === b?.local && b.lane === 1));
    if (isThere || spread) {
      code.get((isThere ? a : (spread as Lane)).local);
      return;
    }
    if (a && b) {
      code.get(a.local);
      code.get(b.local);
      code.shuffle(a.lane, 2 + b.lane);
    } else {
      wanted.add(value);
      const at = addresses[value] + 8 * first;
      pushAddress(terms);
      if (second === first + 1) code.access("v128.load", at);
      else if (lanes === 1) code.access("v128.load64_zero", at);
      else if (second === first) code.access("v128.load64_splat", at);
      else {
        const lower = code.local();
        code.access("v128.load64_zero", at);
        code.set(lower);
        pushAddress(terms);
        code.get(lower);
        code.access("v128.load64_lane 1", addresses[value] + 8 * second);
      }
    }
    const local = code.local();
    code.tee(local);
    if (first === second && lanes === 2) learn(value, `${key}*`, { local, lane: 0 });
    if (!a) learn(value, key, { local, lane: 0 });
    if (!b && first !== second) learn(value, other, { local, lane: 1 });
  };

  /** Takes a block of a result from the stack. */
  const put = (access: Access, { outer, inner, lanes }: Block): void => {
    const { value } = access;
    const local = keep();
    const { terms, offset } = termsOf(access, outer, inner, START);
    for (let lane = 0; lane < lanes; lane++) {
      learn(value, `${terms.join(" ")}:${offset + lane}`, { local, lane });
    }
    code.unlessUnwanted(value, () => {
      pushStoreAddress(terms);
      code.get(local);
      code.access(lanes === 2 ? "v128.store" : "v128.store64_lane 0", addresses[value] + 8 * offset);
    });
  };
  /** As `pushAddress`, in code that may be left out. */
  const pushStoreAddress = (terms: readonly Term[]): void => inScope(() => pushAddress(terms));

  // ---- primitives ----

  /** Writes a group in loops, blocks of a tile side by side. */
  const writeGroup = ({ primitives, rows, columns }: Group): void => {
    const isColumn = columns === 1;
    const isFlat = primitives.every(
      (primitive) =>
        !isReduction(primitive) &&
        primitive.operands.every(
          (view) =>
            (view.rows === 1 && view.columns === 1) ||
            (isWhole(view, values) && view.rows === rows && view.columns === columns),
        ),
    );
    const outerCount = isFlat || isColumn ? 1 : rows;
    const innerCount = isFlat ? rows * columns : isColumn ? rows : columns;
    const blocksInRow = Math.ceil(innerCount / 2);

    const accessOf = (view: ValueView): { down: number; right: number; access: Access } => {
      const width = values[view.value].columns;
      const [down, right] = view.isTransposed ? [1, width] : [width, 1];
      const access = { value: view.value, from: view.from, outer: 0, inner: 0, along: 0 };
      return { down: view.rows === 1 ? 0 : down, right: view.columns === 1 ? 0 : right, access };
    };
    const elementwise = (view: ValueView): Access => {
      const { down, right, access } = accessOf(view);
      if (isFlat) return { ...access, inner: view.rows * view.columns === 1 ? 0 : 1 };
      return isColumn ? { ...access, inner: down } : { ...access, outer: down, inner: right };
    };
    const resultOf = (value: number): Access => ({
      value,
      from: 0,
      outer: outerCount === 1 ? 0 : columns,
      inner: 1,
      along: 0,
    });

    const writeTile = (blocks: readonly Block[]): void => {
      for (const primitive of primitives) {
        const { operation, operands, phase, result } = primitive;
        const { round, accumulate, convert, summation } = phases[phase];
        const to = resultOf(result);
        if (isReduction(primitive)) {
          const reduction = reductionOf(primitive);
          const isExact = reduction.adding === "exact";
          const sums = reduce(blocks, reduction, isExact ? "sequential" : summation, accumulate, operation);
          blocks.forEach((block, i) => {
            code.get(sums[i]);
            if (!isExact && accumulate !== round) round.write(code);
            put(to, block);
          });
          continue;
        }
        const reads = operands.map(elementwise);
        for (const block of blocks) {
          const [a, b, c] = reads.map((access) => () => push(access, block));
          const instruction = ELEMENTWISE[operation];
          if (operation === "select") {
            b();
            c();
            a();
            code.zero();
            code.op("f64x2.ne", "v128.bitselect");
          } else if (operation === "greater") {
            a();
            b();
            code.op("f64x2.gt");
            constant(memory.double(1));
            code.op("v128.and");
          } else if (operation === "maximum") {
            writeMaximum(operands, a, b);
          } else {
            a();
            if (operation === "convert") {
              if (!known.isNumber(operands[0], convert)) convert.write(code);
            } else if (operation !== "copy") {
              b?.();
              if (instruction) code.op(instruction);
              else code.call(functions[operation]);
              if (operation !== "abs" && operation !== "negate" && !isExact(primitive)) round.write(code);
            }
          }
          put(to, block);
        }
      }
    };

    /** Whether a product has nothing to round, one factor being 0 or 1. */
    const isExact = ({ operation, operands: [a, b], phase }: Step): boolean => {
      if (operation !== "multiply") return false;
      const { round } = phases[phase];
      return (known.isBit(a) && known.isNumber(b, round)) || (known.isBit(b) && known.isNumber(a, round));
    };

    /** Math.max, which is quicker if one of the two is a number that is known. */
    const writeMaximum = (operands: readonly ValueView[], a: () => void, b: () => void): void => {
      const place = operands.findIndex(
        ({ value }) => numbers.has(value) && !Number.isNaN(numbers.get(value)),
      );
      if (place === -1) {
        a();
        b();
        code.op("f64x2.max");
        return;
      }
      const number = numbers.get(operands[place].value) as number;
      const isZero = Object.is(number, 0);
      const [other, limit] = place === 1 ? [a, b] : [b, a];
      if (number === 0 && !isZero) {
        a();
        b();
        code.op("f64x2.max");
        return;
      }
      other();
      const local = keep();
      if (!isZero) limit();
      code.get(local);
      if (isZero) {
        code.get(local);
        code.zero();
        code.op("f64x2.le", "v128.andnot");
      } else {
        code.get(local);
        limit();
        code.op("f64x2.le", "v128.bitselect");
      }
    };

    /** What is summed, element by element of the result. */
    const reductionOf = (primitive: Step): Reduction => {
      const { operation, operands, phase } = primitive;
      const [first, second] = operands;
      const a = accessOf(first);
      switch (operation) {
        case "product": {
          const b = accessOf(second);
          const left = isColumn ? { inner: a.down } : { outer: a.down };
          return {
            count: first.columns,
            accesses: [
              { ...a.access, ...left, along: a.right },
              { ...b.access, inner: isColumn ? 0 : b.right, along: b.down },
            ],
            term(_block, _along, [x, y]) {
              x();
              y();
              code.op("f64x2.mul");
              phases[phase].accumulate.write(code, "term");
            },
            adding: "numbers",
          };
        }
        case "rank":
          return {
            count: first.columns,
            accesses: [
              { ...a.access, ...(isColumn ? { inner: a.down } : { outer: a.down }), along: a.right },
              elementwise(first),
            ],
            term({ inner }, along, [other, self]) {
              other();
              self();
              code.op("f64x2.gt");
              other();
              self();
              code.op("f64x2.eq");
              pushIndex(along, 0);
              pushIndex(isColumn ? START : inner, isColumn ? 0 : 1);
              code.op("f64x2.lt", "v128.and", "v128.or");
              constant(memory.double(1));
              code.op("v128.and");
            },
            adding: "exact",
          };
        default: {
          const isCount = operation === "count";
          const [along, across] = operation === "sumColumns" ? [a.right, a.down] : [a.down, a.right];
          return {
            count: operation === "sumColumns" ? first.columns : first.rows,
            accesses: [{ ...a.access, inner: across, along }],
            term(_block, _along, [x]) {
              x();
              if (!isCount) return;
              code.zero();
              code.op("f64x2.ne");
              constant(memory.double(1));
              code.op("v128.and");
            },
            adding: isCount ? "exact" : known.isNumber(first, phases[phase].accumulate) ? "numbers" : "any",
          };
        }
      }
    };

    /** Sums of each block, in new locals. */
    const reduce = (
      blocks: readonly Block[],
      { count, accesses, term, adding }: Reduction,
      summation: Summation,
      rounding: RoundingCode,
      operation: Step["operation"],
    ): number[] => {
      const add = (isFirst = false): void => {
        code.op("f64x2.add");
        if (adding === "any") rounding.write(code);
        else if (adding === "numbers" && !isFirst) rounding.write(code, "sum");
      };
      const pushTerm = (block: Block, along: Index): void =>
        term(
          block,
          along,
          accesses.map((access) => () => push(access, block, along)),
        );
      const sums = blocks.map(() => code.local());
      if (summation === "pairwise") {
        blocks.forEach((block, i) => {
          pairwise(count, (along) => pushTerm(block, along), add);
          code.set(sums[i]);
        });
        return sums;
      }
      const isReversed = summation === "reversed";
      const isWrittenOut = isStraight || count <= SHORT_SUM;
      const index = isWrittenOut ? -1 : code.local("i32");
      if (rows * columns === 1 && operation !== "rank") {
        // one sum: its terms two by two
        const [sum] = sums;
        const along = accesses.map((access) => ({ ...access, inner: access.along, along: 0 }));
        const pushTerms = (inner: Index, lanes: 1 | 2): void => {
          const block = { outer: START, inner, lanes };
          term(
            block,
            START,
            along.map((access) => () => push(access, block)),
          );
        };
        const addPair = (inner: Index, isFirst = false): void => {
          pushTerms(inner, 2);
          const pair = keep();
          code.get(sum);
          (isReversed ? [1, 0] : [0, 1]).forEach((lane, i) => {
            code.get(pair);
            if (lane === 1) {
              code.get(pair);
              code.shuffle(1, 1);
            }
            add(isFirst && i === 0);
          });
          code.set(sum);
        };
        const addLast = (): void => {
          code.get(sum);
          pushTerms({ constant: count - 1 }, 1);
          add();
          code.set(sum);
        };
        const pairs = Math.floor(count / 2);
        code.zero();
        code.set(sum);
        if (isReversed && count % 2 === 1) addLast();
        if (isWrittenOut || pairs < 2) {
          for (let p = 0; p < pairs; p++) {
            addPair(
              { constant: 2 * (isReversed ? pairs - 1 - p : p) },
              p === 0 && !(isReversed && count % 2 === 1),
            );
          }
        } else if (isReversed) {
          code.count(index, 2 * (pairs - 1), 0, -2, () =>
            inScope(() => addPair({ local: index, constant: 0 })),
          );
        } else {
          code.count(index, 0, 2 * pairs, 2, () => inScope(() => addPair({ local: index, constant: 0 })));
        }
        if (!isReversed && count % 2 === 1) addLast();
        return sums;
      }
      if (isWrittenOut) {
        blocks.forEach((block, i) => {
          code.zero();
          for (let k = 0; k < count; k++) {
            pushTerm(block, { constant: isReversed ? count - 1 - k : k });
            add(k === 0);
          }
          code.set(sums[i]);
        });
        return sums;
      }
      for (const sum of sums) {
        code.zero();
        code.set(sum);
      }
      const [from, to, step] = isReversed ? [count - 1, 0, -1] : [0, count, 1];
      code.count(index, from, to, step, () =>
        inScope(() => {
          blocks.forEach((block, i) => {
            code.get(sums[i]);
            pushTerm(block, { local: index, constant: 0 });
            add();
            code.set(sums[i]);
          });
        }),
      );
      return sums;
    };

    /** Leaves the sum on the stack. Sums of 2^l terms that wait for their neighbour stand at place l of the scratch. */
    const pairwise = (
      count: number,
      pushTerm: (along: Index) => void,
      add: (isFirst?: boolean) => void,
    ): void => {
      const [index, level, carry] = [code.local("i32"), code.local("i32"), code.local("i32")];
      const sum = code.local();
      code.count(index, 0, count, 1, () =>
        inScope(() => {
          code.zero();
          pushTerm({ local: index, constant: 0 });
          add(true);
          code.set(sum);
          code.i32(0);
          code.set(level);
          code.get(index);
          code.set(carry);
          const isOdd = (): void => {
            code.get(carry);
            code.i32(1);
            code.op("i32.and");
          };
          isOdd();
          code.when(() =>
            code.repeat(() => {
              code.get(level);
              code.access("v128.load", scratch);
              code.get(sum);
              add();
              code.set(sum);
              code.get(level);
              code.i32(16);
              code.op("i32.add");
              code.set(level);
              code.get(carry);
              code.i32(1);
              code.op("i32.shr_u");
              code.set(carry);
              isOdd();
            }),
          );
          code.get(level);
          code.get(sum);
          code.access("v128.store", scratch);
        }),
      );
      let isFirst = true;
      for (let l = 0; 2 ** l <= count; l++) {
        if ((count & (2 ** l)) === 0) continue;
        code.i32(0);
        code.access("v128.load", scratch + 16 * l);
        if (!isFirst) add();
        isFirst = false;
      }
    };

    const length = primitives.reduce((sum, primitive) => sum + lengthOf(primitive, phases), 0);
    const sums = primitives.some((primitive) => isReduction(primitive) && lengthInAll(primitive) > SHORT_SUM);
    const isWrittenOut = isStraight || outerCount * blocksInRow * length <= LONG_BODY;
    const most = sums ? SUMS : Math.max(1, Math.floor(LONG_BODY / length));
    const isOneTile = isWrittenOut || outerCount * blocksInRow <= most;
    const tile = isWrittenOut ? blocksInRow : Math.min(blocksInRow, sums && blocksInRow > SUMS ? 8 : most);
    const blocksFrom = (outer: Index, inner: Index, count: number): Block[] =>
      Array.from({ length: count }, (_, b) => {
        const at = { ...inner, constant: inner.constant + 2 * b };
        return {
          outer,
          inner: at,
          lanes: inner.local === undefined && at.constant + 1 === innerCount ? 1 : 2,
        };
      });
    const writeRow = (outer: Index): void => {
      const whole = Math.floor(innerCount / 2);
      const loops = tile < blocksInRow ? Math.floor(whole / tile) : 0;
      if (loops > 1) {
        const local = code.local("i32");
        code.count(local, 0, loops * 2 * tile, 2 * tile, () =>
          inScope(() => writeTile(blocksFrom(outer, { local, constant: 0 }, tile))),
        );
      }
      const done = loops > 1 ? loops * tile : 0;
      for (let b = done; b < blocksInRow; b += tile) {
        inScopeUnless(isOneTile, () =>
          writeTile(blocksFrom(outer, { constant: 2 * b }, Math.min(tile, blocksInRow - b))),
        );
      }
    };
    if (isOneTile) {
      const blocks = Array.from({ length: outerCount }, (_, o) =>
        blocksFrom({ constant: o }, START, blocksInRow),
      );
      writeTile(blocks.flat());
    } else if (outerCount === 1) {
      writeRow(START);
    } else {
      const local = code.local("i32");
      code.count(local, 0, outerCount, 1, () => inScope(() => writeRow({ local, constant: 0 })));
    }
  };

  const inScopeUnless = (isOpen: boolean, body: () => void): void => (isOpen ? body() : inScope(body));

  const lengthInAll = ({ operation, operands: [{ rows, columns }] }: Step): number =>
    operation === "sumRows" || operation === "count" ? rows : columns;

  /** The index as a double in both lanes, the second one `step` more. */
  const pushIndex = ({ local, constant: start }: Index, step: number): void => {
    constant(memory.pair(start, start + step));
    if (local === undefined) return;
    code.get(local);
    code.op("f64.convert_i32_s", "f64x2.splat", "f64x2.add");
  };

  inScope(() => {
    for (const group of groupsOf(section.primitives, values)) writeGroup(group);
    for (const { from, to } of section.carries) {
      forget(to);
      writeGroup({
        primitives: [{ operation: "copy", phase: "evaluation", operands: [from], result: to }],
        ...values[to],
      });
    }
  });
}
