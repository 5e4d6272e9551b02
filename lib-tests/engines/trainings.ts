/** Every training that the first build is compared by, in every way of training; bundled for a browser beside program.ts. */
import { train } from "../../src/core/network/train.js";
import { trainAll } from "../../src/core/network/train-all.js";
import { resultOf } from "../../src/core/settled.js";
import { trainingOf } from "../core/network/covering.js";
import { entries, type Fingerprint, fingerprint } from "../core/network/fingerprint.js";

/** The fingerprints of each training, by its title. */
export function trainings(): Record<string, { machine: Fingerprint; eager: Fingerprint; lane: Fingerprint }> {
  return Object.fromEntries(
    entries().map(({ title, settings }) => {
      const options = trainingOf(settings, "machine");
      const [inLane] = trainAll([options, { ...options, seed: options.seed + 1 }]);
      return [
        title,
        {
          machine: fingerprint(train(options)),
          eager: fingerprint(train(trainingOf(settings, "eager"))),
          lane: fingerprint(resultOf(inLane)),
        },
      ];
    }),
  );
}
