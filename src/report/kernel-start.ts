/**
 * The program of a kernel, for our own runs and for Jupyter: the tslab of this package, whatever others lie
 * above the notebook, with what it lacks. Its argument is the connection file's path.
 */
import "./kernel-types.js";

import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { ZmqServer } from "tslab/dist/jupyter";
import { startKernel } from "tslab/dist/main";
import type { Publisher, Router } from "zeromq";
import "./kernel-executor.js";
import { address } from "./connection.js";
import { refuseInput } from "./kernel-input.js";
import { isSigned } from "./messages.js";

/** The end of a kernel's parent must end the kernel, too, and that even while a cell keeps this thread busy. */
function watchParent(): void {
  if (process.env.JPY_PARENT_PID !== undefined) new Worker(join(__dirname, "kernel-watchdog.js")).unref();
}

/** What of tslab's server is replaced; its types call it private. */
interface Server extends Pick<ZmqServer, "connInfo" | "iopub" | "handleShellMessage"> {
  bindSocket(socket: Publisher | Router, port: number): Promise<void>;
}

const server = ZmqServer.prototype as unknown as Server;

/**
 * To a message with a wrong signature tslab answers, on iopub, with the right one: whoever reads that can
 * sign what the kernel then executes. Such a message must never come to it.
 */
const { handleShellMessage } = server;
server.handleShellMessage = async function (socket, ...frames) {
  if (isSigned(this.connInfo.key, frames)) await handleShellMessage.call(this, socket, ...frames);
};

/**
 * Binds at once: while tslab's own waits for that, a request may come already, and then the kernel is deaf
 * from there on ("Socket is blocked by a bind or unbind operation"). It also gives sockets on files other
 * names than Jupyter does.
 */
server.bindSocket = async function (socket, port) {
  if (socket === this.iopub) losesNothing(this.iopub);
  socket.bindSync(address(this.connInfo as Parameters<typeof address>[0], port));
};

/**
 * As it is, a publisher drops what is beyond 1000 messages that a reader has not fetched yet, and zeromq.js
 * what follows the first 512 before the event loop comes round, while tslab waits for neither.
 * https://github.com/zeromq/zeromq.js/blob/master/src/socket.cc (max_sync_operations)
 */
function losesNothing(publisher: Publisher): void {
  publisher.sendHighWaterMark = 0;
  publisher.sendTimeout = 0;
}

watchParent();
refuseInput();
startKernel({ configPath: process.argv[2] as string, enableFindLocal: false });
