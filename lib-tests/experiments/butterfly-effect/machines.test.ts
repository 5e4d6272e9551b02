import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { Matrix } from "ml-matrix";
import { shuffledSums } from "../../../src/core/arithmetic/shuffled-sums.js";
import { randomStream } from "../../../src/core/random.js";
import { CALM } from "../../../src/experiments/butterfly-effect/butterfly-effect.js";
import { butterflyEffect } from "../../../src/experiments/butterfly-effect/index.js";
import {
  compilerTable,
  machinesText,
  machineTable,
} from "../../../src/experiments/butterfly-effect/machines.js";
import {
  MACHINES_MADE_WITH,
  MATH_DIFFERENCES,
  MATH_ENGINES,
  MATH_INPUTS,
  TRAININGS,
} from "../../../src/experiments/butterfly-effect/recorded-machines.js";
import { measureReruns, type Reruns } from "../../../src/experiments/butterfly-effect/shuffled.js";
import { parameters } from "./small-parameters.js";

const written = (name: string) =>
  JSON.parse(readFileSync(resolve(__dirname, `../../../../lib-tests/reference/${name}.json`), "utf8"));

describe("butterfly: machines that differ", () => {
  it("reads what the scripts recorded", () => {
    const { madeWith, trainings } = written("reference_machines");
    assert.deepEqual({ ...madeWith, ...MACHINES_MADE_WITH }, madeWith);
    let [kept, shown] = [0, 0];
    for (const row of trainings) {
      const { seeds, differing, firstStep, parted, distance, answers } = row;
      const own = TRAININGS[row.family][row.setting][row.machine];
      // of the wide network only the threads are told
      if (own === undefined && row.setting === "two layers of 256") continue;
      assert.deepEqual(own, [seeds, differing, firstStep, parted, distance, answers], row.machine);
      kept++;
    }
    for (const settings of Object.values(TRAININGS)) {
      for (const machines of Object.values(settings)) shown += Object.keys(machines).length;
    }
    assert.equal(kept, shown);
  });

  it("reads what the engines answered", () => {
    const { madeWith, inputs, functions } = written("reference_engines");
    assert.deepEqual(MATH_ENGINES, madeWith.engines);
    assert.equal(MATH_INPUTS, inputs);
    assert.deepEqual(
      Object.keys(MATH_DIFFERENCES),
      functions.map(({ name }: { name: string }) => name),
    );
    for (const { name, differing, ownDiffering = null } of functions) {
      assert.deepEqual(MATH_DIFFERENCES[name], [differing, ownDiffering], name);
    }
    assert.match(machinesText(), /own functions: 0\.$/);
    assert.match(machinesText(), / two threads give other bits than one in 3 of 3 seeds\. /);
  });

  it("has a row a machine, and a row a difference", () => {
    for (const [head, rows] of [machineTable(), compilerTable()]) {
      assert.ok(rows.length > 0 && rows.every((row) => row.length === head.length));
    }
    const [fused] = machineTable()[1].filter(([machine]) => machine === "C: x64, -O3 -march=x86-64-v3");
    const { differing, firstStep, seeds, parted } = written("reference_machines").trainings.find(
      (row: { family: string; setting: string; machine: string }) =>
        `${row.family}: ${row.machine}` === fused[0] && row.setting === "single samples",
    );
    assert.deepEqual(fused.slice(1, 3), [
      `${differing} of ${seeds}, from step ${firstStep} (median)`,
      `${parted} of ${seeds}`,
    ]);
    // those that do not differ stand in the text instead
    assert.ok(!machineTable()[1].some(([machine]) => machine === "C: x64, -O3"));
    assert.match(machinesText(), /^The same bits in every seed, at both settings: .*; C: x64, -O3;/);
  });
});

describe("butterfly: sums in a new random order", () => {
  it("adds every term once", () => {
    const { product, sumRows, sumColumns } = shuffledSums(randomStream("test", 1));
    const a = new Matrix([
      [1, 2, 4, 8],
      [16, 32, 64, 128],
      [256, 512, 1024, 2048],
    ]);
    assert.deepEqual(sumColumns(a).to1DArray(), [15, 240, 3840]);
    assert.deepEqual(sumRows(a).to1DArray(), [273, 546, 1092, 2184]);
    assert.deepEqual(product(a, Matrix.ones(4, 2)).to2DArray(), [
      [15, 15],
      [240, 240],
      [3840, 3840],
    ]);
  });

  it("gives both sums that the orders of 1e16, 1 and -1e16 give", () => {
    const { sumColumns } = shuffledSums(randomStream("test", 2));
    const sums = Array.from({ length: 60 }, () => sumColumns(new Matrix([[1e16, 1, -1e16]])).get(0, 0));
    assert.deepEqual([...new Set(sums)].sort(), [0, 1]);
  });

  it("makes two runs differ, in the last bits where training is calm", () => {
    const calm = measureReruns({ ...parameters, ...CALM, epochs: 20 });
    assert.ok(calm.differing !== null && calm.parted === null);
  });

  it("does not where both runs draw the same orders", () => {
    const same = measureReruns({ ...parameters, batchSize: "full", epochs: 5 }, [1, 1]);
    assert.deepEqual(same, { differing: null, parted: null });
  });

  it("decides where training is non-deterministic", () => {
    const seed = { accuracy: 1, visible: null, grownHalfway: null, isSameAgain: true, parted: [] };
    const seeds = { own: new Array(400).fill(seed), calm: new Array(400).fill(seed) };
    const lineOf = (run: Reruns, epochs = 600) => {
      const own = new Array<Reruns>(200).fill(run);
      const calm = own.map((each) => ({ ...each, parted: null }));
      const { rows } = butterflyEffect.verdict({ seeds, reruns: { own, calm } }, { ...parameters, epochs });
      return rows[rows.length - 1];
    };
    const { outcome, measured } = lineOf({ differing: 1, parted: 9 });
    assert.equal(outcome, "holds only if");
    assert.match(measured, /: in 200 of 200 .* Within 200 epochs 200 of them diverge, and 0 at the calm/);
    assert.match(lineOf({ differing: 1, parted: null }, 50).measured, / Within 50 epochs 0 of them/);
    assert.equal(lineOf({ differing: null, parted: null }).outcome, "does not hold");
  });
});
