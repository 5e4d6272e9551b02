import type { Control, Preset } from "../experiments/panel.js";
import type { Publication } from "../live/demonstration.js";
import type { Field } from "../live/fields.js";

/** What a panel is made from. */
export interface PanelData {
  publication: Publication;
  fields: readonly Field[];
  controls: readonly Control[];
  /** Parameters that no training depends on. */
  looks: readonly string[];
  presets: readonly Preset[];
  invitation: string;
  reserve?: string;
  /** The worker's code, gzipped, in base64. */
  worker: string;
}
