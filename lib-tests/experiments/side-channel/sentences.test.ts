import assert from "node:assert/strict";
import {
  attackTable,
  balanceTable,
  countText,
  detectionText,
  foldingText,
  frontierTable,
  leakiestPass,
  leakMeans,
  leakTable,
  meetingTable,
  normalizationGroups,
  normalizationTable,
  programTests,
  spongeTable,
  type Table,
  timingTable,
  votesText,
} from "../../../src/experiments/side-channel/sentences.js";
import type { AttackResult } from "../../../src/experiments/side-channel/side-channel.js";
import { OVER_ALL } from "../../../src/experiments/side-channel/studies.js";
import { designOf, leakingNetwork } from "./designs.js";

const result: AttackResult = {
  ...leakingNetwork,
  agreeing: 0.9,
  sequential: { right: 4, wrong: 0, undecided: 0, traces: 10 },
};
const turned: AttackResult = { ...result, seed: 2, means: [4, 4.5], votesForClass1: 6, bits: 0.2 };
const even: AttackResult = { ...result, seed: 3, means: [6, 6], votesForClass1: 4, bits: 0 };
const seeds = [result, turned, even];

/** Every row has a cell for each column, and none says NaN. */
const assertTable = ([columns, rows]: Table, expected: number): void => {
  assert.equal(rows.length, expected);
  for (const row of rows) assert.equal(row.length, columns.length);
  assert.doesNotMatch(JSON.stringify(rows), /NaN|undefined/);
};

