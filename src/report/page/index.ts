/** The report's pages: a run in, one self-contained HTML string out. Runs nothing, and writes no file. */
export { renderIndex } from "./index-page.js";
export { renderPage } from "./report-page.js";
export { type RunSummary, summarise } from "./summary.js";
