/** Makes text safe in markup and in inline scripts. */

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Markup and the inline scripts that follow it, kept apart for pages that only allow scripts of their own. */
export interface Scripted {
  markup: string;
  scripts: readonly string[];
}

/** Markup followed by its scripts. */
export function scriptedHtml({ markup, scripts }: Scripted): string {
  return [markup, ...scripts.map((script) => `<script>${script}</script>`)]
    .filter((part) => part !== "")
    .join("\n");
}

/** Escapes text for an element or a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

/**
 * Escapes JSON for an inline script: the result contains no `</script>` or `<!--`, nor the two line separators that JSON
 * allows in strings but older JavaScript does not.
 */
export function scriptJson(json: string): string {
  return json.replace(/[<\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
