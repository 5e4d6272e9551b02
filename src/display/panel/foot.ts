/** The foot of a panel: what was published, the verdict anew, the proof, downloads. */
import type { Verdict } from "../../experiments/verdict.js";
import type { RecordedVerdict } from "../../live/demonstration.js";
import { button, element } from "../client/element.js";

/** What can be saved. */
export type Saved = "csv" | "json" | "svg" | "png";

/** What the foot asks for. */
export interface Wishes {
  judge(): void;
  stop(): void;
  save(what: Saved): void;
  /** Undefined where the address is not ours. */
  copyLink: (() => void) | undefined;
}

const JUDGE = "Run all seeds: verdict";

/** The foot of one panel. */
export class Foot {
  readonly root: HTMLElement;
  readonly #judge: HTMLButtonElement;
  readonly #progress = element("progress", { hidden: "", "aria-label": "Progress" });
  readonly #proof = element("p", { class: "proof" });
  readonly #verdict = element("div", { class: "verdict-place" });
  readonly #more: HTMLDetailsElement;
  #isJudging = false;

  constructor(recorded: RecordedVerdict | undefined, reserve: string | undefined, wishes: Wishes) {
    const { copyLink } = wishes;
    this.#judge = button(JUDGE, () => (this.#isJudging ? wishes.stop() : wishes.judge()));
    this.#more = element("details", { class: "more" }, [
      element("summary", {}, ["More: proof, downloads"]),
      this.#proof,
      ...(recorded ? [element("p", {}, [`${recorded.verdict.summary} (${recorded.basis}.)`])] : []),
      ...(reserve === undefined ? [] : [element("p", {}, [reserve])]),
      element("div", { class: "actions" }, [
        element("span", {}, ["Download:"]),
        button("numbers (CSV)", () => wishes.save("csv")),
        button("all (JSON)", () => wishes.save("json")),
        button("figure (SVG)", () => wishes.save("svg")),
        button("figure (PNG)", () => wishes.save("png")),
      ]),
    ]);
    this.root = element("div", { class: "foot" }, [
      element("div", { class: "actions" }, [
        ...(recorded ? [publishedVerdict(recorded.verdict)] : []),
        this.#judge,
        ...(copyLink ? [button("Copy link", copyLink)] : []),
        this.#progress,
      ]),
      this.#verdict,
      this.#more,
    ]);
  }

  /** Whether the seeds are being run. */
  judging(isOn: boolean): void {
    this.#isJudging = isOn;
    this.#judge.textContent = isOn ? "Stop" : JUDGE;
    this.#progress.hidden = !isOn;
    this.#progress.removeAttribute("value");
  }

  progress(done: number, total: number): void {
    this.#progress.max = Math.max(1, total);
    this.#progress.value = done;
  }

  /** What the page has proved of the published numbers; a proof that failed is not left folded. */
  prove(text: string, isSame: boolean): void {
    this.#proof.textContent = text;
    this.#proof.classList.toggle("different", !isSame);
    if (!isSame) this.#more.open = true;
  }

  /** Shows a verdict in the place of the last; nothing takes it away. */
  verdict(...shown: HTMLElement[]): void {
    this.#verdict.replaceChildren(...shown);
  }
}

/** In a line, which stays in sight whatever is changed. */
function publishedVerdict({ stamp }: Verdict): HTMLElement {
  return element("p", { class: "published-verdict" }, ["Published: ", element("strong", {}, [stamp])]);
}
