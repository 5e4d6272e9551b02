/**
 * The wire format of the Jupyter messaging protocol 5.3: a message to frames and back, signed. It opens no
 * socket and knows no kernel.
 *
 * https://jupyter-client.readthedocs.io/en/stable/messaging.html#the-wire-protocol
 */
import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";

const DELIMITER = Buffer.from("<IDS|MSG>");

/** The part of a header that identifies a message. */
export interface Header {
  msg_id: string;
  msg_type: string;
}

/** A message as it came, its signature verified. */
export interface Message {
  header: Header;
  /** `msg_id` of the request that this message belongs to; null where it belongs to none. */
  parentId: string | null;
  content: Record<string, unknown>;
}

/** HMAC-SHA256 of the frames, in hexadecimal digits. */
function sign(key: string, frames: readonly (string | Buffer)[]): string {
  const hmac = createHmac("sha256", key);
  for (const frame of frames) hmac.update(frame);
  return hmac.digest("hex");
}

/**
 * A request as frames.
 *
 * @param session - identifies this client; the same for all its requests
 * @returns the frames, and the `msg_id` that answers will name as their parent
 */
export function encodeRequest(
  key: string,
  session: string,
  type: string,
  content: Record<string, unknown>,
): { id: string; frames: (string | Buffer)[] } {
  const id = randomUUID();
  const header = {
    msg_id: id,
    msg_type: type,
    session,
    username: "glass-house",
    date: new Date().toISOString(),
    version: "5.3",
  };
  const body = [header, {}, {}, content].map((part) => JSON.stringify(part));
  return { id, frames: [DELIMITER, sign(key, body), ...body] };
}

/** Whether frames from a socket are a message that was signed with `key`. */
export function isSigned(key: string, frames: readonly Buffer[]): boolean {
  const start = frames.findIndex((frame) => frame.equals(DELIMITER));
  const [signature, ...body] = frames.slice(start + 1);
  if (start < 0 || signature === undefined) return false;
  const expected = Buffer.from(sign(key, body));
  return signature.length === expected.length && timingSafeEqual(signature, expected);
}

/**
 * The message in frames that came from a socket.
 *
 * @throws Error when the frames are no message, or were not signed with `key`
 */
export function decodeMessage(key: string, frames: readonly Buffer[]): Message {
  const start = frames.findIndex((frame) => frame.equals(DELIMITER));
  const body = frames.slice(start + 2);
  if (start < 0 || body.length < 4) throw new Error("not a Jupyter message");
  if (!isSigned(key, frames)) throw new Error("a message with a wrong signature");
  const [header, parent, , content] = body.map((frame): unknown => JSON.parse(frame.toString()));
  return {
    header: header as Header,
    parentId: (parent as Partial<Header>).msg_id ?? null,
    content: content as Message["content"],
  };
}
