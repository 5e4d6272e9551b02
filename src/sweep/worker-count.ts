/** The default number of worker threads. */
import { availableParallelism } from "node:os";
import * as z from "zod/mini";
import { parse } from "../core/validate.js";

/** More threads than any machine can use; a larger number is a mistake. */
export const MAX_WORKERS = 256;

/** The allowed numbers of workers. */
export const workersSchema: z.ZodMiniType<number> = z.int().check(z.gte(1), z.lte(MAX_WORKERS));

/**
 * Reads the environment variable GLASS_HOUSE_WORKERS, which divides the cores among kernels that run side by side;
 * without it, returns the number of cores.
 *
 * @throws TypeError or RangeError when the variable is set to anything but a whole number from 1 to 256
 */
export function defaultWorkers(env: NodeJS.ProcessEnv = process.env): number {
  const text = env.GLASS_HOUSE_WORKERS;
  if (!text) return Math.min(availableParallelism(), MAX_WORKERS);
  return parse(workersSchema, /^\d+$/.test(text) ? Number(text) : text, "GLASS_HOUSE_WORKERS");
}
