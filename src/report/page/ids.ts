/** Ids of the page's own elements, which no heading of a notebook may get for the name of its place. */

/** The id of an element of the page itself. */
export function ownId(name: string): string {
  return `glass-house--${name}`;
}

/** Whether an id is the page's own. */
export function isOwnId(id: string): boolean {
  return id.startsWith(ownId(""));
}
