import assert from "node:assert/strict";
import { randomStream } from "../../../src/core/random.js";
import type { Programs } from "../../../src/experiments/side-channel/constant-time.js";
import {
  attackTable,
  detectionText,
  foldingText,
  hidingText,
  leakTable,
  meetingTable,
  passingText,
  programTests,
  spongeTable,
  type Table,
  timingTable,
  timingText,
  votesText,
} from "../../../src/experiments/side-channel/sentences.js";
import type { AttackResult } from "../../../src/experiments/side-channel/side-channel.js";
import type { MeasuredTimings } from "../../../src/experiments/side-channel/timings.js";
import { designOf, frontierOf, leakingNetwork } from "./designs.js";

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
  it("name the network in the middle, whichever class fires more in it", () => {
    assert.match(
      votesText(seeds),
      /is seed 2: .* In it, Blue fires more, by 0\.50 neurons, and the count leaks 0\.20 bits\. .* of votes and difference is 0\.\d\d\.$/,
    );
    assert.match(votesText([result, { ...result, seed: 4 }]), /In it, Red fires more/);
    assert.match(votesText([even]), /In it, neither class fires more, and .*so they have no correlation\.$/);
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

  it("name of the networks that pass the t-test the one that leaks most, where any passes", () => {
    const passing = (bits: number, spreadT: number, seed: number): AttackResult => ({
      ...result,
      seed,
      bits,
      traced: { t: -1, spreadT },
    });
    assert.match(
      passingText([passing(0.1, 9, 4), passing(0.3, -9, 7), passing(0.2, 1, 5), { ...result, bits: 0.9 }]),
      /^3 of 4 networks pass .* in 2 of these .* is seed 7, with 0\.30 bits/,
    );
    assert.equal(passingText([result]), "None of 1 networks passes the t-test.");
  });

  it("say what folding changed", () => {
    assert.match(
      foldingText({ points: 9, same: 8, gap: 1e-15 }),
      /at 8 of 9 .* differ by at most 1\.0e-15\.$/,
    );
    assert.match(foldingText({ points: 9, same: 0, gap: Number.NaN }), /logits that are not numbers\.$/);
  });

  it("say what centring, the penalty in a full batch and a random order leave", () => {
    const frontier = frontierOf(
      designOf("layer norm", 0.2, 0.1),
      designOf("balance, μ = 1", 0.2, 0.03),
      designOf("balance, μ = 1, full batch", 0.2, 0.2),
    );
    const [relu, ...others] = frontier.designs;
    const devices = { paddings: [], dummies: [], centredBits: 0.25 };
    const centred = { ...relu, places: relu.places.map((place) => ({ ...place, devices })) };
    const text = hidingText({ ...frontier, designs: [centred, ...others] });
    assert.match(text, /leak 0\.250 bits, against 0\.400 as they are and 0\.100 with layer/);
    assert.match(text, /0\.030 bits are left in small batches, 0\.200 in a full one/);
    assert.match(text, /in a known order learns 0\.800 bits; in a random order, the 0\.400 of the count\.$/);
  });

  it("are put beside each other in tables", () => {
    const groups = [{ name: "a", results: seeds }];
    assertTable(leakTable(groups), 1);
    assert.deepEqual(leakTable(groups)[1][0].slice(0, 6), ["a", "5.00", "4.83", "0.50", 1, 0]);
    assertTable(attackTable({ a: { right: 0, wrong: 0, undecided: 2, traces: [9, 9] } }), 1);
  });

  /** Times of 1000 ns with a little noise; class 1 takes longer and its times spread wider by so much. */
  const made = (longer: number, wider = 0, batch = 1): MeasuredTimings => {
    const random = randomStream("test/times", 1);
    const classes = Array.from({ length: 8000 }, () => random.below(2));
    const nanoseconds = classes.map(
      (label) => batch * (1000 + label * longer + (2 + label * wider) * random.normal()),
    );
    return { classes, nanoseconds, batch, elapsed: 100, lost: 1 };
  };
  const quiet = (batch = 1): Programs<MeasuredTimings> => ({
    scriptDense: made(0, 0, batch),
    scriptSkipping: made(0, 9, batch),
    compiledDense: made(0, 0, batch),
    compiledSkipping: made(4, 0, batch),
    same: made(0, 0, batch),
    delayed: made(90, 0, batch),
  });
  // a count of 1 is of class 0 twice as often as of class 1, which alone has 2: three of four guesses are right
  const count = [
    [1, 1, 1, 1, 1, 1, 1, 1],
    [1, 1, 2, 2, 1, 1, 2, 2],
  ] as const;

  it("grade each program under the clock, and say how well one inference is guessed", () => {
    const [columns, rows] = timingTable(programTests([quiet(), quiet(100)]));
    assert.deepEqual(
      rows.map(([name]) => name),
      [
        "JavaScript, dense",
        "JavaScript, skipping",
        "WebAssembly, dense",
        "WebAssembly, skipping",
        "control: Red for Blue",
        "control: Red, delayed, for Blue",
      ],
    );
    assert.equal(columns.at(-1), "in batches of 100, longer by (ns)");
    const [, takes, longer, spread, one, many, batches] = rows[3].map(String);
    assert.equal(takes, "1002");
    assert.match(longer, /^[34]\.\d\d \[.*\], fails$/);
    assert.match(spread, /passes$/);
    // Phi(1) = 0.841
    assert.match(one, /^8[345]\./);
    assert.match(many, /^100\.0/);
    assert.match(batches, /fails$/);
    assert.equal(timingTable(programTests([quiet()]))[0].length, 6);
  });

  it("say whether the machine was quiet", () => {
    const textOf = (change: Partial<Programs<MeasuredTimings>> = {}): string => {
      const clocks = [{ ...quiet(), ...change }];
      return timingText(clocks, programTests(clocks), count);
    };
    const text = textOf();
    assert.match(
      text,
      /^The machine was quiet: other work took 1\.0% of the time .* in 1 of 1 ways of timing\. From one count 75\.0% of the guesses are right, by chance 50%\.$/,
    );
    const busy = textOf({ same: { ...made(0), lost: 60 } });
    assert.match(busy, /^The machine was \*\*not quiet\*\*: other work took 10\.8% .* Stop what else runs/);
    const unsound = textOf({ same: made(3) });
    assert.match(unsound, /\*\*not quiet\*\*.* in 0 of 1 ways of timing\. Stop/);
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
        ["the origin (0, 0)", 163, "1.00, -0.50, 0.00", 3],
        ["halfway (0.5, 0.25)", 180, "0.00", 1],
        ["mirror image (1, 0.5)", 197, "-0.50, -0.50", 2],
      ],
    );
  });

  it("say what the dearest inputs cost, and what is known only by search", () => {
    const exact = {
      seed: 1,
      mean: 3.5,
      work: 23.5,
      trained: 6,
      ordinary: { largest: 7, found: { count: 7, queries: 30, work: 27 } },
      far: 7,
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
