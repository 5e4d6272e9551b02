/** A panel: it takes what a reader changes to the worker, and what comes back to the page. */

import type { Control, Picture, Preset, Reading } from "../../experiments/panel.js";
import type { Verdict } from "../../experiments/verdict.js";
import type { Publication } from "../../live/demonstration.js";
import type { Field } from "../../live/fields.js";
import type { Answer, Position, Request } from "../../live/session.js";
import { save } from "../client/downloads.js";
import { element } from "../client/element.js";
import { keepKeys } from "../client/keep-keys.js";
import { csv } from "../figure-csv.js";
import { Controls } from "./controls.js";
import { Engine } from "./engine.js";
import { Foot, type Saved } from "./foot.js";
import { changedIn, fragmentOf, isTryIt, type Values, valuesIn } from "./fragment.js";
import { Numbers } from "./numbers.js";
import { PictureView } from "./picture.js";
import { Presets } from "./presets.js";
import { Transport } from "./transport.js";
import { publishedLines, verdictTable } from "./verdict.js";

/** What a panel is made from. */
export interface PanelData {
  publication: Publication;
  fields: Field[];
  controls: Control[];
  /** Parameters that no training depends on. */
  looks: string[];
  presets: Preset[];
  invitation: string;
  reserve?: string;
  /** The worker's code, gzipped, in base64. */
  worker: string;
}

type Answered<Kind extends Answer["kind"]> = Extract<Answer, { kind: Kind }>;

/** How long a value that is not allowed may stand before it is called so, in ms. */
const REFUSAL_DELAY = 400;

/** How long a training that is not played may take before its course is shown, in ms, and between two looks until then. */
const LONG = 500;
const LOOK = 100;

/** Narrower, in CSS pixels, controls give way to the figure; panel.css knows it too. */
const NARROW = 600;
/** How high the pictures may be, in CSS pixels: the first, the first where it is narrow, the others. */
const [HIGH, HIGH_NARROW, LOW] = [440, 285, 260];

/** Between two frames of a picture that is not the first, in ms, at least: the first is worth more frames. */
const REST = 250;

/** Who wants no motion is shown where it ends. */
const STILLNESS = matchMedia("(prefers-reduced-motion: reduce)");

const NO_MACHINE =
  "WebAssembly is not allowed or not complete here, so the same numbers are computed in a way that takes up to 20 times as long.";

/** Only a page of our own has an address that is ours to write in. */
const ownsAddress = (): boolean =>
  document.querySelector('meta[name="generator"][content="glass-house"]') !== null;

