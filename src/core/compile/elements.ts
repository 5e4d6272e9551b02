/**
 * Tracks elements of values while code is written: where they are in memory, which ones are already in locals, and how to
 * gather them into vectors.
 */
import type { Code } from "./code.js";
import type { Memory, Shape } from "./memory.js";

/** How numbers are laid out in memory and vectors: neighbours in a row, or one element of several trainings. */
export interface Layout {
  shape: Shape;
  /** Number of neighbours in a row per vector. */
  neighbours: number;
  /** Number of trainings per vector. If there are several, functions take an offset to add to addresses. */
  trainings: number;
  /** Bytes from one element to the next. */
  stride: number;
}

/** The parameter of functions for several trainings: the offset to add to each address. */
export const BASE = 0;

/** A whole number: the value of a local, if there is one, plus a constant. */
export interface Index {
  local?: number;
  constant: number;
}

/** The index 0. */
export const START: Index = { constant: 0 };

/** Where an operand's elements are: start, and distances along the outer axis, the vector's axis and a sum's axis. */
export interface Access {
  value: number;
  from: number;
  outer: number;
  inner: number;
  along: number;
}

/** Neighbours in a row of the result; only the first `lanes` are used. */
export interface Block {
  outer: Index;
  inner: Index;
  lanes: number;
}

/** An element in a lane of a local. */
interface Lane {
  local: number;
  lane: number;
}

/** A local times a distance. */
type Term = readonly [local: number, distance: number];

/** What is known within a piece of code: elements by value, and addresses. */
interface Scope {
  elements: Map<number, Map<string, Lane>>;
  addresses: Map<string, number>;
}

/** The elements of a function's values. */
export class Elements {
  private readonly scopes: Scope[] = [];

  /**
   * @param addresses - addresses of values
   * @param numbers - values that are constants
   * @param wanted - receives the values that are read from memory; storing others can be left out
   */
  constructor(
    private readonly code: Code,
    private readonly layout: Layout,
    private readonly memory: Memory,
    private readonly addresses: readonly number[],
    private readonly numbers: ReadonlyMap<number, number>,
    private readonly wanted: Set<number>,
  ) {}

  /** Forgets after `body` what was learnt in it, because that code may run again with other indices, or not at all. */
  inScope(body: () => void): void {
    this.scopes.push({ elements: new Map(), addresses: new Map() });
    body();
    this.scopes.pop();
  }

  /** Forgets a value that is about to change. */
  forget(value: number): void {
    for (const { elements } of this.scopes) elements.delete(value);
  }

  /** Pushes the elements of a block; `along` is the position in a sum. The contents of unused lanes are undefined. */
  push(access: Access, { outer, inner, lanes }: Block, along: Index = START): void {
    const { code, memory, layout } = this;
    const { value, inner: step } = access;
    const number = this.numbers.get(value);
    if (number !== undefined) {
      code.constant(memory.number(number, layout.shape));
      return;
    }
    const { terms, first } = placeOf(access, outer, inner, along);
    const name = terms.join(" ");
    const isSpread = step === 0 && lanes > 1;
    const keys = Array.from({ length: isSpread ? 1 : lanes }, (_, i) => `${name}:${first + i * step}`);
    const spread = isSpread ? this.find(value, `${keys[0]}*`) : undefined;
    const found = keys.map((key) => this.find(value, key));
    const isThere =
      !isSpread && found.every((one, lane) => one && one.local === found[0]?.local && one.lane === lane);
    if (spread || isThere) {
      code.get((spread ?? (found[0] as Lane)).local);
      return;
    }
    if (found.every((one) => one !== undefined)) this.gather(found, isSpread);
    else this.load(value, terms, first, isSpread ? 0 : step, keys.length);
    const local = code.local();
    code.tee(local);
    if (isSpread) this.learn(value, `${keys[0]}*`, { local, lane: 0 });
    keys.forEach((key, lane) => {
      if (!found[lane]) this.learn(value, key, { local, lane });
    });
  }

