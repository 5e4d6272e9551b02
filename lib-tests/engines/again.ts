/** What was recorded, measured again by an engine; bundled for it beside program.ts. */
import { textOf } from "../../src/evidence/codec.js";
import { type Place, pointsOf, type StudyName } from "../../src/evidence/key.js";
import { studiesOf } from "../../src/experiments/experiment.js";
import { experiments } from "../../src/experiments/index.js";

/** A point of a study for a seed. */
export type Measured = StudyName & Place;

/** The result there, with the published parameters, as a text that is another one for every other bit. */
export function again({ experiment, study, seed, point }: Measured): string {
  const { [experiment]: of } = experiments;
  const { [study]: asked } = Object.fromEntries(studiesOf(of));
  return textOf(asked.measure(pointsOf(asked, of.defaults, seed)[point]));
}
