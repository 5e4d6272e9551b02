/** A reader's guess beside what was measured: in the chart, and in words. */
import type * as Plotly from "plotly.js-dist";
import type { Figure } from "./figure.js";
import type {
  ClassPrediction,
  Guess,
  LinePrediction,
  Prediction,
  SharePlace,
  SharePrediction,
} from "./prediction.js";
import { CLASSES, raised, significant } from "./style.js";

/** The colour of what the reader said, which nothing else has; 3 to a white page and to a dark one. */
export const GUESS_COLOR = "#a06cd5";

/** The classes as the buttons call them, by label. */
export const CLASS_WORDS: readonly string[] = CLASSES.map(({ name }) => name.split(":")[0]);

/** The figure with the guess in it, beside what was measured. */
export function withGuess(figure: Figure, prediction: Prediction, guess: Guess): Figure {
  return { ...figure, data: [...figure.data, ...guessTraces(prediction, guess)] };
}

function guessTraces(prediction: Prediction, guess: Guess): Plotly.Data[] {
  const line = { color: GUESS_COLOR, width: 3, dash: "dash" } as const;
  if (prediction.kind === "line" && guess.kind === "line") {
    const { x, y } = prediction.axes;
    return [
      {
        type: "scatter",
        mode: "lines",
        name: "your guess",
        x: [...guess.x],
        y: guess.y.map((value) => significant(value, 3)),
        xaxis: x,
        yaxis: y,
        line,
        hovertemplate: "your guess: %{y}<extra></extra>",
      } as Plotly.Data,
    ];
  }
  if (prediction.kind === "share" && guess.kind === "share") {
    return [
      {
        type: "scatter",
        mode: "lines",
        name:
          "marks" in prediction.place
            ? `your guess: ${percentText(guess.value)} lie right of this line`
            : "your guess",
        ...shareLine(prediction.place, guess.value),
        line: { ...line, dash: "solid" },
        hovertemplate: `your guess: ${percentText(guess.value)}<extra></extra>`,
      } as Plotly.Data,
    ];
  }
  if (prediction.kind === "class" && guess.kind === "class") {
    const [x, y] = prediction.place;
    return [
      {
        type: "scatter",
        mode: "markers",
        name: `your guess: ${CLASS_WORDS[guess.label]}`,
        x: [x],
        y: [y],
        marker: {
          symbol: "triangle-down",
          size: 16,
          color: CLASSES[guess.label].color,
          line: { color: GUESS_COLOR, width: 3 },
        },
        hovertemplate: "%{fullData.name}<extra></extra>",
      },
    ];
  }
  return [];
}

function shareLine(place: SharePlace, percent: number): object {
  if ("row" in place) return { x: [percent, percent], y: [place.row - 0.4, place.row + 0.4] };
  if ("axes" in place) {
    const { x, y } = place.axes;
    return { x: [place.from, place.to], y: [percent, percent], xaxis: x, yaxis: y };
  }
  const sorted = [...place.marks].sort((a, b) => b - a);
  const beyond = Math.round((percent / 100) * sorted.length);
  const at =
    ((sorted[Math.max(0, beyond - 1)] ?? 0) + (sorted[Math.min(sorted.length - 1, beyond)] ?? 0)) / 2;
  return { x: [at, at], y: [-0.1, 1.1] };
}

/**
 * What was measured, in a sentence or two, and how far off the guess was, by the numbers.
 *
 * @param guess - none of a reader who only wants to see
 */
export function outcomeText(prediction: Prediction, guess?: Guess): string {
  switch (prediction.kind) {
    case "line":
      return lineOutcome(prediction, guess?.kind === "line" ? guess : undefined);
    case "share":
      return shareOutcome(prediction, guess?.kind === "share" ? guess.value : undefined);
    case "class":
      return classOutcome(prediction, guess?.kind === "class" ? guess.label : undefined);
  }
}

