/** Shows the exercises of a notebook, which its panel checks. */
import { randomUUID } from "node:crypto";
import type { Experiment, ExperimentParameters } from "../experiments/experiment.js";
import { exercises, exercisesMarkdown } from "./exercises-html.js";
import { scriptedHtml } from "./html.js";
import { output } from "./kernel-output.js";
import { EXERCISES_MIME } from "./mime.js";

/**
 * Shows the exercises under the cell. They start from the experiment's defaults, whatever the notebook's parameters.
 *
 * @throws RangeError when the experiment has no panel
 * @throws Error outside a tslab kernel
 */
export function showExercises<Parameters extends ExperimentParameters, Studies>(
  experiment: Experiment<Parameters, Studies>,
): void {
  const { name } = experiment;
  const words = exercisesMarkdown(name);
  output({
    "text/html": scriptedHtml(exercises(name, `exercises-${randomUUID()}`)),
    [EXERCISES_MIME]: { notebook: name },
    "text/markdown": words,
    "text/plain": words,
  });
}
