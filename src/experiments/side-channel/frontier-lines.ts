/** Lines of the verdict about efficiency, normalization and devices that hide. */
import {
  allOf,
  anyOf,
  type Finding,
  type Line,
  meanAbove,
  meanBelow,
  NOT_TRIED,
  opposite,
} from "../grading.js";
import { meanText } from "../verdict.js";
import type { DesignResult } from "./designs.js";
import { AVERAGED, type DummyWork } from "./devices.js";
import {
  AFFORDABLE,
  BATCH,
  type FrontierFindings,
  LAYER,
  meanOver,
  NEVER_ZERO,
  savingsAgainstBits,
  TIGHT_BITS,
  type Tradeoff,
  tightDesigns,
  worstBits,
} from "./frontier.js";

/** All of them. */
export function frontierLines(frontier: FrontierFindings): Line[] {
  return [normalizationLine, savingsLine, tightLine, denseLine, dummyLine].map((line) => line(frontier));
}

/** Share of the bits that normalization has to remove, on average, to count as masking the leak. */
const MASKED = 0.25;

function normalizationLine({ designs }: FrontierFindings): Line {
  const [layer, batch] = [LAYER, BATCH].map((names) => designs.filter(({ name }) => names.includes(name)));
  const masks = (some: readonly Tradeoff[]): Finding =>
    allOf(
      some.map(({ places, others }) =>
        meanBelow(
          meanOver(places, ({ bits }, i) => bits - (1 - MASKED) * others[i].bits),
          0,
        ),
      ),
    );
  const text = ({ name, places, others }: Tradeoff): string =>
    `${name} ${meanText(countBits(places), 2)} (without: ${countBits(others).mean.toFixed(2)})`;
  return {
    id: "normalization",
    claim:
      "Normalization masks the leak (the essay's open question): it removes at least a quarter of the bits, in small batches and in a full one.",
    measured: `Bits leaked: ${[...layer, ...batch].map(text).join("; ")}.`,
    finding: masks(layer),
    unless: { condition: "it is layer normalization, not batch normalization", finding: masks(batch) },
  };
}

const countBits = (places: readonly DesignResult[]) => meanOver(places, ({ bits }) => bits, [0, 1]);

function savingsLine(frontier: FrontierFindings): Line {
  const { designs, correlations } = savingsAgainstBits(frontier.designs);
  const isTried = correlations.length > 0;
  const mean = meanOver(isTried ? correlations : [0], (r) => r);
  return {
    id: "savings-leak",
    claim:
      "What saves more work leaks more (the essay's open question): across a seed's designs, the rank correlation of work saved and " +
      "bits leaked is above 0.",
    measured: isTried
      ? `Correlation over ${designs} designs in the same batches, each by count or Hamming weight, whichever tells more: ${meanText(mean, 2)}.`
      : "No design saves more work than another here.",
    finding: isTried ? meanAbove(mean, 0) : NOT_TRIED,
  };
}

function tightLine({ designs }: FrontierFindings): Line {
  const ranked = tightDesigns(designs);
  const { name, baseline, places, others } = ranked[0].design;
  const saved = (some: readonly DesignResult[]): string =>
    `${meanText(
      meanOver(some, (place) => place.saved),
      1,
      100,
      "%",
    )}`;
  return {
    id: "savings-must-leak",
    claim:
      `Whatever saves work gives the class away: no design saves at least half of what ReLU saves and tells less than ${TIGHT_BITS} bits, ` +
      `by count and by Hamming weight, for at most ${100 * AFFORDABLE} points of accuracy.`,
    measured:
      `The likeliest of ${ranked.length} designs to do so is ${name}: it saves ${saved(places)} (${baseline} ${saved(others)}) and tells ` +
      `${meanText(meanOver(places, worstBits, [0, 1]), 3)} bits; accuracy ` +
      `${meanText(
        meanOver(places, ({ accuracy }, i) => accuracy - others[i].accuracy),
        1,
        100,
        " points",
      )}. To whoever sees which ` +
      `neurons fire it tells ${meanText(
        meanOver(places, ({ slotBits }) => slotBits, [0, 1]),
        2,
      )}.`,
    finding: opposite(anyOf(ranked.map(({ finding }) => finding))),
  };
}

function denseLine({ designs }: FrontierFindings): Line {
  const weight = ({ places }: Tradeoff) => meanOver(places, ({ hammingBits }) => hammingBits, [0, 1]);
  const never = designs.filter(({ family }) => family === NEVER_ZERO);
  const isTight = (design: Tradeoff): Finding => meanBelow(weight(design), TIGHT_BITS);
  return {
    id: "dense-is-tight",
    claim: `A device that skips nothing leaks nothing: the Hamming weight of the neurons' outputs tells less than ${TIGHT_BITS} bits.`,
    measured: `${[...never, designs[0]].map((one) => `${one.name}: ${meanText(weight(one), 3)}`).join("; ")}.`,
    finding: allOf(never.map(isTight)),
    unless: { condition: "the activation is never 0", finding: isTight(designs[0]) },
  };
}

/** Share of the bits from which on averaging counts as bringing the leak back. */
const BACK = 0.75;

function dummyLine({ designs: [relu], devices }: FrontierFindings): Line {
  const dummies = devices.filter(({ family }) => family === "dummy work");
  const bare = relu.places;
  const averaged = (place: unknown): number => (place as DummyWork).averagedBits;
  const text = dummies.map(
    ({ name, places }) =>
      `${name}: ${meanText(
        meanOver(places, ({ bits }) => bits, [0, 1]),
        2,
      )} from one reading, ${meanText(meanOver(places, averaged, [0, 1]), 2)} from ${AVERAGED}`,
  );
  return {
    id: "dummy-work",
    claim:
      `Dummy work at random only delays an attacker: the mean of ${AVERAGED} readings of the same input tells at least ` +
      `${100 * BACK}% of the bits that the bare count tells.`,
    measured: `${text.join("; ")}. Without dummies: ${meanText(countBits(bare), 2)}.`,
    finding: allOf(
      dummies.map(({ places }) =>
        meanAbove(
          meanOver(places, (place, i) => averaged(place) - BACK * bare[i].bits),
          0,
        ),
      ),
    ),
  };
}
