/** Shows the panel that runs a notebook's demonstration in the page, without the kernel. */
import { randomUUID } from "node:crypto";
import { plainFigure } from "../charts/figure-json.js";
import type { Experiment, ExperimentParameters } from "../experiments/experiment.js";
import { demonstrationNamed } from "../live/demonstrations.js";
import { publish } from "../live/session.js";
import { recordedVerdict } from "./evidence.js";
import { quantityText } from "./format.js";
import { scriptedHtml } from "./html.js";
import { output } from "./kernel-output.js";
import { tableMarkdown } from "./markdown.js";
import { TRY_IT_MIME } from "./mime.js";
import { panel } from "./panel-html.js";

/**
 * Shows the panel under the cell. Trains once with these parameters, for the panel to compare with.
 *
 * @param parameters - the notebook's parameters
 * @throws RangeError when the experiment has no panel
 * @throws RangeError or TypeError when a parameter is not allowed
 * @throws Error outside a tslab kernel
 */
export function showTryIt<Parameters extends ExperimentParameters, Studies>(
  experiment: Experiment<Parameters, Studies>,
  parameters: Parameters,
): void {
  const demonstration = demonstrationNamed(experiment.name);
  const own = recordedVerdict(experiment, parameters);
  const values = { ...demonstration.extras, ...(parameters as object) };
  const key = demonstration.key(demonstration.check(values));
  const { publication, reading } = publish(demonstration, values, own && { ...own, key });
  const rows = publication.quantities.map((quantity) => [
    quantity.name,
    quantity.value ?? quantityText(quantity),
  ]);
  const words = `In a report, or after this notebook has run, you can change this experiment here and run it again.\n\n${tableMarkdown(["one network", "published"], rows)}`;
  output({
    "text/html": scriptedHtml(panel(publication, `try-it-${randomUUID()}`)),
    // the picture is for paper: where a panel runs, it draws its own
    [TRY_IT_MIME]: { ...publication, picture: plainFigure(reading.pictures[0].figure) },
    "text/markdown": words,
    "text/plain": words,
  });
}
