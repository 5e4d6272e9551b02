/** The pictures of a panel in their places: the first, the second, and those that are folded. */
import type { Picture, Reading } from "../../experiments/panel.js";
import { element } from "../client/element.js";
import type { Values } from "./fragment.js";
import type { Moved } from "./handles.js";
import { PictureView, type Shown } from "./picture.js";

/** How high the pictures may be, in CSS pixels: the first, the first where it is narrow, the others. */
const [HIGH, HIGH_NARROW, LOW] = [440, 285, 260];

/** Between two frames of a picture that is not the first, in ms, at least: the first is worth more frames. */
const REST = 250;

/** What the panel tells them. */
export interface Surroundings {
  isNarrow(): boolean;
  /** What the controls say now. */
  values(): Values;
  moved: Moved;
}

/** The pictures of one panel. */
export class Pictures {
  readonly first: HTMLElement = element("div", { class: "picture-place first" });
  readonly second: HTMLElement = element("div", { class: "picture-place second" });
  readonly more: HTMLElement = element("details", { class: "more-pictures", hidden: "" }, [
    element("summary", {}, ["More pictures"]),
  ]);
  readonly #views = new Map<string, PictureView>();

  /** @param id - that of the panel */
  constructor(
    private readonly id: string,
    private readonly around: Surroundings,
  ) {}

  /**
   * Draws those of a reading; settles when they are drawn.
   *
   * @param published - drawn as ghosts; undefined where the reading is the published one
   */
  async show(
    { pictures }: Reading,
    published: Reading | undefined,
    how: Pick<Shown, "isSameTraining" | "isFrame">,
  ): Promise<void> {
    const drawn = pictures.map((picture, i) =>
      this.#view(picture, i).show({
        picture,
        published: published?.pictures.find(({ name }) => name === picture.name),
        isOvertaken: this.#isOvertaken(picture),
        ...how,
      }),
    );
    await Promise.all(drawn);
  }

  /** Downloads the first. */
  download(format: "png" | "svg"): void {
    const [view] = this.#views.values();
    view?.download(format);
  }

  #view({ name }: Picture, i: number): PictureView {
    const known = this.#views.get(name);
    if (known !== undefined) return known;
    const { isNarrow, moved } = this.around;
    const height = (): number => (i > 0 ? LOW : isNarrow() ? HIGH_NARROW : HIGH);
    const view = new PictureView(this.id, name, height, i > 0 ? REST : 0, moved);
    this.#views.set(name, view);
    const place = [this.first, this.second][i] ?? this.more;
    place.hidden = false;
    place.append(view.root);
    return view;
  }

  /** Whether a hand has moved on since the picture was asked for. */
  #isOvertaken({ handle }: Picture): boolean {
    if (handle === undefined) return false;
    const shown = handle.kind === "drag" ? handle.at : handle.picked;
    return JSON.stringify(shown) !== JSON.stringify(this.around.values()[handle.field]);
  }
}
