/** A panel: it takes what a reader changes to the worker, and what comes back to the page. */

import type { Reading } from "../../experiments/panel.js";
import type { Answer, Position, Request } from "../../live/session.js";
import { keepKeys } from "../client/keep-keys.js";
import type { PanelData } from "../panel-data.js";
import { copyAddress, ownsAddress, unfollowedText, writeAddress } from "./address.js";
import { Controls } from "./controls.js";
import { Engine } from "./engine.js";
import { Foot, type Saved } from "./foot.js";
import { changedIn, isTryIt, type Values, valuesIn } from "./fragment.js";
import { Numbers } from "./numbers.js";
import { Pictures } from "./pictures.js";
import { Presets } from "./presets.js";
import { type Now, saveAll, saveNumbers } from "./saved.js";
import { Shell } from "./shell.js";
import { Transport } from "./transport.js";

type Answered<Kind extends Answer["kind"]> = Extract<Answer, { kind: Kind }>;

/** How long a value that is not allowed may stand before it is called so, in ms. */
const REFUSAL_DELAY = 400;

/** How long a training that is not played may take before its course is shown, in ms, and between two looks until then. */
const LONG = 500;
const LOOK = 100;

/** Who wants no motion is shown where it ends. */
const STILLNESS = matchMedia("(prefers-reduced-motion: reduce)");

