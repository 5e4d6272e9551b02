/**
 * The first screen of a report: the title, the claim, what came of it and the living figure, taken from the notebook's own
 * cells, wherever they stand. Without an answer and a marked figure there is none, and all stays in its place.
 */
import type { Notebook, Output } from "../notebook.js";
import { answerHtml, answerOf } from "./answer.js";
import { keyOutputOf, reportedOutputs } from "./charts.js";
import { type Content, type Html, html } from "./html.js";
import type { Heading } from "./markdown.js";

/** Gathers what goes to the first screen while the cells are rendered, and takes it from them. */
export class Lead {
  readonly #answer: Output | undefined;
  readonly #figure: Output | undefined;
  #hasMetTitle = false;
  #title: Heading | undefined;
  #claim: Html[] = [];
  readonly #taken = new Map<Output, Html>();

  constructor(notebook: Notebook) {
    this.#answer = reportedOutputs(notebook).find((output) => answerOf(output) !== null);
    this.#figure = keyOutputOf(notebook);
  }

  /** Whether the next cell of prose may be the one with the title. */
  get wantsTitle(): boolean {
    return !this.#hasMetTitle && (this.#answer ?? this.#figure) !== undefined;
  }

  /**
   * Takes what the first cell of prose begins with.
   *
   * @param title - nothing where it begins with something else
   * @param claim - its first paragraph
   */
  takeTitle(title: Heading | undefined, claim: Html[]): void {
    this.#hasMetTitle = true;
    this.#title = title;
    this.#claim = claim;
  }

  /** Takes the content of an output if it belongs here; whether it does. */
  takes(output: Output, content: Html): boolean {
    if (output !== this.#answer && output !== this.#figure) return false;
    this.#taken.set(output, content);
    return true;
  }

  /**
   * The first screen; nothing where nothing was taken.
   *
   * @param path - where to go from here
   */
  html(path: Content): Html | false {
    const answer = this.#answer && this.#taken.has(this.#answer) ? answerOf(this.#answer) : null;
    const figure = this.#figure && this.#taken.get(this.#figure);
    if (this.#title === undefined && answer === null && figure === undefined) return false;
    const { id, content } = this.#title ?? {};
    return html`<div class="lead">
<div class="words">${content && html`<h1><a name="${id}"></a>${content}</h1>`}
${this.#claim.length > 0 && html`<div class="claim">${this.#claim}</div>`}
${answer && answerHtml(answer)}</div>
${figure}
${path}</div>
`;
  }
}
