import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { decodeMessage, encodeRequest } from "../../src/report/messages.js";

/** Frames as a kernel sends them: routing prefix, delimiter, signature, header, parent, metadata, content. */
function frames(key: string, ...body: string[]): Buffer[] {
  const hmac = createHmac("sha256", key);
  for (const part of body) hmac.update(part);
  return ["topic", "<IDS|MSG>", hmac.digest("hex"), ...body].map((part) => Buffer.from(part));
}

const header = JSON.stringify({ msg_id: "1", msg_type: "stream" });
const parent = JSON.stringify({ msg_id: "0" });
const content = JSON.stringify({ text: "é" });

describe("Jupyter messages", () => {
  it("are read when they are signed with the key", () => {
    assert.deepEqual(decodeMessage("key", frames("key", header, parent, "{}", content)), {
      header: { msg_id: "1", msg_type: "stream" },
      parentId: "0",
      content: { text: "é" },
    });
    assert.equal(decodeMessage("key", frames("key", header, "{}", "{}", content)).parentId, null);
  });

  it("are refused when signed with another key, changed on the way, or not signed", () => {
    const wrong = { message: "the message has a wrong signature" };
    assert.throws(() => decodeMessage("key", frames("other", header, parent, "{}", content)), wrong);
    const changed = frames("key", header, parent, "{}", content);
    changed[6] = Buffer.from('{"text":"è"}');
    assert.throws(() => decodeMessage("key", changed), wrong);
    const unsigned = frames("key", header, parent, "{}", content);
    unsigned[2] = Buffer.from("");
    assert.throws(() => decodeMessage("key", unsigned), wrong);
  });

  it("are refused when they are something else", () => {
    assert.throws(() => decodeMessage("key", [Buffer.from("x")]), { message: "not a Jupyter message" });
    assert.throws(() => decodeMessage("key", frames("key", header)), { message: "not a Jupyter message" });
  });

  it("are signed when sent, and each has its own id", () => {
    const first = encodeRequest("key", "session", "execute_request", { code: "1" });
    const second = encodeRequest("key", "session", "execute_request", { code: "1" });
    assert.notEqual(first.id, second.id);
    const read = decodeMessage(
      "key",
      first.frames.map((frame) => Buffer.from(frame)),
    );
    assert.equal(read.header.msg_id, first.id);
    assert.deepEqual(read.content, { code: "1" });
  });
});
