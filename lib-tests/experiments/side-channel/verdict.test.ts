import assert from "node:assert/strict";
import type {
  NetworkTest,
  NetworkTimings,
  TimingGrade,
} from "../../../src/experiments/side-channel/constant-time.js";
import { BATCH, LAYER, NEVER_ZERO, type Tradeoff } from "../../../src/experiments/side-channel/frontier.js";
import { sideChannel } from "../../../src/experiments/side-channel/index.js";
import { leakOf } from "../../../src/experiments/side-channel/leakage.js";
import { type AttackResult, MOST_TRACES } from "../../../src/experiments/side-channel/side-channel.js";
import type { SpongeResult } from "../../../src/experiments/side-channel/sponge.js";
import { type SideChannelStudies, SPARSE } from "../../../src/experiments/side-channel/studies.js";
import { meanInterval } from "../../../src/experiments/statistics.js";
import type { FindingsOf } from "../../../src/experiments/study.js";
import type { Outcome, Verdict, VerdictRow } from "../../../src/experiments/verdict.js";
import { assertOneSentence } from "../one-sentence.js";
import { designOf, dummiesOf, frontierOf, leakingNetwork } from "./designs.js";
import { theft, theftsOf } from "./thefts.js";

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
const passing = (result: AttackResult): AttackResult => ({ ...result, traced: { t: 1, spreadT: 1 } });

const timed = (grade: TimingGrade, mean: number): NetworkTest => ({
  effect: meanInterval(Array.from({ length: 20 }, (_, i) => mean + 0.01 * (i % 3))),
  grade,
  spread: grade,
  guess: 0.6,
  guessOfMany: 0.9,
});
const [fails, passes, open] = [timed("fails", 3), timed("passes", 0.1), timed("inconclusive", 1)];
/** So many networks under the clock, with a larger one beside each. */
const clocks = (
  n: number,
  compiledSkipping: NetworkTest,
  controls = {},
  guesses: { own?: number; larger?: number } = {},
): Findings["clock"] => {
  const { own = 0.6, larger = 0.8 } = guesses;
  const networks = (guess: number): NetworkTimings[] =>
    Array.from({ length: n }, (_, seed) => ({
      seed,
      difference: 1,
      countGuess: 0.7 + 0.01 * (seed % 2),
      lost: 0,
      batches: [
        {
          batch: 1,
          scriptDense: passes,
          scriptSkipping: open,
          compiledDense: passes,
          compiledSkipping: { ...compiledSkipping, guess },
          same: passes,
          delayed: fails,
          ...controls,
        },
      ],
    }));
  return [
    { name: "10", results: networks(own) },
    { name: "64, 64", results: networks(larger) },
  ];
};
/** All of these networks. */
const together = (...some: Findings["clock"][]): Findings["clock"] =>
  some[0].map(({ name }, i) => ({ name, results: some.flatMap((one) => one[i].results) }));

const neverZero = (bits: number): Tradeoff => ({ ...designOf("tanh", 0, bits), family: NEVER_ZERO });
/** Designs that normalize, with so many bits in batches and in a full batch. */
const normalized = (layer: [number, number], batch: [number, number]): Tradeoff[] => [
  ...LAYER.map((name, i) => designOf(name, 0.2, layer[i])),
  ...BATCH.map((name, i) => designOf(name, 0.2, batch[i])),
];
const more = designOf("more", 0.3, 0.6);
const frontierWith = (...designs: Tradeoff[]): Partial<Findings> => ({ frontier: frontierOf(...designs) });
/** Where the lines meet at their mirror image, and halfway. */
const meetingAre = (results: AttackResult[]): Findings["meeting"] => [
  { name: "halfway", results: many(silent, results.length) },
  { name: "mirror image", results },
];

