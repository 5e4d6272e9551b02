/** Notebook 04: the two timelines while they grow. */
import { type Gradual, mapped, measuredGradually } from "../gradual.js";
import { drawTask } from "../task.js";
import type { ButterflyParameters } from "./butterfly-effect.js";
import { nudged } from "./nudge.js";
import { compareTrainings, type Timelines, timelineOf, trainMembers } from "./timelines.js";

/** `runTimelines`, epoch by epoch. */
export function timelinesGradually(parameters: ButterflyParameters): Gradual<Timelines> {
  const { data, initial } = drawTask(parameters);
  const { network, nudge } = nudged(initial, parameters);
  const members = [initial, network, initial].map((start) => ({ initial: start, train: data.train }));
  return mapped(
    measuredGradually(() => trainMembers.steps(parameters, members)),
    ([first, second, again]) => ({
      data,
      initial,
      nudge,
      nudged: compareTrainings(first, second, data),
      repeated: timelineOf(first, again),
    }),
  );
}
