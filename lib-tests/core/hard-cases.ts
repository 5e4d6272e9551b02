/**
 * Arguments for which an elementary function is hardest to round: the true value is within 2^-45 ulp of the middle between two
 * doubles, or of a double. Most are from the lists of V. Lefèvre, "Hard-to-round cases" (vinc17.net/research/testlibm), as
 * CORE-MATH keeps them; first Lefèvre and Muller, "Worst cases for correct rounding of the elementary functions in double
 * precision" (15th IEEE Symposium on Computer Arithmetic, 2001). Those of expm1 and log1p at a double follow from exp and log.
 * elementary.test.ts confirms them with exact arithmetic, to 2^-39 ulp.
 */
import type { FunctionName } from "./functions.js";

/** Of one function. */
export interface HardCases {
  /** Where the value is next to the middle between two doubles. */
  between: readonly number[];
  /** Where it is next to a double. */
  at: readonly number[];
}

/** By the names of the functions in core/elementary.ts. */
export const hardCases: Readonly<Record<FunctionName, HardCases>> = {
  exp: {
    between: [
      7.541752774995959e-10, 0.837522455340574, 0.5944592601243598, 1.1843231288338878, 0.5851721719819614,
      0.977195054781481,
    ],
    at: [
      -1.4353822566968892e-8, 1.39387846363126, 0.9565194056966486, 0.5022196535870455, 0.7154694283162493,
      0.5524632215996893,
    ],
  },
  expm1: {
    between: [
      4.000555584256948, 33.299156074347096, 0.5909960411222616, 2.0571704699635562, 0.2724910080616009,
      0.5731959307056463,
    ],
    at: [1.39387846363126, 0.5022196535870455, 0.7154694283162493],
  },
  tanh: {
    between: [
      2.1520312367142775, 0.5198217805469496, 0.5312951816943817, 1.2566257629608368, 2.0267339812218053,
      0.2541983543277032,
    ],
    at: [],
  },
  log: {
    between: [
      4.09249642977486, 526.6996853914754, 2352626168.503169, 57999375490647.09, 109.26729104835437,
      209484.94075647366,
    ],
    at: [
      1.7374296064433466e204, 32143.634787649225, 256983095265.5909, 26719802307.60591, 75613057426608.31,
      1.6719233126339155,
    ],
  },
  log1p: {
    between: [
      16448.812486510855, 0.1340381358021952, 16449.551221522037, 0.5056064487773347, 1.0887783339988053,
      32.032213603244045,
    ],
    at: [0.6719233126339155],
  },
  sin: {
    between: [
      0.010545215857541628, 1.2322153024663052, 0.12549320231301117, 0.03155757311921856, 2.033146684822005,
      1.0765487046666102,
    ],
    at: [0.000001788139343261814, 0.49849878588087543, 0.049134895940482926],
  },
  cos: {
    between: [
      0.06808968234999746, 1.0589413024008556, 1.1356224015451402, 1.1904120083010343, 1.0003127409990864,
      0.2504593587919155,
    ],
    at: [],
  },
};
