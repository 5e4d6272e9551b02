/**
 * Differences between machines that did happen, as lib-tests/reference/make_reference_machines.py and make_reference_engines.ts
 * recorded them: what is shown of it; a test compares this with what they wrote.
 */

/** What a machine did to one training, over the seeds. */
export type RecordedTraining = readonly [
  seeds: number,
  /** Seeds with other bits than on the machine compared with. */
  differing: number,
  /** The median of the first step after which bits differ. */
  firstStep: number | null,
  /** Seeds whose parameters end at least 1e-2 apart. */
  parted: number,
  /** The median of the distance of the parameters at the end. */
  distance: number,
  /** The mean number of 2000 test points that are answered differently. */
  answers: number,
];

/** The kinds of program, the way to train, the machine. */
type Recordings = Readonly<
  Record<string, Readonly<Record<string, Readonly<Record<string, RecordedTraining>>>>>
>;

/** When, and on what. */
export const MACHINES_MADE_WITH: Readonly<Record<string, string>> = {
  date: "2026-11-30",
  cpu: "AMD EPYC (x64, family 26, model 2)",
  numpy: "1.24.2",
  gcc: "gcc (Debian 12.2.0-14+deb12u1) 12.2.0",
  qemu: "qemu-aarch64 version 7.2.22",
};

/**
 * Seeds 1, 2, ... NumPy is compared with reference BLAS, two threads with one, and C with `gcc -O0 -ffp-contract=off` on x64.
 */
export const TRAININGS: Recordings = {
  C: {
    "single samples": {
      "x64, -O3": [5, 0, null, 0, 0.0, 0.0],
      "x64, -O3 -march=x86-64-v3, not contracted": [5, 0, null, 0, 0.0, 0.0],
      "x64, -O3 -march=x86-64-v3": [5, 5, 1, 3, 7.7, 7.4],
      "x64, -O3, exp without FMA": [5, 1, 13611, 1, 0.0, 3.0],
      "x64, -O3 -ffast-math": [5, 5, 8, 3, 6.6, 7.4],
      "arm64, -O3, not contracted": [5, 0, null, 0, 0.0, 0.0],
      "arm64, -O3": [5, 5, 1, 3, 7.7, 7.4],
    },
    "full batch": {
      "x64, -O3": [20, 0, null, 0, 0.0, 0.0],
      "x64, -O3 -march=x86-64-v3, not contracted": [20, 0, null, 0, 0.0, 0.0],
      "x64, -O3 -march=x86-64-v3": [20, 20, 1, 0, 1.1e-14, 0.0],
      "x64, -O3, exp without FMA": [20, 16, 178, 0, 5.6e-15, 0.0],
      "x64, -O3 -ffast-math": [20, 20, 1, 0, 1.2e-14, 0.0],
      "arm64, -O3, not contracted": [20, 0, null, 0, 0.0, 0.0],
      "arm64, -O3": [20, 20, 1, 0, 1.1e-14, 0.0],
    },
  },
  "C, own exp": {
    "single samples": {
      "x64, -O3": [5, 0, null, 0, 0.0, 0.0],
      "x64, -O3 -march=x86-64-v3, not contracted": [5, 0, null, 0, 0.0, 0.0],
      "x64, -O3 -march=x86-64-v3": [5, 5, 1, 4, 6.2, 7.2],
      "x64, -O3, exp without FMA": [5, 0, null, 0, 0.0, 0.0],
      "x64, -O3 -ffast-math": [5, 5, 554, 4, 5.2, 8.4],
      "arm64, -O3, not contracted": [5, 0, null, 0, 0.0, 0.0],
      "arm64, -O3": [5, 5, 1, 4, 6.2, 7.2],
    },
    "full batch": {
      "x64, -O3": [20, 0, null, 0, 0.0, 0.0],
      "x64, -O3 -march=x86-64-v3, not contracted": [20, 0, null, 0, 0.0, 0.0],
      "x64, -O3 -march=x86-64-v3": [20, 20, 1, 0, 1.6e-14, 0.0],
      "x64, -O3, exp without FMA": [20, 0, null, 0, 0.0, 0.0],
      "x64, -O3 -ffast-math": [20, 20, 1, 0, 1.5e-14, 0.0],
      "arm64, -O3, not contracted": [20, 0, null, 0, 0.0, 0.0],
      "arm64, -O3": [20, 20, 1, 0, 1.6e-14, 0.0],
    },
  },
  NumPy: {
    "single samples": {
      "reference BLAS, NumPy without FMA and AVX-512": [5, 5, 7, 3, 9.5, 9.2],
      "OpenBLAS, Prescott kernels": [5, 5, 16, 3, 7.9, 5.8],
      "OpenBLAS, Nehalem kernels": [5, 0, null, 0, 0.0, 0.0],
      "OpenBLAS, Haswell kernels": [5, 0, null, 0, 0.0, 0.0],
      "OpenBLAS, SkylakeX kernels": [5, 5, 2, 3, 3.2, 6.6],
      "OpenBLAS, SkylakeX kernels, 2 threads": [5, 0, null, 0, 0.0, 0.0],
      BLIS: [5, 5, 10, 3, 8.1, 7.2],
      ATLAS: [5, 0, null, 0, 0.0, 0.0],
    },
    "full batch": {
      "reference BLAS, NumPy without FMA and AVX-512": [20, 20, 1, 0, 1.3e-14, 0.0],
      "OpenBLAS, Prescott kernels": [20, 20, 1, 0, 1.2e-14, 0.0],
      "OpenBLAS, Nehalem kernels": [20, 20, 1, 0, 1.3e-14, 0.0],
      "OpenBLAS, Haswell kernels": [20, 20, 1, 0, 1.3e-14, 0.0],
      "OpenBLAS, SkylakeX kernels": [20, 20, 1, 0, 1.2e-14, 0.0],
      "OpenBLAS, SkylakeX kernels, 2 threads": [20, 0, null, 0, 0.0, 0.0],
      BLIS: [20, 20, 1, 0, 1.1e-14, 0.0],
      ATLAS: [20, 0, null, 0, 0.0, 0.0],
    },
    "two layers of 256": {
      "OpenBLAS, SkylakeX kernels, 2 threads": [3, 3, 1, 0, 2.1e-15, 0.0],
    },
  },
};

/** The engines asked, and the programs that ran them. */
export const MATH_ENGINES: Readonly<Record<string, string>> = {
  "V8 11.3": "Node 20.20.2",
  "V8 15.6": "Chromium 156.0.8078.114",
  "SpiderMonkey 153": "Firefox 153.8.0",
  JavaScriptCore: "WebKitGTK 2.50.6",
};

/** Inputs of each function. */
export const MATH_INPUTS = 100000;

/** On how many inputs the engines do not all agree: in their own function, and in this project's; null where it has none. */
export const MATH_DIFFERENCES: Readonly<Record<string, readonly [theirs: number, own: number | null]>> = {
  exp: [9834, 0],
  expm1: [146, 0],
  log: [3383, 0],
  log1p: [44, 0],
  sin: [3498, 0],
  cos: [3603, 0],
  tanh: [35, 0],
  pow: [9694, null],
  sqrt: [0, null],
};
