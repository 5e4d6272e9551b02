/** The page's address, which holds what a panel is set to. */
import { fragmentOf, type Values, valuesIn } from "./fragment.js";

/** Only a page of our own has an address that is ours to write in. */
export function ownsAddress(): boolean {
  return document.querySelector('meta[name="generator"][content="glass-house"]') !== null;
}

/** Writes what differs from the published values into the address; an address about something else stays. */
export function writeAddress(values: Values, published: Values): void {
  if (!ownsAddress()) return;
  const fragment = fragmentOf(values, published);
  if (fragment === "" && valuesIn(location.hash) === undefined) return;
  history.replaceState(null, "", fragment || location.pathname + location.search);
}

/** Puts the address on the clipboard where the browser lets it; what became of it, in words. */
export async function copyAddress(): Promise<string> {
  try {
    await navigator.clipboard.writeText(location.href);
    return "The address with these parameters is on the clipboard.";
  } catch {
    return "The address of this page now holds these parameters; copy it from there.";
  }
}

/** What an address asked for and the controls did not take, in words; empty where they took all. */
export function unfollowedText(asked: Values, taken: Values): string {
  const lost = Object.keys(asked).filter((name) => asked[name] !== undefined && !Object.hasOwn(taken, name));
  if (lost.length === 0) return "";
  const texts = lost.map((name) => `${name}=${asked[name]}`).join(", ");
  return `Not followed of this page's address: ${texts}. There is no such parameter, or no such choice.`;
}
