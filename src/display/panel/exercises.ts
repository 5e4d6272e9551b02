/** Exercises in a page: each is answered, checked, opened in the panel and solved, in a worker of its own. */
import type { Answer, ExerciseReply, ExerciseRequest, Solution } from "../../live/exercises.js";
import { button, element } from "../client/element.js";
import { keepKeys } from "../client/keep-keys.js";
import type { ExercisesData, PageExercise } from "../exercises-html.js";
import { quantityText } from "../format.js";
import { answerText, changesText, judgementText } from "./exercise-words.js";
import { table } from "./table.js";
import { openWorker, workerAddress } from "./worker-address.js";

type Values = Readonly<Record<string, unknown>>;

/** What exercises need of the panel of their notebook. */
export interface PanelAccess {
  /** The worker's code, gzipped, in base64; undefined where there is no such panel in the page. */
  worker(notebook: string): string | undefined;
  /** What the panel is set to; undefined where it has not started. */
  values(notebook: string): Values | undefined;
}

/** Exercises that ask to be brought to life: their elements (one a view of the output) and their data. */
interface Entry {
  places: Iterable<HTMLElement>;
  data: ExercisesData;
}

declare global {
  interface Window {
    glassHouseExercises?: { push(entry: Entry): void };
  }
}

/** Takes the place of the queue `glassHouseExercises`, whatever comes first. */
export function installExercises(panels: PanelAccess): void {
  const waiting = window.glassHouseExercises ?? [];
  if (!Array.isArray(waiting)) return;
  const claimed = new WeakSet<HTMLElement>();
  const push = ({ places, data }: Entry): void => {
    for (const place of places) {
      if (claimed.has(place)) continue;
      claimed.add(place);
      keepKeys(place);
      for (const [i, article] of [...place.querySelectorAll<HTMLElement>(".exercise")].entries()) {
        complete(article, i, data, panels);
      }
    }
  };
  waiting.forEach(push);
  window.glassHouseExercises = { push };
}

/** Adds to a question and its hint what a reader can do. */
function complete(article: HTMLElement, index: number, data: ExercisesData, panels: PanelAccess): void {
  const { notebook, exercises } = data;
  const exercise = exercises[index];
  const { kind, values } = exercise;
  const titleId = article.querySelector("h3")?.id ?? "";
  const ask = (request: ExerciseRequest): Promise<ExerciseReply> => asked(panels.worker(notebook), request);
  const open = (changes: Values): void => {
    const detail = { notebook, values: { ...values, ...changes } };
    document.dispatchEvent(new CustomEvent("glass-house-try", { detail }));
  };
  const status = element("p", { role: "status" });
  const tell = (text: string, isRight?: boolean): void => {
    status.className = isRight === undefined ? "" : isRight ? "right" : "wrong";
    status.textContent = text;
  };
  const { field, read } = fieldFor(exercise, `${titleId}-answer`);
  const opener = button("Open in the panel", () => open({}), { "aria-describedby": titleId });
  const checker = element("button", { class: "primary", "aria-describedby": titleId }, [
    kind === "find" ? "Check the panel" : "Check",
  ]);
  const form = element("form", {}, [
    ...(kind === "choice" ? [field] : []),
    element("div", { class: "actions" }, [opener, ...(kind === "number" ? [field] : []), checker]),
    status,
  ]);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = kind === "find" ? (panels.values(notebook) ?? values) : read();
    if (answer === undefined) {
      tell(kind === "choice" ? "Choose one first." : "Type a number first, such as 12 or 0.5.");
      return;
    }
    checker.disabled = true;
    tell("Computing…");
    const reply = await ask({ kind: "check", exercise: index, answer });
    checker.disabled = false;
    if (reply.kind === "judgement") {
      const { judgement } = reply;
      tell(judgementText(exercise, judgement), judgement.kind === "right" || judgement.kind === "found");
    } else if (reply.kind === "failure") tell(reply.message);
    // a disabled button lets go of the focus
    if (document.activeElement === document.body) checker.focus({ preventScroll: true });
  });
  article.querySelector(".choices")?.remove();
  article.querySelector("details")?.before(form);
  article.append(solutionFor(exercise, () => ask({ kind: "solve", exercise: index }), open));
}

