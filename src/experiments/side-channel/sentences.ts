/** What notebook 06 says about its results, in sentences and tables that are true of any results. */
import { correlation, type MeanInterval, meanInterval, quantile, shareOf } from "../statistics.js";
import type { Variation } from "../study.js";
import { meanText, shareText } from "../verdict.js";
import { type ByClass, type SequentialAttack, TVLA_THRESHOLD, tracesToDetect } from "./attacker.js";
import type { Programs, Timings, TimingTest } from "./constant-time.js";
import { testTimings } from "./constant-time.js";
import type { Tradeoff } from "./frontier.js";
import { isSixAgainstSeven, leadOfRed, summariseLeaks, typicalResult } from "./leak-summary.js";
import { leakOf } from "./leakage.js";
import { degreesForBlue, MEETING_PLACES, type MeetingResult, ORIGIN } from "./meeting.js";
import type { Folding, NormalizationFindings, NormalizationPair } from "./normalization.js";
import {
  type AttackResult,
  differenceOf,
  type LeakResult,
  type SideChannelParameters,
} from "./side-channel.js";
import { dearestOf, type SpongeResult } from "./sponge.js";
import { balancedOverAll, passes } from "./verdict.js";

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

/** What the count leaks in one network. */
export function countText(count: ByClass): string {
  const { means, bits, guess } = leakOf(count);
  return (
    `In this network, ${means[0].toFixed(2)} neurons fire for Red on average and ${means[1].toFixed(2)} for Blue. One reading leaks ` +
    `**${bits.toFixed(2)} bits** of 1: the best guess from it is right in ${(100 * guess).toFixed(1)}% of cases.`
  );
}

