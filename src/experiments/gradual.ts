/** Trainings that are looked at on their way, as a panel has them; what they end on is what a measurement ends on. */
import { trainGradually } from "../core/network/gradual.js";
import type { Moment } from "./panel.js";
import { drawTask, type TaskOptions, type TaskParameters, type TrainedTask, trainOptionsOf } from "./task.js";

/** What goes on epoch by epoch. */
export type Gradual<Trained> = Generator<Moment<Trained>, Trained>;

/** `runTask`, epoch by epoch. */
export function* runTaskGradually(parameters: TaskParameters, options?: TaskOptions): Gradual<TrainedTask> {
  const task = drawTask(parameters);
  return yield* mapped(trainGradually(trainOptionsOf(parameters, task, options)), (training) => ({
    ...task,
    training,
  }));
}

/** The same, seen as something made of it; that is made only where somebody looks. */
export function* mapped<From, To>(training: Gradual<From>, make: (trained: From) => To): Gradual<To> {
  for (;;) {
    const { done, value } = training.next();
    if (done) return make(value);
    yield { ...value, now: () => make(value.now()) };
  }
}

/** What cannot be looked at on its way: all of it is made as soon as somebody looks. */
export function* atOnce<Trained>(epochs: number, make: () => Trained): Gradual<Trained> {
  let made: Trained | undefined;
  const now = (): Trained => {
    made ??= make();
    return made;
  };
  yield { epoch: 0, epochs, now };
  return now();
}
