/** Words that stand behind a mark, so that they take no room until they are asked for. */
import { element } from "../client/element.js";

/** Distance of the words from their mark and from the window's edges, in CSS pixels. */
const GAP = 6;

/**
 * A mark, and the words behind it.
 *
 * @param id - of the words; its own in the page
 * @param about - what they are about, for the mark's name
 */
export function helpMark(id: string, about: string): { mark: HTMLButtonElement; words: HTMLElement } {
  const words = element("div", { class: "words", id, popover: "auto" });
  const mark = element(
    "button",
    { type: "button", class: "mark", popovertarget: id, "aria-label": `About ${about}` },
    ["?"],
  );
  words.addEventListener("beforetoggle", (event) => {
    if ((event as ToggleEvent).newState === "open") requestAnimationFrame(() => place(words, mark));
  });
  // it would stay where it was in the window while its mark moves away
  addEventListener(
    "scroll",
    () => words.isConnected && words.matches(":popover-open") && words.hidePopover(),
    {
      passive: true,
    },
  );
  return { mark, words };
}

/** Below the mark, or above it where there is no room. */
function place(words: HTMLElement, mark: HTMLElement): void {
  const [at, own] = [mark.getBoundingClientRect(), words.getBoundingClientRect()];
  const below = at.bottom + GAP;
  const isRoomBelow = below + own.height + GAP <= innerHeight;
  words.style.left = `${Math.max(GAP, Math.min(at.left, innerWidth - own.width - GAP))}px`;
  words.style.top = `${isRoomBelow ? below : Math.max(GAP, at.top - own.height - GAP)}px`;
}
