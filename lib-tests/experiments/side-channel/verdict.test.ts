import assert from "node:assert/strict";
import type { TimedEffect, TimingGrade } from "../../../src/experiments/side-channel/constant-time.js";
import { NEVER_ZERO } from "../../../src/experiments/side-channel/frontier.js";
import { sideChannel } from "../../../src/experiments/side-channel/index.js";
import { leakOf } from "../../../src/experiments/side-channel/leakage.js";
import type { NormalizationPair } from "../../../src/experiments/side-channel/normalization.js";
import { type AttackResult, MOST_TRACES } from "../../../src/experiments/side-channel/side-channel.js";
import type { SpongeResult } from "../../../src/experiments/side-channel/sponge.js";
import { OVER_ALL, type SideChannelStudies, SPARSE } from "../../../src/experiments/side-channel/studies.js";
import { meanInterval } from "../../../src/experiments/statistics.js";
import type { FindingsOf, Variation } from "../../../src/experiments/study.js";
import type { Outcome, Verdict, VerdictRow } from "../../../src/experiments/verdict.js";
import { assertOneSentence } from "../one-sentence.js";
import { designOf, leakingNetwork } from "./designs.js";

type Findings = FindingsOf<SideChannelStudies>;

const leaking = leakingNetwork;
const silent: AttackResult = { ...leaking, t: 0, bits: 0, guess: 0.5, means: [4, 4] };
const turned: AttackResult = { ...leaking, means: [4, 5], t: 20 };
const withMeans = (...means: [number, number]): AttackResult => ({ ...leaking, means });
/** So many networks, a seed each. */
const many = (result: AttackResult, n = 40): AttackResult[] => seeded(new Array(n).fill(result));
const seeded = (results: AttackResult[]): AttackResult[] =>
  results.map((one, i) => ({ ...one, seed: i + 1 }));
const mixed = (n: number, m: number): AttackResult[] => seeded([...many(leaking, n), ...many(silent, m)]);
const pair = (bits: number, n = 40): NormalizationPair => ({
  name: "one",
  without: many(leaking, n),
  normalized: many({ ...leaking, bits }, n),
});
const passing = (result: AttackResult): AttackResult => ({ ...result, traced: { t: 1, spreadT: 1 } });
const balancedAre = (results: AttackResult[]): Variation<AttackResult>[] => [
  { name: "not balanced", results: many(leaking) },
  { name: OVER_ALL, results },
];

const timed = (grade: TimingGrade, mean: number): TimedEffect => ({
  effect: meanInterval(Array.from({ length: 20 }, (_, i) => mean + 0.01 * (i % 3))),
  grade,
});
const [fails, passes, open] = [timed("fails", 3), timed("passes", 0.1), timed("inconclusive", 1)];
const clocks = (n: number, skipping: TimedEffect, controls = {}, batch = 100): Findings["clock"] =>
  Array.from({ length: n }, (_, seed) => ({
    seed,
    difference: 1,
    batches: [{ batch, skipping, dense: passes, same: passes, delayed: fails, ...controls }],
  }));

/** Where the lines meet at their mirror image, and halfway. */
const meetingAre = (results: AttackResult[]): Findings["meeting"] => [
  { name: "halfway", results: many(silent, results.length) },
  { name: "mirror image", results },
];

const searched = (change: Partial<SpongeResult> = {}): SpongeResult[] =>
  Array.from({ length: 40 }, (_, i) => ({
    seed: i + 1,
    mean: 4,
    means: [4.5, 3.5],
    work: 24,
    trained: 7,
    ordinary: { largest: 7, found: { count: 7, queries: 30, work: 27 } },
    far: { largest: 8, found: { count: 8, queries: 30, work: 28 } },
    anywhere: 8,
    ...change,
  }));
const sparse = (change: Partial<SpongeResult>): Findings["sponge"] => [
  { name: "as above", results: searched() },
  { name: SPARSE, results: searched({ mean: 1.5, ...change }) },
];
const found = (count: number): Findings["sponge"] => [
  {
    name: "as above",
    results: searched({ ordinary: { largest: 7, found: { count, queries: 30, work: 20 + count } } }),
  },
  ...sparse({}).slice(1),
];

