/** The parameters of a demonstration as fields of a form, made from the schemas that check them. */
import { type Allowed, allowedValues, describe } from "../core/validate.js";
import type { AnyDemonstration } from "./demonstration.js";

/** One parameter. */
export interface Field {
  name: string;
  /** What the parameter means. */
  help: string;
  unit?: string;
  /** The allowed values in words. */
  allowed: string;
  /** `text` is for values of several forms (a number or a word) and for lists. */
  kind: "number" | "choice" | "text";
  /** The options of a `choice`. */
  choices?: unknown[];
  /** Whether a `number` must be whole. */
  isWhole?: boolean;
  /** Whether a `text` is a list. */
  isList?: boolean;
  isRequired: boolean;
}

/** All parameters, in the order of the schemas. */
export function fieldsOf({ schemas }: Pick<AnyDemonstration, "schemas">): Field[] {
  return schemas.flatMap((schema) => {
    const { properties = {}, required = [] } = allowedValues(schema);
    return Object.entries(properties).map(([name, allowed]) =>
      fieldOf(name, allowed, required.includes(name)),
    );
  });
}

function fieldOf(name: string, allowed: Allowed, isRequired: boolean): Field {
  const { description: help = "", unit, type } = allowed;
  const choices = allowed.type === "boolean" ? [true, false] : allowed.enum;
  const isNumber = type === "number" || type === "integer";
  return {
    name,
    help,
    ...(unit !== undefined && { unit }),
    allowed: describe(allowed),
    kind: choices ? "choice" : isNumber ? "number" : "text",
    ...(choices && { choices }),
    ...(type === "integer" && { isWhole: true }),
    ...(type === "array" && { isList: true }),
    isRequired,
  };
}
