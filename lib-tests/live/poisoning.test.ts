import assert from "node:assert/strict";
import { poisonFigure } from "../../src/charts/poison-map.js";
import { evaluate } from "../../src/core/network/evaluate.js";
import { toParameters } from "../../src/core/network/network.js";
import { withFlips } from "../../src/experiments/poisoning/attacks.js";
import { measureCertificate } from "../../src/experiments/poisoning/certificate.js";
import { measureDefence } from "../../src/experiments/poisoning/defences.js";
import { poisoning } from "../../src/experiments/poisoning/index.js";
import {
  measurePoisoning,
  type PoisonedTask,
  type PoisoningParameters,
  runPoisoning,
} from "../../src/experiments/poisoning/poisoning.js";
import { measureSensitivity } from "../../src/experiments/poisoning/sensitivity.js";
import { viewPoisoning } from "../../src/experiments/poisoning/view.js";
import { plainLoop } from "../../src/experiments/runner.js";
import { doStudy } from "../../src/experiments/study.js";
import { drawTask, trainTask } from "../../src/experiments/task.js";
import { demonstrationOf, trainedBy } from "../../src/live/demonstration.js";
import { smallTask } from "../experiments/small-task.js";
import { sessionOf } from "../support/sessions.js";

const demonstration = demonstrationOf(poisoning);

interface ByHand {
  flipped: readonly number[];
}

const published: PoisoningParameters = {
  ...smallTask,
  attack: "cluster",
  flips: 4,
  candidates: 2,
  targetLoss: 0.3,
  heldOutShare: 0.2,
  patience: 5,
  decay: 0.001,
  smoothing: 0.1,
  neighbours: 5,
  sweepSeeds: 2,
  firstSeed: 1,
};

const checked = (change: object = {}) =>
  demonstration.check({ ...published, ...demonstration.extras, ...change });

function readingWith(change: object = {}) {
  const parameters = checked(change);
  const { pictures, quantities } = demonstration.read(trainedBy(demonstration.train(parameters)), parameters);
  return {
    picture: pictures[0],
    value: (name: string) => quantities.find((quantity) => quantity.name === name)?.value,
  };
}

const { attacked } = runPoisoning(published);

