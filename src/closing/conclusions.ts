/**
 * What the essay concludes and asks at its end, in our words, and the lines of the six verdicts that bear on it. Nothing here
 * says how a line came out.
 */

/** A line of a verdict, and what it means here. */
export interface Bearing {
  notebook: string;
  /** The line's `id`. */
  line: string;
  /** Set if the conclusion fails where the line holds. */
  isAgainst?: true;
  /** What is so where the line holds: a clause. */
  yes: string;
  /** What is so where it does not; missing if that says nothing of the conclusion, and then the line is left out. */
  no?: string;
}

/** Something that others found. */
export interface Source {
  /** What they found: a clause. */
  found: string;
  address: string;
}

/** A conclusion, or a question. */
export interface Conclusion {
  sentence: string;
  bearings: readonly Bearing[];
  /** Set if our networks cannot decide it: why not. */
  beyond?: string;
  literature?: readonly Source[];
}

const OUTSIDE = "02-out-of-distribution";
const POISON = "03-poisoning";
const BUTTERFLY = "04-butterfly-effect";
const HALF = "05-half-precision";
const LEAK = "06-side-channel";

const OUT_OF_PROPORTION: Bearing = {
  notebook: POISON,
  line: "out-of-proportion",
  yes: "five lies change more of the plane than leaving the same points out does",
  no: "five lies change no more of the plane than leaving the same points out does",
};

const COUNT: Bearing = {
  notebook: LEAK,
  line: "leak",
  yes: "the number of firing neurons tells the class in three of four networks",
  no: "the number of firing neurons tells the class in fewer than three of four networks",
};

const MUST_LEAK: Bearing = {
  notebook: LEAK,
  line: "savings-must-leak",
  yes: "no design tried saves half of what ReLU saves and hides the class from whoever counts",
  no: "a design saves half of what ReLU saves and hides the class from whoever counts",
};

const SURFACE: Bearing = {
  notebook: POISON,
  line: "depth-surface",
  yes: "with depth, lies change more of the plane",
  no: "with depth, lies change no more of the plane",
};

const DEPTH_STEPS: Bearing = {
  notebook: BUTTERFLY,
  line: "depth-steps",
  yes: "deep networks diverge at far smaller steps than shallow ones",
  no: "deep networks do not diverge at far smaller steps than shallow ones",
};

