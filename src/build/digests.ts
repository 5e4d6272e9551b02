/** Build step: writes a digest of the code behind each reproducible study. */
import { writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { DIGESTS_PATH, type Digests } from "../evidence/digests.js";
import { type AnyStudy, studiesOf } from "../experiments/experiment.js";
import { experiments } from "../experiments/index.js";
import { locate } from "../sweep/locate.js";
import { measurementDigest } from "./measurement-digest.js";

const COMPILED = join(__dirname, "..");
const SOURCES = join(__dirname, "..", "..", "..", "src");

async function digestOf(experiment: string, name: string, { measure }: AnyStudy): Promise<string> {
  const location = locate(measure, []);
  if (!location) {
    throw new Error(`${experiment}, study ${name}: its measure must be exported by a module of experiments/`);
  }
  const source = join(SOURCES, relative(COMPILED, location.module)).replace(/\.js$/, ".ts");
  return measurementDigest(source, location.name);
}

async function main(): Promise<void> {
  const digests: Record<string, Record<string, string>> = {};
  for (const experiment of Object.values(experiments)) {
    const own: Record<string, string> = {};
    for (const [name, study] of studiesOf(experiment)) {
      if (!study.isObserved) own[name] = await digestOf(experiment.name, name, study);
    }
    digests[experiment.name] = own;
  }
  writeFileSync(DIGESTS_PATH, `${JSON.stringify(digests satisfies Digests, null, 2)}\n`);
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
