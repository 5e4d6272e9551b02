/**
 * The golden values: what program.ts computes, to the bit. Run as a program,
 * `node dist/lib-tests/engines/golden.js`, this file writes them anew from the Node it runs in; only for a
 * change that is meant to change what the core computes, for the notebooks' numbers change with it.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { type Fingerprint, results } from "./program.js";

const FILE = resolve(__dirname, "../../../lib-tests/engines/golden.json");

/** The values kept in golden.json. */
export function goldenValues(): Record<string, Fingerprint> {
  return JSON.parse(readFileSync(FILE, "utf8"));
}

if (require.main === module) writeFileSync(FILE, `${JSON.stringify(results(), null, 2)}\n`);
