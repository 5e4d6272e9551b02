/** Writes sums of many terms as instructions, in each order of arithmetic/summation.ts, several sums side by side. */
import type { Summation } from "../arithmetic/summation.js";
import type { Code } from "./code.js";
import { type Access, type Block, type Elements, type Index, type Layout, START } from "./elements.js";

/** The terms of a sum, and how to add them. */
export interface Reduction {
  /** Number of terms. */
  count: number;
  /** The operands of a term. */
  accesses: readonly Access[];
  /** Pushes a term, using functions that push its operands. */
  term(block: Block, along: Index, pushes: readonly (() => void)[]): void;
  /** Writes code that replaces two numbers on the stack by their sum; in the first addition one of them is 0. */
  add(isFirst: boolean): void;
  summation: Summation;
  /** Whether an addition takes only one instruction. */
  isBrief: boolean;
}

/** Where to write code, and how long it may be. */
export interface SumContext {
  code: Code;
  elements: Elements;
  layout: Layout;
  /** Address for partial sums. */
  scratch: number;
  /** Maximal number of terms for a sum that is written out. */
  longest: number;
}

/** A sum for each of several blocks. */
export interface Sums {
  blocks: readonly Block[];
  reduction: Reduction;
  /** Whether it is the primitive's only sum, so that a vector computes several of its terms at once. */
  isSingle: boolean;
}

/** Writes sums into new locals, one per block; all must have the same number of terms and the same order. */
export function writeSums(context: SumContext, all: readonly Sums[]): number[][] {
  const { code, elements, layout, longest } = context;
  const [{ reduction }] = all;
  const { count, summation } = reduction;
  if (summation === "pairwise") {
    return all.map(({ blocks, reduction: { term, accesses, add } }) =>
      blocks.map((block) =>
        writePairwise(context, count, (along) => writeTerm(context, { term, accesses }, block, along), add),
      ),
    );
  }
  const isReversed = summation === "reversed";
  const locals = all.map(({ blocks }) => blocks.map(() => code.local()));
  for (const sum of locals.flat()) {
    code.zero();
    code.set(sum);
  }
  // several terms in a loop's body, unless it would get long
  const chunk = all.every(({ isSingle, reduction: { isBrief } }) => isSingle || isBrief)
    ? layout.neighbours
    : 1;
  const whole = Math.floor(count / chunk) * chunk;
  const addRest = (sums: readonly Sums[], to: readonly number[][], isFirst: boolean): void => {
    sums.forEach((one, i) => {
      addTerms(context, one, to[i], { constant: whole }, count - whole, isFirst);
    });
  };
  const isBegun = isReversed && whole < count;
  if (count <= longest) {
    // block by block
    const apart = all.flatMap((one, i) =>
      one.blocks.map((block, j) => ({ sums: { ...one, blocks: [block] }, to: [locals[i][j]] })),
    );
    for (const { sums, to } of apart) {
      if (isReversed) addRest([sums], [to], true);
      for (let done = 0; done < whole; done += chunk) {
        const constant = isReversed ? whole - chunk - done : done;
        addTerms(context, sums, to, { constant }, chunk, done === 0 && !isBegun);
      }
      if (!isReversed) addRest([sums], [to], whole === 0);
    }
    return locals;
  }
  if (isReversed) addRest(all, locals, true);
  const local = code.local("i32");
  const [from, to, step] = isReversed ? [whole - chunk, 0, -chunk] : [0, whole, chunk];
  code.count(local, from, to, step, () =>
    elements.inScope(() => {
      all.forEach((one, i) => {
        addTerms(context, one, locals[i], { local, constant: 0 }, chunk, false);
      });
    }),
  );
  if (!isReversed) addRest(all, locals, false);
  return locals;
}

/** Writes code that pushes a term. */
function writeTerm(
  { elements }: SumContext,
  { term, accesses }: Pick<Reduction, "term" | "accesses">,
  block: Block,
  along: Index,
): void {
  term(
    block,
    along,
    accesses.map((access) => () => elements.push(access, block, along)),
  );
}

/** Writes code that adds some neighbouring terms to each sum, one by one. */
function addTerms(
  context: SumContext,
  { blocks, reduction, isSingle }: Sums,
  sums: readonly number[],
  start: Index,
  count: number,
  isFirst: boolean,
): void {
  const { code, layout } = context;
  const { add, summation, accesses, term } = reduction;
  const places = Array.from({ length: count }, (_, i) => (summation === "reversed" ? count - 1 - i : i));
  if (!isSingle) {
    places.forEach((place, i) => {
      blocks.forEach((block, b) => {
        code.get(sums[b]);
        writeTerm(context, reduction, block, { ...start, constant: start.constant + place });
        add(isFirst && i === 0);
        code.set(sums[b]);
      });
    });
    return;
  }
  if (count === 0) return;
  const along = accesses.map((access) => ({ ...access, inner: access.along, along: 0 }));
  writeTerm(context, { term, accesses: along }, { outer: START, inner: start, lanes: count }, START);
  const terms = code.local();
  code.set(terms);
  code.get(sums[0]);
  places.forEach((lane, i) => {
    code.get(terms);
    if (lane > 0) {
      code.get(terms);
      code.shuffle(Array.from({ length: layout.neighbours }, () => lane));
    }
    add(isFirst && i === 0);
  });
  code.set(sums[0]);
}

/** Writes a pairwise sum. Sums of 2^l terms that wait for their neighbour are stored at place l of the scratch. */
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
