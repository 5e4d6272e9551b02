/** A kernel's connection: its sockets, the key that signs its messages, and its connection file. */
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { join } from "node:path";

const HOST = "127.0.0.1";

/**
 * The content of a connection file.
 * https://jupyter-client.readthedocs.io/en/stable/kernels.html#connection-files
 */
export interface Connection {
  transport: "tcp" | "ipc";
  /** An IP address with "tcp"; with "ipc", the common start of the sockets' paths. */
  ip: string;
  signature_scheme: "hmac-sha256";
  key: string;
  shell_port: number;
  iopub_port: number;
  stdin_port: number;
  control_port: number;
  hb_port: number;
}

/**
 * Maximal length of a socket's path: 108 on Linux, 104 on macOS, including a final zero.
 * https://man7.org/linux/man-pages/man7/unix.7.html
 */
const MAX_SOCKET_PATH = 103;

/** Whether a folder can hold sockets. On Windows, ZeroMQ does not support them. */
export function canHoldSockets(folder: string): boolean {
  return (
    process.platform !== "win32" && Buffer.byteLength(socketPath(join(folder, "s"), 1)) <= MAX_SOCKET_PATH
  );
}

/**
 * Creates a connection with a new key, on sockets in the kernel's folder, which only this user can enter, so that nobody
 * else can read what the kernel publishes. If sockets are not possible, uses free ports of this machine.
 */
export async function newConnection(folder: string): Promise<Connection> {
  if (!canHoldSockets(folder)) return tcpConnection();
  return connection("ipc", join(folder, "s"), [1, 2, 3, 4, 5]);
}

/**
 * Creates a connection with a new key, on free ports. The ports are not reserved: another process may take one before the
 * kernel does.
 *
 * @throws Error when no port is free
 */
export async function tcpConnection(): Promise<Connection> {
  return connection("tcp", HOST, await freePorts(5));
}

function connection(transport: "tcp" | "ipc", ip: string, ports: readonly number[]): Connection {
  const [shell, iopub, stdin, control, heartbeat] = ports as [number, number, number, number, number];
  return {
    transport,
    ip,
    signature_scheme: "hmac-sha256",
    key: randomBytes(32).toString("hex"),
    shell_port: shell,
    iopub_port: iopub,
    stdin_port: stdin,
    control_port: control,
    hb_port: heartbeat,
  };
}

/** Asks the system for `count` different free ports on the loopback interface. */
async function freePorts(count: number): Promise<number[]> {
  // hang up on any client that connects, because close() waits for its connections
  const servers = Array.from({ length: count }, () => createServer((guest) => guest.destroy()));
  try {
    // hold all ports until the last one is known, so that they differ
    return await Promise.all(servers.map(listen));
  } catch (error) {
    throw new Error(`no free port on ${HOST}: ${(error as Error).message}`);
  } finally {
    await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  }
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host: HOST, port: 0, exclusive: true }, () =>
      resolve((server.address() as AddressInfo).port),
    );
  });
}

/** Writes a connection file that only this user can read: anybody with the key can make the kernel run code. */
export function writeConnectionFile(path: string, connection: Connection): void {
  writeFileSync(path, JSON.stringify(connection, null, 2), { mode: 0o600, flag: "wx" });
}

/** The address of one of the kernel's sockets in ZeroMQ's notation. */
export function address({ transport, ip }: Pick<Connection, "transport" | "ip">, port: number): string {
  return transport === "ipc" ? `ipc://${socketPath(ip, port)}` : `tcp://${ip}:${port}`;
}

/** Jupyter's naming scheme. https://github.com/jupyter/jupyter_client/blob/main/jupyter_client/connect.py */
function socketPath(prefix: string, port: number): string {
  return `${prefix}-${port}`;
}
