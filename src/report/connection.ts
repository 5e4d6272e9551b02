/**
 * Where a kernel listens: its sockets, the key that signs its messages, and the file that says so.
 */
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { join } from "node:path";

const HOST = "127.0.0.1";

/**
 * A connection file's content.
 * https://jupyter-client.readthedocs.io/en/stable/kernels.html#connection-files
 */
export interface Connection {
  transport: "tcp" | "ipc";
  /** With "tcp" an IP address, with "ipc" what the paths of the sockets begin with. */
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
 * Characters that the path of a socket may have: 108 on Linux, 104 on macOS, each with a zero at its end.
 * https://man7.org/linux/man-pages/man7/unix.7.html
 */
const MAX_SOCKET_PATH = 103;

/** Whether sockets can lie in a folder. Windows has none that ZeroMQ knows. */
export function canHoldSockets(folder: string): boolean {
  return (
    process.platform !== "win32" && Buffer.byteLength(socketPath(join(folder, "s"), 1)) <= MAX_SOCKET_PATH
  );
}

/**
 * A connection with a new key: on sockets in the kernel's folder, which nobody else may enter, so that nobody
 * else can read what the kernel publishes; on free ports of this machine where that cannot be.
 */
export async function newConnection(folder: string): Promise<Connection> {
  if (!canHoldSockets(folder)) return tcpConnection();
  return connection("ipc", join(folder, "s"), [1, 2, 3, 4, 5]);
}

/**
 * A connection on free ports with a new key. The ports are free when this returns, and are not reserved:
 * another process may take one before the kernel does.
 *
 * @throws Error when the system has no free port
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

/** Asks the system for `count` different free ports on loopback. */
async function freePorts(count: number): Promise<number[]> {
  // whoever takes one for a kernel's that is just starting is turned away: close() waits for its guests
  const servers = Array.from({ length: count }, () => createServer((guest) => guest.destroy()));
  try {
    // all are held until the last one is known, so that no port comes twice
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

/**
 * Writes a connection file that only this user can read: whoever has the key can have the kernel run code.
 */
export function writeConnectionFile(path: string, connection: Connection): void {
  writeFileSync(path, JSON.stringify(connection, null, 2), { mode: 0o600, flag: "wx" });
}

/** The address of one of the kernel's sockets, as ZeroMQ writes it. */
export function address({ transport, ip }: Pick<Connection, "transport" | "ip">, port: number): string {
  return transport === "ipc" ? `ipc://${socketPath(ip, port)}` : `tcp://${ip}:${port}`;
}

/** As Jupyter names them. https://github.com/jupyter/jupyter_client/blob/main/jupyter_client/connect.py */
function socketPath(prefix: string, port: number): string {
  return `${prefix}-${port}`;
}
