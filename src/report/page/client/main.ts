/**
 * The script of a page. The page is whole without it: it adds the choice of a theme, folds all code at once,
 * marks the section being read, opens for print what is folded, and lets wide formulas be scrolled by key.
 */

import { foldContentsWhenNarrow, followReader } from "./contents.js";
import { foldCode, openForPrint } from "./folding.js";
import { letFormulasScroll } from "./scrolling.js";
import { applyTheme, offerThemes } from "./theme.js";

// At once, before anything is painted.
applyTheme();

document.addEventListener("DOMContentLoaded", () => {
  for (const controls of document.querySelectorAll<HTMLElement>(".controls")) controls.hidden = false;
  offerThemes();
  foldCode();
  openForPrint();
  foldContentsWhenNarrow();
  followReader();
  letFormulasScroll();
});
