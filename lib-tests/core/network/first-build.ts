/**
 * What the first build computed: fingerprints of trainings by the code of the commit 8d7b71e, where training was written
 * twice, to be read (whose bits these are) and to be fast. They are never written anew: what is meant to differ, `movedIn` names.
 */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Fingerprint } from "./fingerprint.js";

const FILE = resolve(__dirname, "../../../../lib-tests/core/network/first-build.json");

/** The kept fingerprints, by the titles of the trainings. */
export function firstBuild(): Record<string, Fingerprint> {
  return JSON.parse(readFileSync(FILE, "utf8"));
}