const relu = designOf("ReLU", 0.2, 0.4);
const tanh = { ...designOf("tanh", 0, 0), family: NEVER_ZERO };
const evidence: Partial<Findings> = {
  seeds: many(leaking),
  meeting: meetingAre(many(turned)),
  small: many(leaking),
  clock: clocks(30, fails),
  normalization: { layer: pair(0.2), smallBatch: pair(0.2), fullBatch: pair(0.4) },
  frontier: [relu, tanh, designOf("balance, μ = 1", 0.19, 0.1), designOf("more", 0.3, 0.5)],
  balanced: balancedAre(many(passing(leaking))),
  sponge: sparse({}),
};
const normalized = (change: Partial<Findings["normalization"]>): Partial<Findings> => ({
  normalization: { layer: pair(0.2), smallBatch: pair(0.2), fullBatch: pair(0.4), ...change },
});
const verdictWith = (change: Partial<Findings> = {}): Verdict =>
  sideChannel.verdict({ ...evidence, ...change }, sideChannel.parameters());
const rowOf = (claim: RegExp, change: Partial<Findings> = {}): VerdictRow => {
  const rows = verdictWith(change).rows.filter((row) => claim.test(row.claim));
  assert.equal(rows.length, 1, `${claim}`);
  return rows[0];
};

const LINES = {
  leak: /leaks the class/,
  means: /mean count differs/,
  direction: /^Red .* fires more/,
  six: /about 6 and 7/,
  guess: /One look/,
  clock: /A real clock/,
  layer: /^Layer normalization/,
  batch: /^Batch normalization/,
  savings: /saves more work leaks more/,
  lunch: /one of the designs/,
  balance: /A penalty/,
  neverZero: /never 0/,
  passing: /passes the t-test/,
  sponge: /^An input can be made/,
  average: /^What is cheap on average/,
};

