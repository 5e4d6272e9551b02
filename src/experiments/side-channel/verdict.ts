/** The verdict of notebook 06. */

import {
  allOf,
  type Line,
  meanAbove,
  meanBelow,
  NOT_TRIED,
  shareAbove,
  shareBelow,
  verdictOf,
} from "../grading.js";
import { type MeanInterval, meanInterval, quantile, type ShareInterval, shareOf } from "../statistics.js";
import type { FindingsOf, Variation } from "../study.js";
import { MOST, meanText, type Outcome, shareText, type Verdict, type VerdictRow } from "../verdict.js";
import { TVLA_THRESHOLD } from "./attacker.js";
import { isSound, type NetworkTimings, READINGS, SMALLEST_LEAK } from "./constant-time.js";
import { TIGHT_BITS } from "./frontier.js";
import { frontierLines } from "./frontier-lines.js";
import { isSixAgainstSeven, leadOfRed, summariseLeaks } from "./leak-summary.js";
import { mirroredOf } from "./meeting.js";
import { type AttackResult, differenceOf, type LeakResult, MOST_TRACES } from "./side-channel.js";
import { dearestOf, QUERIES, type SpongeResult } from "./sponge.js";
import { type SideChannelStudies, SPARSE } from "./studies.js";
import { theftLine, thiefDefenceLine } from "./theft-words.js";

/** The essay's claim. */
export const CLAIM: string =
  "How many neurons fire depends on the class, so an attacker who measures power or time can guess the class " +
  "without seeing the input or the output.";

/** Judges the claim by the studies at hand. */
export function sideChannelVerdict(findings: Partial<FindingsOf<SideChannelStudies>>): Verdict {
  const { seeds, meeting, small, clock, frontier, sponge, theft } = findings;
  return verdictOf({
    claim: CLAIM,
    lines: [
      ...(seeds ? [leakLine(seeds), differenceLine(seeds)] : []),
      ...(seeds && meeting ? [directionLine(seeds, meeting)] : []),
      ...(seeds && small ? [sixAgainstSevenLine(seeds, small)] : []),
      ...(seeds ? [guessLine(seeds), passingLine(seeds)] : []),
      ...(clock ? [timingLine(clock), guessedTimeLine(clock)] : []),
      ...(frontier ? frontierLines(frontier) : []),
      ...(sponge ? [spongeLine(sponge), averageLine(sponge)] : []),
      ...(theft ? [theftLine(theft), thiefDefenceLine(theft)] : []),
    ],
    summarise: (stamp, rows) => `${SUMMARIES[stamp](leakingOf(seeds))}${directionText(rows, seeds)}.`,
    ...(findings.scale && { scale: scaleText(findings.scale) }),
  });
}

const SUMMARIES: Readonly<Record<Outcome, (leaking: ShareInterval) => string>> = {
  holds: ({ count, n }) => `The number of firing neurons leaks the class in ${count} of ${n} networks`,
  "holds only if": () =>
    "The number of firing neurons leaks the class only on a condition, which the verdict names",
  "does not hold": ({ count, n }) =>
    `The number of firing neurons leaks the class in only ${count} of ${n} networks`,
  undecided: () =>
    "These seeds do not decide whether firing neurons leak the class in three of four networks",
  "not tested": () => "No network was trained, so nothing was tested",
};

/** The claim of the line about the direction; the summary finds the line by it. */
const DIRECTION =
  "Red (class 0) fires more neurons than Blue in more than half of the networks, because of where the lines of untrained neurons " +
  "meet: if they meet at the mirror image of that place, Blue does.";

function directionText(rows: readonly VerdictRow[], seeds: readonly LeakResult[] = []): string {
  const outcome = rows.find(({ claim }) => claim === DIRECTION)?.outcome;
  if (outcome === "holds") {
    const isAlways = leadOfRed(seeds).favoured.share === 1;
    return isAlways ? ", and Red always fires more" : ", and Red fires more in most, though not in all";
  }
  return outcome === "does not hold" ? ", and Red does not fire more in most" : "";
}

/** The networks of which one reading tells more than a trifle. */
function leakingOf(seeds: readonly AttackResult[] = []): ShareInterval {
  return shareOf(seeds, ({ bits }) => bits > TIGHT_BITS);
}

function leakLine(seeds: readonly AttackResult[]): Line {
  const leaking = leakingOf(seeds);
  return {
    id: "leak",
    claim: `The count leaks the class: one reading tells more than ${TIGHT_BITS} of 1 bit, in at least three of four networks.`,
    measured: `In ${shareText(leaking)}. Bits leaked: ${meanText(summariseLeaks(seeds).bits, 2)}.`,
    finding: shareAbove(leaking, MOST),
    isPrimary: true,
  };
}

