/** Ids of the page's own elements, which no text of a notebook may get for a heading of its. */

/** The id of an element of the page itself. */
export function ownId(name: string): string {
  return `glass-house--${name}`;
}

/**
 * Whether an id is the page's own. An element with the id `glassHouseCharts` would stand for the global of
 * that name, the queue of the charts.
 */
export function isOwnId(id: string): boolean {
  return id.startsWith(ownId("")) || id === "glassHouseCharts";
}
