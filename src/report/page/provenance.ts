/** The footer that says where a page's numbers come from. It stands in the page, never in a cell's output. */
import { z } from "zod";
import type { NotebookRun } from "../notebook-run.js";
import { readParameters } from "../parameters.js";
import { duration, minute } from "./format.js";
import { type Html, html } from "./html.js";

/** The footer's id, for links to it. */
export const PROVENANCE_ID = "provenance";

/** The footer. */
export function provenanceHtml(run: NotebookRun): Html {
  const { commit, versions } = run.provenance;
  const seed = run.parameters.seed;
  const facts: [string, Html | string][] = [
    ["Notebook", `${run.name}.ipynb`],
    ["Run", html`<time datetime="${run.startedAt}">${minute(run.startedAt)}</time>, ${duration(run.seconds)}`],
    ["Commit", commit === null ? "not run from a clone" : html`<code>${commit}</code>`],
    ...(seed === undefined ? [] : [["Seed", html`<code>${JSON.stringify(seed)}</code>`] satisfies [string, Html]]),
    ["Versions", Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(" · ")],
  ];
  return html`<footer class="provenance" aria-labelledby="${PROVENANCE_ID}">
<h2 id="${PROVENANCE_ID}">Provenance</h2>
<dl>${facts.map(([term, fact]) => html`<dt>${term}</dt><dd>${fact}</dd>`)}</dl>
${parametersTable(run)}
</footer>`;
}

const papermillSchema = z.object({ papermill: z.object({ parameters: z.record(z.string(), z.unknown()) }) });

function parametersTable({ notebook, parameters }: NotebookRun): Html {
  const names = Object.keys(parameters);
  if (names.length === 0) return html``;
  const set = papermillSchema.safeParse(notebook.metadata).data?.papermill.parameters ?? {};
  // They were read once already to run the notebook, so they can be read.
  const defaults = new Map(readParameters(notebook).map((parameter) => [parameter.name, parameter]));
  const rows = names.map((name) => {
    const declared = defaults.get(name);
    const note = Object.hasOwn(set, name) && html` <span class="chip set">set, default ${json(declared?.value)}</span>`;
    return html`<tr><th scope="row"><code>${name}</code></th><td><code>${json(parameters[name])}</code>${note}</td>
<td>${declared?.comment}</td></tr>`;
  });
  return html`<div class="scroll" tabindex="0"><table><caption>Parameters of this run</caption>
<thead><tr><th scope="col">name</th><th scope="col">value</th><th scope="col">meaning</th></tr></thead>
<tbody>${rows}</tbody></table></div>`;
}

function json(value: unknown): string {
  return value === undefined ? "none" : JSON.stringify(value);
}
