import assert from "node:assert/strict";
import type { TimingGrade, TimingTest } from "../../../src/experiments/side-channel/constant-time.js";
import { NEVER_ZERO } from "../../../src/experiments/side-channel/frontier.js";
import { leakOf } from "../../../src/experiments/side-channel/leakage.js";
import { type AttackResult, MOST_TRACES } from "../../../src/experiments/side-channel/side-channel.js";
import {
  type SideChannelEvidence,
  sideChannelVerdict,
  type TimingTests,
} from "../../../src/experiments/side-channel/verdict.js";
import { meanInterval } from "../../../src/experiments/statistics.js";
import type { Outcome, VerdictRow } from "../../../src/experiments/verdict.js";
import { designOf } from "./designs.js";

const leaking: AttackResult = {
  seed: 1,
  neurons: 10,
  testAccuracy: 0.98,
  count: { means: [5, 4], sds: [1, 1], difference: -1, t: -20, auc: 0.3, bits: 0.4, guess: 0.78 },
  hammingWeight: { means: [5, 4], sds: [1, 1], difference: -1, t: -20, auc: 0.3, bits: 0.3, guess: 0.7 },
  saved: 0.2,
  paddings: [],
  votesForClass1: 5,
  agreeing: 1,
  centredBits: 0.1,
  t: -12,
  secondOrderT: 1,
  sequential: { right: 40, wrong: 0, undecided: 0, traces: new Array(40).fill(10) },
};
const withCount = (change: Partial<AttackResult["count"]>): AttackResult => ({
  ...leaking,
  count: { ...leaking.count, ...change },
});
const silent = withCount({ difference: 0, t: 0, bits: 0, guess: 0.5, means: [4, 4] });
const turned = withCount({ difference: 1, t: 20 });
const many = <T>(result: T, n = 40): T[] => new Array(n).fill(result);
const mixed = (n: number, m: number): AttackResult[] => [...many(leaking, n), ...many(silent, m)];
const pair = (bits: number, n = 40) => ({
  without: many(leaking, n),
  normalized: many(withCount({ bits }), n),
});

const timed = (grade: TimingGrade, mean: number): TimingTest => ({
  measurements: 20_000,
  t: 40,
  medians: [100, 101],
  effect: meanInterval(Array.from({ length: 20 }, (_, i) => mean + 0.01 * (i % 3))),
  grade,
});
const [fails, passes, open] = [timed("fails", 3), timed("passes", 0.1), timed("inconclusive", 1)];
const timing = (skipping: TimingTest[], change: Partial<TimingTests> = {}): TimingTests[] => [
  { batch: 100, skipping, dense: passes, same: passes, delayed: fails, ...change },
];

const relu = designOf("ReLU", 0.2, 0.4);
const tanh = { ...designOf("tanh", 0, 0), family: NEVER_ZERO };
const evidence: SideChannelEvidence = {
  results: many(leaking),
  centred: many(silent),
  small: many(leaking),
  timing: timing(many(fails, 30)),
  normalization: { layer: pair(0.2), smallBatch: pair(0.2), fullBatch: pair(0.4) },
  frontier: [relu, tanh, designOf("balance, μ = 1", 0.19, 0.1), designOf("more", 0.3, 0.5)],
  balanced: many({ ...leaking, t: 1 }),
};
const rowOf = (claim: RegExp, change: Partial<SideChannelEvidence> = {}): VerdictRow => {
  const rows = sideChannelVerdict({ ...evidence, ...change }).rows.filter((row) => claim.test(row.claim));
  assert.equal(rows.length, 1, `${claim}`);
  return rows[0];
};

const LINES = {
  leak: /leaks the class/,
  means: /mean count differs/,
  direction: /Red .* favoured/,
  centre: /Centring the moons/,
  six: /6 against 7/,
  guess: /One look/,
  clock: /clock of this machine/,
  layer: /^Layer normalization/,
  batch: /^Batch normalization/,
  savings: /saves more work leaks more/,
  lunch: /one of the designs/,
  balance: /A penalty/,
  neverZero: /never 0/,
  passing: /passes the t-test/,
};

