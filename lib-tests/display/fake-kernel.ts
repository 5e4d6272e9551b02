/** Stands in for the kernel: records the outputs that a cell would show. */
import * as jupyter from "tslab/dist/jupyter";

/** An output as it is sent to the front end. */
export interface SentOutput {
  data: Record<string, unknown>;
  metadata: Record<string, unknown>;
  transient: { display_id: string };
  /** Whether it replaces an earlier output of the same id. */
  update: boolean;
}

/** Runs `cell` and gives back what it showed. */
export function outputsOf(cell: () => void): SentOutput[] {
  const { sent, end } = listen();
  try {
    cell();
  } finally {
    end();
  }
  return sent;
}

/** {@link outputsOf} for a cell that awaits. */
export async function outputsOfAwaiting(cell: () => Promise<unknown>): Promise<SentOutput[]> {
  const { sent, end } = listen();
  try {
    await cell();
  } finally {
    end();
  }
  return sent;
}

function listen(): { sent: SentOutput[]; end: () => void } {
  const kernel = jupyter as { lastWriteDisplayData: unknown };
  const before = kernel.lastWriteDisplayData;
  const sent: SentOutput[] = [];
  kernel.lastWriteDisplayData = (content: Omit<SentOutput, "update">, update: boolean) =>
    sent.push({ ...content, update });
  return {
    sent,
    end() {
      kernel.lastWriteDisplayData = before;
    },
  };
}
