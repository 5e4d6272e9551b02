/** A panel: it takes what a reader changes to the worker, and what comes back to the page. */

import type { Control, Picture, Reading } from "../../experiments/panel.js";
import type { Verdict } from "../../experiments/verdict.js";
import type { Publication } from "../../live/demonstration.js";
import type { Field } from "../../live/fields.js";
import type { Answer, Request } from "../../live/session.js";
import { save } from "../client/downloads.js";
import { keepKeys } from "../client/keep-keys.js";
import { csv } from "../figure-csv.js";
import { publishedLines, publishedVerdict, quantitiesTable, verdictTable } from "./comparison.js";
import { Controls, type Values } from "./controls.js";
import { element } from "./element.js";
import { Engine } from "./engine.js";
import { fragmentOf, valuesIn } from "./fragment.js";
import { PictureView } from "./picture.js";

/** What a panel is made from. */
export interface PanelData {
  publication: Publication;
  fields: Field[];
  controls: Control[];
  invitation: string;
  reserve?: string;
  /** The worker's code, gzipped, in base64. */
  worker: string;
}

/** How long a value that is not allowed may stand before it is called so, in ms. */
const REFUSAL_DELAY = 400;

const NO_MACHINE =
  "WebAssembly is not allowed or not complete here, so the same numbers are computed in a way that takes up to 20 times as long.";

/** Only a page of our own has an address that is ours to write in. */
const ownsAddress = (): boolean =>
  document.querySelector('meta[name="generator"][content="glass-house"]') !== null;

/** One panel in the page. */
export class Panel {
  readonly #root: HTMLElement;
  readonly #engine: Engine;
  readonly #controls: Controls;
  readonly #status = element("p", { class: "status", role: "status" });
  /** Why everything takes so long, where it does. */
  readonly #slowness = element("p", { class: "note", role: "status" });
  /** What of the address was not followed. */
  readonly #unfollowed = element("p", { class: "error", role: "alert" });
  readonly #proof = element("p", { class: "proof" });
  readonly #progress = element("progress", { hidden: "", "aria-label": "Progress" });
  readonly #pictures = element("div", { class: "pictures" });
  readonly #numbers = element("div", { class: "numbers" });
  readonly #verdict = element("div", { class: "verdict-place" });
  readonly #stop: HTMLButtonElement;
  readonly #views = new Map<string, PictureView>();
  #published: Reading | undefined;
  /** What is shown as it is now, and the values that it is from; the form may have others by then. */
  #now: { parameters: Values; reading: Reading } | undefined;
  /** What was asked for before the published network was there to compare with. */
  #asked: Request["kind"] | undefined;
  #verdictNow: Verdict | undefined;
  #isMoving = false;
  #refusal: ReturnType<typeof setTimeout> | undefined;

