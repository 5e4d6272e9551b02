/**
 * Checks options before any work is done. A zod schema says what is allowed, and error messages are made from the same
 * schema: they always name the argument, the allowed range and the value given.
 */
import * as z from "zod/mini";

/** The part of JSON Schema that our option schemas use. */
export interface Allowed {
  type?: string;
  /** The allowed values in words, if the other properties cannot describe them. */
  title?: string;
  /** The meaning of the value; see {@link documented}. */
  description?: string;
  /** The unit of the value. */
  unit?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: Allowed[];
  items?: Allowed;
  properties?: Record<string, Allowed>;
  required?: string[];
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  minItems?: number;
  maxItems?: number;
}

/**
 * Checks `value` and returns it with default values filled in.
 *
 * @param schema - what is allowed; what JSON Schema cannot describe has a `title` in its metadata, or `allowed` in the
 * `params` of a custom issue
 * @param value - the value to check
 * @param subject - the name of `value` in messages about it as a whole
 * @throws TypeError when a value has the wrong type, or an option is unknown
 * @throws RangeError when a value has the right type but is outside the allowed range
 */
export function parse<T>(schema: z.ZodMiniType<T>, value: unknown, subject = "options"): T {
  const result = z.safeParse(schema, value);
  if (result.success) return result.data;
  const issue = result.error.issues[0] as z.core.$ZodIssue;
  const allowed = allowedValues(schema);
  const name = issue.path.reduce<string>(
    (text, key) =>
      typeof key === "number" ? `${text}[${key}]` : text === "" ? String(key) : `${text}.${String(key)}`,
    "",
  );
  if (issue.code === "unrecognized_keys") {
    const known = Object.keys(at(allowed, issue.path)?.properties ?? {}).join(", ");
    throw new TypeError(
      `${name || subject} has no option named ${issue.keys.join(", ")}; its options are ${known}`,
    );
  }
  const expected = at(allowed, issue.path) ?? {};
  const got = issue.path.reduce<unknown>(
    (inner, key) => (inner as Record<PropertyKey, unknown>)?.[key],
    value,
  );
  const words = issue.code === "custom" ? issue.params?.allowed : undefined;
  const message = `${name || subject} must be ${words ?? describe(expected)}, got ${print(got)}`;
  throw hasTypeOf(expected, got) ? new RangeError(message) : new TypeError(message);
}

/**
 * Adds a description to a schema, for controls that set the value.
 *
 * @param description - the meaning of the value, in a short sentence without a full stop
 */
export function documented<Schema extends z.ZodMiniType>(
  schema: Schema,
  description: string,
  unit?: string,
): Schema {
  return schema.check(z.meta({ description, ...(unit !== undefined && { unit }) })) as Schema;
}

/**
 * A schema of what JSON Schema cannot describe.
 *
 * @param title - what is allowed, in words
 */
export function such<T>(title: string, isAllowed: (value: unknown) => boolean): z.ZodMiniType<T> {
  return z.custom<T>(isAllowed).check(z.meta({ title }));
}

/** Whether a value has functions of these names. */
export const hasFunctions =
  (...names: string[]) =>
  (value: unknown): boolean =>
    names.every((name) => typeof (value as Record<string, unknown>)?.[name] === "function");

/**
 * A schema for a list of two numbers.
 *
 * @param title - the allowed pairs, in words
 */
export function pairOf(
  title: string,
  isAllowed: (pair: readonly [number, number]) => boolean,
): z.ZodMiniType<readonly [number, number]> {
  return z.array(z.number()).check(
    z.refine((pair) => pair.length === 2 && isAllowed(pair as [number, number])),
    z.meta({ title }),
  ) as z.ZodMiniType as z.ZodMiniType<readonly [number, number]>;
}

/** The allowed values of a schema, as JSON Schema. */
export function allowedValues(schema: z.ZodMiniType): Allowed {
  return z.toJSONSchema(schema, { unrepresentable: "any", io: "input" }) as Allowed;
}

