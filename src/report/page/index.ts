/**
 * The report's pages: a run in, one self-contained HTML string out. Runs nothing, reads and writes no
 * reports.
 */
export { renderIndex } from "./index-page.js";
export { withNeighbours } from "./neighbours.js";
export { renderPage } from "./report-page.js";
export { type RunSummary, summarise } from "./summary.js";