  /** @param place - holds the published numbers until now; the panel takes their place */
  constructor(
    place: HTMLElement,
    private readonly data: PanelData,
  ) {
    const { publication, fields, controls, invitation, reserve, worker } = data;
    this.#root = place;
    keepKeys(place);
    this.#engine = new Engine(worker, {
      answered: (answer, { values }) => this.#take(answer, values),
      working: (kind) => this.#show(kind),
    });
    this.#controls = new Controls(fields, controls, place.id, (isFinal) => this.#changed(!isFinal));
    this.#controls.values = publication.parameters;
    const button = (text: string, act: () => void): HTMLButtonElement => {
      const made = element("button", { type: "button" }, [text]);
      made.addEventListener("click", act);
      return made;
    };
    this.#stop = button("Stop", () => {
      this.#asked = undefined;
      this.#engine.stop();
      this.#say("Stopped.");
    });
    this.#stop.disabled = true;
    const runButton = button("Run", () => this.#ask("read"));
    runButton.classList.add("primary");
    this.#numbers.replaceChildren(quantitiesTable(publication.quantities));
    place.replaceChildren(
      element("p", { class: "title" }, ["Try it"]),
      element("p", {}, [invitation]),
      this.#controls.root,
      this.#unfollowed,
      element("div", { class: "actions" }, [
        runButton,
        button("Run all seeds: verdict", () => this.#judge()),
        this.#stop,
        button("Reset", () => this.#reset()),
        ...(ownsAddress() ? [button("Copy link", () => void this.#copyLink())] : []),
      ]),
      this.#progress,
      this.#status,
      this.#slowness,
      this.#pictures,
      this.#numbers,
      ...(publication.recorded === undefined ? [] : [publishedVerdict(publication.recorded)]),
      this.#verdict,
      ...(reserve === undefined ? [] : [element("p", { class: "help" }, [reserve])]),
      this.#proof,
      element("div", { class: "actions" }, [
        element("span", {}, ["Download:"]),
        button("numbers (CSV)", () => this.#saveCsv()),
        button("all (JSON)", () => this.#saveJson()),
        button("figure (SVG)", () => this.#savePicture("svg")),
        button("figure (PNG)", () => this.#savePicture("png")),
      ]),
    );
    this.#begin();
    if (ownsAddress()) addEventListener("hashchange", () => this.#followAddress());
  }

  /** What it is set to. */
  get values(): Values {
    return this.#controls.values;
  }

  /** Ends its worker if it is no longer in the page, and says so; if it comes back, the next question starts another. */
  endIfGone(): boolean {
    if (this.#root.isConnected) return false;
    this.#engine.stop();
    return true;
  }

  #take(answer: Answer, values: Values): void {
    switch (answer.kind) {
      case "plain":
        this.#slowness.textContent ||= NO_MACHINE;
        break;
      case "progress":
        this.#progress.max = Math.max(1, answer.total);
        this.#progress.value = answer.done;
        this.#say(`Step ${answer.step}: ${answer.done} of ${answer.total} trainings.`);
        break;
      case "overridden":
        this.#controls.override(answer.parameters);
        break;
      case "reading":
        this.#controls.refuse();
        this.#root.dataset.digest = answer.digest;
        if (this.#published === undefined) {
          this.#prove(answer);
        } else {
          this.#read(answer.reading, values, this.#isMoving);
          if (!this.#isMoving) this.#writeAddress(values);
        }
        break;
      case "verdict":
        this.#verdictNow = answer.verdict;
        this.#verdict.replaceChildren(
          verdictTable(answer.verdict, this.data.publication.recorded?.verdict.rows ?? publishedLines()),
        );
        this.#say("Measured here: the verdict with these parameters stands below the numbers.");
        this.#endJudging(values);
        break;
      case "recorded":
        this.#showRecorded(answer.isSame);
        this.#endJudging(values);
        break;
      case "refusal":
        // who is still typing gets the time to finish
        this.#refusal = setTimeout(() => {
          const isShown = this.#controls.refuse(answer.field, answer.message);
          this.#say(isShown ? "Not run: one value is not allowed." : `Not run: ${answer.message}`);
        }, REFUSAL_DELAY);
        break;
      case "failure":
        this.#say(`This did not work: ${answer.message}. What is shown below is still the last that did.`);
        break;
    }
  }

  /** What follows every verdict. */
  #endJudging(values: Values): void {
    this.#controls.refuse();
    this.#writeAddress(values);
    // it may have been asked for before the numbers were there
    if (fragmentOf(values, this.#now?.parameters ?? {}) === "") return;
    this.#engine.request({ kind: "read", values });
  }

  /** The recorded verdict, which these parameters have; withdrawn where its sample is another one here. */
  #showRecorded(isSame: boolean): void {
    const { recorded } = this.data.publication;
    if (recorded === undefined) return;
    const seeds = recorded.sample.map(({ seed }) => seed).join(" and ");
    this.#verdictNow = isSame ? recorded.verdict : undefined;
    this.#verdict.replaceChildren(...(isSame ? [verdictTable(recorded.verdict, recorded.verdict.rows)] : []));
    this.#say(
      isSame
        ? `Recorded: the verdict with these parameters stands below the numbers. Seeds ${seeds} were measured again here: the same to the bit.`
        : `Withdrawn: seeds ${seeds} give other numbers here than were recorded.`,
    );
  }

  /** The first reading is that of the published parameters: either it is the published one, or something is wrong. */
  #prove({ reading, digest }: Extract<Answer, { kind: "reading" }>): void {
    const { publication } = this.data;
    this.#published = reading;
    const isSame = digest === publication.digest;
    this.#proof.classList.toggle("different", !isSame);
    const differing = reading.quantities.filter(
      ({ value }, i) => !Object.is(value, publication.quantities[i]?.value),
    );
    const charts = reading.pictures.length === 1 ? "chart" : "charts";
    const count = `${reading.quantities.length} numbers and ${reading.pictures.length} ${charts}`;
    this.#proof.textContent = isSame
      ? `Reproduced to the bit: this page has just trained the published network again, and its ${count} are the published ones (digest ${digest}).`
      : `Not reproduced: this browser computes something else from the published parameters (${
          differing.length > 0 ? differing.map(({ name }) => name).join(", ") : "the charts differ"
        }; digest ${digest}, published ${publication.digest}).`;
    this.#read(reading, publication.parameters, false);
    // in the meantime somebody may have typed, or pressed a button
    if (this.#asked !== undefined) this.#ask(this.#asked);
    this.#asked = undefined;
    this.#followAddress();
  }

  #read(reading: Reading, parameters: Values, isMoving: boolean): void {
    this.#now = { parameters, reading };
    this.#numbers.replaceChildren(
      quantitiesTable(this.#published?.quantities ?? this.data.publication.quantities, reading.quantities),
    );
    for (const picture of reading.pictures) {
      if (isMoving && !picture.isLight) continue;
      this.#view(picture).show(picture, this.#publishedPicture(picture.name), this.#isOvertaken(picture));
    }
    this.#say(this.#isAsPublished() ? "As published." : "Done.");
  }

  #view({ name }: Picture): PictureView {
    const known = this.#views.get(name);
    if (known !== undefined) return known;
    const view = new PictureView((field, value, isFinal) => {
      this.#controls.set(field, value);
      this.#changed(!isFinal);
    });
    this.#views.set(name, view);
    this.#pictures.append(view.root);
    return view;
  }

  /** Whether a hand has moved on since the picture was asked for. */
  #isOvertaken({ handle }: Picture): boolean {
    if (handle === undefined) return false;
    const shown = handle.kind === "drag" ? handle.at : handle.picked;
    return JSON.stringify(shown) !== JSON.stringify(this.#controls.values[handle.field]);
  }

  #publishedPicture(name: string): Picture | undefined {
    return this.#published?.pictures.find((picture) => picture.name === name);
  }

  #changed(isMoving: boolean): void {
    this.#unfollowed.textContent = "";
    this.#isMoving = isMoving;
    this.#ask("read");
  }

  #judge(): void {
    this.#isMoving = false;
    this.#ask("judge");
  }

  /** Trains the published network, which all that is asked for is compared with. */
  #begin(): void {
    this.#engine.request({ kind: "read", values: this.data.publication.parameters });
    this.#say("Training the published network again, in this page…");
  }

  #ask(kind: Request["kind"]): void {
    clearTimeout(this.#refusal);
    this.#forgetVerdict();
    if (this.#published !== undefined) {
      const { recorded } = this.data.publication;
      this.#engine.request({
        kind,
        values: this.#controls.values,
        ...(kind === "judge" && recorded && { recorded }),
      });
    } else {
      this.#asked = kind;
      if (!this.#engine.isBusy) this.#begin();
    }
  }

  /** A verdict on other parameters would stand beside numbers that are not its own. */
  #forgetVerdict(): void {
    this.#verdictNow = undefined;
    this.#verdict.replaceChildren();
  }

  #reset(): void {
    this.#unfollowed.textContent = "";
    this.#engine.stop();
    this.#controls.values = this.data.publication.parameters;
    this.#controls.refuse();
    this.#isMoving = false;
    this.#ask("read");
  }

  #show(kind: Request["kind"] | undefined): void {
    this.#stop.disabled = kind === undefined;
    this.#progress.hidden = kind === undefined;
    if (kind === undefined) return;
    this.#progress.removeAttribute("value");
    if (kind === "judge") this.#say("Training over all seeds…");
    else if (!this.#isMoving) this.#say("Training…");
  }

  #say(text: string): void {
    this.#status.textContent = text;
  }

  #isAsPublished(): boolean {
    return fragmentOf(this.#controls.values, this.data.publication.parameters) === "";
  }

  #followAddress(): void {
    const values = ownsAddress() ? valuesIn(location.hash) : undefined;
    if (values === undefined) return;
    this.#controls.values = { ...this.data.publication.parameters, ...values };
    const taken = this.#controls.values;
    const lost = Object.keys(values).filter(
      (name) => values[name] !== undefined && !Object.hasOwn(taken, name),
    );
    this.#unfollowed.textContent =
      lost.length === 0
        ? ""
        : `Not followed of this page's address: ${lost.map((name) => `${name}=${values[name]}`).join(", ")}. There is no such parameter, or no such choice.`;
    this.#isMoving = false;
    this.#ask("read");
    this.#root.scrollIntoView();
  }

  #writeAddress(values: Values): void {
    if (!ownsAddress()) return;
    const fragment = fragmentOf(values, this.data.publication.parameters);
    if (fragment === "" && valuesIn(location.hash) === undefined) return;
    history.replaceState(null, "", fragment || location.pathname + location.search);
  }

  async #copyLink(): Promise<void> {
    this.#writeAddress(this.#controls.values);
    try {
      await navigator.clipboard.writeText(location.href);
      this.#say("The address with these parameters is on the clipboard.");
    } catch {
      this.#say("The address of this page now holds these parameters; copy it from there.");
    }
  }

  #saveCsv(): void {
    const { notebook, quantities } = this.data.publication;
    const rows = (this.#now?.reading.quantities ?? []).map(({ name, value }, i) => [
      name,
      quantities[i]?.value,
      value,
    ]);
    save(`${notebook}.csv`, "text/csv", csv(["quantity", "published", "now"], rows));
  }

  #saveJson(): void {
    const { publication } = this.data;
    const all = {
      notebook: publication.notebook,
      published: publication,
      now: { parameters: this.#now?.parameters, ...this.#now?.reading, verdict: this.#verdictNow },
    };
    save(`${publication.notebook}.json`, "application/json", JSON.stringify(all, null, 1));
  }

  #savePicture(format: "png" | "svg"): void {
    const [view] = this.#views.values();
    view?.download(format);
  }
}