/** The allowed values in words: `a finite number > 0`, `a whole number from 1 to 64`, `"he" or "glorot"`. */
export function describe(allowed: Allowed): string {
  if (allowed.title !== undefined) return allowed.title;
  if (allowed.anyOf) return allowed.anyOf.map(describe).join(", or ");
  if (allowed.const !== undefined) return JSON.stringify(allowed.const);
  if (allowed.enum) return `one of ${allowed.enum.map((choice) => JSON.stringify(choice)).join(", ")}`;
  switch (allowed.type) {
    case "number":
      return `a finite number${rangeOf(allowed)}`;
    case "integer":
      return `a whole number${rangeOf(allowed)}`;
    case "boolean":
      return "true or false";
    case "array":
      return `a list${countOf(allowed)}${allowed.items ? `, each ${describe(allowed.items)}` : ""}`;
    case "object":
      return "an object of options";
    default:
      return allowed.type ? `a ${allowed.type}` : "given";
  }
}

function rangeOf({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: Allowed): string {
  // zod limits every integer to what a double holds exactly; nobody chose that limit
  const low = minimum === Number.MIN_SAFE_INTEGER ? undefined : minimum;
  const high = maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
  if (low !== undefined && high !== undefined) return ` from ${low} to ${high}`;
  const bounds = [
    low !== undefined ? `>= ${low}` : exclusiveMinimum !== undefined ? `> ${exclusiveMinimum}` : undefined,
    high !== undefined ? `<= ${high}` : exclusiveMaximum !== undefined ? `< ${exclusiveMaximum}` : undefined,
  ].filter((bound) => bound !== undefined);
  return bounds.length > 0 ? ` ${bounds.join(" and ")}` : "";
}

function countOf({ minItems, maxItems }: Allowed): string {
  if (minItems !== undefined && maxItems !== undefined) return ` of ${minItems} to ${maxItems} values`;
  if (minItems !== undefined) return ` of at least ${minItems} value${minItems === 1 ? "" : "s"}`;
  return maxItems !== undefined ? ` of at most ${maxItems} values` : "";
}

function at(allowed: Allowed, path: readonly PropertyKey[]): Allowed | undefined {
  return path.reduce<Allowed | undefined>(
    (inner, key) => (typeof key === "number" ? inner?.items : inner?.properties?.[String(key)]),
    allowed,
  );
}

function hasTypeOf(allowed: Allowed, value: unknown): boolean {
  if (allowed.anyOf) return allowed.anyOf.some((choice) => hasTypeOf(choice, value));
  if (allowed.const !== undefined) return typeof allowed.const === typeof value;
  if (allowed.enum) return allowed.enum.some((choice) => typeof choice === typeof value);
  if (allowed.type === "array") return Array.isArray(value);
  return typeof value === (allowed.type === "integer" ? "number" : allowed.type);
}

/** Depth to which nested lists are printed. JSON.stringify would fail on a list that contains itself, or on a BigInt. */
const DEPTH = 3;
const MOST_LENGTH = 60;

function print(value: unknown, depth = 0): string {
  const text = printWhole(value, depth);
  return text.length > MOST_LENGTH ? `${text.slice(0, MOST_LENGTH - 3)}...` : text;
}

function printWhole(value: unknown, depth: number): string {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value.slice(0, MOST_LENGTH));
    case "bigint":
      return `${value}n`;
    case "function":
      return "a function";
    case "object":
      if (value === null) return "null";
      if (!Array.isArray(value)) return `an object of type ${typeName(value)}`;
      if (depth === DEPTH) return "[...]";
      // not map, which skips holes
      return `[${Array.from(value.slice(0, MOST_LENGTH), (item) => print(item, depth + 1)).join(",")}]`;
    default:
      return String(value);
  }
}

/** The name of an object's constructor, which may be anything. */
export function typeName(value: object): string {
  const name: unknown = value.constructor?.name;
  return typeof name === "string" ? name : "Object";
}
