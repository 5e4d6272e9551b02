/**
 * What a layer is: parameters, the way forward, and beside it the chain rule that takes it apart again. No automatic
 * differentiation; every derivative is written by hand. Points are rows.
 *
 * A layer is a record. Whoever wants another one writes its functions over the operations of an `Arithmetic`; then
 * it trains in every format, and by every path. The functions must do the same whenever they are called, for they may be
 * called once and repeated from a recording: what changes from step to step is parameters and state.
 */
import type { Matrix } from "ml-matrix";
import type { Arithmetic } from "../arithmetic/arithmetic.js";

/**
 * Matrices by name, such as a layer's parameters or the derivatives with respect to them. An interface, so that a cell's inferred
 * type has a name wherever the notebook lies.
 */
export interface Matrices {
  readonly [name: string]: Matrix;
}

/** Whether a network is trained on the points, or only used: batch normalization tells the two apart. */
export type Mode = "training" | "inference";

/** What a layer did on the way forward, for n points. */
export interface LayerPass {
  /** n x inputs. */
  readonly input: Matrix;
  /** n x outputs. */
  readonly output: Matrix;
}

/** The numbers of a layer. */
export interface LayerNumbers<P extends Matrices = Matrices> {
  /** What is learnt. Weight decay concerns those named `weights`. */
  readonly parameters: P;
  /** What is not descended: what was met in training, see `nextState`, or matrices that stay as they are, such as a mask. */
  readonly state?: Matrices;
}

/**
 * A layer: its numbers, and what is done with them. Each function gets the layer itself, whose numbers change.
 *
 * M is what the way back needs beside input and output; forward returns it, and the other functions find it in the pass.
 */
export interface Layer<P extends Matrices = Matrices, M = object> extends LayerNumbers<P> {
  /** The name of what it does, such as `dense`. */
  readonly kind: string;
  /** From the input (n x inputs) to the output (n x outputs). */
  forward(
    arithmetic: Arithmetic,
    layer: LayerNumbers<P>,
    input: Matrix,
    mode: Mode,
  ): { readonly output: Matrix } & M;
  /** From `delta`, dL/dOutput (n x outputs), to dL/dInput (n x inputs). */
  backward(
    arithmetic: Arithmetic,
    layer: LayerNumbers<P>,
    pass: LayerPass & M,
    delta: Matrix,
    mode: Mode,
  ): Matrix;
  /** dL/dθ for each parameter, of its name and shape, summed over the points, from `delta`. */
  gradient(arithmetic: Arithmetic, layer: LayerNumbers<P>, pass: LayerPass & M, delta: Matrix): P;
  /** The state after training has met a batch: matrices of the same names and shapes. The state stays as it is without. */
  nextState?(arithmetic: Arithmetic, layer: LayerNumbers<P>, pass: LayerPass & M): Matrices;
  /** Second derivatives; only a network all of whose layers have them has products with its Hessian. */
  readonly curvature?: Curvature<P>;
}

/**
 * How forward, backward and gradient change when the parameters move along a direction: R{·}, the derivative along
 * it (Pearlmutter 1994, Fast exact multiplication by the Hessian, section 3).
 */
export interface Curvature<P extends Matrices = Matrices> {
  /** R{output} from R{input}. */
  forward(arithmetic: Arithmetic, layer: LayerNumbers<P>, pass: LayerPass, move: Move<P>): Matrix;
  /** R{dL/dInput} from R{delta}. */
  backward(
    arithmetic: Arithmetic,
    layer: LayerNumbers<P>,
    pass: LayerPass,
    move: Move<P> & DeltaMove,
  ): Matrix;
  /** R{dL/dθ} from R{delta}. */
  gradient(arithmetic: Arithmetic, layer: LayerNumbers<P>, pass: LayerPass, move: Move<P> & DeltaMove): P;
}

/** A move of the parameters, and what it does to the input. */
export interface Move<P extends Matrices = Matrices> {
  direction: P;
  /** R{input}, n x inputs. */
  rInput: Matrix;
}

/** What the same move does to the way back. */
export interface DeltaMove {
  /** dL/dOutput, n x outputs. */
  delta: Matrix;
  /** R{dL/dOutput}. */
  rDelta: Matrix;
}
