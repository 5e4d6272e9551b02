/** The state of a panel in the page's address, behind the `#`: `#try-it?noise=0.3&hiddenLayers=[3]`. */

/** Values of the parameters by name. */
export type Values = Record<string, unknown>;

const MARK = "try-it?";

/** Whether an address's fragment is about the panel, with values or without. */
export function isTryIt(fragment: string): boolean {
  return /^#?try-it(?:$|\?)/.test(fragment);
}

/** What an address's fragment asks for; undefined where it is about something else. */
export function valuesIn(fragment: string): Values | undefined {
  const text = fragment.replace(/^#/, "");
  if (!text.startsWith(MARK)) return undefined;
  return Object.fromEntries(
    [...new URLSearchParams(text.slice(MARK.length))].map(([name, value]) => [name, parsed(value)]),
  );
}

/** The names of the values that differ. */
export function changedIn(values: Values, published: Values): string[] {
  return [...new Set([...Object.keys(values), ...Object.keys(published)])].filter(
    (name) => !isSame(values[name], published[name]),
  );
}

function isSame(one: unknown, other: unknown): boolean {
  try {
    return JSON.stringify(one) === JSON.stringify(other);
  } catch {
    // lists in lists so deep that they cannot be written are no value of ours
    return false;
  }
}

/** The fragment for what differs from the published values; empty where nothing does. */
export function fragmentOf(values: Values, published: Values): string {
  const changed = changedIn(values, published);
  if (changed.length === 0) return "";
  const text = (value: unknown): string =>
    typeof value === "string" ? value : JSON.stringify(value ?? null);
  return `#${MARK}${new URLSearchParams(changed.map((name) => [name, text(values[name])]))}`;
}

/**
 * As with `--set`: JSON, and what is not JSON is a string. So is what no parameter's value is made like: at its control it
 * is refused as if it had been typed.
 */
function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text) ?? undefined;
    return (Array.isArray(value) ? value : [value]).some((part) => typeof part === "object") ? text : value;
  } catch {
    return text;
  }
}
