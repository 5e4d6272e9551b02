/** A Slurm of this machine alone: all that it writes lies in one folder, and its daemons end with the tests. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, openSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { availableParallelism, hostname } from "node:os";
import { join } from "node:path";
import { until } from "../report/toys.js";

/** Where Debian has the daemons, which a user's PATH may leave out. */
const PATH = `${process.env.PATH}:/usr/sbin:/sbin`;

/** What is missing for a Slurm; undefined when nothing is. */
export function missing(): string | undefined {
  if (process.platform !== "linux" || process.getuid?.() !== 0) return "Slurm's daemons want Linux and root";
  const isThere = (name: string): boolean =>
    spawnSync(name, ["--version"], { env: { PATH } }).error === undefined;
  return ["munged", "mungekey", "slurmctld", "slurmd", "sbatch"].find((name) => !isThere(name));
}

export interface Slurm {
  /** The environment of commands that speak to it. */
  env: NodeJS.ProcessEnv;
  stop(): Promise<void>;
}

/** Starts a Slurm with one node, this machine. */
export async function startSlurm(folder: string): Promise<Slurm> {
  const at = (name: string): string => join(folder, name);
  const host = hostname().split(".")[0];
  const env = { ...process.env, PATH, SLURM_CONF: at("slurm.conf") };
  for (const name of ["state", "spool"]) mkdirSync(at(name));
  writeFileSync(
    at("slurm.conf"),
    `ClusterName=test
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${await freePort()}
SlurmdPort=${await freePort()}
AuthType=auth/munge
AuthInfo=socket=${at("munge.socket")}
SlurmUser=root
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
MpiDefault=none
ReturnToService=2
StateSaveLocation=${at("state")}
SlurmdSpoolDir=${at("spool")}
SlurmctldPidFile=${at("slurmctld.pid")}
SlurmdPidFile=${at("slurmd.pid")}
NodeName=${host} NodeAddr=127.0.0.1 CPUs=${availableParallelism()} State=UNKNOWN
PartitionName=all Nodes=${host} Default=YES State=UP
`,
  );
  const daemons: ChildProcess[] = [];
  const start = (name: string, ...args: string[]): void => {
    const log = openSync(at(`${name}.log`), "w");
    daemons.unshift(spawn(name, args, { env, stdio: ["ignore", log, log] }));
  };
  const answers = (name: string, args: string[], answer: RegExp): boolean =>
    answer.test(spawnSync(name, args, { env, encoding: "utf8" }).stdout);

  execFileSync("mungekey", ["--create", `--keyfile=${at("key")}`], { env });
  start(
    "munged",
    "--foreground",
    "--force",
    `--socket=${at("munge.socket")}`,
    `--key-file=${at("key")}`,
    `--pid-file=${at("munge.pid")}`,
    `--log-file=${at("munge.log")}`,
    `--seed-file=${at("seed")}`,
  );
  const stop = async (): Promise<void> => {
    for (const daemon of daemons) {
      if (daemon.exitCode !== null) continue;
      daemon.kill();
      await once(daemon, "exit");
    }
  };
  try {
    await until(() => answers("munge", ["-n", `--socket=${at("munge.socket")}`], /^MUNGE:/), "munged");
    start("slurmctld", "-D");
    await until(() => answers("scontrol", ["ping"], /UP/), "slurmctld");
    start("slurmd", "-D");
    await until(() => answers("sinfo", ["--noheader", "--format=%t"], /^idle$/m), "slurmd");
  } catch (error) {
    await stop();
    throw error;
  }
  return { env, stop };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
