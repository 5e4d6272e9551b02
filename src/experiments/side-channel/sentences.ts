/** What notebook 06 says about its results, in sentences and tables that are true of any results. */
import { correlation, type MeanInterval, meanInterval, quantile, shareOf } from "../statistics.js";
import type { Variation } from "../study.js";
import { meanText, shareText } from "../verdict.js";
import { type ByClass, type SequentialAttack, TVLA_THRESHOLD, tracesToDetect } from "./attacker.js";
import {
  isSound,
  lostShare,
  type Programs,
  QUIET,
  READINGS,
  type TimedEffect,
  type TimingTest,
  testTimings,
} from "./constant-time.js";
import type { DesignResult } from "./designs.js";
import { BALANCE, type FrontierFindings, LAYER, RELU } from "./frontier.js";
import { isSixAgainstSeven, leadOfRed, summariseLeaks, typicalResult } from "./leak-summary.js";
import { leakOf } from "./leakage.js";
import { degreesForBlue, MEETING_PLACES, type MeetingResult, ORIGIN } from "./meeting.js";
import type { Folding } from "./normalization.js";
import {
  type AttackResult,
  differenceOf,
  type LeakResult,
  type SideChannelParameters,
} from "./side-channel.js";
import { dearestOf, type SpongeResult } from "./sponge.js";
import type { MeasuredTimings, Timings } from "./timings.js";
import { passes } from "./verdict.js";

/** A table: the heads of its columns, and its rows. */
export type Table = [columns: string[], rows: (string | number)[][]];

/** A table with a row for each item; each column, by its head, gives a cell. */
function table<Item>(
  items: readonly Item[],
  columns: Readonly<Record<string, (item: Item) => string | number>>,
): Table {
  return [Object.keys(columns), items.map((item) => Object.values(columns).map((cell) => cell(item)))];
}

const percent = ({ mean }: MeanInterval): string => (100 * mean).toFixed(1);
const neurons = ({ mean }: MeanInterval): string => mean.toFixed(2);

/** Groups of networks, a row each. */
export function leakTable(groups: readonly Readonly<Variation<LeakResult>>[]): Table {
  const summaries = groups.map(({ name, results }) => ({ name, results, ...summariseLeaks(results) }));
  return table(summaries, {
    "": ({ name }) => name,
    Red: ({ means }) => neurons(means[0]),
    Blue: ({ means }) => neurons(means[1]),
    "apart by": ({ size }) => neurons(size),
    "Red ahead": ({ results }) => leadOfRed(results).favoured.count,
    "6 and 7": ({ results }) => results.filter(isSixAgainstSeven).length,
    bits: ({ bits }) => bits.mean.toFixed(2),
    "saved (%)": ({ saved }) => percent(saved),
    "accuracy (%)": ({ accuracy }) => percent(accuracy),
    n: ({ n }) => n,
  });
}

/** Where the lines meet at the start, a row each: the origin, and where they were moved to. */
export function meetingTable(
  seeds: readonly MeetingResult[],
  meeting: readonly Variation<MeetingResult>[],
): Table {
  const places = [
    { name: "the origin", results: seeds, place: ORIGIN },
    ...meeting.map((one) => ({ ...one, place: MEETING_PLACES[one.name] })),
  ];
  return table(places, {
    "lines meet at": ({ name, place }) => `${name} (${place.join(", ")})`,
    "directions for Blue (°)": ({ place }) => degreesForBlue(place),
    "votes for Blue": ({ results }) =>
      meanText(meanInterval(results.map(({ votesForClass1 }) => votesForClass1)), 2),
    "Red minus Blue (neurons)": ({ results }) => meanText(leadOfRed(results).neurons, 2),
    n: ({ results }) => results.length,
  });
}

