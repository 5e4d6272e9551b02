/** The controls of an animation over the epochs. */
import type * as Plotly from "plotly.js-dist";
import type { OwnLayout } from "./style.js";

/** Pixels of the bottom margin that {@link animationControls} take up. */
export const CONTROLS_HEIGHT = 94;

/** How long a frame stays when the animation plays. */
export const FRAME_MILLISECONDS = 400;

/**
 * Play, pause and a slider below the plot; it starts at the last frame. Our own script replaces these controls by
 * those of the page, which the keyboard reaches; other front ends draw them.
 *
 * @param names - of the frames, which are epochs
 */
export function animationControls(names: readonly string[]): OwnLayout {
  const animation = (duration: number): Partial<Plotly.AnimationOpts> => ({
    mode: "immediate",
    frame: { duration, redraw: true },
    transition: { duration: 0 },
  });
  return {
    updatemenus: [
      {
        type: "buttons",
        direction: "left",
        x: 0,
        xanchor: "left",
        y: -0.2,
        yanchor: "top",
        showactive: false,
        buttons: [
          {
            label: "Play",
            method: "animate",
            args: [null, { ...animation(FRAME_MILLISECONDS), fromcurrent: false }],
          },
          { label: "Pause", method: "animate", args: [[null], animation(0)] },
        ],
      },
    ],
    sliders: [
      {
        active: names.length - 1,
        x: 0.22,
        len: 0.78,
        y: -0.16,
        yanchor: "top",
        currentvalue: { prefix: "epoch " },
        steps: names.map((name) => ({
          label: name,
          method: "animate",
          args: [[name], animation(0)],
        })),
      },
    ],
  } as OwnLayout;
}