/** The essay's Implications, sentence by sentence. */
export const CONCLUSIONS: readonly Conclusion[] = [
  {
    sentence: "Security is no wrapper to put around a finished model.",
    bearings: [
      {
        notebook: OUTSIDE,
        line: "confidence-tells",
        isAgainst: true,
        yes: "rejecting unsure answers keeps the void out",
        no: "rejecting unsure answers does not keep the void out",
      },
      {
        notebook: OUTSIDE,
        line: "wrapper",
        isAgainst: true,
        yes: "a cheap defence around the finished network keeps the void out",
        no: "no cheap defence tried around the finished network keeps the void out",
      },
      {
        notebook: LEAK,
        line: "dummy-work",
        yes: "dummy work at random only delays an attacker",
        no: "dummy work at random does more than delay an attacker",
      },
    ],
  },
  {
    sentence: "The vulnerabilities are structural: most networks have them.",
    bearings: [
      {
        notebook: OUTSIDE,
        line: "certain",
        yes: "three of four networks are sure at (4, 4)",
        no: "fewer than three of four networks are sure at (4, 4)",
      },
      OUT_OF_PROPORTION,
      {
        notebook: HALF,
        line: "worse",
        yes: "float16 makes three of four networks worse",
        no: "float16 makes fewer than three of four networks worse",
      },
      COUNT,
    ],
  },
  {
    sentence: "Overconfidence is no bug but inherent.",
    bearings: [
      {
        notebook: OUTSIDE,
        line: "no-null-state",
        yes: "in three of four networks the logit grows without bound in every direction but single ones",
        no: "in more than one of four networks the logit stays bounded in some directions",
      },
      {
        notebook: OUTSIDE,
        line: "posterior-doubts",
        isAgainst: true,
        yes: "in three of four seeds the posterior as a whole is in doubt at (4, 4)",
        no: "in more than one of four seeds the posterior as a whole is sure at (4, 4), too",
      },
      {
        notebook: OUTSIDE,
        line: "defence",
        isAgainst: true,
        yes: "a defence works and is cheap",
        no: "no defence tried works and is cheap",
      },
    ],
  },
  {
    sentence: "Sensitivity to poison is inherent.",
    bearings: [
      OUT_OF_PROPORTION,
      {
        notebook: POISON,
        line: "truths-without-lies",
        isAgainst: true,
        yes: "some setting learns the truths and at most a quarter of the lies",
        no: "no setting tried learns the truths and at most a quarter of the lies",
      },
      {
        notebook: POISON,
        line: "certified",
        isAgainst: true,
        yes: "a cheap vote of networks provably withstands five lies at half of the test points",
        no: "a vote of networks provably withstands five lies at fewer points, or is not cheap",
      },
    ],
  },
  {
    sentence: "Dependence on precision is inherent.",
    bearings: [
      {
        notebook: HALF,
        line: "flat",
        yes: "in float16 the loss is a flat line in three of four networks",
        no: "in float16 the loss is a flat line in fewer than three of four networks",
      },
      {
        notebook: HALF,
        line: "rounded",
        yes: "rounding to float16 harms three of four trained networks",
        no: "rounding to float16 harms fewer than three of four trained networks",
      },
      {
        notebook: HALF,
        line: "eight-bits",
        yes: "in eight bits, training from tiny weights cannot begin in three of four networks",
        no: "in eight bits, training from tiny weights can begin in more than one of four networks",
      },
      {
        notebook: HALF,
        line: "remedies",
        isAgainst: true,
        yes: "each failure yields to the remedies of its cause, and to no others",
      },
    ],
  },
  {
    sentence: "Side channels are inherent.",
    bearings: [
      COUNT,
      {
        notebook: LEAK,
        line: "theft",
        yes: "the counts at chosen inputs give three of four networks away",
        no: "the counts at chosen inputs give fewer than three of four networks away",
      },
      MUST_LEAK,
      {
        notebook: LEAK,
        line: "dense-is-tight",
        isAgainst: true,
        yes: "where nothing is skipped, the Hamming weight hides the class",
        no: "where nothing is skipped, the Hamming weight tells the class, too",
      },
    ],
  },
  {
    sentence: "Models of billions of parameters inherit what fewer than 50 show.",
    beyond:
      "The largest network here has three layers of 64 neurons; each verdict says what was seen up to there.",
    bearings: [
      SURFACE,
      DEPTH_STEPS,
      {
        notebook: HALF,
        line: "underflow-unasked",
        yes: "at ordinary settings, deeper and wider networks need a loss scale in float16",
        no: "at ordinary settings, deeper and wider networks do without a loss scale in float16",
      },
      {
        notebook: LEAK,
        line: "clock-larger",
        yes: "a clock sees more in larger networks",
        no: "a clock sees no more in larger networks",
      },
    ],
    literature: [
      {
        found: "ReLU classifiers of any size are sure far away from their data",
        address: "https://arxiv.org/abs/1812.05720",
      },
      {
        found: "some 250 poisoned documents suffice up to 13 billion parameters",
        address: "https://arxiv.org/abs/2510.07192",
      },
      {
        found: "one bit of one initial weight makes larger networks diverge",
        address: "https://arxiv.org/abs/2103.04514",
      },
      {
        found: "large networks learn in float16, with a loss scale and float32 weights",
        address: "https://arxiv.org/abs/1710.03740",
      },
      {
        found: "timings of language models tell what they are asked about",
        address: "https://arxiv.org/abs/2410.17175",
      },
    ],
  },
  {
    sentence: "Such software is chaotic.",
    bearings: [
      {
        notebook: BUTTERFLY,
        line: "late-parting",
        yes: "a nudge of 1e-14 makes one training in ten diverge, late",
        no: "a nudge of 1e-14 makes fewer than one training in ten diverge late",
      },
      {
        notebook: BUTTERFLY,
        line: "rounding-alone",
        yes: "rounding alone makes one training in four leave that of real numbers",
        no: "rounding alone makes fewer than one training in four leave that of real numbers",
      },
      DEPTH_STEPS,
    ],
  },
  {
    sentence: "What it computes is fluid, not solid.",
    bearings: [
      {
        notebook: BUTTERFLY,
        line: "non-deterministic",
        yes: "one training in ten gives other bits when it is repeated",
        no: "fewer than one training in ten gives other bits when it is repeated",
      },
      {
        notebook: BUTTERFLY,
        line: "machines",
        yes: "what differs between machines makes one training in ten diverge",
        no: "what differs between machines makes fewer than one training in ten diverge",
      },
      {
        notebook: BUTTERFLY,
        line: "answers-diverge",
        yes: "of trainings that diverge, three of four do so completely in their answers",
        no: "of trainings that diverge, fewer than three of four do so completely in their answers",
      },
    ],
  },
  {
    sentence: "It trusts its inputs.",
    bearings: [
      {
        notebook: OUTSIDE,
        line: "confidence-tells",
        isAgainst: true,
        yes: "its confidence gives the void away",
        no: "its confidence does not give the void away",
      },
      {
        notebook: POISON,
        line: "captured",
        yes: "three of four networks learn every lie",
        no: "fewer than three of four networks learn every lie",
      },
      {
        notebook: POISON,
        line: "lies-pass-for-truths",
        yes: "a training that learns, if aggressive, makes lies pass for truths",
        no: "no training tried that learns, however aggressive, makes lies pass for truths",
      },
      {
        notebook: LEAK,
        line: "sponge",
        yes: "in three of four networks some inputs make half as many neurons again fire",
        no: "in fewer than three of four networks some inputs make half as many neurons again fire",
      },
    ],
  },
  {
    sentence: "It leaks its states physically.",
    bearings: [
      {
        notebook: LEAK,
        line: "clock",
        yes: "in most networks a clock sees the leak in single inferences",
        no: "in half of the networks or fewer a clock sees the leak in single inferences",
      },
    ],
  },
];

