import assert from "node:assert/strict";
import { textOf } from "../../src/evidence/codec.js";
import { measureBaseline, measureCheckedBaseline } from "../../src/experiments/baseline/baseline.js";
import { baseline } from "../../src/experiments/baseline/index.js";
import { plainLoop } from "../../src/experiments/runner.js";
import { doStudy } from "../../src/experiments/study.js";
import { demonstrationOf, type RecordedVerdict, trainedBy } from "../../src/live/demonstration.js";
import { smallTask } from "../experiments/small-task.js";
import { sessionOf } from "../support/sessions.js";

const demonstration = demonstrationOf(baseline);
const parameters = baseline.parameters({ ...smallTask, sweepSeeds: 2, firstSeed: 7 });

describe("the baseline in a page", () => {
  it("gives the verdict that the notebook gives", async () => {
    assert.deepEqual(
      await demonstration.judge(parameters, plainLoop()),
      baseline.verdict({ seeds: await doStudy(baseline.studies.seeds, parameters, plainLoop()) }, parameters),
    );
  });

  it("measures what the sweep measures, also where the training diverges", () => {
    for (const learningRate of [0.2, 1e300]) {
      const changed = { ...parameters, learningRate };
      const { quantities } = demonstration.read(trainedBy(demonstration.train(changed)), changed);
      const lowest = quantities.find(({ name }) => name === "lowest test loss (nats)");
      assert.equal(lowest?.value, measureBaseline(changed).lowestTestLoss);
    }
  });

  it("shows the recorded verdict where nothing that it stands on was changed, if its sample is the same here", async () => {
    const seed = parameters.firstSeed;
    const recorded: RecordedVerdict = {
      verdict: { claim: "", stamp: "holds", rows: [], summary: "" },
      basis: "",
      key: demonstration.key?.(parameters) ?? "",
      sample: [{ seed, text: textOf(measureCheckedBaseline({ ...parameters, seed })) }],
    };
    const answered = async (changes: object, own = recorded): Promise<unknown> => {
      const { session, answers } = sessionOf(demonstration);
      const values = { ...demonstration.extras, ...parameters, ...changes };
      await session.handle({ id: 1, kind: "judge", values, recorded: own });
      const last = answers[answers.length - 1];
      return last.kind === "recorded" ? last.isSame : last.kind;
    };
    assert.equal(await answered({}), true);
    assert.equal(await answered({ seed: 99, sweepSeeds: 3 }), true);
    const [{ text }] = recorded.sample;
    assert.equal(await answered({}, { ...recorded, sample: [{ seed, text: `${text} ` }] }), false);
    for (const change of [{ noise: 0.2 }, { firstSeed: 8 }, { epochs: 41 }]) {
      assert.equal(await answered(change), "verdict", JSON.stringify(change));
    }
  });
});
