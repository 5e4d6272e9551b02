/**
 * The script of a page. The page is whole without it: it adds the choice of a theme, shows all code at once,
 * opens the sections that links lead to, marks the one being read, and lets wide formulas be scrolled by key.
 */

import { foldContentsWhenNarrow, followReader } from "./contents.js";
import { foldCode, foldSections } from "./folding.js";
import { letFormulasScroll } from "./scrolling.js";
import { applyTheme, offerThemes } from "./theme.js";

// At once, before anything is painted.
applyTheme();

document.addEventListener("DOMContentLoaded", () => {
  for (const controls of document.querySelectorAll<HTMLElement>(".controls")) controls.hidden = false;
  offerThemes();
  foldCode();
  foldSections();
  foldContentsWhenNarrow();
  followReader();
  letFormulasScroll();
});
