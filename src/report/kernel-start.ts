/**
 * The kernel program for our own runs and for Jupyter: the tslab of this package, even if the notebook has another in a
 * parent folder, with some fixes. Its argument is the path of the connection file.
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

/** The kernel must end with its parent, even while a cell keeps this thread busy. */
function watchParent(): void {
  if (process.env.JPY_PARENT_PID !== undefined) new Worker(join(__dirname, "kernel-watchdog.js")).unref();
}

/** The parts of tslab's server that are used or replaced; its types call them private. */
interface Server extends Pick<ZmqServer, "connInfo" | "iopub" | "handleShellMessage"> {
  bindSocket(socket: Publisher | Router, port: number): Promise<void>;
}

const server = ZmqServer.prototype as unknown as Server;

/**
 * When a message has a wrong signature, tslab publishes the correct one on iopub: anybody who reads it can sign code for
 * the kernel to execute. Such messages must never reach tslab.
 */
const { handleShellMessage } = server;
server.handleShellMessage = async function (socket, ...frames) {
  if (isSigned(this.connInfo.key, frames)) await handleShellMessage.call(this, socket, ...frames);
};

/**
 * Binds synchronously: a request that arrives during tslab's asynchronous bind leaves the kernel deaf ("Socket is blocked
 * by a bind or unbind operation"). Also names sockets on files as Jupyter does, unlike tslab.
 */
server.bindSocket = async function (socket, port) {
  if (socket === this.iopub) losesNothing(this.iopub);
  socket.bindSync(address(this.connInfo as Parameters<typeof address>[0], port));
};

/**
 * By default a publisher drops messages once a reader lags 1000 behind, and zeromq.js drops all after the first 512 sent
 * in one turn of the event loop; tslab waits for neither.
 * https://github.com/zeromq/zeromq.js/blob/master/src/socket.cc (max_sync_operations)
 */
function losesNothing(publisher: Publisher): void {
  publisher.sendHighWaterMark = 0;
  publisher.sendTimeout = 0;
}

watchParent();
refuseInput();
startKernel({ configPath: process.argv[2] as string, enableFindLocal: false });