describe("side channel: verdict", () => {
  const cases: [string, keyof typeof LINES, Partial<SideChannelEvidence>, Outcome][] = [
    ["counts that tell", "leak", {}, "holds"],
    ["counts that tell nothing", "leak", { results: many(silent) }, "does not hold"],
    ["counts that tell in three of four", "leak", { results: mixed(30, 10) }, "undecided"],
    ["counts of few seeds", "leak", { results: many(leaking, 19) }, "undecided"],
    ["means that differ", "means", {}, "holds"],
    ["means that differ in half", "means", { results: mixed(20, 20) }, "does not hold"],
    ["Red that fires more", "direction", {}, "holds"],
    ["Blue that fires more", "direction", { results: many(turned) }, "does not hold"],
    ["a coin", "direction", { results: [...many(turned, 20), ...many(leaking, 20)] }, "undecided"],
    ["a lead that goes when the moons are centred", "centre", {}, "holds"],
    ["a lead that grows", "centre", { centred: many(withCount({ difference: -2 })) }, "does not hold"],
    [
      "a lead that may stay",
      "centre",
      { centred: [...many(withCount({ difference: -2.1 }), 20), ...many(silent, 20)] },
      "undecided",
    ],
    [
      "6 against 7",
      "six",
      { results: many(withCount({ means: [6, 7] })), small: many(withCount({ means: [7, 6] })) },
      "holds",
    ],
    ["6 against 7 with small weights", "six", { small: many(withCount({ means: [7, 6] })) }, "holds only if"],
    ["never 6 against 7", "six", {}, "does not hold"],
    ["sure guesses", "guess", { results: many(withCount({ guess: 0.97 })) }, "holds"],
    ["fair guesses", "guess", {}, "does not hold"],
    ["a clock that sees", "clock", {}, "holds"],
    ["a clock that does not", "clock", { timing: timing(many(passes, 30)) }, "does not hold"],
    ["five clocks that see", "clock", { timing: timing(many(fails, 5)) }, "undecided"],
    ["a clock that cannot tell", "clock", { timing: timing(many(open, 30)) }, "undecided"],
    [
      "a clock that mostly sees nothing",
      "clock",
      { timing: timing([...many(passes, 28), ...many(open, 4)]) },
      "does not hold",
    ],
    [
      "a clock that mostly sees",
      "clock",
      { timing: timing([...many(fails, 38), ...many(open, 2)]) },
      "holds",
    ],
    [
      "a clock that sees where nothing is",
      "clock",
      { timing: timing(many(fails, 30), { same: fails }) },
      "not tested",
    ],
    ["a clock that may", "clock", { timing: timing(many(fails, 30), { same: open }) }, "not tested"],
    [
      "a clock that misses a delay",
      "clock",
      { timing: timing(many(fails, 30), { delayed: open }) },
      "not tested",
    ],
    ["less after layer normalization", "layer", {}, "holds"],
    [
      "as much",
      "layer",
      { normalization: { ...evidence.normalization, layer: pair(0.39) } },
      "does not hold",
    ],
    ["less in small batches only", "batch", {}, "holds only if"],
    ["less in any", "batch", { normalization: { ...evidence.normalization, fullBatch: pair(0.2) } }, "holds"],
    [
      "less in none",
      "batch",
      { normalization: { ...evidence.normalization, smallBatch: pair(0.4) } },
      "does not hold",
    ],
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
          places: many({ saved: 0, bits: 0, accuracy: 1 }),
        })),
      },
      "not tested",
    ],
    ["no free lunch", "lunch", {}, "does not hold"],
    ["a free lunch", "lunch", { frontier: [...evidence.frontier, designOf("free", 0.3, 0.01)] }, "holds"],
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
    ["passing and silent", "passing", { balanced: many({ ...silent, t: 1 }) }, "holds"],
    [
      "few that pass",
      "passing",
      { balanced: [...many({ ...leaking, t: 1 }, 3), ...many(leaking)] },
      "undecided",
    ],
    ["nothing that passes", "passing", { balanced: many(leaking) }, "not tested"],
  ];
  for (const [name, line, change, outcome] of cases) {
    it(`of ${name}: ${outcome}`, () => {
      assert.equal(rowOf(LINES[line], change).outcome, outcome);
    });
  }

  it("names a bar or a comparison in each line, and writes no NaN, however few the seeds", () => {
    const few: SideChannelEvidence = {
      results: many(leaking, 2),
      centred: many(silent, 2),
      small: many(leaking, 2),
      timing: timing([fails]),
      normalization: { layer: pair(0.2, 2), smallBatch: pair(0.2, 2), fullBatch: pair(0.4, 2) },
      frontier: evidence.frontier,
      balanced: many(leaking, 2),
    };
    const { rows, stamp } = sideChannelVerdict(few);
    assert.equal(stamp, "undecided");
    for (const { claim, measured } of rows) assert.doesNotMatch(claim + measured, /NaN|undefined/);
  });

  it("counts networks behind the clock, each once, and those that pass behind the last line", () => {
    assert.equal(rowOf(LINES.clock).n, 30);
    assert.match(rowOf(LINES.clock).measured, /^In 30 of 30 networks .*, and 0 inconclusive/);
    const single = timing(many(fails, 30), { batch: 1 });
    assert.match(rowOf(LINES.clock, { timing: single }).claim, /single inferences/);
    const balanced = [...many({ ...leaking, t: 1 }, 25), ...many(leaking, 15)];
    assert.equal(rowOf(LINES.passing, { balanced }).n, 25);
  });

  it("says of attacks that all gave up no number of traces that it takes", () => {
    const sequential = { right: 0, wrong: 0, undecided: 2, traces: [MOST_TRACES, MOST_TRACES] };
    const { measured } = rowOf(LINES.guess, { results: many({ ...leaking, sequential }) });
    assert.match(measured, /takes at least 5000 noisy traces .* 80 gave up/);
  });

  it("has no line of a clock where there was none, and is the same otherwise", () => {
    const { timing: _, ...untimed } = evidence;
    const { rows, ...others } = sideChannelVerdict(untimed);
    const timedVerdict = sideChannelVerdict(evidence);
    assert.deepEqual({ ...others, rows: timedVerdict.rows }, timedVerdict);
    assert.deepEqual(
      rows,
      timedVerdict.rows.filter(({ claim }) => !LINES.clock.test(claim)),
    );
  });

  it("counts a tie of the means as a lead of neither", () => {
    // the running means of these differ by a rounding error
    const tie = withCount(
      leakOf([
        [1, 1, 0],
        [0, 1, 1],
      ]),
    );
    const results = [...many(leaking, 15), ...many(turned, 4), tie];
    assert.match(rowOf(LINES.direction, { results }).measured, /15 of 20 seeds .*, Blue in 4, 1 tie\./);
  });

  it("is stamped by the leak, and summed up by what came out", () => {
    const verdict = (results: AttackResult[]) => sideChannelVerdict({ ...evidence, results });
    assert.match(
      verdict(many(leaking)).summary,
      /tells the class in most networks\. Red fires more in .* networks\.$/,
    );
    assert.match(verdict([...many(leaking, 39), turned]).summary, /networks, not in every one\.$/);
    assert.match(verdict(many(turned)).summary, /Red is not the likelier/);
    assert.match(verdict(mixed(30, 10)).summary, /not decided/);
    assert.equal(verdict(many(silent)).stamp, "does not hold");
  });
});
