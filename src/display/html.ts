/** Text made safe for the two places in a page where we write it: markup and inline scripts. */

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Markup, and the inline scripts behind it. They are kept apart for a page that allows its own scripts alone. */
export interface Scripted {
  markup: string;
  scripts: readonly string[];
}

/** Both as markup. */
export function scriptedHtml({ markup, scripts }: Scripted): string {
  return [markup, ...scripts.map((script) => `<script>${script}</script>`)]
    .filter((part) => part !== "")
    .join("\n");
}

/** Text for an element's content or a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

/**
 * JSON text for an inline script: no `</script>` or `<!--` can occur in it, nor the two line separators
 * that JSON allows in strings and older JavaScript does not.
 */
export function scriptJson(json: string): string {
  return json.replace(/[<\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