/** Where an answer is given, and what it holds; undefined for nothing that could be an answer. */
function fieldFor(
  { kind, unit, tolerance = 0, choices = [], title }: PageExercise,
  id: string,
): { field: HTMLElement; read(): Answer | undefined } {
  if (kind === "choice") {
    const radios = choices.map((_, i) => element("input", { type: "radio", name: id, value: String(i) }));
    const labels = choices.map((choice, i) =>
      element("label", {}, [radios[i], element("span", {}, [choice])]),
    );
    const field = element("fieldset", { "aria-label": `Answers to “${title}”` }, labels);
    return {
      field,
      read() {
        const chosen = radios.findIndex((radio) => radio.checked);
        return chosen < 0 ? undefined : chosen;
      },
    };
  }
  const input = element("input", { type: "text", id, autocomplete: "off" });
  const within = tolerance > 0 ? `, ± ${tolerance}` : "";
  const field = element("label", { for: id }, [`Answer (${unit}${within}) `, input]);
  return {
    field,
    read() {
      // a decimal comma, and the minus sign of typesetting
      const text = input.value.trim().replace(",", ".").replace("−", "-");
      return text === "" || !Number.isFinite(Number(text)) ? undefined : Number(text);
    },
  };
}

/** The solution, folded; it is worked out when it is opened. */
function solutionFor(
  exercise: PageExercise,
  solve: () => Promise<ExerciseReply>,
  open: (changes: Values) => void,
): HTMLElement {
  const place = element("div", { "aria-live": "polite" });
  const details = element("details", { class: "solution" }, [element("summary", {}, ["Solution"]), place]);
  let isKnown = false;
  details.addEventListener("toggle", async () => {
    if (!details.open || isKnown) return;
    isKnown = true;
    place.replaceChildren(element("p", {}, ["Computing…"]));
    const reply = await solve();
    if (reply.kind === "solution") place.replaceChildren(...solutionParts(exercise, reply.solution, open));
    else if (reply.kind === "failure") {
      isKnown = false;
      place.replaceChildren(element("p", {}, [reply.message]));
    }
  });
  return details;
}

function solutionParts(
  exercise: PageExercise,
  solution: Solution,
  open: (changes: Values) => void,
): HTMLElement[] {
  const { answer, runs, why } = solution;
  const names = runs[0]?.quantities.map(({ name }) => name) ?? [];
  const rows = runs.map(({ changes, quantities }) => [changesText(changes), ...quantities.map(quantityText)]);
  const show = button("Show it in the panel", () => open(answer as Values));
  return [
    element("p", {}, [element("strong", {}, [answerText(exercise, solution)]), ` ${why}`]),
    table(["trained with", ...names], rows, `Trainings: ${exercise.title}`),
    ...(typeof answer === "object" && answer !== null ? [show] : []),
  ];
}

/** The last that was asked: several workers at a time would want more memory than a page may have. */
let turn: Promise<unknown> = Promise.resolve();

/** Asks a worker of its own, which ends with its reply: no panel is disturbed, and nothing is left behind. */
function asked(gzip: string | undefined, request: ExerciseRequest): Promise<ExerciseReply> {
  const reply = turn.then(() => replyTo(gzip, request));
  turn = reply;
  return reply;
}

async function replyTo(gzip: string | undefined, request: ExerciseRequest): Promise<ExerciseReply> {
  if (gzip === undefined) {
    return { kind: "failure", message: "Run the cell with the panel first: its code checks the answers." };
  }
  let worker: Worker | undefined;
  try {
    const address = await workerAddress(gzip);
    return await new Promise<ExerciseReply>((resolve, reject) => {
      worker = openWorker(address, resolve, (message) => reject(new Error(message)));
      worker.postMessage(request);
    });
  } catch (error) {
    return { kind: "failure", message: `This cannot be computed here: ${(error as Error).message}` };
  } finally {
    worker?.terminate();
  }
}
