/** What tells a report with changed parameters from the notebook's own. */
import type { Change } from "../parameters.js";
import { type Html, html } from "./html.js";

/** The badge, and the values that were changed with those that they stand for; nothing where none was. */
export function changesHtml(changes: readonly Change[]): Html | false {
  if (changes.length === 0) return false;
  const items = changes.map(
    ({ name, value, original }) => html`
<li><code>${name} = ${JSON.stringify(value)}</code> in the place of <code>${JSON.stringify(original)}</code></li>`,
  );
  return html`<div class="changes"><span class="chip set">changed parameters</span>
<ul>${items}</ul></div>
`;
}