/** The essay's open questions. */
export const QUESTIONS: readonly Conclusion[] = [
  {
    sentence: "Does depth smooth poisoning out, or offer more surface to warp?",
    bearings: [
      {
        notebook: POISON,
        line: "depth-smooths",
        yes: "depth smooths out some of what is poison in the lies",
        no: "depth does not smooth out what is poison in the lies",
      },
      SURFACE,
      {
        notebook: POISON,
        line: "depth-unstable",
        yes: "with depth, a harmless nudge of 1e-14 changes more of the plane",
        no: "with depth, a harmless nudge of 1e-14 changes no more of the plane",
      },
    ],
  },
  {
    sentence: "Does normalization mask the leak, or make it worse?",
    bearings: [
      {
        notebook: LEAK,
        line: "normalization",
        yes: "normalization removes a quarter of the bits or more",
        no: "normalization removes less than a quarter of the bits",
      },
    ],
  },
  {
    sentence: "Does what makes a model fast make it transparent?",
    bearings: [
      {
        notebook: LEAK,
        line: "savings-leak",
        yes: "over all designs, what saves more work tends to leak more",
        no: "over all designs, what saves more work tends to leak no more",
      },
      MUST_LEAK,
      {
        notebook: LEAK,
        line: "thief-defence",
        yes: "a defence leaves a thief without a line and saves half of what ReLU saves",
        no: "no defence tried leaves a thief without a line and saves half of what ReLU saves",
      },
    ],
    literature: [
      {
        found: "what speeds language models up makes their timings tell",
        address: "https://arxiv.org/abs/2410.17175",
      },
    ],
  },
];