describe("side channel: sentences", () => {
  it("say what the count of one network tells", () => {
    const text = countText([
      [4, 4, 4, 4],
      [5, 5, 5, 5],
    ]);
    assert.match(
      text,
      /4\.00 neurons fire for Red .* 5\.00 for Blue.*\*\*1\.00 bits\*\* .* 100\.0% of cases\.$/,
    );
  });

  it("name the network in the middle, whichever class fires more in it", () => {
    assert.match(
      votesText(seeds),
      /is seed 2, .* \(0\.50 neurons\) is in the middle of the 3 seeds\. In it, Blue fires more/,
    );
    assert.match(
      votesText(seeds),
      /0\.20 bits; 1 seed leaks more\. .* of votes and difference is 0\.\d\d\.$/,
    );
    assert.match(votesText([result, { ...result, seed: 4 }]), /the lower of two\. In it, Red fires more/);
    assert.match(votesText([even]), /In it, neither class fires more.*so they have no correlation\.$/);
    const bare = votesText([{ ...even, agreeing: Number.NaN }]);
    assert.match(bare, /It has no hidden neuron\./);
    assert.doesNotMatch(bare, /NaN|not a number/);
  });

  it("say how long the t-test takes, and that it never ends where the means are equal", () => {
    const listening = { traces: 2000, traceNoise: 1 };
    assert.match(
      detectionText([result], listening),
      /in 1 of 1 seeds\. In the leakier half .* within 162 traces,/,
    );
    assert.match(
      detectionText([even], listening),
      /in 0 of 1 seeds\. In the leakier half .* never, in the leakiest tenth never\.$/,
    );
  });

  it("say what folding changed", () => {
    assert.match(
      foldingText({ points: 9, same: 8, gap: 1e-15 }),
      /at 8 of 9 .* differ by at most 1\.0e-15\.$/,
    );
    assert.match(foldingText({ points: 9, same: 0, gap: Number.NaN }), /logits that are not numbers\.$/);
  });

  it("pick of the balanced networks that pass the one that leaks most, where any passes", () => {
    const passing = { ...result, traced: { t: 1, spreadT: 9 } };
    const among = (results: AttackResult[]): AttackResult | undefined =>
      leakiestPass([
        { name: "not balanced", results: [{ ...passing, bits: 1 }] },
        { name: OVER_ALL, results },
      ]);
    assert.equal(among([{ ...passing, bits: 0.1 }, passing, { ...result, bits: 0.9 }]), passing);
    assert.equal(among([result]), undefined);
  });

  it("are put beside each other in tables", () => {
    const groups = [{ name: "a", results: seeds }];
    assertTable(leakTable(groups), 1);
    assert.deepEqual(leakTable(groups)[1][0].slice(0, 6), ["a", "5.00", "4.83", "0.50", 1, 0]);
    assertTable(balanceTable([{ name: "a", results: seeds }]), 1);
    assert.deepEqual(balanceTable(groups)[1][0].slice(2, 4), ["0 of 3", "3 of 3"]);
    assertTable(frontierTable([designOf("ReLU", 0.2, 0.4), designOf("a", 0.3, 0.1)]), 2);
    assertTable(attackTable({ a: { right: 0, wrong: 0, undecided: 2, traces: [9, 9] } }), 1);
    const times = { classes: [0, 1], nanoseconds: [5, 6], batch: 1 };
    const tests = programTests([{ skipping: times, dense: times, same: times, delayed: times }]);
    assert.deepEqual(
      tests.map(({ name }) => name),
      ["skipping, singly", "dense, singly", "same, singly", "delayed, singly"],
    );
    assert.equal(timingTable(tests)[1].length, 4);
    assert.equal(leakMeans(seeds)["AUC, in either direction"].mean, 0.7);
  });

  it("show normalization with what it is compared with, small batches where there were any", () => {
    const pair = (name: string) => ({ name, without: [result], normalized: [turned] });
    const full = { layer: pair("layer"), fullBatch: pair("batch, full batch") };
    const names = (own: Parameters<typeof normalizationGroups>[0]): string[] =>
      normalizationGroups(own, seeds).map(({ name }) => name);
    assert.deepEqual(names(full), [
      "plain",
      "plain, centred",
      "layer",
      "plain, full batch",
      "batch, full batch",
    ]);
    const small = { ...full, smallBatch: pair("batch, batches of 10") };
    assert.deepEqual(names(small).slice(3, 5), ["plain, batches of 10", "batch, batches of 10"]);
    assert.deepEqual(normalizationGroups(full, seeds)[1].results, [{ seed: 1, bits: 0.1 }]);
    assertTable(normalizationTable(small), 3);
  });

  it("say where the lines meet, and what follows", () => {
    const table = meetingTable(seeds, [
      { name: "halfway", results: [even] },
      { name: "mirror image", results: [turned, turned] },
    ]);
    assertTable(table, 3);
    assert.deepEqual(
      table[1].map(([place, degrees, , lead, n]) => [place, degrees, lead, n]),
      [
        ["the origin (0, 0)", 163, "-1.00, 0.50, 0.00", 3],
        ["halfway (0.5, 0.25)", 180, "0.00", 1],
        ["mirror image (1, 0.5)", 197, "0.50, 0.50", 2],
      ],
    );
  });

  it("say what the dearest inputs cost, and what is known only by search", () => {
    const exact = {
      seed: 1,
      mean: 3.5,
      means: [4, 3] as [number, number],
      work: 23.5,
      trained: 6,
      ordinary: { largest: 7, found: { count: 7, queries: 30, work: 27 } },
      far: { largest: 8, found: { count: 7, queries: 40, work: 27 } },
      anywhere: 9,
    };
    const missed = { ...exact, ordinary: { largest: 7, found: { count: 6, queries: 50, work: 26 } } };
    const unknown = { ...exact, ordinary: { ...exact.ordinary, largest: Number.NaN }, anywhere: Number.NaN };
    const table = spongeTable([
      { name: "one", results: [exact, missed] },
      { name: "two", results: [unknown] },
    ]);
    assert.deepEqual(table[1], [
      ["one", "3.50", "6.00", "7.00", "9.00", "1 of 2", "40"],
      ["two", "3.50", "6.00", "at least 7.00", "at least 7.00", "not known", "30"],
    ]);
  });
});