/** One panel in the page. */
export class Panel {
  readonly #root: HTMLElement;
  readonly #shell: Shell;
  readonly #engine: Engine;
  readonly #controls: Controls;
  readonly #presets: Presets;
  readonly #transport: Transport;
  readonly #pictures: Pictures;
  readonly #numbers: Numbers;
  readonly #foot: Foot;
  #published: Reading | undefined;
  /** What is shown as it is now, and the values that it is from; the form may have others by then. */
  #now: Now | undefined;
  /** What was asked for before the published network was there to compare with. */
  #asked: (() => void) | undefined;
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
    this.#shell = new Shell(place);
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
    this.#pictures = new Pictures(place.id, {
      isNarrow: () => this.#shell.isNarrow,
      values: () => this.values,
      moved: (field, value, isFinal) => {
        this.#controls.set(field, value);
        this.#changed(field, !isFinal);
      },
    });
    this.#numbers = new Numbers(publication.quantities);
    this.#foot = new Foot(publication, reserve, {
      judge: () => this.#judge(),
      stop: () => this.#stopJudging(),
      save: (what) => this.#save(what),
      copyLink: ownsAddress() ? () => void this.#copyLink() : undefined,
    });
    this.#shell.fill({
      presets: this.#presets.root,
      says: this.#presets.says,
      transport: this.#transport.root,
      controls: this.#controls.root,
      rest: this.#controls.rest,
      picture: this.#pictures.first,
      beside: [this.#numbers.main, this.#numbers.all, this.#pictures.second, this.#pictures.more],
      foot: this.#foot.root,
    });
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
    this.#shell.comeIntoSight();
  }

  #take(answer: Exclude<Answer, { kind: "heard" }>, request: Request): void {
    const { values } = request;
    switch (answer.kind) {
      case "plain":
        this.#shell.sayThatItIsSlow();
        break;
      case "progress":
        this.#foot.progress(answer.done, answer.total);
        this.#shell.say(`Step ${answer.step}: ${answer.done} of ${answer.total} trainings.`);
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
        this.#foot.verdict(answer.verdict);
        this.#shell.say("Measured here: the verdict with these parameters stands below the numbers.");
        this.#endJudging(values);
        break;
      case "recorded":
        this.#shell.say(this.#foot.recorded(answer.isSame));
        this.#endJudging(values);
        break;
      case "refusal":
        this.#stand();
        // who is still typing gets the time to finish
        this.#refusal = setTimeout(() => {
          const isShown = this.#controls.refuse(answer.field, answer.message);
          this.#shell.say(isShown ? "Not run: one value is not allowed." : `Not run: ${answer.message}`);
        }, REFUSAL_DELAY);
        break;
      case "failure":
        this.#stand();
        this.#shell.say(
          `This did not work: ${answer.message}. What is shown below is still the last that did.`,
        );
        break;
    }
  }

  /** On the way: what is played is shown, and what takes long; what does not would only flicker. */
  #frame(answer: Answered<"frame">, request: Request): void {
    const { reading } = answer;
    const goOn = (): void => this.#engine.drawn();
    const isPlayed = this.#isPlaying && request.kind === "read" && request.to === undefined;
    if (!isPlayed && performance.now() - this.#askedAt < LONG) {
      setTimeout(goOn, LOOK);
      return;
    }
    this.#position = answer;
    if (reading.news !== undefined) this.#shell.say(reading.news);
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
    this.#shell.say(epoch === epochs && isPublished ? "As published." : `${where}. ${news}`.trim());
  }

  /** What follows every verdict. */
  #endJudging(values: Values): void {
    this.#controls.refuse();
    this.#writeAddress(values);
    // it may have been asked for before the numbers were there
    if (changedIn(values, this.#now?.parameters ?? {}).length === 0) return;
    this.#engine.request({ kind: "read", values, ...this.#place() });
  }

  /** The first reading is that of the published parameters: either it is the published one, or something is wrong. */
  #prove({ reading, digest }: Answered<"reading">): void {
    const { publication } = this.data;
    this.#published = reading;
    this.#foot.prove(reading, digest);
    void this.#show(reading, publication.parameters, publication.digest);
    this.#shell.say("As published.");
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
    const { publication, looks } = this.data;
    const isSameTraining =
      epoch === epochs && changedIn(parameters, publication.parameters).every((name) => looks.includes(name));
    const published = digest === publication.digest ? undefined : this.#published;
    await this.#pictures.show(reading, published, { isSameTraining, isFrame: digest === undefined });
  }

  /** A parameter has another value: trains with it to where one stands, and plays on from there. */
  #changed(name: string, isMoving: boolean): void {
    this.#shell.sayUnfollowed();
    this.#isMoving = isMoving;
    this.#presets.mark(this.values);
    if (!this.#isPlaying) this.#ask(this.#place());
    else if (this.data.looks.includes(name)) this.#ask(this.#transport.pace);
    else this.#ask({ to: Math.max(0, this.#position.epoch) });
  }

  /** Takes values, all of them, and plays with them from the beginning, or trains to the end. */
  #set(values: Values, plays = false): void {
    this.#shell.sayUnfollowed();
    this.#controls.values = values;
    this.#controls.refuse();
    this.#presets.mark(this.values);
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
    this.#shell.say("Stopped.");
  }

  /** Trains the published network, which all that is asked for is compared with. */
  #begin(): void {
    this.#askedAt = performance.now();
    this.#engine.request({ kind: "read", values: this.data.publication.parameters });
    this.#shell.say("Training the published network again, in this page…");
  }

  /** Asks with what the form says. */
  #ask(own: Partial<Request>): void {
    clearTimeout(this.#refusal);
    // a verdict on other parameters would stand beside numbers that are not its own
    this.#foot.verdict();
    const ask = (): void => {
      this.#askedAt = performance.now();
      const { values } = this;
      this.#engine.request({ kind: "read", values, ...own }, this.#isMoving);
    };
    if (this.#published !== undefined) {
      ask();
    } else {
      this.#asked = ask;
      // what is being halted may never answer
      if (!this.#engine.isBusy || this.#isPausing) this.#begin();
    }
  }

  #works(kind: Request["kind"] | undefined): void {
    this.#foot.judging(kind === "judge");
    this.#transport.goesOn(this.#isPlaying, kind === "read");
    if (kind === "judge") this.#shell.say("Training over all seeds…");
    else if (kind === "read" && !this.#isMoving) this.#shell.say(this.#isPlaying ? "" : "Training…");
    else if (kind === undefined && this.#isPausing)
      this.#shell.say("Stopped before there was anything new to see.");
    this.#isPausing = false;
  }

  #followAddress(): void {
    if (!ownsAddress() || !isTryIt(location.hash)) return;
    const values = valuesIn(location.hash);
    if (values !== undefined) {
      this.#set({ ...this.data.publication.parameters, ...values });
      this.#shell.sayUnfollowed(unfollowedText(values, this.values));
    }
    this.#shell.comeIntoSight();
  }

  #writeAddress(values: Values): void {
    writeAddress(values, this.data.publication.parameters);
  }

  async #copyLink(): Promise<void> {
    this.#writeAddress(this.values);
    this.#shell.say(await copyAddress());
  }

  #save(what: Saved): void {
    const { publication } = this.data;
    if (what === "csv") saveNumbers(publication, this.#now);
    else if (what === "json") saveAll(publication, this.#now, this.#foot.verdictNow);
    else this.#pictures.download(what);
  }
}
