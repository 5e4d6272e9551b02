/**
 * Where a kernel listens: its ports on loopback, the key that signs its messages, and the file that says so.
 */
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";

const HOST = "127.0.0.1";

/**
 * A connection file's content.
 * https://jupyter-client.readthedocs.io/en/stable/kernels.html#connection-files
 */
export interface Connection {
  transport: "tcp";
  ip: typeof HOST;
  signature_scheme: "hmac-sha256";
  key: string;
  shell_port: number;
  iopub_port: number;
  stdin_port: number;
  control_port: number;
  hb_port: number;
}

/** Number of ports that a kernel listens on. */
const PORT_COUNT = 5;

/**
 * A connection on free ports with a new key. The ports are free when this returns, and are not reserved:
 * another process may take one before the kernel does.
 *
 * @param ports - five ports to use in place of free ones
 * @throws Error when the system has no free port
 */
export async function newConnection(ports?: readonly number[]): Promise<Connection> {
  const [shell, iopub, stdin, control, heartbeat] = ports ?? (await freePorts(PORT_COUNT));
  return {
    transport: "tcp",
    ip: HOST,
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

/** The address of one of the kernel's ports, as ZeroMQ writes it. */
export function address({ transport, ip }: Connection, port: number): string {
  return `${transport}://${ip}:${port}`;
}
