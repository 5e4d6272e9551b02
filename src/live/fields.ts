/** The parameters of a demonstration as a form would ask for them, made from the schemas that check them. */
import { type Allowed, allowedValues, describe } from "../core/validate.js";
import type { AnyDemonstration } from "./demonstration.js";

/** One parameter. */
export interface Field {
  name: string;
  /** What it is. */
  help: string;
  unit?: string;
  /** The allowed values in words. */
  allowed: string;
  /** `text` is for what has more than one form: a number or a word, a list. */
  kind: "number" | "choice" | "text";
  /** Of a `choice`. */
  choices?: unknown[];
  /** Of a `number`. */
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
