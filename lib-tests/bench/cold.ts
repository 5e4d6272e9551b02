/** The first training of a fresh process: 500 epochs of single samples, the loading of the code included. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundle, ROOT } from "./bundle.js";
import type { Contender, Turn } from "./contender.js";
import { FIRST_BUILD, type Task } from "./training.js";

const task: Task = { hiddenLayers: [10], batchSize: 1, arithmetic: "binary64", seed: 1 };

/** Looks at the clock inside the process, so that its start does not count. */
const script = `
  const start = performance.now();
  const { trainingBy } = require(${JSON.stringify(require.resolve("./training.js"))});
  const loss = trainingBy(require(process.argv[1]), ${JSON.stringify(task)})(500);
  console.log(JSON.stringify({ seconds: (performance.now() - start) / 1000, loss }));`;

/** This build and the first one, both as one minified file. A unit of work is a process. */
export function coldStarts(): Contender[] {
  const folder = mkdtempSync(join(tmpdir(), "glass-house-bench-"));
  const file = join(folder, "this-build.js");
  writeFileSync(file, bundle(ROOT));
  return [
    { ...contender("machine", file), close: () => rmSync(folder, { recursive: true }) },
    contender("first build", FIRST_BUILD),
  ];
}

function contender(name: string, build: string): Contender {
  return {
    name,
    run(count) {
      const turns = Array.from(
        { length: count },
        (): Turn => JSON.parse(execFileSync(process.execPath, ["-e", script, build], { encoding: "utf8" })),
      );
      return { ...turns[0], seconds: turns.reduce((sum, { seconds }) => sum + seconds, 0) };
    },
  };
}
