/** Notebook 04: two trainings that differ in almost nothing. Its hyperparameters, settings and bars. */
import * as z from "zod/mini";
import type { BatchSize } from "../../core/network/train-options.js";
import { documented } from "../../core/validate.js";
import { type SweepParameters, sweepShape, type TaskParameters, taskShape } from "../task.js";

/** The hyperparameters of notebook 04. */
export interface ButterflyParameters extends TaskParameters, SweepParameters {
  /** The number to add to one initial parameter. */
  nudge: number;
  /** Index of that parameter, from 0, in the order of `toParameters`. */
  nudgedParameter: number;
}

/** The allowed values of the hyperparameters. */
export const butterflySchema: z.ZodMiniType<ButterflyParameters> = z
  .strictObject({
    ...taskShape,
    nudge: documented(z.number().check(z.gte(-1000), z.lte(1000)), "Number to add to one initial parameter"),
    nudgedParameter: documented(
      z.int().check(z.gte(0)),
      "Its index, from 0: layer by layer, the weights row by row, then the biases",
    ),
    ...sweepShape,
  })
  .check(({ value, issues }) => {
    const last = countParameters(value.hiddenLayers) - 1;
    if (value.nudgedParameter <= last) return;
    issues.push({
      code: "custom",
      input: value,
      path: ["nudgedParameter"],
      params: { allowed: `a whole number from 0 to ${last}` },
    });
  });

function countParameters(hiddenLayers: readonly number[]): number {
  const sizes = [2, ...hiddenLayers, 1];
  return sizes.slice(1).reduce((sum, outputs, l) => sum + (sizes[l] + 1) * outputs, 0);
}

/** A way to train. */
export interface TrainingSetting {
  learningRate: number;
  batchSize: BatchSize;
  epochs: number;
}

/** The setting to compare the parameters' own with: full batches. */
export const CALM: TrainingSetting = { learningRate: 2, batchSize: "full", epochs: 1000 };

/** At this distance of their parameters two trainings have diverged ("parted"): 1e-14 grown by 1e12, or by 27.6 e-foldings. */
export const PARTED = 1e-2;

/** The share of the seeds from which we say that something happens: one in ten. */
export const HAPPENS = 0.1;

/** Test accuracy from which we say that a network has learnt. */
export const LEARNT = 0.95;

/** Two curves differ visibly at this share of the height of a linear loss chart: some four pixels. */
export const VISIBLE = 0.01;

/** "Hundreds of epochs" begin here. */
export const LONG = 100;

/** A way to train in words: `full batch at learning rate 2`. */
export function settingText({ batchSize, learningRate }: Omit<TrainingSetting, "epochs">): string {
  return `${batchText(batchSize)} at learning rate ${learningRate}`;
}

/** A batch size in words. */
export function batchText(batchSize: BatchSize): string {
  if (batchSize === "full") return "full batch";
  return batchSize === 1 ? "single samples" : `batches of ${batchSize}`;
}

/** A number of hidden layers in words. */
export function layersText({ length }: readonly number[]): string {
  return `${length} hidden layer${length === 1 ? "" : "s"}`;
}
