/** How many worker threads a sweep uses when it is not told. */
import { availableParallelism } from "node:os";
import * as z from "zod/mini";
import { parse } from "../core/validate.js";

/** More threads than any machine we know of has use for; a larger number is a slip. */
export const MAX_WORKERS = 256;

/** What a number of workers may be. */
export const workersSchema: z.ZodMiniType<number> = z.int().check(z.gte(1), z.lte(MAX_WORKERS));

/**
 * The environment variable GLASS_HOUSE_WORKERS, by which whoever starts several kernels side by side shares
 * the cores among them; without it, as many as the machine runs at once.
 *
 * @throws TypeError or RangeError when the variable is set to anything but a whole number from 1 to 256
 */
export function defaultWorkers(env: NodeJS.ProcessEnv = process.env): number {
  const text = env.GLASS_HOUSE_WORKERS;
  if (!text) return Math.min(availableParallelism(), MAX_WORKERS);
  return parse(workersSchema, /^\d+$/.test(text) ? Number(text) : text, "GLASS_HOUSE_WORKERS");
}