describe("side channel: verdict", () => {
  const cases: [string, keyof typeof LINES, Partial<Findings>, Outcome][] = [
    ["counts that tell", "leak", {}, "holds"],
    ["counts that tell nothing", "leak", { seeds: many(silent) }, "does not hold"],
    ["counts that tell in three of four", "leak", { seeds: mixed(30, 10) }, "undecided"],
    ["counts of few seeds", "leak", { seeds: many(leaking, 19) }, "undecided"],
    ["means that differ", "means", {}, "holds"],
    ["means that differ in half", "means", { seeds: mixed(20, 20) }, "does not hold"],
    ["Red that fires more", "direction", {}, "holds"],
    ["Blue that fires more", "direction", { seeds: many(turned) }, "does not hold"],
    ["a coin", "direction", { seeds: seeded([...many(turned, 20), ...many(leaking, 20)]) }, "undecided"],
    ["Red that still does, mirrored", "direction", { meeting: meetingAre(many(leaking)) }, "does not hold"],
    [
      "a coin, mirrored",
      "direction",
      { meeting: meetingAre(seeded([...many(turned, 20), ...many(leaking, 20)])) },
      "undecided",
    ],
    ["6 against 7", "six", { seeds: many(withMeans(6, 7)), small: many(withMeans(7, 6)) }, "holds"],
    ["6 against 7 with small weights", "six", { small: many(withMeans(7, 6)) }, "holds only if"],
    ["never 6 against 7", "six", {}, "does not hold"],
    ["sure guesses", "guess", { seeds: many({ ...leaking, guess: 0.97 }) }, "holds"],
    ["fair guesses", "guess", {}, "does not hold"],
    ["a clock that sees", "clock", {}, "holds"],
    ["a clock that does not", "clock", { clock: clocks(30, passes) }, "does not hold"],
    ["five clocks that see", "clock", { clock: clocks(5, fails) }, "undecided"],
    ["a clock that cannot tell", "clock", { clock: clocks(30, open) }, "undecided"],
    [
      "a clock that mostly sees nothing",
      "clock",
      { clock: [...clocks(28, passes), ...clocks(4, open)] },
      "does not hold",
    ],
    ["a clock that mostly sees", "clock", { clock: [...clocks(38, fails), ...clocks(2, open)] }, "holds"],
    [
      "a clock that sees where nothing is",
      "clock",
      { clock: clocks(30, fails, { same: fails }) },
      "not tested",
    ],
    ["a clock that may", "clock", { clock: clocks(30, fails, { same: open }) }, "not tested"],
    ["a clock that misses a delay", "clock", { clock: clocks(30, fails, { delayed: open }) }, "not tested"],
    [
      "a clock that is sound for too few networks",
      "clock",
      { clock: [...clocks(19, fails), ...clocks(30, passes, { same: open })] },
      "undecided",
    ],
    ["less after layer normalization", "layer", {}, "holds"],
    ["as much", "layer", normalized({ layer: pair(0.39) }), "does not hold"],
    ["less in small batches only", "batch", {}, "holds only if"],
    ["less in any", "batch", normalized({ fullBatch: pair(0.2) }), "holds"],
    ["less in none", "batch", normalized({ smallBatch: pair(0.4) }), "does not hold"],
    [
      "no small batches",
      "batch",
      { normalization: { layer: pair(0.2), fullBatch: pair(0.4) } },
      "not tested",
    ],
    ["savings that leak", "savings", {}, "holds"],
    [
      "savings that do not",
      "savings",
      { frontier: [relu, designOf("a", 0.3, 0.1), designOf("b", 0.1, 0.6)] },
      "does not hold",
    ],
    [
      "no savings",
      "savings",
      {
        frontier: [relu, designOf("a", 0.2, 0.4)].map((one) => ({
          ...one,
          places: new Array(40).fill({ saved: 0, bits: 0, accuracy: 1 }),
        })),
      },
      "not tested",
    ],
    ["no free lunch", "lunch", {}, "does not hold"],
    ["a free lunch", "lunch", { frontier: [relu, tanh, designOf("free", 0.3, 0.01)] }, "holds"],
    ["a penalty that helps", "balance", {}, "holds"],
    [
      "a penalty that does not",
      "balance",
      { frontier: [relu, designOf("balance", 0.2, 0.5)] },
      "does not hold",
    ],
    ["activations that are never 0, and quiet", "neverZero", {}, "holds"],
    [
      "another channel",
      "neverZero",
      { frontier: [relu, { ...tanh, hammingBits: designOf("", 0, 0.1).bits }] },
      "does not hold",
    ],
    [
      "no such activation, though one saves nothing",
      "neverZero",
      { frontier: [relu, designOf("dead", 0, 0)] },
      "not tested",
    ],
    ["passing and leaking", "passing", {}, "does not hold"],
    ["passing and silent", "passing", { balanced: balancedAre(many(passing(silent))) }, "holds"],
    [
      "few that pass",
      "passing",
      { balanced: balancedAre([...many(passing(leaking), 3), ...many(leaking)]) },
      "undecided",
    ],
    ["nothing that passes", "passing", { balanced: balancedAre(many(leaking)) }, "not tested"],
    ["inputs that cost half as much again", "sponge", { sponge: found(6) }, "holds"],
    ["inputs that cost a quarter more", "sponge", { sponge: found(5) }, "does not hold"],
    ["a largest count that stays", "average", {}, "holds"],
    ["a largest count that falls too", "average", { sponge: sparse({ anywhere: 6 }) }, "does not hold"],
    ["an average that stays", "average", { sponge: sparse({ mean: 4 }) }, "does not hold"],
    [
      "a largest count that was only searched for",
      "average",
      { sponge: sparse({ anywhere: Number.NaN }) },
      "holds",
    ],
  ];
  for (const [name, line, change, outcome] of cases) {
    it(`of ${name}: ${outcome}`, () => {
      assert.equal(rowOf(LINES[line], change).outcome, outcome);
    });
  }

  it("names a bar or a comparison in each line, and writes no NaN, however few the seeds", () => {
    const { rows, stamp } = verdictWith({
      seeds: many(leaking, 2),
      meeting: meetingAre(many(turned, 2)),
      small: many(leaking, 2),
      clock: [...clocks(1, fails), ...clocks(1, fails, { same: open })],
      normalization: { layer: pair(0.2, 2), smallBatch: pair(0.2, 2), fullBatch: pair(0.4, 2) },
      balanced: balancedAre(many(leaking, 2)),
      scale: [{ name: "64", results: many(leaking, 2) }],
    });
    assert.equal(stamp, "undecided");
    for (const { claim, measured } of rows) assert.doesNotMatch(claim + measured, /NaN|undefined/);
  });

  it("counts networks behind the clock, each once, and those that pass behind the last line", () => {
    assert.equal(rowOf(LINES.clock).n, 30);
    assert.match(rowOf(LINES.clock).measured, /^In 30 of 30 networks .*, 0 inconclusive/);
    const single = clocks(30, fails, {}, 1);
    assert.match(rowOf(LINES.clock, { clock: single }).claim, /single inferences/);
    const some = [...clocks(25, fails), ...clocks(5, fails, { same: open })];
    assert.equal(rowOf(LINES.clock, { clock: some }).n, 25);
    assert.match(rowOf(LINES.clock, { clock: some }).measured, /must count: .* \(25 of 30\)\.$/);
    const balanced = balancedAre([...many(passing(leaking), 25), ...many(leaking, 15)]);
    assert.equal(rowOf(LINES.passing, { balanced }).n, 25);
  });

  it("says of attacks that all gave up no number of traces that it takes", () => {
    const sequential = { right: 0, wrong: 0, undecided: 2, traces: MOST_TRACES };
    const { measured } = rowOf(LINES.guess, { seeds: many({ ...leaking, sequential }) });
    assert.match(measured, /takes at least 5000 noisy traces .* 80 gave up/);
  });

  it("leaves out the lines whose study is absent, and needs the first for its stamp alone", () => {
    const { clock: _, ...untimed } = evidence;
    const all = verdictWith();
    const { rows } = sideChannel.verdict(untimed, sideChannel.parameters());
    assert.deepEqual(
      rows.map(({ claim }) => claim),
      all.rows.map(({ claim }) => claim).filter((claim) => !LINES.clock.test(claim)),
    );
    const first = sideChannel.verdict({ seeds: many(leaking) }, sideChannel.parameters());
    assert.deepEqual([first.stamp, first.rows.length], [all.stamp, 3]);
    assert.deepEqual(
      Object.keys(LINES).length,
      all.rows.length,
      "every line is in LINES, by a study or by another",
    );
  });

  it("says what wider and deeper networks tell, and what was not tested, where they were measured", () => {
    assert.equal(verdictWith().scale, undefined);
    const { scale } = verdictWith({ scale: [{ name: "64, 64", results: many(leaking) }] });
    assert.match(scale ?? "", /0\.40 in all 40 with hidden layers of 64, 64\. .* not tested/);
  });

  it("counts a tie of the means as a lead of neither", () => {
    // the running means of these differ by a rounding error
    const { means } = leakOf([
      [1, 1, 0],
      [0, 1, 1],
    ]);
    const seeds = [...many(leaking, 15), ...many(turned, 4), withMeans(...means)];
    assert.match(rowOf(LINES.direction, { seeds }).measured, /15 of 20 seeds .*, Blue in 4, 1 tie;/);
  });

  it("is stamped by the leak, and summed up by what came out", () => {
    const verdict = (seeds: AttackResult[]) => verdictWith({ seeds });
    const summaries = [many(leaking), [...many(leaking, 39), turned], many(turned), mixed(30, 10)].map(
      (seeds) => verdict(seeds).summary,
    );
    summaries.forEach(assertOneSentence);
    assert.match(summaries[0], /leaks the class in (\d+) of \1 networks, and Red always fires more\.$/);
    assert.match(summaries[1], /Red fires more in most, though not in all\.$/);
    assert.match(summaries[2], /Red does not fire more in most\.$/);
    assert.match(summaries[3], /do not decide whether/);
    assert.equal(verdict(many(silent)).stamp, "does not hold");
  });
});
