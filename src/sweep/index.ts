/** Sweeps: an experiment at every point of a grid, on worker threads. */
export { SweepError, type SweepFailure, SweepInterruptedError } from "./errors.js";
export { closeWorkers } from "./pool.js";
export { type SweepOptions, sweep } from "./sweep.js";
