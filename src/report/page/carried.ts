import type { z } from "zod";
import type { Output } from "../notebook.js";

/** The data of a type that an output carries; null when it carries none, or something that only has its name. */
export function carried<T>(output: Output, type: string, schema: z.ZodType<T>): T | null {
  return "data" in output ? (schema.safeParse(output.data[type]).data ?? null) : null;
}
