/** What a run of reports will take, told before it begins. */
import type { EarlierIndex } from "./index-files.js";
import { measuresTime, type PlannedNotebook, type UnfitNotebook } from "./plan.js";

/** Seconds that one of our notebooks takes on an ordinary machine, as a rule. */
const USUAL_SECONDS = 8;

/** Where to, and how many at a time. */
interface Means {
  out: string;
  lanes: number;
}

/** How many notebooks, how long about, and where their reports go. */
export function announcement(
  planned: readonly (PlannedNotebook | UnfitNotebook)[],
  earlier: EarlierIndex,
  { out, lanes }: Means,
): string {
  const known = planned.map((notebook) => secondsOf(notebook, earlier));
  const seconds = known.map((own) => own ?? USUAL_SECONDS);
  const alone = seconds.filter((_, i) => measuresTime(planned[i]));
  const beside = seconds.filter((_, i) => !measuresTime(planned[i]));
  const total = sum(alone) + Math.max(sum(beside) / lanes, ...beside, 0);
  const basis = known.every((own) => own !== undefined)
    ? "going by the last run"
    : "as a rule; a first run or a busy machine takes longer";
  return (
    `Runs ${planned.length === 1 ? "1 notebook" : `${planned.length} notebooks, ${lanes} at a time,`} in some ${inSeconds(total)} ` +
    `(${basis}); reports go to ${out}`
  );
}

function secondsOf(notebook: PlannedNotebook | UnfitNotebook, earlier: EarlierIndex): number | undefined {
  if ("failure" in notebook) return 0;
  return earlier.find(({ report, status }) => report === notebook.commission.report && status === "ok")
    ?.seconds;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** To five seconds: it is an estimate. */
function inSeconds(seconds: number): string {
  return `${5 * Math.max(1, Math.round(seconds / 5))} s`;
}
