/** The event of the document that tells that the runtime of charts is there. */
export const READY = "glass-house-charts";
