/** What nobody should hand over, and good arguments spoilt by it. */
import * as fc from "fast-check";
import { Matrix } from "ml-matrix";
import { OWN } from "./fuzz.js";

const throws = (): never => {
  throw new RangeError(OWN);
};

/** Made anew each time; their names are what a report of a failure shows. */
const ODD: Readonly<Record<string, () => unknown>> = {
  undefined: () => undefined,
  null: () => null,
  true: () => true,
  false: () => false,
  "a symbol": () => Symbol("odd"),
  "a function": () => () => 1,
  "a date": () => new Date(Number.NaN),
  "a map": () => new Map([["seed", 1]]),
  "an empty list": () => [],
  // biome-ignore lint/suspicious/noSparseArray: what a reader may type
  "a sparse list": () => [1, , 3],
  "a list with a hole at its end": () => new Array(2),
  "a long list": () => new Array(1000).fill(1),
  "a list of lists": () => [[1, 2], [3]],
  "a list that contains itself": () => {
    const list: unknown[] = [1];
    list.push(list);
    return list;
  },
  "an empty object": () => ({}),
  "an object without prototype": () => Object.assign(Object.create(null), { seed: 1 }),
  "an own __proto__": () => JSON.parse('{"__proto__": {"seed": 1, "length": 3}}'),
  "an object whose constructor is null": () => ({ constructor: null }),
  "an object whose constructor has no name": () => ({ constructor: { name: Symbol("odd") } }),
  "a length of a billion": () => ({ length: 1e9 }),
  "a length below zero": () => ({ length: -1 }),
  "a getter that throws": () => Object.defineProperty({}, "seed", { get: throws, enumerable: true }),
  "a proxy that throws": () => new Proxy({}, { get: throws, ownKeys: throws, has: throws }),
  "an object that is no text": () => ({ toString: throws, valueOf: throws, toJSON: throws }),
  "a typed array": () => Float64Array.of(1, Number.NaN, -0),
  "a bigint array": () => BigInt64Array.of(1n),
  "a matrix of nothing": () => new Matrix(0, 0),
  "a matrix of NaN": () => new Matrix([[Number.NaN, 1]]),
  "a long text": () => "x".repeat(100_000),
};

/** A value that may be refused, as it is shown. */
export type Hostile = { value: number | bigint | string } | { odd: string };

/** Numbers that hardly anybody thinks of. */
export const numbers: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 0, 1, -1, 0.5, 1.5),
  fc.constantFrom(1e308, -1e308, 5e-324, -5e-324, 1e-308, Number.MAX_VALUE, 1e21, 1e6, 1e-15),
  fc.constantFrom(2 ** 31, 2 ** 32, -(2 ** 31), 2 ** 32 + 1, Number.MAX_SAFE_INTEGER, 2 ** 53, 2 ** 1000),
  fc.integer({ min: -3, max: 50 }),
  fc.integer({ min: -320, max: 308 }).map((exponent) => Number(`1e${exponent}`)),
  fc.integer({ min: -6, max: 6 }).map((exponent) => Number(`1e${exponent}`)),
  fc.double(),
);

const texts: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom("", "1", "NaN", "full", "__proto__", "constructor", "toString", "binary16", "\ud800", "\0"),
  fc.string(),
);

/** Anything. */
export const hostile: fc.Arbitrary<Hostile> = fc.oneof(
  { weight: 4, arbitrary: numbers.map((value) => ({ value })) },
  { weight: 1, arbitrary: texts.map((value) => ({ value })) },
  { weight: 1, arbitrary: fc.bigInt({ min: -5n, max: 2n ** 70n }).map((value) => ({ value })) },
  { weight: 4, arbitrary: fc.constantFrom(...Object.keys(ODD)).map((odd) => ({ odd })) },
);

/** The value itself. */
export function made(one: Hostile): unknown {
  return "odd" in one ? ODD[one.odd]() : one.value;
}

/** Names that no options have, the last three dangerous. */
const UNKNOWN = ["sead", "", "0", "constructor", "toString", "__proto__"];

/** One thing that is done to good data. */
export type Spoiling = { place: number; how: "replace" | "remove" | "add"; key: string; by: Hostile };

/** What is done to good data, one thing or two. */
export const spoilings: fc.Arbitrary<Spoiling[]> = fc.array(
  fc.record({
    place: fc.nat(1_000_000),
    how: fc.oneof(
      { weight: 8, arbitrary: fc.constant("replace" as const) },
      { weight: 1, arbitrary: fc.constant("remove" as const) },
      { weight: 1, arbitrary: fc.constant("add" as const) },
    ),
    key: fc.constantFrom(...UNKNOWN),
    by: hostile,
  }),
  { minLength: 1, maxLength: 2 },
);

type Path = readonly string[];

const isContainer = (value: unknown): value is object =>
  typeof value === "object" && value !== null && !ArrayBuffer.isView(value);

/** All places in data, outer ones first; a matrix is a place, and so is its first element. */
function places(data: unknown, depth: number, path: Path = []): Path[] {
  if (!isContainer(data) || depth === 0) return [path];
  if (Matrix.isMatrix(data)) return data.isEmpty() ? [path] : [path, [...path, "element"]];
  return [path, ...Object.keys(data).flatMap((key) => places(data[key as never], depth - 1, [...path, key]))];
}

function changed(data: unknown, [key, ...rest]: Path, change: (inner: unknown) => unknown): unknown {
  if (key === undefined) return change(data);
  if (Matrix.isMatrix(data)) {
    const element = change(data.get(0, 0));
    return typeof element === "number" ? data.clone().set(0, 0, element) : element;
  }
  const copy = Array.isArray(data)
    ? [...data]
    : Object.assign(Object.create(Object.getPrototypeOf(data)), data);
  Object.defineProperty(copy, key, {
    value: changed(copy[key], rest, change),
    enumerable: true,
    configurable: true,
    writable: true,
  });
  return copy;
}

function without(data: object, key: string): object {
  return Object.fromEntries(Object.entries(data).filter(([other]) => other !== key));
}

/** Spoils good data, which stays as it is. */
export function spoilt<T>(data: T, all: readonly Spoiling[], depth = 4): T {
  return all.reduce<unknown>((good, one) => {
    try {
      return spoiltBy(good, one, depth);
    } catch {
      return good; // the first made it such that nothing can be done to it any more
    }
  }, data) as T;
}

function spoiltBy(good: unknown, { place, how, key, by }: Spoiling, depth: number): unknown {
  const own = places(good, depth);
  const path = own[place % own.length];
  if (how === "add") {
    const added = { [key]: made(by) };
    return changed(good, path, (inner) =>
      isContainer(inner) && !Array.isArray(inner) ? { ...inner, ...added } : made(by),
    );
  }
  const last = path.at(-1);
  if (how === "remove" && last !== undefined) {
    return changed(good, path.slice(0, -1), (inner) =>
      Array.isArray(inner)
        ? inner.filter((_, i) => String(i) !== last)
        : Matrix.isMatrix(inner)
          ? undefined
          : without(inner as object, last),
    );
  }
  return changed(good, path, () => made(by));
}
