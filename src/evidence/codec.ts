/**
 * Writes results as JSON and reads them back, to the bit. JSON lacks NaN, the infinities, -0 and undefined: they become
 * strings that start with "#", and a string that already starts with "#" gets another one.
 *
 * Similar objects would repeat their keys a thousand times. Packing turns them into lists of their values, in the order
 * of a {@link Shape}.
 */

import { typeName } from "../core/validate.js";

/** What JSON.parse returns. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * The form of packed values: an object's keys, the form of a list's items, or "value" for anything else. A value may stand
 * wherever a list or an object can. "mixed" is not packed: it is sometimes a list and sometimes an object.
 */
export type Shape = "value" | "mixed" | readonly [] | readonly [Shape] | { readonly [key: string]: Shape };

/** Stands for undefined in a list, and for a key that a packed object lacks. */
const ABSENT = "#";

/** Values that JSON cannot express. */
const WORDS: readonly [word: string, value: unknown][] = [
  [ABSENT, undefined],
  ["#NaN", Number.NaN],
  ["#-0", -0],
  ["#Infinity", Number.POSITIVE_INFINITY],
  ["#-Infinity", Number.NEGATIVE_INFINITY],
];

/** Deeper than any result; a value that contains itself never ends. */
const DEPTH = 50;

/**
 * Converts a result to JSON. Keys whose value is undefined are left out.
 *
 * @param path - the result's name in messages
 * @throws TypeError naming the path of anything that is not plain data
 */
export function toJson(value: unknown, path = "result", depth = 0): Json {
  if (depth > DEPTH) throw new TypeError(`${path} must be plain data at most ${DEPTH} levels deep, got more`);
  if (typeof value === "number" || value === undefined) {
    return WORDS.find(([, special]) => Object.is(special, value))?.[0] ?? (value as number);
  }
  if (typeof value === "string") return value.startsWith("#") ? `#${value}` : value;
  if (value === null || typeof value === "boolean") return value;
  // not map, which skips holes
  if (Array.isArray(value)) return Array.from(value, (item, i) => toJson(item, `${path}[${i}]`, depth + 1));
  if (!isRecord(value)) {
    throw new TypeError(
      `${path} must be plain data (numbers, strings, true, false, null, lists and plain objects), got ${kindOf(value)}`,
    );
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]) => [key, toJson(item, `${path}.${key}`, depth + 1)]),
  );
}

/** Reads what {@link toJson} wrote. */
export function fromJson(json: Json): unknown {
  if (typeof json === "string" && json.startsWith("#")) {
    const known = WORDS.find(([word]) => word === json);
    return known ? known[1] : json.slice(1);
  }
  if (isList(json)) return json.map(fromJson);
  if (typeof json !== "object" || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([key, item]) => [key, fromJson(item)]));
}

/** A text that is equal for two results only if they are the same to the bit, regardless of the order of keys. */
export function textOf(result: unknown): string {
  return JSON.stringify(toJson(result), (_, value: Json) =>
    typeof value === "object" && value !== null && !isList(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

/** Widens a shape to include one more value; keys stay in order of first appearance. */
export function widened(shape: Shape | undefined, json: Json): Shape {
  if (typeof json !== "object" || json === null) return shape ?? "value";
  if (shape === "mixed") return shape;
  const known = shape === undefined || shape === "value" ? undefined : shape;
  if (isList(json)) {
    if (known && !isList(known)) return "mixed";
    const item = json.reduce<Shape | undefined>(widened, known?.[0]);
    return item === undefined ? [] : [item];
  }
  if (known && isList(known)) return "mixed";
  const all = new Map<string, Shape>(Object.entries(known ?? {}));
  for (const [key, item] of Object.entries(json)) all.set(key, widened(all.get(key), item));
  return Object.fromEntries(all);
}

/** Removes the keys that the shape states. */
export function packed(json: Json, shape: Shape): Json {
  if (typeof json !== "object" || json === null || typeof shape === "string") return json;
  if (isList(json)) return json.map((item) => packed(item, (shape as readonly [Shape])[0]));
  return Object.entries(shape).map(([key, own]) =>
    Object.hasOwn(json, key) ? packed(json[key], own) : ABSENT,
  );
}

/**
 * Undoes {@link packed}.
 *
 * @throws TypeError when the JSON does not have the shape
 */
export function unpacked(json: Json, shape: Shape): Json {
  if (typeof json !== "object" || json === null || shape === "mixed") return json;
  if (!isList(json) || shape === "value") throw new TypeError(`unexpected shape: ${JSON.stringify(json)}`);
  if (isList(shape)) return json.map((item) => unpacked(item, shape[0] ?? "value"));
  const keys = Object.entries(shape);
  if (keys.length !== json.length) throw new TypeError(`unexpected shape: ${JSON.stringify(json)}`);
  return Object.fromEntries(
    keys
      .map(([key, own], i): [string, Json] => [key, json[i] === ABSENT ? ABSENT : unpacked(json[i], own)])
      .filter(([, value]) => value !== ABSENT),
  );
}

/** Array.isArray would turn a read-only list into any[]. */
function isList<T>(value: T): value is Extract<T, readonly unknown[]> {
  return Array.isArray(value);
}

/** Whether a value is a plain object; one from another realm has that realm's prototype. */
function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Object.getOwnPropertySymbols(value).length > 0)
    return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function kindOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return `a ${typeof value}`;
  return `an object of type ${typeName(value)}`;
}
