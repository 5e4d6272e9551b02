/** The parameters of the experiments and of their panels, and what is made of those that are allowed. */
import assert from "node:assert/strict";
import { allowedValues } from "../../src/core/validate.js";
import { toJson } from "../../src/evidence/codec.js";
import type { AnyExperiment } from "../../src/experiments/experiment.js";
import { experiments } from "../../src/experiments/index.js";
import { demonstrationOf } from "../../src/live/demonstration.js";
import { fuzz, inTime, named, nanIn, outcomeOf, repeatable } from "./fuzz.js";
import { hostile, made, spoilings, spoilt } from "./hostile.js";

describe(`what the parameters of an experiment may not be ${repeatable}`, () => {
  for (const experiment of Object.values(experiments) as AnyExperiment[]) {
    const demonstration = demonstrationOf(experiment);
    const { defaults } = demonstration;
    const names = [
      ...Object.keys(
        Object.assign({}, ...demonstration.schemas.map((schema) => allowedValues(schema).properties)),
      ),
      "parameters",
    ];

    fuzz(`${experiment.name} says, of whatever comes`, spoilings, (all) => {
      const outcome = named(
        outcomeOf(() => experiment.parameters(spoilt(experiment.defaults, all))),
        names,
      );
      if (!outcome) return;
      const parameters = outcome.value as typeof experiment.defaults;
      assert.equal(nanIn(parameters), undefined);
      assert.deepEqual(experiment.parameters(parameters), parameters);
    });

    fuzz(`${experiment.name} says, of anything at all`, hostile, (one) => {
      named(
        outcomeOf(() => experiment.parameters(made(one) as never)),
        names,
      );
    });

    fuzz(`${experiment.name}, panel, says, and what it lets in has a key`, spoilings, (all) => {
      const outcome = named(
        outcomeOf(() => demonstration.check(spoilt(defaults, all))),
        names,
      );
      if (!outcome) return;
      const parameters = outcome.value as typeof experiment.defaults;
      toJson(parameters);
      inTime(() => demonstration.overridden?.(parameters));
      assert.match(
        inTime(() => demonstration.key(parameters)),
        /^\d+( [\da-f]{16})+$/,
      );
    });
  }
});
