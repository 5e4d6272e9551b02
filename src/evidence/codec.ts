/**
 * Results as JSON and back, to the bit. JSON has neither NaN, the infinities, -0 nor undefined: they are strings that begin
 * with "#", and a string that begins so by itself gets one more.
 *
 * Objects that are alike repeat their keys a thousand times. Packed, they are lists of their values, in the order of a
 * {@link Shape}.
 */

/** What JSON.parse makes. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * What packed values look like: an object by its keys, a list by what its items look like, "value" for what is neither. A
 * value may stand wherever a list or an object can. "mixed" is not packed, for it is a list here and an object there.
 */
export type Shape = "value" | "mixed" | readonly [] | readonly [Shape] | { readonly [key: string]: Shape };

/** Stands for undefined in a list, and for a key that a packed object does not have. */
const ABSENT = "#";

/** What JSON has no word for. */
const WORDS: readonly [word: string, value: unknown][] = [
  [ABSENT, undefined],
  ["#NaN", Number.NaN],
  ["#-0", -0],
  ["#Infinity", Number.POSITIVE_INFINITY],
  ["#-Infinity", Number.NEGATIVE_INFINITY],
];

/** Deeper than any result; what holds itself has no end. */
const DEPTH = 50;

/**
 * A result as JSON. Keys whose value is undefined are left out.
 *
 * @param path - what the result is called in messages
 * @throws TypeError that names the path of what is no plain data
 */
export function toJson(value: unknown, path = "result", depth = 0): Json {
  if (depth > DEPTH) throw new TypeError(`${path} must be plain data, at most ${DEPTH} levels deep`);
  if (typeof value === "number" || value === undefined) {
    return WORDS.find(([, special]) => Object.is(special, value))?.[0] ?? (value as number);
  }
  if (typeof value === "string") return value.startsWith("#") ? `#${value}` : value;
  if (value === null || typeof value === "boolean") return value;
  // not map, which passes over holes
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

/** The result that {@link toJson} wrote. */
export function fromJson(json: Json): unknown {
  if (typeof json === "string" && json.startsWith("#")) {
    const known = WORDS.find(([word]) => word === json);
    return known ? known[1] : json.slice(1);
  }
  if (isList(json)) return json.map(fromJson);
  if (typeof json !== "object" || json === null) return json;
  return Object.fromEntries(Object.entries(json).map(([key, item]) => [key, fromJson(item)]));
}

/** A text that two results have in common only if they are the same to the bit, whatever the order of their keys. */
export function textOf(result: unknown): string {
  return JSON.stringify(toJson(result), (_, value: Json) =>
    typeof value === "object" && value !== null && !isList(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}

/** The shape of all that a shape describes and of one more; keys stay in the order in which they first came. */
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

/** JSON without the keys that its shape states. */
export function packed(json: Json, shape: Shape): Json {
  if (typeof json !== "object" || json === null || typeof shape === "string") return json;
  if (isList(json)) return json.map((item) => packed(item, (shape as readonly [Shape])[0]));
  return Object.entries(shape).map(([key, own]) =>
    Object.hasOwn(json, key) ? packed(json[key], own) : ABSENT,
  );
}

/**
 * The JSON that {@link packed} packed.
 *
 * @throws TypeError when it has not the shape
 */
export function unpacked(json: Json, shape: Shape): Json {
  if (typeof json !== "object" || json === null || shape === "mixed") return json;
  if (!isList(json) || shape === "value") throw new TypeError(`not of its shape: ${JSON.stringify(json)}`);
  if (isList(shape)) return json.map((item) => unpacked(item, shape[0] ?? "value"));
  const keys = Object.entries(shape);
  if (keys.length !== json.length) throw new TypeError(`not of its shape: ${JSON.stringify(json)}`);
  return Object.fromEntries(
    keys
      .map(([key, own], i): [string, Json] => [key, json[i] === ABSENT ? ABSENT : unpacked(json[i], own)])
      .filter(([, value]) => value !== ABSENT),
  );
}

/** Array.isArray, which would make any[] of what may be read only. */
function isList<T>(value: T): value is Extract<T, readonly unknown[]> {
  return Array.isArray(value);
}

/** Whether it has no class; of another realm, it has that realm's prototype. */
function isRecord(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null || Object.getOwnPropertySymbols(value).length > 0)
    return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function kindOf(value: unknown): string {
  if (typeof value !== "object" || value === null) return `a ${typeof value}`;
  return `an object of type ${value.constructor?.name ?? "Object"}`;
}
