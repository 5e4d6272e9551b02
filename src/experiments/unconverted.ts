/** The experiments by the name of their notebook, for whoever checks a notebook's parameters from outside. */

/** What stands behind a notebook. */
export interface Unconverted {
  /**
   * Checks values of the notebook's parameters.
   *
   * @throws RangeError or TypeError that names the parameter, the allowed range and the value that came
   */
  parse(values: Readonly<Record<string, unknown>>): unknown;
}

/** Every experiment that has landed, by the name of its notebook. */
export const unconverted: Readonly<Record<string, Unconverted>> = {
  },
};
