/** Sums of many terms, as instructions: in each order of arithmetic/summation.ts, several sums side by side. */
import type { Summation } from "../arithmetic/summation.js";
import type { Code } from "./code.js";
import { type Access, type Block, type Elements, type Index, type Layout, START } from "./elements.js";

/** What is summed. */
export interface Reduction {
  /** Number of terms. */
  count: number;
  /** The operands of a term. */
  accesses: readonly Access[];
  /** Puts a term on the stack, by functions that put its operands there. */
  term(block: Block, along: Index, pushes: readonly (() => void)[]): void;
  /** Replaces two numbers on the stack by their sum; the first time one of them is 0. */
  add(isFirst: boolean): void;
  summation: Summation;
}

/** Where code goes, and how long it may become. */
export interface SumContext {
  code: Code;
  elements: Elements;
  layout: Layout;
  /** Address of places for partial sums. */
  scratch: number;
  /** Terms up to which a sum is written out. */
  longest: number;
}

/** The sums of each block, in new locals. */
export function writeSums(context: SumContext, blocks: readonly Block[], reduction: Reduction): number[] {
  const { code, elements } = context;
  const { count, accesses, term, add, summation } = reduction;
  const pushTerm = (block: Block, along: Index): void =>
    term(
      block,
      along,
      accesses.map((access) => () => elements.push(access, block, along)),
    );
  if (summation === "pairwise") {
    return blocks.map((block) => writePairwise(context, count, (along) => pushTerm(block, along), add));
  }
  const isReversed = summation === "reversed";
  const sums = blocks.map(() => code.local());
  if (count <= context.longest) {
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
  const local = code.local("i32");
  const body = (): void =>
    blocks.forEach((block, i) => {
      code.get(sums[i]);
      pushTerm(block, { local, constant: 0 });
      add(false);
      code.set(sums[i]);
    });
  const [from, to, step] = isReversed ? [count - 1, 0, -1] : [0, count, 1];
  code.count(local, from, to, step, () => elements.inScope(body));
  return sums;
}

/** The only sum of a primitive: its terms are computed as many at a time as a vector holds, and added one by one. */
export function writeSingleSum(context: SumContext, reduction: Reduction): number {
  const { code, elements, layout, longest } = context;
  const { count, term, add, summation } = reduction;
  const { neighbours } = layout;
  const isReversed = summation === "reversed";
  const accesses = reduction.accesses.map((access) => ({ ...access, inner: access.along, along: 0 }));
  const sum = code.local();
  const addVector = (inner: Index, lanes: number, isFirst: boolean): void => {
    const block = { outer: START, inner, lanes };
    term(
      block,
      START,
      accesses.map((access) => () => elements.push(access, block)),
    );
    const terms = code.local();
    code.set(terms);
    code.get(sum);
    for (let i = 0; i < lanes; i++) {
      const lane = isReversed ? lanes - 1 - i : i;
      code.get(terms);
      if (lane > 0) {
        code.get(terms);
        code.shuffle(Array.from({ length: neighbours }, () => lane));
      }
      add(isFirst && i === 0);
    }
    code.set(sum);
  };
  code.zero();
  code.set(sum);
  const whole = Math.floor(count / neighbours);
  const rest = count % neighbours;
  const addRest = (isFirst: boolean): void => {
    if (rest > 0) addVector({ constant: whole * neighbours }, rest, isFirst);
  };
  if (isReversed) addRest(true);
  const isBegun = isReversed && rest > 0;
  if (count <= longest) {
    for (let v = 0; v < whole; v++) {
      addVector({ constant: neighbours * (isReversed ? whole - 1 - v : v) }, neighbours, v === 0 && !isBegun);
    }
  } else {
    const local = code.local("i32");
    const [from, to, step] = isReversed
      ? [neighbours * (whole - 1), 0, -neighbours]
      : [0, neighbours * whole, neighbours];
    code.count(local, from, to, step, () =>
      elements.inScope(() => addVector({ local, constant: 0 }, neighbours, false)),
    );
  }
  if (!isReversed) addRest(whole === 0);
  return sum;
}

/** Sums of 2^l terms that wait for their neighbour stand at place l of the scratch. */
function writePairwise(
  { code, elements, scratch }: SumContext,
  count: number,
  pushTerm: (along: Index) => void,
  add: (isFirst: boolean) => void,
): number {
  const [index, level, carry] = [code.local("i32"), code.local("i32"), code.local("i32")];
  const sum = code.local();
  const isOdd = (): void => {
    code.get(carry);
    code.i32(1);
    code.op("i32.and");
  };
  code.count(index, 0, count, 1, () =>
    elements.inScope(() => {
      code.zero();
      pushTerm({ local: index, constant: 0 });
      add(true);
      code.set(sum);
      code.i32(0);
      code.set(level);
      code.get(index);
      code.set(carry);
      isOdd();
      code.when(() =>
        code.repeat(() => {
          code.get(level);
          code.access("v128.load", scratch);
          code.get(sum);
          add(false);
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
    if (!isFirst) add(false);
    isFirst = false;
  }
  code.set(sum);
  return sum;
}
