/** The HTML of a panel that runs a demonstration. Nothing is loaded from a network. */
import type { Publication } from "../live/demonstration.js";
import { demonstrationNamed } from "../live/demonstrations.js";
import { fieldsOf } from "../live/fields.js";
import { panelBundle, workerBundle } from "./bundles.js";
import { quantityText } from "./format.js";
import { escapeHtml, type Scripted, scriptJson } from "./html.js";
import type { PanelData } from "./panel-data.js";

/**
 * A panel: a table of the published numbers, which a script replaces with the controls.
 *
 * @param publication - the published run to compare with
 * @param id - id of the panel's element; unique in the page
 * @throws RangeError when the notebook has no demonstration
 */
export function panel(publication: Publication, id: string): Scripted {
  const demonstration = demonstrationNamed(publication.notebook);
  const { invitation, controls, looks, presets = [], reserve } = demonstration;
  const data: Omit<PanelData, "worker"> = {
    publication,
    fields: fieldsOf(demonstration),
    controls,
    looks,
    presets,
    invitation,
    ...(reserve !== undefined && { reserve }),
  };
  const rows = publication.quantities.map(
    (quantity) =>
      `<tr><th scope="row">${escapeHtml(quantity.name)}</th><td>${escapeHtml(quantityText(quantity))}</td></tr>`,
  );
  const call = `(window.glassHousePanels ??= []).push({ places: document.querySelectorAll("#${id}"), panel: { ...${scriptJson(JSON.stringify(data))}, worker: "${workerBundle(publication.notebook)}" } })`;
  const markup = [
    `<section class="glass-house-try" id="${id}" aria-label="Try it">`,
    `<p>With scripts enabled, you can change this experiment here and run it again. The published numbers:</p>`,
    `<table><thead><tr><th scope="col">one network</th><th scope="col">published</th></tr></thead>`,
    `<tbody>${rows.join("\n")}</tbody></table>`,
    `</section>`,
  ].join("\n");
  return { markup, scripts: [call, panelBundle()] };
}
