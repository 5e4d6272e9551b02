/**
 * What a layer is: its parameters, the forward computation, and the chain rule beside it. There is no automatic
 * differentiation; every derivative is written by hand. Points are rows.
 *
 * A layer is a record. To add one, write its functions with the operations of an `Arithmetic`; it then trains in every format
 * and on every path. The functions must do the same at every call, because they may be called once and repeated from a
 * recording; only parameters and state change from step to step.
 */
import type { Matrix } from "ml-matrix";
import type { Arithmetic } from "../arithmetic/arithmetic.js";

/**
 * Matrices by name, such as a layer's parameters or the derivatives with respect to them. An interface, so that types
 * inferred in a cell have a name.
 */
export interface Matrices {
  readonly [name: string]: Matrix;
}

/** Whether the network is being trained on the points; it matters for batch normalization. */
export type Mode = "training" | "inference";

/** Input and output of a layer in the forward pass, for n points. */
export interface LayerPass {
  /** n x inputs. */
  readonly input: Matrix;
  /** n x outputs. */
  readonly output: Matrix;
}

/** The numbers of a layer. */
export interface LayerNumbers<P extends Matrices = Matrices> {
  /** The learnt parameters. Weight decay applies to those named `weights`. */
  readonly parameters: P;
  /** Matrices that are not learnt: statistics from training, see `nextState`, or constants, such as a mask. */
  readonly state?: Matrices;
}

/**
 * A layer: its numbers and functions. Each function receives the layer with its present numbers.
 *
 * M is what backward needs besides input and output; forward returns it, and the other functions find it in `pass`.
 */
export interface Layer<P extends Matrices = Matrices, M = object> extends LayerNumbers<P> {
  /** The kind of layer, such as `dense`. */
  readonly kind: string;
  /** Computes the output (n x outputs) from the input (n x inputs). */
  forward(
    arithmetic: Arithmetic,
    layer: LayerNumbers<P>,
    input: Matrix,
    mode: Mode,
  ): { readonly output: Matrix } & M;
  /** Computes dL/dInput (n x inputs) from `delta`, dL/dOutput (n x outputs). */
  backward(
    arithmetic: Arithmetic,
    layer: LayerNumbers<P>,
    pass: LayerPass & M,
    delta: Matrix,
    mode: Mode,
  ): Matrix;
  /** Computes dL/dθ for each parameter from `delta`, summed over the points, with the same names and shapes. */
  gradient(arithmetic: Arithmetic, layer: LayerNumbers<P>, pass: LayerPass & M, delta: Matrix): P;
  /** Computes the state after training on a batch, with the same names and shapes; without it the state is constant. */
  nextState?(arithmetic: Arithmetic, layer: LayerNumbers<P>, pass: LayerPass & M): Matrices;
  /** Second derivatives; products with the Hessian need them in all layers. */
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

/** A move of the parameters, and the change of the input that results. */
export interface Move<P extends Matrices = Matrices> {
  direction: P;
  /** R{input}, n x inputs. */
  rInput: Matrix;
}

/** The change of the backward pass that results from the same move. */
export interface DeltaMove {
  /** dL/dOutput, n x outputs. */
  delta: Matrix;
  /** R{dL/dOutput}. */
  rDelta: Matrix;
}
