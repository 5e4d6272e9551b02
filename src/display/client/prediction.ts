/**
 * Predict, then see: before a chart that has a question, a form that asks it, and over what was measured a veil until the
 * reader has guessed or passed. The veil is a style of screens alone, so that paper and a page whose scripts fail show all.
 * Nothing is kept but in the page.
 */
import type { Figure } from "../../charts/figure.js";
import { CLASS_WORDS, GUESS_COLOR, outcomeText, withGuess } from "../../charts/guess.js";
import type { Guess, LinePrediction, Prediction, SharePrediction } from "../../charts/prediction.js";
import { DrawnLine } from "./drawn-line.js";
import { addStyle, button, element } from "./element.js";
import { keepKeys } from "./keep-keys.js";

/** On the chart's element while it is veiled. */
const VEILED = "glass-house-veiled";
/** On the output that the chart is, as long: those after it in the same cell may tell. */
const WAITING = "glass-house-waiting";

const MAIN = { class: "main" };

const DRAW =
  "Drag the dashed line in the chart. By key: left and right choose a point of it, up and down move the point.";

const CSS = `
figure > .glass-house-guess { grid-column: 1 / -1; max-width: 45rem; overflow: visible }
.glass-house-guess { margin: 0 0 0.8em; padding: 0.8em 1em; border: 1px solid; border-color: color-mix(in srgb, currentcolor 30%, transparent); border-left: 4px solid ${GUESS_COLOR}; border-radius: 6px; line-height: 1.5 }
.glass-house-guess p { margin: 0 0 0.6em; max-width: 70ch }
.glass-house-guess p:last-child { margin: 0 }
.glass-house-guess p:empty { display: none }
.glass-house-guess .row { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5em 0.8em; margin: 0 }
.glass-house-guess label { display: flex; align-items: center; gap: 0.5em }
.glass-house-guess label:has([type=range]) { flex: 1 1 12em }
.glass-house-guess [type=range] { flex: 1; min-width: 6em; min-height: 24px; margin: 0; accent-color: ${GUESS_COLOR} }
.glass-house-guess [type=number] { font: inherit; color: inherit; background: none; border: 1px solid currentcolor; border-radius: 6px; width: 5em; min-height: 2.2em; padding: 0 0.4em }
.glass-house-guess button { font: inherit; color: inherit; background: none; border: 1px solid currentcolor; border-radius: 6px; min-height: 2.2em; padding: 0 1em; cursor: pointer }
.glass-house-guess button.main { font-weight: 600; border-width: 2px }
.glass-house-guess :focus-visible { outline: 3px solid currentcolor; outline-offset: 2px }
.glass-house-guess output:focus { outline: none }
.glass-house-guess output { display: block; max-width: 70ch }
.glass-house-guess output:empty { display: none }
.glass-house-drawn-line { position: absolute; overflow: visible; cursor: crosshair; touch-action: none; color: inherit }
.glass-house-drawn-line:focus-visible { outline: 2px solid currentcolor; outline-offset: 0 }
@media screen {
  .${VEILED} > div:has(> .glass-house-plot) { position: relative }
  .${VEILED} :is(figcaption, img, .glass-house-plot, .glass-house-animation, div > p[role=alert] ~ *) { visibility: hidden }
  .${VEILED} .glass-house-plot :is(.gridlayer, .zerolinelayer, [class*=axislayer], [class*=lines-above], [class*=lines-below], [class^=g-x], [class^=g-y]) { visibility: visible }
  .${VEILED} .glass-house-plot * { pointer-events: none !important }
  .${WAITING} ~ * { visibility: hidden !important; height: 0 !important; min-height: 0 !important; margin: 0 !important; padding: 0 !important; overflow: hidden !important }
}
@media print { .glass-house-guess, .glass-house-drawn-line { display: none } }
`;

/** A question that waits before a chart. */
export interface Question {
  /** Asks it, once the chart stands; where it does not, or the question cannot be asked, there is no veil any more. */
  ask(redraw: (figure: Figure) => Promise<void>): void;
}