function differenceLine(seeds: readonly AttackResult[]): Line {
  const differs = shareOf(seeds, ({ t }) => Math.abs(t) > TVLA_THRESHOLD);
  return {
    claim: `The mean count differs by class: |t| > ${TVLA_THRESHOLD} on the test points, in at least three of four networks.`,
    measured: `In ${shareText(differs)}. Distance of the means, in either direction: ${meanText(summariseLeaks(seeds).size, 2, 1, " neurons")}.`,
    finding: shareAbove(differs, MOST),
  };
}

function directionLine(seeds: readonly LeakResult[], meeting: readonly Variation<LeakResult>[]): Line {
  const mirrored = mirroredOf(meeting);
  const before = new Map(seeds.map((one) => [one.seed, differenceOf(one)]));
  const lost = mirrored.flatMap((one) => {
    const difference = before.get(one.seed);
    return difference === undefined ? [] : [differenceOf(one) - difference];
  });
  const [usual, turned] = [seeds, mirrored].map(leadOfRed);
  const change = meanInterval(lost);
  return {
    claim: DIRECTION,
    measured:
      `Red fires more in ${usual.text}; with the place mirrored, in ${turned.text}. Red minus Blue: ${meanText(usual.neurons, 2, 1, " neurons")}; ` +
      `with the same seeds the mirrored place takes ${meanText(change, 2, 1, " neurons")} from it.`,
    finding: allOf([shareAbove(usual.favoured, 0.5), shareBelow(turned.favoured, 0.5), meanAbove(change, 0)]),
  };
}

function sixAgainstSevenLine(seeds: readonly LeakResult[], small: readonly LeakResult[]): Line {
  const [usual, regime] = [seeds, small].map((some) => shareOf(some, isSixAgainstSeven));
  return {
    claim:
      "The counts are about 6 and 7 of 10: these are the rounded class means, in either order, in at least three of four networks.",
    measured: `With small initial weights and a full batch: ${shareText(regime)}. Otherwise: ${shareText(usual)}.`,
    finding: shareAbove(regime, MOST),
    unless: {
      condition: "the initial weights are small (× 0.3) and the batch is full",
      finding: shareAbove(usual, MOST),
    },
  };
}

/** Share of right guesses from which on one look gives the class away. */
const GIVEN_AWAY = 0.9;

function guessLine(seeds: readonly AttackResult[]): Line {
  const guess = meanInterval(
    seeds.map((one) => one.guess),
    [0, 1],
  );
  const attacks = seeds.map(({ sequential }) => sequential);
  const typical = quantile(
    attacks.map(({ traces }) => traces),
    0.5,
  );
  const over = (outcome: "right" | "wrong" | "undecided"): number =>
    attacks.reduce((sum, attack) => sum + attack[outcome], 0);
  const [right, wrong, undecided] = [over("right"), over("wrong"), over("undecided")];
  return {
    claim: `One look at the count gives the class away: at least ${100 * GIVEN_AWAY}% of the guesses are right.`,
    measured:
      `Without noise: ${meanText(guess, 1, 100, "%")}. To be 99% sure takes ${typical < MOST_TRACES ? typical.toFixed(0) : `at least ${MOST_TRACES}`} noisy traces (median over the ` +
      `seeds). Of ${right + wrong + undecided} attacks, ${wrong} guessed wrong and ${undecided} gave up.`,
    finding: meanAbove(guess, GIVEN_AWAY),
  };
}

/** What the clock saw of networks, one by one. A network whose controls do not come out as they must is not counted. */
function timingLine([own]: readonly Variation<NetworkTimings>[]): Line {
  const singly = own.results.map(({ difference, batches }) => ({ difference, ...batches[0] }));
  const sound = singly.filter(isSound);
  const failing = shareOf(sound, ({ compiledSkipping }) => compiledSkipping.grade === "fails");
  const notPassing = shareOf(sound, ({ compiledSkipping }) => compiledSkipping.grade !== "passes");
  // an inconclusive test counts against the side that the others are on
  const [least, most] = [shareAbove(failing, 0.5), shareAbove(notPassing, 0.5)];
  const sizes = sound.map(({ compiledSkipping }) => Math.abs(compiledSkipping.effect.mean));
  const longer = sound.filter(
    ({ difference, compiledSkipping }) => difference * compiledSkipping.effect.mean > 0,
  );
  const fail = (program: "scriptSkipping" | "compiledDense" | "scriptDense"): number =>
    sound.filter((one) => one[program].grade === "fails").length;
  return {
    id: "clock",
    claim:
      "A real clock sees the leak in single inferences: where compiled code skips silent neurons, inference of one class " +
      `takes at least ${SMALLEST_LEAK} ns longer, in more than half of the networks.`,
    measured:
      (sound.length === 0
        ? ""
        : `In ${shareText(failing, "networks")}, ${notPassing.count - failing.count} inconclusive. Median difference, in either direction: ` +
          `${quantile(sizes, 0.5).toFixed(2)} ns; the class that fires more takes longer in ${longer.length}. Where JavaScript skips: in ` +
          `${fail("scriptSkipping")}. Where nothing is skipped: in ${fail("compiledDense")} compiled, ${fail("scriptDense")} in JavaScript. `) +
      `Only networks whose controls come out as they must count: the same class twice passes, a delayed class fails (${sound.length} of ` +
      `${singly.length}).`,
    finding: { n: least.n, deviate: Math.max(0, least.deviate) + Math.min(0, most.deviate) },
  };
}