/** The dearest inputs, a row for each kind of network. */
export function spongeTable(sponge: readonly Variation<SpongeResult>[]): Table {
  const over = (pick: (one: SpongeResult) => number) => (variation: Variation<SpongeResult>) =>
    neurons(meanInterval(variation.results.map(pick)));
  const isExact = ({ results }: Variation<SpongeResult>): boolean =>
    results.every(({ anywhere }) => !Number.isNaN(anywhere));
  const known = (pick: (one: SpongeResult) => number) => (variation: Variation<SpongeResult>) =>
    `${isExact(variation) ? "" : "at least "}${over(pick)(variation)}`;
  return table(sponge, {
    networks: ({ name }) => name,
    "average count": over(({ mean }) => mean),
    "largest: training points": over(({ trained }) => trained),
    "their box": known(({ ordinary }) =>
      Number.isNaN(ordinary.largest) ? ordinary.found.count : ordinary.largest,
    ),
    "the plane": known(dearestOf),
    "found in the box": (variation) =>
      isExact(variation)
        ? `${variation.results.filter(({ ordinary }) => ordinary.found.count === ordinary.largest).length} of ${variation.results.length}`
        : "not known",
    "queries (median)": ({ results }) =>
      quantile(
        results.map(({ ordinary }) => ordinary.found.queries),
        0.5,
      ).toFixed(0),
  });
}

/** Which network is the typical one, and how votes and counts agree over all networks. */
export function votesText(seeds: readonly AttackResult[]): string {
  const typical = typicalResult(seeds);
  const lead = differenceOf(typical);
  const more = lead === 0 ? "neither class" : lead > 0 ? "Blue" : "Red";
  const r = correlation(
    seeds.map(({ votesForClass1 }) => votesForClass1),
    seeds.map(differenceOf),
  );
  const agreeing = seeds.map((one) => one.agreeing);
  return (
    `The typical network, drawn above and attacked and timed below, is seed ${typical.seed}: its difference is in the middle. ` +
    `In it, ${more} fires more${lead === 0 ? "" : `, by ${Math.abs(lead).toFixed(2)} neurons`}, and the count leaks ${typical.bits.toFixed(2)} bits. ` +
    (agreeing.some(Number.isNaN)
      ? "It has no hidden neuron. "
      : `Over the seeds, ${meanText(meanInterval(agreeing, [0, 1]), 0, 100, "%")} of the neurons fire more often for the class they vote for. `) +
    (Number.isNaN(r)
      ? "Votes or differences are the same in all seeds, so they have no correlation."
      : `The correlation of votes and difference is ${r.toFixed(2)}.`)
  );
}

/** After how many traces the t-test is expected to find the leak. */
export function detectionText(
  seeds: readonly AttackResult[],
  { traces, traceNoise }: Pick<SideChannelParameters, "traces" | "traceNoise">,
): string {
  const needed = seeds.map((one) => tracesToDetect(one, traceNoise));
  const within = (share: number): string => {
    const count = quantile(needed, share);
    return Number.isFinite(count) ? `within ${count.toFixed(0)} traces` : "never";
  };
  return (
    `Within ${traces} traces, |t| is expected to exceed ${TVLA_THRESHOLD} in ` +
    `${shareText(shareOf(needed, (count) => count <= traces))}. In the leakier half of all seeds it does so ${within(0.5)}, in the ` +
    `leakiest tenth ${within(0.1)}.`
  );
}

/** How many networks pass the t-test, what the test of the spreads says of them, and which of them leaks most. */
export function passingText(seeds: readonly AttackResult[]): string {
  const passing = seeds.filter(passes).sort((a, b) => b.bits - a.bits);
  if (passing.length === 0) return `None of ${seeds.length} networks passes the t-test.`;
  const [{ seed, bits }] = passing;
  const spread = passing.filter(({ traced }) => Math.abs(traced.spreadT) > TVLA_THRESHOLD).length;
  return (
    `${passing.length} of ${seeds.length} networks pass the t-test; in ${spread} of these the test of the spreads finds a leak. ` +
    `The one that passes and leaks most is seed ${seed}, with ${bits.toFixed(2)} bits: try it above, and compare the bars.`
  );
}

/** Sequential attacks, a row each, by what their traces are of. */
export function attackTable(attacks: Readonly<Record<string, SequentialAttack>>): Table {
  return table(Object.entries(attacks), {
    "each trace is of": ([name]) => name,
    "traces (median)": ([, { traces }]) => quantile(traces, 0.5),
    "given up": ([, { undecided }]) => undecided,
    wrong: ([, { right, wrong }]) => `${wrong} of ${right + wrong} guesses`,
  });
}

/** The names of the programs. */
const PROGRAM_NAMES: Programs<string> = {
  scriptDense: "JavaScript, dense",
  scriptSkipping: "JavaScript, skipping",
  compiledDense: "WebAssembly, dense",
  compiledSkipping: "WebAssembly, skipping",
  same: "control: Red for Blue",
  delayed: "control: Red, delayed, for Blue",
};

