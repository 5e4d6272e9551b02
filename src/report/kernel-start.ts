/**
 * The program of a kernel, for our own runs and for Jupyter: the tslab of this package, whatever others lie above the
 * notebook, with what it lacks. Its argument is the connection file's path.
 */
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { ZmqServer } from "tslab/dist/jupyter";
import { startKernel } from "tslab/dist/main";
import type { Router } from "zeromq";
import { address } from "./connection.js";
import { refuseInput } from "./kernel-input.js";
import { isSigned } from "./messages.js";

/** The end of a kernel's parent must end the kernel, too, and that even while a cell keeps this thread busy. */
function watchParent(): void {
  if (process.env.JPY_PARENT_PID !== undefined) new Worker(join(__dirname, "kernel-watchdog.js")).unref();
}

/** What of tslab's server is replaced; its types call it private. */
interface Server extends Pick<ZmqServer, "connInfo" | "handleShellMessage"> {
  bindSocket(socket: Router, port: number): Promise<void>;
}

const server = ZmqServer.prototype as unknown as Server;

/**
 * To a message with a wrong signature tslab answers, on iopub, with the right one: whoever reads that can sign what the
 * kernel then executes. Such a message must never come to it.
 */
const { handleShellMessage } = server;
server.handleShellMessage = async function (socket, ...frames) {
  if (isSigned(this.connInfo.key, frames)) await handleShellMessage.call(this, socket, ...frames);
};

/**
 * Binds at once. While tslab's own waits for that, a request may come already, and then the kernel is deaf from there on: "Socket is
 * blocked by a bind or unbind operation". It also gives sockets on files other names than Jupyter does.
 */
server.bindSocket = async function (socket, port) {
  socket.bindSync(address(this.connInfo as Parameters<typeof address>[0], port));
};

watchParent();
refuseInput();
startKernel({ configPath: process.argv[2] as string, enableFindLocal: false });
