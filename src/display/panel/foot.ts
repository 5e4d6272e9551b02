/** The foot of a panel: what was published, the verdict anew, the proof, downloads. */
import type { Reading } from "../../experiments/panel.js";
import type { Verdict } from "../../experiments/verdict.js";
import type { Publication } from "../../live/demonstration.js";
import { button, element } from "../client/element.js";
import { publishedLines, verdictTable } from "./verdict.js";

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
  #verdictNow: Verdict | undefined;

  constructor(
    private readonly publication: Publication,
    reserve: string | undefined,
    wishes: Wishes,
  ) {
    const { recorded } = publication;
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

  /** What the page has proved by training the published network again; a proof that failed is not left folded. */
  prove({ quantities, pictures }: Reading, digest: string): void {
    const { publication } = this;
    const isSame = digest === publication.digest;
    const differing = quantities.filter(
      ({ value }, i) => !Object.is(value, publication.quantities[i]?.value),
    );
    const what = differing.length > 0 ? differing.map(({ name }) => name).join(", ") : "the charts differ";
    const charts = `${pictures.length} ${pictures.length === 1 ? "chart" : "charts"}`;
    this.#proof.textContent = isSame
      ? `Reproduced to the bit: this page has just trained the published network again, and its ${quantities.length} numbers and ${charts} are the published ones (digest ${digest}).`
      : `Not reproduced: this browser computes something else from the published parameters (${what}; digest ${digest}, published ${publication.digest}).`;
    this.#proof.classList.toggle("different", !isSame);
    if (!isSame) this.#more.open = true;
  }

  /** Shows a verdict in the place of the last, with the published one beside it; nothing takes it away. */
  verdict(verdict?: Verdict): void {
    this.#verdictNow = verdict;
    this.#verdict.replaceChildren();
    if (verdict === undefined) return;
    const published = this.publication.recorded?.verdict.rows ?? publishedLines();
    this.#verdict.append(verdictTable(verdict, published));
  }

  /** The recorded verdict, which these parameters have; withdrawn where its sample is another one here. Says which. */
  recorded(isSame: boolean): string {
    const { recorded } = this.publication;
    const seeds = recorded?.sample.map(({ seed }) => seed).join(" and ");
    this.verdict(isSame ? recorded?.verdict : undefined);
    return isSame
      ? `Recorded: the verdict with these parameters stands below the numbers. Seeds ${seeds} were measured again here: the same to the bit.`
      : `Withdrawn: seeds ${seeds} give other numbers here than were recorded.`;
  }

  /** The verdict that is shown. */
  get verdictNow(): Verdict | undefined {
    return this.#verdictNow;
  }
}

/** In a line, which stays in sight whatever is changed. */
function publishedVerdict({ stamp }: Verdict): HTMLElement {
  return element("p", { class: "published-verdict" }, ["Published: ", element("strong", {}, [stamp])]);
}
