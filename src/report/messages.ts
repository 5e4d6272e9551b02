/**
 * The wire format of the Jupyter messaging protocol 5.3: converts messages to signed frames and back.
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

/** A received message with a verified signature. */
export interface Message {
  header: Header;
  /** `msg_id` of the request that this message belongs to; null if it belongs to none. */
  parentId: string | null;
  content: Record<string, unknown>;
}

/** HMAC-SHA256 of the frames, in hexadecimal. */
function sign(key: string, frames: readonly (string | Buffer)[]): string {
  const hmac = createHmac("sha256", key);
  for (const frame of frames) hmac.update(frame);
  return hmac.digest("hex");
}

/**
 * Encodes a request.
 *
 * @param session - identifies this client in all its requests
 * @returns the frames, and the `msg_id` that answers name as their parent
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

/** Whether frames are a message signed with `key`. */
export function isSigned(key: string, frames: readonly Buffer[]): boolean {
  const start = frames.findIndex((frame) => frame.equals(DELIMITER));
  const [signature, ...body] = frames.slice(start + 1);
  if (start < 0 || signature === undefined) return false;
  const expected = Buffer.from(sign(key, body));
  return signature.length === expected.length && timingSafeEqual(signature, expected);
}

/**
 * Decodes a message.
 *
 * @throws Error when the frames are not a message, or not signed with `key`
 */
export function decodeMessage(key: string, frames: readonly Buffer[]): Message {
  const start = frames.findIndex((frame) => frame.equals(DELIMITER));
  const body = frames.slice(start + 2);
  if (start < 0 || body.length < 4) throw new Error("not a Jupyter message");
  if (!isSigned(key, frames)) throw new Error("the message has a wrong signature");
  const [header, parent, , content] = body.map((frame): unknown => JSON.parse(frame.toString()));
  return {
    header: header as Header,
    parentId: (parent as Partial<Header>).msg_id ?? null,
    content: content as Message["content"],
  };
}