/** The tests of a program, singly and, of small networks, in batches. */
export interface ProgramTests {
  program: keyof Programs<unknown>;
  tests: readonly (TimingTest & { batch: number })[];
}

/** Tests the times of all programs. */
export function programTests(clocks: readonly Programs<Timings>[]): ProgramTests[] {
  const programs = Object.keys(PROGRAM_NAMES) as ProgramTests["program"][];
  return programs.map((program) => ({
    program,
    tests: clocks.map((timings) => ({ batch: timings[program].batch, ...testTimings(timings[program]) })),
  }));
}

/** Timing tests, a row for each program. */
export function timingTable(programs: readonly ProgramTests[]): Table {
  const graded = ({ effect, grade }: TimedEffect): string => `${meanText(effect, 2)}, ${grade}`;
  const share = (guess: MeanInterval): string => meanText(guess, 1, 100);
  const batches = programs[0].tests
    .slice(1)
    .map(({ batch }, i) => [
      `in batches of ${batch}, longer by (ns)`,
      ({ tests }: ProgramTests) => graded(tests[i + 1]),
    ]);
  return table(programs, {
    program: ({ program }) => PROGRAM_NAMES[program],
    "takes (ns)": ({ tests }) => tests[0].median.toFixed(0),
    "Blue longer by (ns)": ({ tests }) => graded(tests[0]),
    "Blue spread wider by (ns)": ({ tests }) => graded(tests[0].spread),
    "right from 1 (%)": ({ tests }) => share(tests[0].guess),
    [`right from ${READINGS} (%)`]: ({ tests }) => share(tests[0].guessOfMany),
    ...Object.fromEntries(batches),
  });
}

/** Whether the machine was quiet enough to believe its clock, and how well one count is guessed. */
export function timingText(
  clocks: readonly Programs<MeasuredTimings>[],
  tests: readonly ProgramTests[],
  count: ByClass,
): string {
  const of = (name: ProgramTests["program"]): ProgramTests["tests"] =>
    tests.find(({ program }) => program === name)?.tests ?? [];
  const sound = of("same").filter((same, i) => isSound({ same, delayed: of("delayed")[i] })).length;
  const lost = lostShare(clocks.flatMap((programs) => Object.values(programs)));
  const isQuiet = lost <= QUIET && sound === clocks.length;
  return (
    `The machine was ${isQuiet ? "quiet" : "**not quiet**"}: other work took ${(100 * lost).toFixed(1)}% of the time ` +
    `(up to ${100 * QUIET}% is quiet), and the controls came out as they must in ${sound} of ${clocks.length} ways of timing. ` +
    (isQuiet ? "" : "Stop what else runs and run this cell again before you believe the table. ") +
    `From one count ${(100 * leakOf(count).guess).toFixed(1)}% of the guesses are right, by chance 50%.`
  );
}

/** What folding the normalization into the weights changed. */
export function foldingText({ points, same, gap }: Folding): string {
  return (
    `Folded into the weights, batch normalization gives the same count at ${same} of ${points} test points, and logits that ` +
    (Number.isNaN(gap) ? "are not numbers." : `differ by at most ${gap.toExponential(1)}.`)
  );
}

const bitsText = (bits: readonly number[]): string => meanInterval(bits, [0, 1]).mean.toFixed(3);

/** What the chart of designs and devices does not show: centring alone, the penalty in a full batch, and who sees which neurons fire. */
export function hidingText({ designs }: FrontierFindings): string {
  const places = (name: string): readonly DesignResult[] =>
    designs.find((design) => design.name === name)?.places ?? [];
  const count = (name: string): string => bitsText(places(name).map(({ bits }) => bits));
  const centred = places(RELU).flatMap(({ devices }) => (devices ? [devices.centredBits] : []));
  const [small, full] = BALANCE;
  return (
    `Centred at each point but not trained again, plain networks leak ${bitsText(centred)} bits, against ${count(RELU)} as they are and ` +
    `${count(LAYER[0])} with layer normalization. With the penalty (μ = 1) ${count(small)} bits are left in small batches, ${count(full)} in a full one. ` +
    `Whoever sees the neurons of a plain network one by one in a known order learns ${bitsText(places(RELU).map(({ slotBits }) => slotBits))} bits; ` +
    `in a random order, the ${count(RELU)} of the count.`
  );
}
