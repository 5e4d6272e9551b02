/** What a notebook may import, and nothing else. */

export { percent } from "./display/format.js";
export { showMarkdown, showMatrices, showMeans, showTable, type TableCell } from "./display/markdown.js";
export { type Progress, progress } from "./display/progress.js";
export { type ShowOptions, setUpCharts, show } from "./display/show.js";
export { showTryIt } from "./display/show-try-it.js";
export { showVerdict } from "./display/verdict.js";
export * from "./surface.js";
export {
  closeWorkers,
  SweepError,
  type SweepFailure,
  SweepInterruptedError,
  type SweepOptions,
  sweep,
} from "./sweep/index.js";
export {
  type MeasuredTimings,
  type Points,
  type TimingOptions,
  timeInference,
} from "./timing/time-inference.js";
export { type ProgramTimings, timePrograms } from "./timing/time-programs.js";
