/** The thread that ends the process that draws when its stdin ends, and so whoever started it has. */
import { read } from "node:fs";

// not readSync: a native module asks every thread for its state when it is loaded, so none may be blocked
read(0, () => process.kill(process.pid, "SIGKILL"));