function lineOutcome(
  { truth, unit, level }: LinePrediction,
  guess: Extract<Guess, { kind: "line" }> | undefined,
): string {
  const last = truth.x[truth.x.length - 1];
  const end = truth.y[truth.y.length - 1];
  const measure = `${numberText(end)}${unit && ` ${unit}`}`;
  const mine = guess?.y[guess.y.length - 1];
  const ends =
    mine === undefined
      ? `After epoch ${last} it is ${measure}.`
      : `For epoch ${last} you drew ${numberText(mine)}; measured: ${measure}${ratioText(end / mine)}.`;
  return `${ends} ${level === undefined ? lowestText(truth, guess) : levelText(truth, level, guess)}`;
}

type Line = LinePrediction["truth"];

function lowestText(truth: Line, guess?: Line): string {
  const rise = ({ y }: Line): string => {
    const times = y[y.length - 1] / Math.min(...y);
    return times < 1.05 ? "ends at its lowest" : `ends at ${numberText(times)} times its lowest`;
  };
  const where = truth.x[truth.y.indexOf(Math.min(...truth.y))];
  return `The measured line is lowest at epoch ${where} and ${rise(truth)}${guess ? `; yours ${rise(guess)}` : ""}.`;
}

function levelText(truth: Line, level: number, guess?: Line): string {
  const reach = ({ x, y }: Line): string => {
    const first = y.findIndex((value) => value >= level);
    if (first < 0) return "never does";
    // on a logarithmic axis the lines between the points are straight
    const [from, to] = [Math.max(0, first - 1), first];
    const step = Math.log(y[to] / y[from]);
    const share = step === 0 ? 1 : Math.log(level / y[from]) / step;
    return `at epoch ${Math.ceil(x[from] + Math.min(1, Math.max(0, share)) * (x[to] - x[from]))}`;
  };
  return `When does it reach ${numberText(level)}? The measured line ${reach(truth)}${guess ? `, yours ${reach(guess)}` : ""}.`;
}

function ratioText(times: number): string {
  if (times > 1 / 1.1 && times < 1.1) return ", within a tenth of it";
  return times > 1
    ? `, ${numberText(times)} times as much`
    : `, so that you were ${numberText(1 / times)} times too high`;
}

function shareOutcome({ truth, of }: SharePrediction, guess: number | undefined): string {
  const measured = `${percentText(truth)} ${of}`;
  if (guess === undefined) return `Measured: ${measured}.`;
  const points = Number((guess - truth).toFixed(1));
  const off =
    points === 0
      ? "That is it, to a tenth of a point"
      : `You were ${Math.abs(points)} points too ${points > 0 ? "high" : "low"}`;
  return `You said ${percentText(guess)}; measured: ${measured}. ${off}.`;
}

function classOutcome({ truth, of }: ClassPrediction, guess: 0 | 1 | undefined): string {
  const total = truth[0] + truth[1];
  const shares = CLASS_WORDS.map((word, label) => `${truth[label]} are ${word}`).join(" and ");
  const measured = `Of ${total} ${of}, ${shares}.`;
  if (guess === undefined) return measured;
  const right = truth[guess];
  return `You said ${CLASS_WORDS[guess]}. ${measured} Your answer is right for ${percentText((100 * right) / total)} of them, the other for ${percentText((100 * (total - right)) / total)}.`;
}

function percentText(percent: number): string {
  return `${percent > 0 && percent < 1 ? numberText(percent) : Number(percent.toFixed(1))}%`;
}

/** A number with two digits, written as a reader would. */
export function numberText(value: number): string {
  if (value === 0 || (Math.abs(value) >= 1e-3 && Math.abs(value) < 1e5))
    return String(Number(value.toPrecision(Math.abs(value) >= 100 ? 3 : 2)));
  const [digits, power] = value.toExponential(1).split("e");
  const times = digits === "1.0" ? "" : `${Number(digits)} × `;
  return `${times}10${raised(Number(power))}`;
}
