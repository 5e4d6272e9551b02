/** What notebook 04 says about machines, from the recordings. */
import {
  MACHINES_MADE_WITH,
  MATH_DIFFERENCES,
  MATH_ENGINES,
  MATH_INPUTS,
  type RecordedTraining,
  TRAININGS,
} from "./recorded-machines.js";
import type { Table } from "./sentences.js";

const CHAOTIC = "single samples";
const CALM_WAY = "full batch";
const WIDE = "two layers of 256";

/** Each machine that both ways of training were recorded on, and what it did to them. */
const MACHINES = ["NumPy", "C"].flatMap((family) =>
  Object.entries(TRAININGS[family][CHAOTIC]).map(([machine, chaotic]) => ({
    name: `${family}: ${machine}`,
    chaotic,
    calm: TRAININGS[family][CALM_WAY][machine],
  })),
);

/** Whether all seeds have the bits of the machine compared with. */
function isSame({ chaotic, calm }: (typeof MACHINES)[number]): boolean {
  return chaotic[1] === 0 && calm[1] === 0;
}

/** The same training on machines that differ: how many seeds have other bits, from which step on, and what becomes of them. */
export function machineTable(): Table {
  return [
    [
      "machine",
      "seeds with other bits",
      "that diverge",
      "answers changed, of 2000 (mean)",
      "calm: other bits",
      "calm: distance (median)",
    ],
    MACHINES.filter((one) => !isSame(one)).map(({ name, chaotic, calm }) => [
      name,
      bitsText(chaotic),
      `${chaotic[3]} of ${chaotic[0]}`,
      String(chaotic[5]),
      bitsText(calm),
      calm[4] === 0 ? "0" : calm[4].toExponential(0),
    ]),
  ];
}

/** The machines that the table leaves out. */
function sameText(): string {
  const same = MACHINES.filter(isSame).map(({ name }) => name);
  return same.length === 0 ? "" : `The same bits in every seed, at both settings: ${same.join("; ")}. `;
}

function bitsText([seeds, differing, firstStep]: RecordedTraining): string {
  return `${differing} of ${seeds}${firstStep === null ? "" : `, from step ${firstStep} (median)`}`;
}

/** Two machines in C, by the name of the program without a defence and with its multiply-adds kept apart. */
const DIFFERENCES: readonly (readonly [what: string, contracted: string, apart: string])[] = [
  ["fused multiply-adds on x64", "x64, -O3 -march=x86-64-v3", "x64, -O3 -march=x86-64-v3, not contracted"],
  ["arm64", "arm64, -O3", "arm64, -O3, not contracted"],
  ["a C library without FMA", "x64, -O3, exp without FMA", "x64, -O3, exp without FMA"],
  ["-ffast-math", "x64, -O3 -ffast-math", "x64, -O3 -ffast-math"],
];

/** What each defence of a program in C covers: the seeds that still have other bits. */
export function compilerTable(): Table {
  const still = (family: string, machine: string): string => {
    const [seeds, differing] = TRAININGS[family][CHAOTIC][machine];
    return `${differing} of ${seeds}`;
  };
  return [
    ["seeds with other bits, by defence", "none", "no contraction", "its own exp", "both"],
    DIFFERENCES.map(([what, contracted, apart]) => [
      what,
      still("C", contracted),
      still("C", apart),
      still("C, own exp", contracted),
      still("C, own exp", apart),
    ]),
  ];
}

/** Which machines do not differ, with what all were recorded, what threads do to larger sums, and in which functions of `Math` engines differ. */
export function machinesText(): string {
  const entries = Object.entries(MATH_DIFFERENCES);
  const theirs = entries.filter(([, [count]]) => count > 0).map(([name, [count]]) => `${name} ${count}`);
  const own = entries.reduce((sum, [, [, count]]) => sum + (count ?? 0), 0);
  const engines = Object.entries(MATH_ENGINES).map(([engine, program]) => `${engine} in ${program}`);
  const { date, cpu, numpy, gcc, qemu } = MACHINES_MADE_WITH;
  const [[wideSeeds, wideDiffering]] = Object.values(TRAININGS.NumPy[WIDE]);
  return (
    sameText() +
    `Recorded ${date} on ${cpu}, with NumPy ${numpy} and ${gcc}; arm64 is emulated by ${qemu}. ` +
    `With ${WIDE} neurons and a full batch, two threads give other bits than one in ${wideDiffering} of ${wideSeeds} seeds. ` +
    `${engines.join(", ")} computed each function of \`Math\` at ${MATH_INPUTS} inputs. ` +
    `Inputs on which they do not all agree: ${theirs.join(", ")}; with this project's own functions: ${own}.`
  );
}
