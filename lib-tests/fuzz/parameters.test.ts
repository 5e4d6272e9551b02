/** The parameters of the experiments and of their panels, and what is made of those that are allowed. */
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { figureJson } from "../../src/charts/figure-json.js";
import { type Allowed, allowedValues } from "../../src/core/validate.js";
import { fragmentOf, valuesIn } from "../../src/display/panel/fragment.js";
import { toJson } from "../../src/evidence/codec.js";
import type { AnyExperiment } from "../../src/experiments/experiment.js";
import { experiments } from "../../src/experiments/index.js";
import type { Reading } from "../../src/experiments/panel.js";
import { demonstrationOf, trainedBy } from "../../src/live/demonstration.js";
import { fuzz, inTime, named, nanIn, outcomeOf, repeatable } from "./fuzz.js";
import { hostile, made, numbers, spoilings, spoilt } from "./hostile.js";

/** Whether a training takes longer than a test should: none of the numbers that count something is much above that of the model. */
function isLarge(parameters: object, model: object): boolean {
  const weights = (own: object): Record<string, number> =>
    Object.fromEntries(
      Object.entries(own).flatMap(([name, value]) => {
        const numbers = Array.isArray(value) ? [value.length, ...value] : [value];
        const total = numbers.reduce((sum, one) => sum + Number(one), 0);
        return COUNTS.includes(name) ? [[name, total]] : [];
      }),
    );
  const most = weights(model);
  return Object.entries(weights(parameters)).some(([name, weight]) => weight > 4 * most[name]);
}

const COUNTS = [
  ..."trainPoints testPoints hiddenLayers epochs members candidates flips".split(" "),
  ..."attackers measurements traces stallEpochs".split(" "),
];

describe(`what the parameters of an experiment may not be ${repeatable}`, () => {
  for (const experiment of Object.values(experiments) as AnyExperiment[]) {
    const demonstration = demonstrationOf(experiment);
    const { defaults } = demonstration;
    const fields: Record<string, Allowed> = Object.assign(
      {},
      ...demonstration.schemas.map((schema) => allowedValues(schema).properties),
    );
    const names = [...Object.keys(fields), "parameters"];

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
      const value = made(one);
      const outcome = outcomeOf(() => experiment.parameters(value as never));
      if (!named(outcome, names)) return;
      // what is no object of options was not looked at
      assert.ok(value === undefined || Object.prototype.toString.call(value) === "[object Object]");
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
      const fragment = fragmentOf({ ...parameters }, defaults);
      const followed = demonstration.check({ ...defaults, ...inTime(() => valuesIn(fragment)) });
      // 0 is written for -0
      assert.deepEqual(JSON.parse(JSON.stringify(followed)), JSON.parse(JSON.stringify(parameters)));
    });

    const small = { trainPoints: 12, testPoints: 20, hiddenLayers: [3], epochs: 2 };
    const tiny: Record<string, unknown> = {
      ...defaults,
      ...small,
      ...("members" in defaults && { members: 2, neighbours: 3 }),
    };

    const numeric = Object.keys(fields).filter((name) =>
      ["number", "integer"].includes(fields[name].type ?? ""),
    );

    fuzz(
      `${experiment.name}, panel, shows what it lets in, or says why not`,
      fc.tuple(spoilings, fc.dictionary(fc.constantFrom(...numeric), numbers, { maxKeys: 3 })),
      ([all, extremes]) => {
        const checked = outcomeOf(() => demonstration.check(spoilt({ ...tiny, ...extremes }, all.slice(1))));
        if ("error" in checked || isLarge(checked.value as object, tiny)) return;
        const parameters = checked.value as object;
        const reading = named(
          outcomeOf(() => demonstration.read(trainedBy(demonstration.train(parameters)), parameters, true)),
          names,
        );
        if (!reading) return;
        const { pictures, quantities } = reading.value as Reading;
        figureJson(pictures);
        assert.equal(nanIn(quantities.map(({ words }) => words)), undefined);
      },
      0.2,
    );
  }
});
