/** A small report with a panel, for tests of what its page does. */
import { TRY_IT_MIME, VERDICT_MIME } from "../../src/display/mime.js";
import { plainLoop } from "../../src/experiments/runner.js";
import type { Publication } from "../../src/live/demonstration.js";
import { demonstrations } from "../../src/live/demonstrations.js";
import { publish } from "../../src/live/session.js";
import { renderPage } from "../../src/report/page/index.js";
import { displayed, prose, ran, runOf } from "../report/page/sample.js";

export const NOTEBOOK = "02-out-of-distribution";
export const demonstration: (typeof demonstrations)[string] = demonstrations[NOTEBOOK];

/** Small, so that a whole verdict takes a second or two. */
export const PARAMETERS: Record<string, unknown> = {
  seed: 1,
  noise: 0.15,
  trainPoints: 60,
  testPoints: 100,
  hiddenLayers: [4],
  activation: "relu",
  normalization: "none",
  initialisation: "he",
  learningRate: 0.2,
  batchSize: 1,
  epochs: 40,
  point: [4, 4],
  annulus: [4, 8],
  members: 2,
  neighbours: 5,
  sweepSeeds: 3,
  firstSeed: 1,
};

export const publication: Publication = publish(demonstration, PARAMETERS).publication;
/** The digest of what the panel shows with these parameters changed. */
export const digestWith = (changes: object): string =>
  publish(demonstration, { ...PARAMETERS, ...changes }).publication.digest;

/** The report as HTML, with what it claims to be published. */
export async function pageText(published: Publication): Promise<string> {
  const verdict = await demonstration.judge(PARAMETERS, plainLoop());
  return renderPage(
    runOf([
      prose(
        "# The sample\n\n## Demonstration\n\n### glassHousePanels\n\n### glassHouseCharts\n\n### MathJax",
      ),
      ran("showTryIt(…)", [displayed({ [TRY_IT_MIME]: published })]),
      prose(`## Further on\n\n${"text\n\n".repeat(40)}`),
      ran("showVerdict(…)", [displayed({ [VERDICT_MIME]: verdict })]),
    ]),
  );
}
