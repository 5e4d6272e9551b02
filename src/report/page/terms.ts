/** The words that a report explains where they stand. */

/** A term: how it is written, and what it means in a sentence or two. */
export interface Term {
  /** Its forms; case does not matter, and a plural's s is found without being listed. */
  words: readonly string[];
  text: string;
}

/** All terms, in alphabetical order. */
export const TERMS: readonly Term[] = [
  {
    words: ["affine"],
    text: "A constant plus a multiple of each input: its graph is a straight line, or a plane, which may be tilted.",
  },
  {
    words: ["atomics"],
    text: "Additions of many threads to one sum, each as soon as it comes: their order differs from run to run.",
  },
  {
    words: ["AUROC", "AUC"],
    text: "Area under the receiver operating characteristic: the chance that a random member of one group scores higher than one of the other. 1 tells all apart, 0.5 none.",
  },
  {
    words: ["backpropagation"],
    text: "The chain rule, worked through the network from the loss back to the input: it gives the derivative of the loss by every weight.",
  },
  {
    words: ["batch", "batches"],
    text: "The points whose mean gradient makes one step. A full batch is all of them, a batch of one a single sample.",
  },
  {
    words: ["bfloat16"],
    text: "A 16-bit number with the range of float32 and 8 significant bits, fewer than float16 has.",
  },
  {
    words: ["BLAS"],
    text: "Basic Linear Algebra Subprograms: the interface of the libraries that multiply matrices for NumPy, each with its own code for each kind of processor.",
  },
  {
    words: ["calibration", "calibrated"],
    text: "A model is calibrated if it is right as often as it is sure: nine times in ten where it says 90%.",
  },
  {
    words: ["certificate"],
    text: "A proof for one answer: as many lies as it names, whichever they are, cannot change it. More lies may or may not.",
  },
  { words: ["churn"], text: "The share of answers that differ between two models that do the same job." },
  {
    words: ["cross-entropy"],
    text: "The loss used here: minus the logarithm of the probability that the network gave to the true class.",
  },
  {
    words: ["decision boundary"],
    text: "The line on which a network gives both classes the same probability.",
  },
  {
    words: ["decaying rate", "rate decays", "learning rate that decays"],
    text: "A learning rate that becomes smaller from step to step, so that the network can settle.",
  },
  {
    words: ["double-double"],
    text: "A number kept as the sum of two doubles, the second as large as the rounding error of the first: some 106 significant bits.",
  },
  {
    words: ["E4M3", "E5M2"],
    text: "Eight-bit numbers with 4 or 5 bits of exponent and 3 or 2 after the point: E4M3 is the finer, E5M2 reaches further.",
  },
  {
    words: ["ECE"],
    text: "Expected calibration error: how far confidence and accuracy lie apart, averaged over bins of confidence.",
  },
  {
    words: ["effective sample"],
    text: "How many independent draws would tell as much as those of a chain, in which neighbours are alike.",
  },
  {
    words: ["edge of stability"],
    text: "Where the largest curvature of the loss is 2 divided by the learning rate: beyond it a step overshoots.",
  },
  { words: ["epoch"], text: "One pass over all training points." },
  {
    words: ["float16", "binary16"],
    text: "A 16-bit number: 11 significant bits, at most 65504, and nothing above 0 that is smaller than 2⁻²⁴.",
  },
  { words: ["float64", "binary64"], text: "The ordinary 64-bit number, a double: 53 significant bits." },
  {
    words: ["fused multiply-add", "FMA"],
    text: "A product and a sum in one operation, rounded once instead of twice.",
  },
  { words: ["Hamming weight"], text: "How many bits of a number are 1." },
  { words: ["Hessian"], text: "The matrix of the second derivatives of the loss: how it curves." },
  {
    words: ["influence function"],
    text: "How much a change of one training point would move what is learnt, to first order: the gradient of its loss, divided by the curvature of the whole.",
  },
  {
    words: ["Kullback-Leibler divergence"],
    text: "How much one probability distribution differs from another, in nats; 0 if they are the same.",
  },
  { words: ["learning rate"], text: "The factor on the gradient in each step: how far a step goes." },
  {
    words: ["logit"],
    text: "What the output neuron adds up, before the sigmoid makes a probability of it. Its sign is the answer, its size how sure the network is.",
  },
  {
    words: ["loss scale", "loss scaling"],
    text: "A factor on the loss, taken out again before the step, that keeps small gradients from being rounded to 0.",
  },
  {
    words: ["Lyapunov exponent"],
    text: "The mean rate at which two trainings that begin close together move apart: above 0 they part, below 0 they meet.",
  },
  {
    words: ["master weights"],
    text: "A copy of the weights in a finer format, to which the steps are added.",
  },
  {
    words: ["memorize", "memorizing"],
    text: "To repeat the label of a training point that its neighbours contradict, such as a lie.",
  },
  {
    words: ["mutual information"],
    text: "How many bits one quantity tells about another: 0 if nothing, 1 if it settles a question with two equally likely answers.",
  },
  {
    words: ["MX formats"],
    text: "Blocks of up to 32 numbers of few bits, with one power of two as their common scale.",
  },
  {
    words: ["nats", "nat"],
    text: "The unit of a loss or of information with natural logarithms: one nat is 1.44 bits.",
  },
  { words: ["out of distribution", "out-of-distribution"], text: "Unlike anything in the training data." },
  {
    words: ["posterior"],
    text: "What the data leave of the prior, the distribution that the parameters had before: each choice of parameters weighed by how well it explains the data.",
  },
  {
    words: ["R-hat"],
    text: "Compares chains of draws with each other and with themselves: 1 if they agree, more if not.",
  },
  {
    words: ["rank correlation"],
    text: "How alike two lists rank the same things: 1 for the same order, 0 for no relation, -1 for the reverse.",
  },
  {
    words: ["ReLU"],
    text: "Rectified linear unit: puts out what goes in if that is above 0, and 0 if not. It fires, or it is silent.",
  },
  {
    words: ["seed"],
    text: "The number from which all random numbers of a run follow: data, initial weights, and the order of the points.",
  },
  { words: ["sharpness"], text: "The largest curvature of the loss: the largest eigenvalue of its Hessian." },
  {
    words: ["side channel"],
    text: "What a device gives away by how it works, such as time or power, and not by what it answers.",
  },
  { words: ["sigmoid"], text: "The function that turns a logit z into a probability: 1 / (1 + e⁻ᶻ)." },
  {
    words: ["spike"],
    text: "A training loss that is, after an epoch, more than twice its lowest value so far.",
  },
  {
    words: ["stochastic gradient descent", "SGD"],
    text: "Training by steps against the gradient of a few points at a time, in random order.",
  },
  {
    words: ["stochastic rounding"],
    text: "Rounds up or down at random, so that the result is right in the mean.",
  },
  {
    words: ["subnormal"],
    text: "The smallest numbers of a format, which have fewer significant bits the nearer they are to 0.",
  },
  {
    words: ["t-test", "TVLA"],
    text: "Asks if two means differ by more than chance allows. A device leaks, by usage (TVLA, test vector leakage assessment), if |t| is above 4.5.",
  },
  {
    words: ["ulp"],
    text: "Unit in the last place: the gap between a number and the next that its format has.",
  },
  { words: ["underflow", "underflows"], text: "A result that is too small for its format and becomes 0." },
  { words: ["weight decay"], text: "A penalty on large weights, which keeps the boundary smooth." },
  {
    words: ["Wilson", "Wilson interval"],
    text: "The 95% interval of a share, after Edwin Wilson (1927): it stays between 0 and 100% even where the share is near either.",
  },
];
