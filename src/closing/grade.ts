/** Grades the essay's conclusions by the outcomes of the lines that bear on them. */
import type { Outcome, Verdict, VerdictRow } from "../experiments/verdict.js";
import { type Bearing, CONCLUSIONS, type Conclusion, QUESTIONS, type Source } from "./conclusions.js";

/** What can become of a conclusion. */
export const GRADES = [
  "holds",
  "holds in part",
  "does not hold",
  "undecided",
  "not tested here",
  "not graded",
] as const;

/** What became of a conclusion. */
export type Grade = (typeof GRADES)[number];

/** A line in words. */
export interface ToldLine {
  /** What is so, as a clause. */
  text: string;
  notebook: string;
  /** The line's `id`. */
  line: string;
  /** Independent units behind it. */
  n: number;
}

/** Lines that say the same of a conclusion. */
export interface Reasons {
  /** What they say: `For it`. */
  name: string;
  lines: readonly ToldLine[];
}

/** A conclusion with its grade, or a question with its answer. */
export interface Graded {
  sentence: string;
  /** Missing for a question. */
  grade?: Grade;
  /** Why nothing is graded, or nothing can be. */
  remark?: string;
  reasons: readonly Reasons[];
  literature?: readonly Source[];
}

/** All that the essay concludes and asks. */
export interface Closing {
  conclusions: readonly Graded[];
  questions: readonly Graded[];
}

/** Verdicts by notebook; undefined or missing where there is no evidence to judge by. */
export type Verdicts = Readonly<Record<string, Verdict | undefined>>;

/** What a closing page says, in front of everything. */
export const CLOSING_RULE: string =
  "Each is graded by rule from the lines of the six verdicts that bear on it: it *holds* if all of them speak for it, *in part* if only some " +
  "do or only on a condition, and is *undecided* while an undecided line could change that. The verdicts are those of the published " +
  "evidence; no run of yours changes them.";

/** Grades every conclusion, and answers every question. */
export function closingOf(
  verdicts: Verdicts,
  conclusions: readonly Conclusion[] = CONCLUSIONS,
  questions: readonly Conclusion[] = QUESTIONS,
): Closing {
  return {
    conclusions: conclusions.map((conclusion) => gradeConclusion(conclusion, verdicts)),
    questions: questions.map((question) => answerQuestion(question, verdicts)),
  };
}

/** What a line says of a conclusion. */
type Side = "for" | "partly for" | "against" | "partly against" | "undecided" | "not tested";

interface Judged extends ToldLine {
  side: Side;
}

function gradeConclusion({ sentence, bearings, beyond, literature }: Conclusion, verdicts: Verdicts): Graded {
  const judged = judgedBy(bearings, verdicts);
  const rest = { sentence, ...(literature && { literature }) };
  if ("remark" in judged) {
    if (beyond === undefined) return { ...rest, grade: "not graded", ...judged };
    return { ...rest, grade: "not tested here", ...judged, remark: `${beyond} ${judged.remark}` };
  }
  const { lines } = judged;
  if (beyond !== undefined) {
    return {
      ...rest,
      grade: "not tested here",
      remark: beyond,
      reasons: reasonsIn(lines, "As far as tested"),
    };
  }
  const grade = gradeOf(new Set(lines.map(({ side }) => side)));
  return { ...rest, grade, reasons: reasonsIn(lines) };
}

function answerQuestion({ sentence, bearings, literature }: Conclusion, verdicts: Verdicts): Graded {
  const judged = judgedBy(bearings, verdicts);
  const rest = { sentence, ...(literature && { literature }) };
  if ("remark" in judged) return { ...rest, grade: "not graded", ...judged };
  return { ...rest, reasons: reasonsIn(judged.lines, "Found") };
}

function gradeOf(sides: ReadonlySet<Side>): Grade {
  const has = (...some: Side[]): boolean => some.some((side) => sides.has(side));
  if (has("partly for", "partly against") || (has("for") && has("against"))) return "holds in part";
  if (has("undecided")) return "undecided";
  if (has("not tested")) return has("for", "against") ? "undecided" : "not tested here";
  if (has("against")) return "does not hold";
  return has("for") ? "holds" : "undecided";
}

/** The lines; or, if there is no evidence for some of them, which. */
function judgedBy(
  bearings: readonly Bearing[],
  verdicts: Verdicts,
): { lines: Judged[] } | { remark: string; reasons: [] } {
  const rows = bearings.map(({ notebook, line }) => verdicts[notebook]?.rows.find(({ id }) => id === line));
  const missing = new Set(bearings.filter((_, i) => rows[i] === undefined).map(({ notebook }) => notebook));
  if (missing.size > 0)
    return { remark: `No published evidence of ${[...missing].join(", ")}.`, reasons: [] };
  const conditions = new Set<string>();
  const lines = bearings.flatMap((bearing, i) => judge(bearing, rows[i] as VerdictRow, conditions));
  return { lines };
}

const SIDES: Readonly<Record<Outcome, readonly [side: Side, ofCounterpart: Side]>> = {
  holds: ["for", "against"],
  "holds only if": ["partly for", "partly against"],
  "does not hold": ["against", "for"],
  undecided: ["undecided", "undecided"],
  "not tested": ["not tested", "not tested"],
};

/**
 * A line in words; none where the way in which it comes out says nothing.
 *
 * @param conditions - those told so far; the line's own is added
 */
function judge(
  { notebook, line, isAgainst, yes, no }: Bearing,
  { outcome, note = "", n }: VerdictRow,
  conditions: Set<string>,
): Judged[] {
  const condition = conditions.has(note) ? "on the same condition" : `on a condition: ${note}`;
  if (outcome === "holds only if") conditions.add(note);
  const texts: Readonly<Record<Outcome, string | undefined>> = {
    holds: yes,
    "holds only if": `${yes} (${condition})`,
    "does not hold": no,
    undecided: `whether ${yes}`,
    "not tested": `whether ${yes}`,
  };
  const text = texts[outcome];
  return text === undefined ? [] : [{ text, notebook, line, n, side: SIDES[outcome][isAgainst ? 1 : 0] }];
}

/** How the sides are called. */
const NAMES: Readonly<Record<Side, string>> = {
  for: "For it",
  "partly for": "For it",
  against: "Against it",
  "partly against": "Against it",
  undecided: "Undecided",
  "not tested": "Not tested",
};

/**
 * The lines by what they say.
 *
 * @param decided - a name for all that are decided; by default the side that they are on
 */
function reasonsIn(judged: readonly Judged[], decided?: string): Reasons[] {
  const isOpen = (side: Side): boolean => side === "undecided" || side === "not tested";
  const nameOf = (side: Side): string => (isOpen(side) ? NAMES[side] : (decided ?? NAMES[side]));
  const names = new Set((Object.keys(NAMES) as Side[]).map(nameOf));
  return [...names].flatMap((name) => {
    const lines = judged.filter(({ side }) => nameOf(side) === name).map(({ side: _, ...told }) => told);
    return lines.length === 0 ? [] : [{ name, lines }];
  });
}
