/** The table of contents: folded where it stands above the text, and with the section being read marked. */

/** The width from which report.css sets the contents beside the text. */
const BESIDE = "(min-width: 72rem)";

/** Folds the contents where they stand above the text, and opens them beside it, where nothing could. */
export function foldContentsWhenNarrow(): void {
  const details = document.querySelector<HTMLDetailsElement>(".contents details");
  if (!details) return;
  const beside = matchMedia(BESIDE);
  const foldIfNarrow = () => {
    details.open = beside.matches;
  };
  foldIfNarrow();
  beside.addEventListener("change", foldIfNarrow);
  details.addEventListener("click", ({ target }) => {
    if (!beside.matches && (target as Element).closest("a")) details.open = false;
  });
}

/** Marks the entry of the last heading above the upper third of the window. */
export function followReader(): void {
  const entries = [...document.querySelectorAll<HTMLAnchorElement>(".contents a")].flatMap((link) => {
    const [heading] = document.getElementsByName(decodeURIComponent(link.hash.slice(1)));
    return heading ? [{ link, heading }] : [];
  });
  let asked = false;
  const mark = () => {
    asked = false;
    const read = entries.findLast(
      ({ heading }) => heading.checkVisibility() && heading.getBoundingClientRect().top < innerHeight / 3,
    );
    for (const { link } of entries) {
      if (link === read?.link) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  };
  const ask = () => {
    if (!asked) requestAnimationFrame(mark);
    asked = true;
  };
  addEventListener("scroll", ask, { passive: true });
  addEventListener("resize", ask);
  // a section that opens or closes moves those after it, and may bring others
  document.addEventListener("toggle", ask, true);
  mark();
}