/** One panel in the page. */
export class Panel {
  readonly #root: HTMLElement;
  readonly #title = element("p", { class: "title", tabindex: "-1" }, ["Try it"]);
  readonly #engine: Engine;
  readonly #controls: Controls;
  readonly #presets: Presets;
  readonly #transport: Transport;
  readonly #numbers: Numbers;
  readonly #foot: Foot;
  readonly #status = element("p", { class: "status", role: "status" });
  /** Why everything takes so long, where it does. */
  readonly #slowness = element("p", { class: "note", role: "status" });
  /** What of the address was not followed. */
  readonly #unfollowed = element("p", { class: "error", role: "alert" });
  /** Places for the first picture, the second, and those that are folded. */
  readonly #places = [
    element("div", { class: "picture-place first" }),
    element("div", { class: "picture-place second" }),
    element("details", { class: "more-pictures", hidden: "" }, [element("summary", {}, ["More pictures"])]),
  ];
  readonly #views = new Map<string, PictureView>();
  #published: Reading | undefined;
  /** What is shown as it is now, and the values that it is from; the form may have others by then. */
  #now: { parameters: Values; reading: Reading } | undefined;
  /** What was asked for before the published network was there to compare with. */
  #asked: (() => void) | undefined;
  #verdictNow: Verdict | undefined;
  /** Where the training is that is shown. */
  #position: Position = { epoch: 0, epochs: 0 };
  /** The epoch that one stands at; the end, whichever it is, where there is none. */
  #to: number | undefined;
  #isPlaying = false;
  /** Whether Pause was pressed, and nothing came of it yet. */
  #isPausing = false;
  /** Settles when the last frame is drawn. */
  #drawing: Promise<void> = Promise.resolve();
  /** Whether a hand still moves. */
  #isMoving = false;
  #askedAt = 0;
  #refusal: ReturnType<typeof setTimeout> | undefined;

  /** @param place - holds the published numbers until now; the panel takes their place */
  constructor(
    place: HTMLElement,
    private readonly data: PanelData,
  ) {
    const { publication, fields, controls, presets, invitation, reserve, worker } = data;
    this.#root = place;
    keepKeys(place);
    this.#engine = new Engine(worker, {
      answered: (answer, request) => this.#take(answer, request),
      working: (kind) => this.#works(kind),
    });
    this.#controls = new Controls(fields, controls, place.id, (name, isFinal) =>
      this.#changed(name, !isFinal),
    );
    this.#controls.values = publication.parameters;
    this.#presets = new Presets(presets, publication.parameters, invitation, (values, plays) =>
      this.#set(values, plays && !STILLNESS.matches),
    );
    this.#transport = new Transport({
      play: () => this.#play(),
      pause: () => this.#pause(),
      step: () => this.#step(),
      seek: (epoch, isFinal) => this.#seek(epoch, isFinal),
      paced: () => this.#isPlaying && this.#ask(this.#transport.pace),
    });
    this.#numbers = new Numbers(publication.quantities);
    this.#foot = new Foot(publication.recorded, reserve, {
      judge: () => this.#judge(),
      stop: () => this.#stopJudging(),
      save: (what) => this.#save(what),
      copyLink: ownsAddress() ? () => void this.#copyLink() : undefined,
    });
    if (document.getElementById("try-it") === null) this.#title.id = "try-it";
    place.replaceChildren(
      element("div", { class: "inner" }, [
        element("div", { class: "head" }, [this.#title, this.#presets.root]),
        this.#presets.says,
        this.#transport.root,
        element("div", { class: "told" }, [this.#status, this.#slowness, this.#unfollowed]),
        this.#controls.root,
        this.#places[0],
        element("div", { class: "beside" }, [
          this.#numbers.main,
          this.#numbers.all,
          this.#places[1],
          this.#places[2],
        ]),
        this.#foot.root,
      ]),
    );
    this.#controls.rest.open = !this.#isNarrow();
    let wasNarrow = this.#isNarrow();
    new ResizeObserver(() => {
      if (this.#isNarrow() === wasNarrow) return;
      wasNarrow = this.#isNarrow();
      this.#controls.rest.open = !wasNarrow;
    }).observe(place);
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

  /** Takes the published values with these in their places, trains, and comes into sight. */
  try(values: Values): void {
    this.#set({ ...this.data.publication.parameters, ...values });
    this.#comeIntoSight();
  }

  #isNarrow(): boolean {
    return this.#root.clientWidth < NARROW;
  }

  #comeIntoSight(): void {
    this.#root.scrollIntoView();
    this.#title.focus({ preventScroll: true });
  }

  #take(answer: Exclude<Answer, { kind: "heard" }>, request: Request): void {
    const { values } = request;
    switch (answer.kind) {
      case "plain":
        this.#slowness.textContent ||= NO_MACHINE;
        break;
      case "progress":
        this.#foot.progress(answer.done, answer.total);
        this.#say(`Step ${answer.step}: ${answer.done} of ${answer.total} trainings.`);
        break;
      case "overridden":
        this.#controls.override(answer.parameters);
        break;
      case "frame":
        this.#frame(answer, request);
        break;
      case "reading":
        this.#arrive(answer, request);
        break;
      case "verdict":
        this.#verdictNow = answer.verdict;
        this.#foot.verdict(
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
        this.#stand();
        // who is still typing gets the time to finish
        this.#refusal = setTimeout(() => {
          const isShown = this.#controls.refuse(answer.field, answer.message);
          this.#say(isShown ? "Not run: one value is not allowed." : `Not run: ${answer.message}`);
        }, REFUSAL_DELAY);
        break;
      case "failure":
        this.#stand();
        this.#say(`This did not work: ${answer.message}. What is shown below is still the last that did.`);
        break;
    }
  }

  /** On the way: what is played is shown, and what takes long; what does not would only flicker. */
  #frame(answer: Answered<"frame">, request: Request): void {
    const { reading } = answer;
    const goOn = (): void => this.#engine.drawn();
    if (!this.#isPlayed(request) && performance.now() - this.#askedAt < LONG) {
      setTimeout(goOn, LOOK);
      return;
    }
    this.#position = answer;
    if (reading.news !== undefined) this.#say(reading.news);
    const before = this.#drawing;
    this.#drawing = this.#show(reading, request.values, undefined);
    // the next one is made while this one is drawn; a page that is not seen asks for no more
    void before.then(() => requestAnimationFrame(goOn));
  }

  #arrive(answer: Answered<"reading">, request: Request): void {
    const { reading, digest, epoch, epochs } = answer;
    const { values } = request;
    this.#controls.refuse();
    this.#position = answer;
    this.#to = epoch < epochs ? Math.max(0, epoch) : undefined;
    this.#root.dataset.digest = digest;
    if (this.#published === undefined && this.#to === undefined) {
      this.#prove(answer);
      return;
    }
    void this.#show(reading, values, digest);
    if (this.#published === undefined && this.#asked !== undefined) {
      this.#begin();
      return;
    }
    if (this.#isPlaying && request.to !== undefined && epoch < epochs) {
      this.#ask(this.#transport.pace);
      return;
    }
    if (!this.#isMoving) this.#writeAddress(values);
    const isPublished = digest === this.data.publication.digest;
    this.#stand();
    const { news = "" } = reading;
    const where =
      epoch < 0 ? "Still in training" : epoch < epochs ? `At ${this.#transport.show(answer)}` : "Done";
    this.#say(epoch === epochs && isPublished ? "As published." : `${where}. ${news}`.trim());
  }

  /** Whether a request is for a training that is to be looked at on its way. */
  #isPlayed({ kind, to }: Request): boolean {
    return this.#isPlaying && kind === "read" && to === undefined;
  }

  /** What follows every verdict. */
  #endJudging(values: Values): void {
    this.#controls.refuse();
    this.#writeAddress(values);
    // it may have been asked for before the numbers were there
    if (changedIn(values, this.#now?.parameters ?? {}).length === 0) return;
    this.#engine.request({ kind: "read", values, ...this.#place() });
  }

  /** The recorded verdict, which these parameters have; withdrawn where its sample is another one here. */
  #showRecorded(isSame: boolean): void {
    const { recorded } = this.data.publication;
    if (recorded === undefined) return;
    const seeds = recorded.sample.map(({ seed }) => seed).join(" and ");
    this.#verdictNow = isSame ? recorded.verdict : undefined;
    this.#foot.verdict(...(isSame ? [verdictTable(recorded.verdict, recorded.verdict.rows)] : []));
    this.#say(
      isSame
        ? `Recorded: the verdict with these parameters stands below the numbers. Seeds ${seeds} were measured again here: the same to the bit.`
        : `Withdrawn: seeds ${seeds} give other numbers here than were recorded.`,
    );
  }

  /** The first reading is that of the published parameters: either it is the published one, or something is wrong. */
  #prove({ reading, digest }: Answered<"reading">): void {
    const { publication } = this.data;
    this.#published = reading;
    const isSame = digest === publication.digest;
    const differing = reading.quantities.filter(
      ({ value }, i) => !Object.is(value, publication.quantities[i]?.value),
    );
    const charts = reading.pictures.length === 1 ? "chart" : "charts";
    const count = `${reading.quantities.length} numbers and ${reading.pictures.length} ${charts}`;
    this.#foot.prove(
      isSame
        ? `Reproduced to the bit: this page has just trained the published network again, and its ${count} are the published ones (digest ${digest}).`
        : `Not reproduced: this browser computes something else from the published parameters (${
            differing.length > 0 ? differing.map(({ name }) => name).join(", ") : "the charts differ"
          }; digest ${digest}, published ${publication.digest}).`,
      isSame,
    );
    void this.#show(reading, publication.parameters, publication.digest);
    this.#say("As published.");
    // in the meantime somebody may have typed, or pressed a button
    this.#asked?.();
    this.#asked = undefined;
    this.#followAddress();
  }

  /** Shows a reading; settles when it is drawn. */
  async #show(reading: Reading, parameters: Values, digest: string | undefined): Promise<void> {
    this.#now = { parameters, reading };
    const { epoch, epochs } = this.#position;
    this.#transport.show(this.#position);
    this.#numbers.show(reading.quantities);
    const isPublished = digest === this.data.publication.digest;
    const { publication, looks } = this.data;
    const isSameTraining =
      epoch === epochs && changedIn(parameters, publication.parameters).every((name) => looks.includes(name));
    const pictures = reading.pictures.map((picture, i) =>
      this.#view(picture, i).show({
        picture,
        published: isPublished ? undefined : this.#publishedPicture(picture.name),
        isSameTraining,
        isOvertaken: this.#isOvertaken(picture),
        isFrame: digest === undefined,
      }),
    );
    await Promise.all(pictures);
  }

  #view({ name }: Picture, i: number): PictureView {
    const known = this.#views.get(name);
    if (known !== undefined) return known;
    const height = (): number => (i > 0 ? LOW : this.#isNarrow() ? HIGH_NARROW : HIGH);
    const view = new PictureView(this.#root.id, name, height, i > 0 ? REST : 0, (field, value, isFinal) => {
      this.#controls.set(field, value);
      this.#changed(field, !isFinal);
    });
    this.#views.set(name, view);
    const place = this.#places[Math.min(i, this.#places.length - 1)];
    place.hidden = false;
    place.append(view.root);
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

  /** A parameter has another value: trains with it to where one stands, and plays on from there. */
  #changed(name: string, isMoving: boolean): void {
    this.#unfollowed.textContent = "";
    this.#isMoving = isMoving;
    this.#presets.mark(this.#controls.values);
    if (!this.#isPlaying) this.#ask(this.#place());
    else if (this.data.looks.includes(name)) this.#ask(this.#transport.pace);
    else this.#ask({ to: Math.max(0, this.#position.epoch) });
  }

  /** Takes values, all of them, and plays with them from the beginning, or trains to the end. */
  #set(values: Values, plays = false): void {
    this.#unfollowed.textContent = "";
    this.#controls.values = values;
    this.#controls.refuse();
    this.#presets.mark(this.#controls.values);
    if (plays) this.#playWith({ to: 0 });
    else this.#seek(undefined, true);
  }

  #play(): void {
    const { epoch, epochs } = this.#position;
    this.#playWith(epoch < epochs ? this.#transport.pace : { to: 0 });
  }

  #playWith(own: Partial<Request>): void {
    this.#isPlaying = true;
    this.#isMoving = false;
    this.#ask(own);
  }

  #pause(): void {
    this.#isPlaying = false;
    this.#asked = undefined;
    this.#isPausing = true;
    this.#engine.halt();
  }

  /** One epoch on from where one stands, or will stand once what is asked for is there. */
  #step(): void {
    const asked = this.#engine.isBusy && !this.#isPlaying ? this.#to : undefined;
    this.#seek((asked ?? this.#position.epoch) + 1, true);
  }

  #seek(epoch: number | undefined, isFinal: boolean): void {
    this.#isPlaying = false;
    this.#isMoving = !isFinal;
    this.#to = epoch;
    this.#ask(this.#place());
  }

  /** Where one stands, as a part of a request. */
  #place(): Pick<Request, "to"> {
    return this.#to === undefined ? {} : { to: this.#to };
  }

  /** It plays no longer. */
  #stand(): void {
    this.#isPlaying = false;
    this.#transport.goesOn(false, false);
  }

  #judge(): void {
    this.#isMoving = false;
    this.#isPlaying = false;
    const { recorded } = this.data.publication;
    this.#ask({ kind: "judge", ...(recorded && { recorded }) });
  }

  #stopJudging(): void {
    this.#asked = undefined;
    this.#engine.stop();
    this.#say("Stopped.");
  }

  /** Trains the published network, which all that is asked for is compared with. */
  #begin(): void {
    this.#askedAt = performance.now();
    this.#engine.request({ kind: "read", values: this.data.publication.parameters });
    this.#say("Training the published network again, in this page…");
  }

  /** Asks with what the form says. */
  #ask(own: Partial<Request>): void {
    clearTimeout(this.#refusal);
    this.#forgetVerdict();
    const ask = (): void => {
      this.#askedAt = performance.now();
      const values = this.#controls.values;
      this.#engine.request({ kind: "read", values, ...own }, this.#isMoving);
    };
    if (this.#published !== undefined) {
      ask();
    } else {
      this.#asked = ask;
      if (!this.#engine.isBusy) this.#begin();
    }
  }

  /** A verdict on other parameters would stand beside numbers that are not its own. */
  #forgetVerdict(): void {
    this.#verdictNow = undefined;
    this.#foot.verdict();
  }

  #works(kind: Request["kind"] | undefined): void {
    this.#foot.judging(kind === "judge");
    this.#transport.goesOn(this.#isPlaying, kind === "read");
    if (kind === "judge") this.#say("Training over all seeds…");
    else if (kind === "read" && !this.#isMoving) this.#say(this.#isPlaying ? "" : "Training…");
    else if (kind === undefined && this.#isPausing)
      this.#say("Stopped before there was anything new to see.");
    this.#isPausing = false;
  }

  #say(text: string): void {
    // the same words again would be read out again
    if (this.#status.textContent !== text) this.#status.textContent = text;
  }

  #followAddress(): void {
    if (!ownsAddress() || !isTryIt(location.hash)) return;
    const values = valuesIn(location.hash);
    if (values !== undefined) {
      this.#set({ ...this.data.publication.parameters, ...values });
      const taken = this.#controls.values;
      const lost = Object.keys(values).filter(
        (name) => values[name] !== undefined && !Object.hasOwn(taken, name),
      );
      this.#unfollowed.textContent =
        lost.length === 0
          ? ""
          : `Not followed of this page's address: ${lost.map((name) => `${name}=${values[name]}`).join(", ")}. There is no such parameter, or no such choice.`;
    }
    this.#comeIntoSight();
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

  #save(what: Saved): void {
    const { publication } = this.data;
    const { notebook, quantities } = publication;
    if (what === "csv") {
      const rows = (this.#now?.reading.quantities ?? []).map(({ name, value }, i) => [
        name,
        quantities[i]?.value,
        value,
      ]);
      save(`${notebook}.csv`, "text/csv", csv(["quantity", "published", "now"], rows));
    } else if (what === "json") {
      const now = { parameters: this.#now?.parameters, ...this.#now?.reading, verdict: this.#verdictNow };
      save(
        `${notebook}.json`,
        "application/json",
        JSON.stringify({ notebook, published: publication, now }, null, 1),
      );
    } else {
      const [view] = this.#views.values();
      view?.download(what);
    }
  }
}
