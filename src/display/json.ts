/** JSON whose form nobody has checked. */

/** An object of JSON. */
export type Json = Record<string, unknown>;

/** Whether a value is an object, and no list. */
export function isRecord(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
