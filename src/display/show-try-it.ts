/** Shows the panel in which a notebook's demonstration runs again, in the page and without the kernel. */
import { randomUUID } from "node:crypto";
import { demonstrationOf } from "../live/demonstrations/index.js";
import { publish } from "../live/session.js";
import { quantityText } from "./format.js";
import { output } from "./kernel-output.js";
import { tableMarkdown } from "./markdown.js";
import { TRY_IT_MIME } from "./mime.js";
import { panelHtml } from "./panel-html.js";

/**
 * Shows the panel under the cell. What it will compare with, one training with these parameters, is computed here.
 *
 * @param parameters - those of the notebook, as published
 * @throws RangeError or TypeError when a parameter is not allowed
 * @throws Error outside a tslab kernel
 */
export function showTryIt(experiment: { name: string } | string, parameters: object): void {
  const demonstration = demonstrationOf(typeof experiment === "string" ? experiment : experiment.name);
  const { publication } = publish(demonstration, parameters as Record<string, unknown>);
  const rows = publication.quantities.map((quantity) => [
    quantity.name,
    quantity.value ?? quantityText(quantity),
  ]);
  const words = `In a report, or where this notebook has been run, this experiment can be changed and run again here.\n\n${tableMarkdown(["one network", "published"], rows)}`;
  output({
    "text/html": panelHtml(publication, `try-it-${randomUUID()}`),
    [TRY_IT_MIME]: publication,
    "text/markdown": words,
    "text/plain": words,
  });
}
