/** Build step: a digest of the code behind each study that can be measured again. */
import { writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { DIGESTS_PATH, type Digests } from "../evidence/digests.js";
import { type AnyStudy, studiesOf } from "../experiments/experiment.js";
import { experiments } from "../experiments/index.js";
import { locate } from "../sweep/locate.js";
import { measurementDigest } from "./measurement-digest.js";

const COMPILED = join(__dirname, "..");
const SOURCES = join(__dirname, "..", "..", "..", "src");

function digestOf(experiment: string, name: string, { measure }: AnyStudy): string {
  const location = locate(measure, []);
  if (!location) {
    throw new Error(`${experiment}, study ${name}: no module of experiments/ exports what it measures with`);
  }
  const source = join(SOURCES, relative(COMPILED, location.module)).replace(/\.js$/, ".ts");
  return measurementDigest(source, location.name);
}

const digests: Digests = Object.fromEntries(
  Object.values(experiments).map((experiment) => [
    experiment.name,
    Object.fromEntries(
      studiesOf(experiment)
        .filter(([, { isObserved }]) => !isObserved)
        .map(([name, study]) => [name, digestOf(experiment.name, name, study)]),
    ),
  ]),
);
writeFileSync(DIGESTS_PATH, `${JSON.stringify(digests, null, 2)}\n`);
