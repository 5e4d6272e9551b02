/** The panel and the exercises among a notebook's outputs: found and checked. */
import { z } from "zod";
import { EXERCISES_MIME, TRY_IT_MIME } from "../../display/mime.js";
import type { Publication } from "../../live/demonstration.js";
import { demonstrations } from "../../live/demonstrations.js";
import type { Output } from "../notebook.js";
import { carried } from "./carried.js";
import { verdictSchema } from "./verdict.js";

const publicationSchema = z.object({
  notebook: z.enum(Object.keys(demonstrations)),
  parameters: z.record(z.string(), z.unknown()),
  quantities: z.array(
    z.object({ name: z.string(), value: z.number().nullable(), absent: z.exactOptional(z.string()) }),
  ),
  digest: z.string().regex(/^[0-9a-f]{16}$/),
  recorded: z.exactOptional(
    z.object({
      verdict: verdictSchema,
      basis: z.string(),
      key: z.string(),
      sample: z.array(z.object({ seed: z.number(), text: z.string() })),
    }),
  ),
});

const exercisesSchema = z.object({ notebook: z.enum(Object.keys(demonstrations)) });

/** The notebook whose exercises an output shows; null where it shows none. */
export function exercisesOf(output: Output): string | null {
  return carried(output, EXERCISES_MIME, exercisesSchema)?.notebook ?? null;
}

/** What a panel is to compare with; null where an output carries none, or something that only has its name. */
export function publicationOf(output: Output): Publication | null {
  return carried(output, TRY_IT_MIME, publicationSchema);
}