/** Means over the seeds, by name. */
export function leakMeans(seeds: readonly AttackResult[]): Record<string, MeanInterval> {
  const { size, bits, saved, accuracy } = summariseLeaks(seeds);
  const over = (pick: (one: AttackResult) => number, least: number): MeanInterval =>
    meanInterval(seeds.map(pick), [least, 1]);
  return {
    "Blue minus Red (neurons)": meanInterval(seeds.map(differenceOf)),
    "the same, in either direction (neurons)": size,
    AUC: over(({ auc }) => auc, 0),
    "AUC, in either direction": over(({ auc }) => 0.5 + Math.abs(auc - 0.5), 0.5),
    "mutual information, count (bits)": bits,
    "mutual information, Hamming weight (bits)": over(({ hammingBits }) => hammingBits, 0),
    "right guesses from one count (share)": over(({ guess }) => guess, 0),
    "multiply-accumulates saved (share)": saved,
    "test accuracy (share)": accuracy,
  };
}

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
    "Blue minus Red": ({ results }) => meanText(meanInterval(results.map(differenceOf)), 2),
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
  const leakier = seeds.filter(({ bits }) => bits > typical.bits).length;
  const r = correlation(
    seeds.map(({ votesForClass1 }) => votesForClass1),
    seeds.map(differenceOf),
  );
  const agreeing = seeds.map((one) => one.agreeing);
  return (
    `The typical network is seed ${typical.seed}, the one drawn above and attacked and timed below: its difference ` +
    `(${Math.abs(lead).toFixed(2)} neurons) is in the middle of the ${seeds.length} seeds${seeds.length % 2 ? "" : ", the lower of two"}. ` +
    `In it, ${more} fires more. Its count leaks ${typical.bits.toFixed(2)} bits; ${leakier} ${leakier === 1 ? "seed leaks" : "seeds leak"} more. ` +
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

/** Sequential attacks, a row each, by what their traces are of. */
export function attackTable(attacks: Readonly<Record<string, SequentialAttack>>): Table {
  return table(Object.entries(attacks), {
    "each trace is of": ([name]) => name,
    "traces (median)": ([, { traces }]) => quantile(traces, 0.5),
    "given up": ([, { undecided }]) => undecided,
    wrong: ([, { right, wrong }]) => `${wrong} of ${right + wrong} guesses`,
  });
}

/** A timing test, and the program it is of. */
export interface ProgramTest {
  name: string;
  program: keyof Programs<unknown>;
  test: TimingTest;
}

/** Tests the times of all programs, by the size of the batch. */
export function programTests(timings: readonly Programs<Timings>[]): ProgramTest[] {
  return timings.flatMap((programs) =>
    (["skipping", "dense", "same", "delayed"] as const).map((program) => {
      const { batch } = programs[program];
      const manner = batch === 1 ? "singly" : `batches of ${batch}`;
      return { name: `${program}, ${manner}`, program, test: testTimings(programs[program]) };
    }),
  );
}

/** Timing tests, a row each. */
export function timingTable(tests: readonly ProgramTest[]): Table {
  return table(tests, {
    program: ({ name }) => name,
    "first group (ns)": ({ test }) => test.medians[0],
    "second group (ns)": ({ test }) => test.medians[1],
    "second longer by (ns)": ({ test }) => meanText(test.effect, 2),
    "largest t": ({ test }) => test.t.toFixed(1),
    outcome: ({ test }) => test.grade,
  });
}

/** What folding the normalization into the weights changed. */
export function foldingText({ points, same, gap }: Folding): string {
  return (
    `Folded into the weights, batch normalization gives the same count at ${same} of ${points} test points, and logits that ` +
    (Number.isNaN(gap) ? "are not numbers." : `differ by at most ${gap.toExponential(1)}.`)
  );
}

/** All networks trained without and with normalization, for a chart. */
export function normalizationGroups(
  { layer, smallBatch, fullBatch }: NormalizationFindings,
  seeds: readonly AttackResult[],
): Variation<Pick<LeakResult, "seed" | "bits">>[] {
  const centred = seeds.slice(0, layer.without.length).map(({ seed, centredBits: bits }) => ({ seed, bits }));
  const pair = ({ name, without, normalized }: NormalizationPair): Variation<LeakResult>[] => [
    { name: name.replace(/^batch/, "plain"), results: [...without] },
    { name, results: [...normalized] },
  ];
  return [
    { name: "plain", results: [...layer.without] },
    { name: "plain, centred", results: centred },
    { name: "layer", results: [...layer.normalized] },
    ...(smallBatch ? pair(smallBatch) : []),
    ...pair(fullBatch),
  ];
}

/** What normalization changes, a row for each kind. */
export function normalizationTable({ layer, smallBatch, fullBatch }: NormalizationFindings): Table {
  const pairs = [layer, ...(smallBatch ? [smallBatch] : []), fullBatch].map((pair) => ({
    ...pair,
    ...summariseLeaks(pair.normalized),
  }));
  return table(pairs, {
    normalization: ({ name }) => name,
    "bits without": ({ without }) => meanText(summariseLeaks(without).bits, 2),
    "bits with": ({ bits }) => meanText(bits, 2),
    "change within a seed": ({ without, normalized }) => {
      const changes = normalized.map(({ bits }, i) => bits - without[i].bits);
      return meanText(meanInterval(changes, [-1, 1]), 2);
    },
    "saved (%)": ({ saved }) => percent(saved),
    "accuracy (%)": ({ accuracy }) => percent(accuracy),
    n: ({ n }) => n,
  });
}

/** The trained designs, a row each. */
export function frontierTable(tradeoffs: readonly Tradeoff[]): Table {
  const trained = tradeoffs.filter(({ hammingBits }) => hammingBits);
  return table(trained, {
    design: ({ name }) => name,
    "saved (%)": ({ saved }) => percent(saved),
    "count (bits)": ({ bits }) => meanText(bits, 2),
    "change against ReLU (same seed and batches)": ({ name, baseline, bitsMore }) =>
      name === baseline ? "" : meanText(bitsMore, 2),
    "Hamming weight (bits)": ({ hammingBits }) => hammingBits?.mean.toFixed(3) ?? "",
    "accuracy (%)": ({ accuracy }) => percent(accuracy),
    n: ({ saved }) => saved.n,
  });
}

/** Tests and leak where training presses the class means together. */
export function balanceTable(variations: readonly Variation<AttackResult>[]): Table {
  const groups = variations.map(({ name, results }) => ({ name, results, ...summariseLeaks(results) }));
  return table(groups, {
    networks: ({ name }) => name,
    "apart by": ({ size }) => neurons(size),
    "pass the t-test": ({ results, n }) => `${results.filter(passes).length} of ${n}`,
    "pass the test of spreads": ({ results, n }) =>
      `${results.filter(({ traced }) => Math.abs(traced.spreadT) <= TVLA_THRESHOLD).length} of ${n}`,
    "count (bits)": ({ bits }) => meanText(bits, 2),
    "spread within a class": ({ results }) =>
      neurons(meanInterval(results.map(({ sds }) => (sds[0] + sds[1]) / 2))),
  });
}

/** The leakiest network that passes the t-test, of those balanced over all points; undefined where none passes. */
export function leakiestPass(variations: readonly Variation<AttackResult>[]): AttackResult | undefined {
  return balancedOverAll(variations)
    .filter(passes)
    .sort((a, b) => b.bits - a.bits)[0];
}