const searched = (change: Partial<SpongeResult> = {}): SpongeResult[] =>
  Array.from({ length: 40 }, (_, i) => ({
    seed: i + 1,
    mean: 4,
    work: 24,
    trained: 7,
    ordinary: { largest: 7, found: { count: 7, queries: 30, work: 27 } },
    far: 8,
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

const evidence: Partial<Findings> = {
  seeds: many(passing(leaking)),
  meeting: meetingAre(many(turned)),
  small: many(leaking),
  clock: clocks(30, fails),
  ...frontierWith(neverZero(0.01), more, ...normalized([0.2, 0.2], [0.4, 0.4])),
  sponge: sparse({}),
  theft: theftsOf(theft, 40),
};
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
  reading: /^The clock sees more in larger/,
  passing: /passes the t-test/,
  normalization: /^Normalization masks/,
  savings: /saves more work leaks more/,
  tight: /^Whatever saves work/,
  dense: /skips nothing/,
  dummies: /^Dummy work/,
  sponge: /^An input can be made/,
  average: /^What is cheap on average/,
  theft: /gives the network away/,
  defence: /^Thrift and secrecy/,
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
      { clock: together(clocks(28, passes), clocks(4, open)) },
      "does not hold",
    ],
    ["a clock that mostly sees", "clock", { clock: together(clocks(38, fails), clocks(2, open)) }, "holds"],
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
      { clock: together(clocks(19, fails), clocks(30, passes, { same: open })) },
      "undecided",
    ],
    [
      "a clock that sees in half",
      "clock",
      { clock: together(clocks(20, fails), clocks(20, passes)) },
      "undecided",
    ],
    ["times that tell more of larger networks", "reading", {}, "holds"],
    [
      "times that tell less of them",
      "reading",
      { clock: clocks(30, fails, {}, { own: 0.9 }) },
      "does not hold",
    ],
    [
      "times that tell as much",
      "reading",
      { clock: together(clocks(15, fails, {}, { own: 0.9 }), clocks(15, fails, {}, { own: 0.7 })) },
      "undecided",
    ],
    ["less after layer normalization only", "normalization", {}, "holds only if"],
    ["less after either", "normalization", frontierWith(...normalized([0.2, 0.2], [0.2, 0.2])), "holds"],
    [
      "less in batches only",
      "normalization",
      frontierWith(...normalized([0.2, 0.35], [0.4, 0.4])),
      "does not hold",
    ],
    ["savings that leak", "savings", {}, "holds"],
    [
      "savings that do not",
      "savings",
      frontierWith(designOf("a", 0.3, 0.1), designOf("b", 0.1, 0.6)),
      "does not hold",
    ],
    ["no savings", "savings", frontierWith(designOf("a", 0.2, 0.4)), "not tested"],
    ["nothing that saves and keeps the secret", "tight", {}, "holds"],
    ["something that does", "tight", frontierWith(designOf("free", 0.15, 0.02)), "does not hold"],
    ["something at the bar", "tight", frontierWith(designOf("free", 0.15, 0.05)), "undecided"],
    ["values that are quiet if never 0", "dense", {}, "holds only if"],
    ["values that tell", "dense", frontierWith(neverZero(0.1)), "does not hold"],
    [
      "values that are quiet in any",
      "dense",
      { frontier: { ...frontierOf(), designs: [designOf("ReLU", 0.2, 0.01), neverZero(0.01)] } },
      "holds",
    ],
    ["dummies that average out", "dummies", {}, "holds"],
    [
      "dummies that stay",
      "dummies",
      { frontier: { ...frontierOf(more), devices: [dummiesOf(0.2)] } },
      "does not hold",
    ],
    ["no device", "dummies", { frontier: { ...frontierOf(more), devices: [] } }, "not tested"],
    ["passing and leaking", "passing", {}, "does not hold"],
    ["passing and silent", "passing", { seeds: many(passing(silent)) }, "holds"],
    [
      "few that pass",
      "passing",
      { seeds: seeded([...many(passing(leaking), 3), ...many(leaking)]) },
      "undecided",
    ],
    ["nothing that passes", "passing", { seeds: many(leaking) }, "not tested"],
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
    ["networks that are stolen", "theft", {}, "holds"],
    ["no network to steal", "theft", { theft: [] }, "not tested"],
    ["a defence that is cheap", "defence", {}, "holds"],
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
      clock: together(clocks(1, fails), clocks(1, fails, { same: open })),
      theft: theftsOf(theft, 2),
      scale: [{ name: "64", results: many(leaking, 2) }],
    });
    assert.equal(stamp, "undecided");
    for (const { claim, measured } of rows) assert.doesNotMatch(claim + measured, /NaN|undefined/);
  });

  it("counts networks behind the clock, each once, and those that pass behind the last line", () => {
    assert.equal(rowOf(LINES.clock).n, 30);
    assert.match(rowOf(LINES.clock).measured, /^In 30 of 30 networks .*, 0 inconclusive/);
    assert.match(
      rowOf(LINES.clock).measured,
      /fires more takes longer in 30\. .*JavaScript skips: in 0\. .* in 0 compiled, 0 in JavaScript\./,
    );
    const some = together(clocks(25, fails), clocks(5, fails, { same: open }));
    assert.equal(rowOf(LINES.clock, { clock: some }).n, 25);
    assert.match(rowOf(LINES.clock, { clock: some }).measured, /must count: .* \(25 of 30\)\.$/);
    const reading = rowOf(LINES.reading);
    assert.equal(reading.n, 30);
    assert.match(
      reading.measured,
      /layers of 10: 60\.0% .* from one time, 90\.0% .* from 100, 70\.5 .* from one count, .*; with hidden/,
    );
    assert.match(reading.measured, /64, 64: 80\.0%/);
    const networks = seeded([...many(passing(leaking), 25), ...many(leaking, 15)]);
    assert.equal(rowOf(LINES.passing, { seeds: networks }).n, 25);
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
      all.rows
        .map(({ claim }) => claim)
        .filter((claim) => !LINES.clock.test(claim) && !LINES.reading.test(claim)),
    );
    const first = sideChannel.verdict({ seeds: many(leaking) }, sideChannel.parameters());
    assert.deepEqual([first.stamp, first.rows.length], [all.stamp, 4]);
    assert.deepEqual(
      Object.keys(LINES).length,
      all.rows.length,
      "every line is in LINES, by a study or by another",
    );
  });

  it("says what wider and deeper networks tell, and what was not tested, where they were measured", () => {
    assert.equal(verdictWith().scale, undefined);
    const { scale } = verdictWith({ scale: [{ name: "64, 64", results: many(leaking) }] });
    assert.match(
      scale ?? "",
      /0\.40 in all 40 with hidden layers of 64, 64, \d\d\.\d% right\. .* not tested/,
    );
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