/** How well one inference is guessed from its time, in the essay's networks and in larger ones. */
function guessedTimeLine(variations: readonly Variation<NetworkTimings>[]): Line {
  const guessOf = ({ batches }: NetworkTimings): number => batches[0].compiledSkipping.guess;
  const [own, large] = variations.map(({ results }) => results);
  const more = large.map((one, i) => guessOf(one) - guessOf(own[i]));
  const told = variations.map(({ name, results }) => {
    const right = (of: (one: NetworkTimings) => number): string =>
      meanText(meanInterval(results.map(of), [0, 1]), 1, 100, "%");
    return (
      `hidden layers of ${name}: ${right(guessOf)} from one time, ${right((one) => one.batches[0].compiledSkipping.guessOfMany)} from ` +
      `${READINGS}, ${right(({ countGuess }) => countGuess)} from one count, ${right(({ batches }) => batches[0].same.guess)} where both ` +
      "groups are one class"
    );
  });
  return {
    id: "clock-larger",
    claim:
      "The clock sees more in larger networks: where compiled code skips, the class is guessed right from the time of one inference more " +
      "often with two hidden layers of 64.",
    measured: `Right guesses with ${told.join("; with ")}.`,
    finding: meanAbove(meanInterval(more, [-1, 1]), 0),
  };
}

/** Whether the t-test of its traces finds no leak. */
export function passes({ traced }: AttackResult): boolean {
  return Math.abs(traced.t) <= TVLA_THRESHOLD;
}

function passingLine(seeds: readonly AttackResult[]): Line {
  const passing = seeds.filter(passes);
  return {
    id: "passing",
    claim: `A device that passes the t-test leaks nothing: of networks that pass, one reading of the count tells less than ${TIGHT_BITS} bits.`,
    measured:
      `${passing.length} of ${seeds.length} networks pass.` +
      (passing.length > 0 ? ` Bits leaked: ${meanText(summariseLeaks(passing).bits, 3)}.` : ""),
    finding: passing.length > 0 ? meanBelow(summariseLeaks(passing).bits, TIGHT_BITS) : NOT_TRIED,
  };
}

/** How many times the average count an input must make fire to be called dear: a reserve of half the load is used up. */
const DEAR = 1.5;

/** By how much the largest count may be lower and still be as high, in neurons. */
const AS_HIGH = 0.5;

function spongeLine(sponge: readonly Variation<SpongeResult>[]): Line {
  const [{ results }] = sponge;
  const times = results.map(({ ordinary: { found }, mean }) => (found.count > 0 ? found.count / mean : 1));
  const dear = shareOf(times, (ratio) => ratio >= DEAR);
  const work = results.map((one) => one.ordinary.found.work / one.work);
  return {
    id: "sponge",
    claim:
      `An input can be made to cost more: within the range of the training data, ${QUERIES} queries of the count find one at which at least ` +
      "half as many neurons again fire as on average, in at least three of four networks.",
    measured:
      `In ${shareText(dear)}. Median: ${quantile(times, 0.5).toFixed(2)} times the average count; of all multiplications, with those ` +
      `of the inputs, which are never skipped, ${quantile(work, 0.5).toFixed(2)} times.`,
    finding: shareAbove(dear, MOST),
  };
}

function averageLine(sponge: readonly Variation<SpongeResult>[]): Line {
  const [plain, sparse] = [sponge[0], sponge.find(({ name }) => name === SPARSE)].map(
    (variation) => variation?.results ?? [],
  );
  const less = (pick: (result: SpongeResult) => number): MeanInterval =>
    meanInterval(sparse.map((one, i) => pick(one) - pick(plain[i])));
  const largest = less(dearestOf);
  return {
    claim:
      `What is cheap on average is not cheap at worst: a penalty on the activity (${SPARSE}) lowers the average count, and the largest ` +
      "on the plane by less than half a neuron.",
    measured: `Change with the same seed: of the average ${meanText(
      less(({ mean }) => mean),
      2,
    )}, of the largest ${meanText(largest, 2)} neurons.`,
    finding: allOf([
      meanBelow(
        less(({ mean }) => mean),
        -AS_HIGH,
      ),
      meanAbove(largest, -AS_HIGH),
    ]),
  };
}

function scaleText(scale: readonly Variation<LeakResult>[]): string {
  const told = scale.map(({ name, results }) => {
    const { bits, accuracy } = summariseLeaks(results);
    return `${meanText(bits, 2)} with hidden layers of ${name}, ${(100 * accuracy.mean).toFixed(1)}% right`;
  });
  return `Bits that one reading leaks: ${told.join("; ")}. Larger networks were not tested here.`;
}
