/** Checks arguments that have no options around them. Messages are those of {@link parse}. */
import * as z from "zod/mini";
import { parse, such } from "./validate.js";

/** A number that a measurement may be: NaN and the infinities too. */
export const anyNumber: z.ZodMiniType<number> = such("a number", (value) => typeof value === "number");

/**
 * Checks one argument.
 *
 * @throws RangeError or TypeError naming the argument, the allowed values and the value given
 */
export function requireArgument<T>(name: string, schema: z.ZodMiniType<T>, value: unknown): void {
  parse(z.strictObject({ [name]: schema }), { [name]: value });
}

/**
 * Checks that a value is an object of options, whatever they are: a text, a list or a map would be spread into nonsense, or into
 * nothing, before anybody looks.
 *
 * @throws TypeError naming the argument and the value
 */
export function requireOptions(name: string, value: unknown): void {
  const isPlain = (one: unknown): boolean => Object.prototype.toString.call(one) === "[object Object]";
  requireArgument(name, such("an object of options", isPlain), value);
}
