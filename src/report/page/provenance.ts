/** The footer that says where a page's numbers come from. It stands in the page, never in a cell's output. */
import type { Commission, NotebookRun } from "../notebook-run.js";
import { changesIn } from "../parameters.js";
import { shellAssignment, shellPath } from "../shell-text.js";
import { type Content, type Html, html } from "./html.js";
import { ownId } from "./ids.js";

/** The footer. */
export function provenanceHtml(run: NotebookRun, commission: Commission): Html {
  const { provenance, parameters, startedAt } = run;
  const facts: [string, Content][] = [
    ["Notebook", run.name],
    ["Commit", commitHtml(provenance.commit)],
    ["Versions", versionsHtml(provenance.versions)],
    ["Seed", parameters.seed === undefined ? "none among the parameters" : JSON.stringify(parameters.seed)],
    ["Started", html`<time datetime="${startedAt}">${startedAt.slice(0, 19).replace("T", " ")} UTC</time>`],
    ["Duration", `${run.seconds.toFixed(1)} s`],
    ["To repeat", html`<code>${command(commission)}</code>`],
  ];
  const heading = ownId("provenance");
  return html`<footer class="provenance" aria-labelledby="${heading}"><h2 id="${heading}">Provenance</h2>
<dl>
${facts.map(([name, fact]) => html`<dt>${name}</dt><dd>${fact}</dd>\n`)}</dl>
${parametersHtml(run)}</footer>`;
}

function commitHtml(commit: string | null): Content {
  if (commit === null) return "not run from a clone";
  const [hash, changed] = commit.split("-dirty");
  return html`<code>${hash}</code>${changed !== undefined && ", with changes that are not in it"}`;
}

function versionsHtml(versions: Record<string, string>): Content {
  return Object.entries(versions).map(
    ([name, version], i) => html`${i > 0 && ", "}<span class="version">${name} ${version}</span>`,
  );
}

function command({ source, set }: Commission): string {
  const settings = Object.entries(set).map(([name, value]) => ` --set ${shellAssignment(name, value)}`);
  return `npm run report -- ${shellPath(source)}${settings.join("")}`;
}

function parametersHtml(run: NotebookRun): Html {
  const entries = Object.entries(run.parameters);
  if (entries.length === 0) return html``;
  const changed = new Set(changesIn(run.notebook).map(({ name }) => name));
  const rows = entries.map(
    ([name, value]) =>
      html`<tr><th scope="row"><code>${name}</code></th><td><code>${JSON.stringify(value)}</code>${
        changed.has(name) && html` <span class="chip set">set for this run</span>`
      }</td></tr>`,
  );
  return html`<div class="scroll" role="region" aria-label="Parameters" tabindex="0"><table><thead><tr><th scope="col">Parameter</th><th scope="col">Value</th></tr></thead>
<tbody>${rows}</tbody></table></div>`;
}