describe("the demonstration of poisoning", () => {
  for (const [change, message] of [
    [
      { flips: 31 },
      /^RangeError: flips must be a whole number from 0 to 30, the points of the smaller class/,
    ],
    [{ attack: "mean" }, /^RangeError: attack must be one of .*, got "mean"/],
    [{ flipped: 3 }, /^TypeError: flipped must be a list, each a whole number >= 0, got 3/],
    [{ flipped: [1, -1] }, /^RangeError: flipped\[1\] must be a whole number >= 0, got -1/],
    [{ flipped: [1, 60] }, /^RangeError: flipped must be a list of training points from 0 to 59, got 60/],
    [{ flippt: [] }, /^TypeError: parameters has no option named flippt/],
  ] as const) {
    it(`refuses ${JSON.stringify(change)}`, () => {
      assert.throws(() => checked(change), message);
    });
  }

  it("shows the notebook's figure and numbers while nothing is switched by hand", () => {
    const task = runPoisoning(published);
    const { damage } = task;
    const title = `Seed 1, 4 lies: ${(100 * damage.plane).toFixed(1)}% of the plane changes class`;
    const { picture, value } = readingWith();
    assert.deepEqual(picture.figure, poisonFigure(viewPoisoning(task, 48), title));
    const { attacks } = measurePoisoning(published);
    assert.equal(value("lies believed"), attacks.cluster.flipped.captured);
    assert.equal(value("plane that changes class (%)"), 100 * attacks.cluster.flipped.plane);
    assert.equal(value("… of this in the void (%)"), 100 * attacks.cluster.flipped.planeVoid);
    assert.equal(value("amplification"), attacks.cluster.flipped.plane / (4 / 60));
    assert.equal(
      value("plane that changes class with the same points left out (%)"),
      100 * attacks.cluster.leftOut.plane,
    );
    const [clean, lied] = [task.clean, task.poisoned].map(
      ({ network }) => 100 * evaluate(network, task.data.test).accuracy,
    );
    assert.deepEqual([value("test accuracy without lies (%)"), value("test accuracy (%)")], [clean, lied]);
    assert.equal((clean - lied).toFixed(9), (100 * attacks.cluster.flipped.accuracyDrop).toFixed(9));
  });

  it("lets every training point be switched: a true one becomes a lie, a lie true again", () => {
    const truth = [0, 1, 2, 3, 4, 5, 6, 7].find((i) => !attacked.includes(i)) as number;
    const flipped = [truth, attacked[0]];
    const { picture, value } = readingWith({ flipped });
    const { handle } = picture;
    assert(handle?.kind === "pick");
    assert.deepEqual([handle.field, handle.picked, handle.places.length], ["flipped", flipped, 60]);
    assert.equal(value("lies told"), 4);
    const { task } = trainedBy(demonstration.train(checked({ flipped }))) as { task: PoisonedTask };
    const expected = [...attacked.slice(1), truth];
    assert.deepEqual(task.attacked, expected);
    const own = drawTask(published);
    const lied = trainTask(published, withFlips(own, expected)).network;
    assert.deepEqual(toParameters(task.poisoned.network), toParameters(lied));
    assert.deepEqual(handle.places, own.data.train.points.to2DArray());
  });

  it("has no amplification without lies, and nothing left out where that leaves nothing", () => {
    const none = readingWith({ flipped: attacked });
    assert.equal(none.value("amplification"), null);
    assert.equal(none.value("plane that changes class (%)"), 0);
    const all = readingWith({ flips: 0, flipped: Array.from({ length: 60 }, (_, i) => i), epochs: 2 });
    assert.equal(all.value("lies told"), 60);
    assert.equal(all.value("plane that changes class with the same points left out (%)"), null);
  });

  it("trains again for another label, and not for what only the verdict asks", async () => {
    const { session, answers } = sessionOf(demonstration);
    const values = checked();
    const changes = [{}, { decay: 0.5, neighbours: 2, sweepSeeds: 3 }, { flipped: [7] }];
    for (const [id, change] of changes.entries()) {
      await session.handle({ id, kind: "read", values: { ...values, ...change } });
    }
    assert.deepEqual(
      answers.map((answer) => answer.kind === "reading" && answer.hasTrained),
      [true, false, true],
    );
  });

  it("judges as the notebook does, whatever is switched by hand", async () => {
    const seen: { experiment: unknown; points: readonly unknown[] }[] = [];
    const run = <Point, Result>(grid: readonly Point[], experiment: (point: Point) => Result) => {
      seen.push({ experiment, points: grid });
      return plainLoop()(grid, experiment);
    };
    const verdict = await demonstration.judge(checked({ flipped: [3], sweepSeeds: 3 }), run);
    assert.deepEqual(
      seen.map(({ experiment, points }) => [experiment, points.length]),
      [
        [measurePoisoning, 3],
        [measureSensitivity, 4 * 2],
        [measureDefence, 5 * 2],
        [measureCertificate, 5 * 2],
        [measureSensitivity, 3 * 2],
      ],
    );
    assert.equal(verdict.rows.length, 13);
    const { flipped: _, ...parameters } = checked({ sweepSeeds: 3 }) as PoisoningParameters & ByHand;
    const findings = {
      seeds: await doStudy(poisoning.studies.seeds, parameters, plainLoop()),
      depth: await doStudy(poisoning.studies.depth, parameters, plainLoop()),
      defences: await doStudy(poisoning.studies.defences, parameters, plainLoop()),
      certificate: await doStudy(poisoning.studies.certificate, parameters, plainLoop()),
      scale: await doStudy(poisoning.studies.scale, parameters, plainLoop()),
    };
    assert.deepEqual(verdict, poisoning.verdict(findings, parameters));
  });
});
