/** Every training that the first build is compared by, in either way; bundled for a browser beside program.ts. */

import { train } from "../../src/core/network/train.js";
import { PATHS, type Path, trainingOf } from "../core/network/covering.js";
import { entries, type Fingerprint, fingerprint } from "../core/network/fingerprint.js";

/** The fingerprints of each training, by its title. */
export function trainings(): Record<string, Record<Path, Fingerprint>> {
  const inEach = (one: (path: Path) => Fingerprint) =>
    Object.fromEntries(PATHS.map((path) => [path, one(path)])) as Record<Path, Fingerprint>;
  return Object.fromEntries(
    entries().map(({ title, settings }) => [
      title,
      inEach((path) => fingerprint(train(trainingOf(settings, path)))),
    ]),
  );
}
