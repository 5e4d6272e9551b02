/** Notebook 03: what is said of the certificate: a table, the attacks on it in sentences, and its lines of the verdict. */
import { allOf, type Line, meanAbove, meanBelow, NOT_TRIED } from "../grading.js";
import { meanInterval } from "../statistics.js";
import { MOST } from "../verdict.js";
import {
  type CertificateResult,
  fewestParts,
  type PartsResult,
  rightAgainst,
  shareAgainst,
  sumOf,
} from "./certificate.js";
import type { AttackResult } from "./certificate-attack.js";
import type { PoisoningParameters } from "./poisoning.js";
import { DIFFERENCE, inPercent, percentText, pointsText, type Table } from "./sentences.js";

/** Accuracy that a defence may cost. */
const DEAR = 0.03;

/** Share of the test points that has to stay right. */
const HALF = 0.5;

const UNATTACKED =
  "The vote was not attacked: with so many points, epochs, flips or neurons, the attacks take more than minutes a seed.";

/** Every number of parts: what the vote costs, and what the lies of the attack on show cannot change. */
export function certificateTable(sizes: readonly PartsResult[], parameters: PoisoningParameters): Table {
  const { flips, trainPoints } = parameters;
  const all = ({ right, wrong }: CertificateResult): number => sumOf(right) + sumOf(wrong);
  return [
    [
      `${sizes[0].results.length} seeds: parts`,
      "points in each",
      "right without lies (%)",
      "cost (points)",
      `right whatever ${flips} are flipped (%)`,
      "the same, right or wrong (%)",
      "plane, among the data (%)",
      "plane, in the void (%)",
    ],
    sizes.map(({ parts, results }) => [
      String(parts),
      sizeText(trainPoints, parts),
      inPercent(results, (result) => rightAgainst(0, result)),
      inPercent(costsOf(results, sizes), (cost) => cost, DIFFERENCE),
      inPercent(results, (result) => rightAgainst(flips, result)),
      inPercent(
        results,
        (result) => rightAgainst(flips, result) + shareAgainst(flips, result.wrong, all(result)),
      ),
      inPercent(results, ({ data }) => shareAgainst(flips, data, sumOf(data))),
      inPercent(results, ({ inVoid }) => shareAgainst(flips, inVoid, sumOf(inVoid))),
    ]),
  ];
}

/** What attacks that know everything do to the vote, in three sentences. */
export function describeCertificate(sizes: readonly PartsResult[], parameters: PoisoningParameters): string {
  const { flips } = parameters;
  const attacked = attackedOf(sizes, parameters);
  if (flips === 0) return "No label was flipped, so there is no attack on the vote.";
  if (attacked.length === 0) return UNATTACKED;
  const damage = (kind: "cluster" | "greedy"): string =>
    `${inPercent(attacked, ({ attack, tested }) => attack[kind].changed / tested, [0, 1], "%")} of the test points (accuracy lost: ` +
    `${inPercent(attacked, ({ attack }) => attack[kind].accuracyDrop, DIFFERENCE, " points")})`;
  const refuted = attacked.reduce(
    (sum, { attack: { cluster, greedy } }) => sum + cluster.refuted + greedy.refuted,
    0,
  );
  return (
    `The attacker knows the points, the parts, the seeds and the test points. Against the vote of ${fewestParts(parameters)} parts, a ` +
    `cluster of ${flips} lies changes the answer on ${damage("cluster")}; the ${flips} worst that a greedy search finds, on ` +
    `${damage("greedy")}. Of the answers certified against so many lies, ` +
    `${refuted === 0 ? "none changes" : `${refuted} change: the certificate is **refuted**`}. ` +
    `${exactText(attacked)} (${attacked.length} seeds).`
  );
}

/** What the verdict says of the certificate. */
export function certificateLines(sizes: readonly PartsResult[], parameters: PoisoningParameters): Line[] {
  const { flips } = parameters;
  const parts = fewestParts(parameters);
  const results = sizes.find((size) => size.parts === parts)?.results ?? [];
  const attacked = attackedOf(sizes, parameters);
  const defended = `A defence with a proof exists: the vote of ${parts} parts answers at least half of the test points right whatever ${flips} labels are flipped, at a cost of at most ${100 * DEAR} points of accuracy.`;
  const close =
    "The proof is hardly too cautious: at three of four test points, one lie more than it allows changes the answer.";
  if (flips === 0) {
    const measured = "No label was flipped.";
    return [defended, close].map((claim) => ({ claim, measured, finding: NOT_TRIED }));
  }
  const right = meanInterval(
    results.map((result) => rightAgainst(flips, result)),
    [0, 1],
  );
  const cost = meanInterval(costsOf(results, sizes), DIFFERENCE);
  return [
    {
      id: "certified",
      claim: defended,
      measured: `Certified and right: ${percentText(right)}. Cost: ${pointsText(cost)}.`,
      finding: allOf([meanAbove(right, HALF), meanBelow(cost, DEAR)]),
    },
    attacked.length === 0
      ? { claim: close, measured: UNATTACKED, finding: NOT_TRIED }
      : {
          claim: close,
          measured: `${exactText(attacked)}.`,
          finding: meanAbove(meanInterval(attacked.map(exactShare), [0, 1]), MOST),
        },
  ];
}

/** The vote that was attacked, seed by seed. */
interface Attacked {
  attack: AttackResult;
  /** Number of test points. */
  tested: number;
}

function attackedOf(sizes: readonly PartsResult[], parameters: PoisoningParameters): Attacked[] {
  const own = sizes.find(({ parts }) => parts === fewestParts(parameters));
  return (own?.results ?? []).flatMap(({ attack, right, wrong }) =>
    attack ? [{ attack, tested: sumOf(right) + sumOf(wrong) }] : [],
  );
}

function exactShare({ attack: { exact }, tested }: Attacked): number {
  return exact / tested;
}

function exactText(attacked: readonly Attacked[]): string {
  return `One lie more than the certificate allows, well placed, changes the answer at ${inPercent(attacked, exactShare, [0, 1], "%")} of the test points`;
}

/** What the vote costs in accuracy without lies, beside one network on all points, seed by seed. */
function costsOf(results: readonly CertificateResult[], sizes: readonly PartsResult[]): number[] {
  return results.map((result, i) => rightAgainst(0, sizes[0].results[i]) - rightAgainst(0, result));
}

function sizeText(points: number, parts: number): string {
  const [few, many] = [Math.floor(points / parts), Math.ceil(points / parts)];
  return few === many ? String(few) : `${few} or ${many}`;
}