/** Veils the place of a chart that has a question, until it is answered or waived; none for other charts. */
export function veil(place: HTMLElement, figure: Figure): Question | undefined {
  const prediction = predictionOf(figure);
  if (prediction === undefined) return undefined;
  addStyle(CSS);
  const chart = place.parentElement ?? place;
  const output = chart.closest(".jp-OutputArea-child, .output_area") ?? chart;
  chart.classList.add(VEILED);
  output.classList.add(WAITING);
  const lift = (): void => {
    chart.classList.remove(VEILED);
    output.classList.remove(WAITING);
  };
  return {
    ask(redraw) {
      try {
        const plot = place.querySelector<HTMLElement>(".glass-house-plot");
        if (plot === null) return lift();
        const form = new GuessForm(prediction, place, plot, (guess) => {
          lift();
          if (guess) void redraw(withGuess(figure, prediction, guess));
        });
        form.begin();
        place.before(form.element);
      } catch (error) {
        console.error(`This chart's question cannot be asked. ${error}`);
        lift();
      }
    },
  };
}

/** The question of a figure; none where it is not one of ours, whoever wrote it. */
function predictionOf({ layout }: Figure): Prediction | undefined {
  const { prediction } = (layout.meta ?? {}) as { prediction?: Partial<Prediction> };
  if (typeof prediction !== "object" || prediction === null) return undefined;
  const isKnown = ["line", "share", "class"].includes(String(prediction.kind));
  return isKnown && typeof prediction.question === "string" ? (prediction as Prediction) : undefined;
}

/** The question, what to answer it with, and afterwards what was measured. */
class GuessForm {
  readonly element: HTMLElement;
  readonly #outcome = element("output", { tabindex: "-1" });
  readonly #controls = element("div");
  #line: DrawnLine | undefined;

  /** @param done is told the guess, or nothing by a reader who only wants to see */
  constructor(
    private readonly prediction: Prediction,
    private readonly place: HTMLElement,
    private readonly plot: HTMLElement,
    private readonly done: (guess?: Guess) => void,
  ) {
    this.element = element(
      "div",
      { class: "glass-house-guess", role: "group", "aria-label": "Guess before you see" },
      [
        element("p", {}, [element("strong", {}, ["Guess first. "]), prediction.question]),
        this.#controls,
        this.#outcome,
      ],
    );
    keepKeys(this.element);
  }

  begin(): void {
    const row = element("div", { class: "row" });
    const skip = button("Just show me", () => this.#end());
    switch (this.prediction.kind) {
      case "class":
        for (const label of [0, 1] as const)
          row.append(button(CLASS_WORDS[label], () => this.#end({ kind: "class", label }), MAIN));
        row.append(skip);
        break;
      case "share": {
        const share = shareInput(this.prediction);
        row.append(
          ...share.elements,
          button("Commit", () => this.#end({ kind: "share", value: share.value() }), MAIN),
          skip,
        );
        break;
      }
      case "line": {
        const line = this.#drawnLine(this.prediction);
        this.#controls.append(element("p", {}, [DRAW]));
        row.append(
          button("Commit", () => this.#end({ kind: "line", ...line.points() }), MAIN),
          skip,
        );
        break;
      }
    }
    this.#controls.append(row);
  }

  #drawnLine(prediction: LinePrediction): DrawnLine {
    const line = new DrawnLine(this.place, this.plot, prediction);
    keepKeys(this.place);
    this.#line = line;
    return line;
  }

  #end(guess?: Guess): void {
    this.#line?.remove();
    this.#controls.remove();
    // first: whatever is wrong with the rest, the chart is shown
    this.done(guess);
    this.#outcome.textContent = outcomeText(this.prediction, guess);
    this.#outcome.focus();
  }
}

/** A slider and a box for a share in percent, which say the same. */
function shareInput({ of }: SharePrediction): { elements: HTMLElement[]; value(): number } {
  const [slider, box] = ["range", "number"].map((type) => {
    const step = type === "range" ? "1" : "any";
    return element("input", { type, min: "0", max: "100", step, value: "50" });
  });
  const value = (): number => {
    const typed = Number(box.value.replace(",", "."));
    return Number.isFinite(typed) ? Math.min(100, Math.max(0, typed)) : slider.valueAsNumber;
  };
  slider.addEventListener("input", () => {
    box.value = slider.value;
  });
  box.addEventListener("input", () => {
    slider.value = String(value());
  });
  slider.setAttribute("aria-label", `Your guess, percent ${of}`);
  box.setAttribute("aria-label", "Your guess, percent");
  const elements = [element("label", {}, ["0", slider, "100"]), element("label", {}, [box, "%"])];
  return { elements, value };
}