  /** Pops a block of a result, and stores it in memory if it is wanted there. */
  put(access: Access, { outer, inner, lanes }: Block): void {
    const { code, layout } = this;
    const { value } = access;
    const local = code.local();
    code.set(local);
    const { terms, first } = placeOf(access, outer, inner, START);
    const name = terms.join(" ");
    for (let lane = 0; lane < lanes; lane++) this.learn(value, `${name}:${first + lane}`, { local, lane });
    const offset = this.addresses[value] + layout.stride * first;
    const store = (lane: number, size: 32 | 64): void => {
      this.pushAddress(terms);
      code.get(local);
      code.access(`v128.store${size}_lane`, offset + lane * layout.stride, lane / (size / 32));
    };
    // a separate scope, because code that may be left out cannot be relied on later
    code.unlessUnwanted(value, () =>
      this.inScope(() => {
        if (lanes === layout.neighbours) {
          this.pushAddress(terms);
          code.get(local);
          code.access("v128.store", offset);
        } else if (layout.shape === "f64x2") {
          store(0, 64);
        } else {
          if (lanes > 1) store(0, 64);
          if (lanes % 2 === 1) store(lanes - 1, 32);
        }
      }),
    );
  }

  private find(value: number, key: string): Lane | undefined {
    for (let i = this.scopes.length - 1; i >= 0; i--) {
      const lane = this.scopes[i].elements.get(value)?.get(key);
      if (lane) return lane;
    }
    return undefined;
  }

  private learn(value: number, key: string, lane: Lane): void {
    const { elements } = this.scopes[this.scopes.length - 1];
    const known = elements.get(value) ?? new Map<string, Lane>();
    elements.set(value, known.set(key, lane));
  }

  /** Gathers elements from lanes of locals into one vector. */
  private gather(found: readonly Lane[], isSpread: boolean): void {
    const { code, layout } = this;
    const { neighbours } = layout;
    const [first] = found;
    code.get(first.local);
    let lanes = Array.from({ length: neighbours }, (_, i) => (isSpread || i === 0 ? first.lane : 0));
    if (found.every(({ local }) => local === first.local)) {
      if (!isSpread) lanes = lanes.map((lane, i) => found[i]?.lane ?? lane);
      code.get(first.local);
      code.shuffle(lanes);
      return;
    }
    for (let i = 1; i < found.length; i++) {
      code.get(found[i].local);
      lanes[i] = neighbours + found[i].lane;
      code.shuffle(lanes);
      lanes = lanes.map((_, lane) => lane);
    }
  }

  /** Pushes elements from memory. */
  private load(value: number, terms: readonly Term[], first: number, step: number, count: number): void {
    const { code, layout } = this;
    const { stride, shape, neighbours } = layout;
    const size = shape === "f64x2" ? 64 : 32;
    const offset = this.addresses[value] + stride * first;
    this.wanted.add(value);
    this.pushAddress(terms);
    if (neighbours === 1 || (step === 1 && count > 1)) code.access("v128.load", offset);
    else if (step === 0) code.access(`v128.load${size}_splat`, offset);
    else {
      code.access(`v128.load${size}_zero`, offset);
      for (let lane = 1; lane < count; lane++) {
        const lower = code.local();
        code.set(lower);
        this.pushAddress(terms);
        code.get(lower);
        code.access(`v128.load${size}_lane`, offset + stride * step * lane, lane);
      }
    }
  }

  /** Pushes the part of an address that is only known at run time. */
  private pushAddress(terms: readonly Term[]): void {
    const { code, layout } = this;
    const { trainings, stride } = layout;
    if (terms.length === 0) {
      if (trainings === 1) code.i32(0);
      else code.get(BASE);
      return;
    }
    const key = terms.join(" ");
    const scope = this.scopes.findLast(({ addresses }) => addresses.has(key));
    if (scope) {
      code.get(scope.addresses.get(key) as number);
      return;
    }
    terms.forEach(([local, distance], i) => {
      code.get(local);
      code.i32(stride * distance);
      code.op("i32.mul");
      if (i > 0) code.op("i32.add");
    });
    if (trainings > 1) {
      code.get(BASE);
      code.op("i32.add");
    }
    const address = code.local("i32");
    code.tee(address);
    this.scopes[this.scopes.length - 1].addresses.set(key, address);
  }
}

/** The position of an element: the terms known only at run time, and the rest. */
function placeOf(access: Access, outer: Index, inner: Index, along: Index): { terms: Term[]; first: number } {
  const terms: Term[] = [];
  if (outer.local !== undefined && access.outer !== 0) terms.push([outer.local, access.outer]);
  if (inner.local !== undefined && access.inner !== 0) terms.push([inner.local, access.inner]);
  if (along.local !== undefined && access.along !== 0) terms.push([along.local, access.along]);
  const first =
    access.from +
    outer.constant * access.outer +
    inner.constant * access.inner +
    along.constant * access.along;
  return { terms, first };
}
