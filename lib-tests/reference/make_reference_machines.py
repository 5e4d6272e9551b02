"""Writes reference_machines.json: one training, on machines that compute it a little differently, where do bits differ?

    npm run build
    /usr/bin/python3 lib-tests/reference/make_reference_machines.py

On Debian 12 (x64, a processor with AVX-512) it needs `apt-get install python3-numpy gcc gcc-aarch64-linux-gnu libc6-dev-arm64-cross
qemu-user-static libblas3 libopenblas0-pthread libblis4-pthread libatlas3-base`. BLAS_ROOT names another folder that these libraries
were unpacked in. What the numbers in the repository were made with is in the file.

The task is that of notebook 04, from the project's own code: the same points, weights and orders of the points for everybody. NumPy
trains it by one script that only the environment changes: which BLAS library, which of its kernels, how many threads, which
instructions NumPy may use. C trains it by machines.c, compiled in many ways, for x64 and, under qemu, for arm64. Each is compared
with the first of its family, step by step, by a checksum of all parameters, and does the first seed twice, to the same bits.
Names of settings as arguments record these again and keep the others; all take half an hour.
"""

import json
import os
import platform
import subprocess
import sys
import tempfile
import zlib
from datetime import date
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
BLAS_ROOT = Path(os.environ.get("BLAS_ROOT", "/usr")) / "lib/x86_64-linux-gnu"
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith(("OPENBLAS_", "BLIS_", "NPY_"))}
POINTS, PARTED, THREADS = 250, 1e-2, ", 2 threads"

# name -> sizes of the hidden layers, points in a batch, learning rate, epochs, seeds; the first two are the notebook's
SETTINGS = {
    "single samples": ([10], 1, 0.4, 600, 20),
    "full batch": ([10], POINTS, 2, 1000, 20),
    "two layers of 256": ([256, 256], POINTS, 0.5, 50, 3),
}
# trainings of single samples take seconds each: so many of the seeds
FEW = {"single samples": {"C": 5, "C, own exp": 5, "NumPy": 5}}

DRAW = """
const { butterflyEffect, drawTask, randomStream, toParameters } = require("glass-house");
const [hiddenLayers, orders, seeds] = JSON.parse(process.argv[1]);
const tasks = Array.from({ length: seeds }, (_, i) => {
  const parameters = butterflyEffect.parameters({ seed: i + 1, hiddenLayers });
  const { data, initial } = drawTask(parameters);
  const random = randomStream("shuffle", parameters.seed);
  const order = Int32Array.from({ length: data.train.labels.rows }, (_, k) => k);
  return {
    points: data.train.points.to1DArray(),
    labels: data.train.labels.to1DArray(),
    testPoints: data.test.points.to1DArray(),
    initial: [...toParameters(initial)],
    orders: Array.from({ length: orders }, () => (random.shuffle(order), [...order])),
  };
});
console.log(JSON.stringify(tasks));
"""


def draw_tasks(setting):
    hidden, batch, _, epochs, seeds = SETTINGS[setting]
    wanted = json.dumps([hidden, 0 if batch == POINTS else epochs, seeds])
    drawn = subprocess.run(["node", "-e", DRAW, wanted], cwd=HERE, check=True, capture_output=True).stdout
    return json.loads(drawn)


# ---- the training in NumPy


def views(flat, hidden):
    """W and b of each layer, as parts of one array."""
    sizes, layers, at = [2, *hidden, 1], [], 0
    for n, m in zip(sizes, sizes[1:]):
        layers.append((flat[at : at + n * m].reshape(n, m), flat[at + n * m : at + n * m + m]))
        at += n * m + m
    return layers


def logits(layers, x):
    inputs = [x]
    for W, b in layers[:-1]:
        inputs.append(np.maximum(inputs[-1] @ W + b, 0))
    W, b = layers[-1]
    return inputs, inputs[-1] @ W + b


def train(task, setting):
    """The checksums after each step, and the parameters after the last."""
    hidden, size, rate, epochs, _ = SETTINGS[setting]
    x = np.array(task["points"]).reshape(-1, 2)
    y = np.array(task["labels"]).reshape(-1, 1)
    flat = np.array(task["initial"])
    gradient = np.empty_like(flat)
    layers, gradients = views(flat, hidden), views(gradient, hidden)
    sums = []
    for epoch in range(epochs):
        xs, ys = (x, y) if size == POINTS else (x[task["orders"][epoch]], y[task["orders"][epoch]])
        for start in range(0, POINTS, size):
            inputs, z = logits(layers, xs[start : start + size])
            e = np.exp(-np.abs(z))
            delta = np.where(z < 0, e, 1) / (1 + e) - ys[start : start + size]
            for (W, _), (dW, db), a in zip(layers[::-1], gradients[::-1], inputs[::-1]):
                dW[:] = a.T @ delta
                db[:] = delta.sum(axis=0)
                delta = (delta @ W.T) * (a > 0)
            flat -= rate * (gradient / size)
            sums.append(zlib.crc32(flat))
    return np.array(sums, np.uint32), flat


def numpy_worker(setting, tasks, out):
    """In a process of its own, for the environment decides which library is loaded."""
    runs = [train(task, setting) for task in json.loads(Path(tasks).read_text())]
    again = train(json.loads(Path(tasks).read_text())[0], setting)
    np.savez(out, sums=[s for s, _ in runs], ends=[p for _, p in runs], again=again[0])


def told_by(library, function, env=CLEAN):
    """What a function of a library says, in an environment."""
    ask = "import ctypes, sys; f = ctypes.CDLL(sys.argv[1])[sys.argv[2]]; f.restype = ctypes.c_char_p; print(f().decode())"
    return text_of(sys.executable, "-c", ask, library, function, env=env)


def numpy_machines():
    """name -> what the environment says"""
    library = lambda name: {"LD_LIBRARY_PATH": f"{BLAS_ROOT / name}:{BLAS_ROOT}"}
    openblas = lambda core, threads=1: {
        **library("openblas-pthread"),
        "OPENBLAS_CORETYPE": core,
        "OPENBLAS_NUM_THREADS": str(threads),
    }
    reference = {"LD_LIBRARY_PATH": "/usr/lib/x86_64-linux-gnu/blas"}
    without = "AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX2 FMA3"
    return {
        "reference BLAS": reference,
        "reference BLAS, NumPy without FMA and AVX-512": {**reference, "NPY_DISABLE_CPU_FEATURES": without},
        "OpenBLAS, Prescott kernels": openblas("Prescott"),
        "OpenBLAS, Nehalem kernels": openblas("Nehalem"),
        "OpenBLAS, Haswell kernels": openblas("Haswell"),
        "OpenBLAS, SkylakeX kernels": openblas("SkylakeX"),
        f"OpenBLAS, SkylakeX kernels{THREADS}": openblas("SkylakeX", 2),
        "BLIS": {**library("blis-pthread"), "BLIS_NUM_THREADS": "1"},
        "ATLAS": library("atlas"),
    }


def numpy_runs(setting, tasks, folder):
    (folder / "tasks.json").write_text(json.dumps(tasks))
    runs = {}
    for name, change in numpy_machines().items():
        env = {**CLEAN, **change}
        if "OPENBLAS_CORETYPE" in change:
            core = told_by("libopenblas.so.0", "openblas_get_corename", env)
            assert core == change["OPENBLAS_CORETYPE"], (name, core)
        command = [sys.executable, __file__, "worker", setting, folder / "tasks.json", folder / "run.npz"]
        subprocess.run(command, env=env, check=True)
        with np.load(folder / "run.npz") as run:
            assert (run["again"] == run["sums"][0]).all(), f"{name}, {setting}: not the same again"
            runs[name] = run["sums"], run["ends"]
    return runs


# ---- the training in C

X64, ARM64 = ["gcc", "-static"], ["aarch64-linux-gnu-gcc", "-static"]
EXACT, FUSED = ["-ffp-contract=off"], []  # gcc's default outside -std=c... is to contract wherever there is an instruction
OLD_LIBC = {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-FMA,-AVX2,-FMA4"}

# name -> compiler and options, environment
PROGRAMS = {
    "x64, -O0": ([*X64, "-O0", *EXACT], {}),
    "x64, -O3": ([*X64, "-O3", *EXACT], {}),
    "x64, -O3 -march=x86-64-v3, not contracted": ([*X64, "-O3", "-march=x86-64-v3", *EXACT], {}),
    "x64, -O3 -march=x86-64-v3": ([*X64, "-O3", "-march=x86-64-v3", *FUSED], {}),
    "x64, -O3, exp without FMA": ([*X64, "-O3", *EXACT], OLD_LIBC),
    "x64, -O3 -ffast-math": ([*X64, "-O3", "-ffast-math", *EXACT], {}),
    "arm64, -O3, not contracted": ([*ARM64, "-O3", *EXACT], {}),
    "arm64, -O3": ([*ARM64, "-O3", *FUSED], {}),
}


def c_runs(setting, tasks, folder, own_exp):
    _, size, rate, epochs, _ = SETTINGS[setting]
    orders = epochs if size < POINTS else 1
    constants = {"REAL": "double", "POINTS": POINTS, "HIDDEN": 10, "BATCH": size, "ORDERS": orders, "EPOCHS": epochs}
    defines = [f"-D{name}={value}" for name, value in constants.items()] + ["-DOWN_EXP"] * own_exp
    runs = {}
    for name, (compiler, env) in PROGRAMS.items():
        program = folder / "program"
        subprocess.run([*compiler, *defines, "-o", program, HERE / "machines.c", "-lm"], check=True)
        command = (["qemu-aarch64-static"] if "arm64" in name else []) + [program]
        sums, ends = [], []
        for task in tasks:
            order = task["orders"] or [list(range(POINTS))]
            numbers = [rate, *task["points"], *task["labels"], *task["initial"], *(i for row in order for i in row)]
            given = " ".join(map(repr, numbers)).encode()
            done = lambda: subprocess.run(command, input=given, env={**os.environ, **env}, check=True, capture_output=True).stdout
            written = done()
            if not sums:
                assert written == done(), f"{name}, {setting}: not the same again"
            sums.append(np.frombuffer(written[: -8 * 41], np.uint32))
            ends.append(np.frombuffer(written[-8 * 41 :]))
        runs[name] = np.array(sums), np.array(ends)
    return runs


# ---- what is recorded


def churn(task, hidden, own, other):
    x = np.array(task["testPoints"]).reshape(-1, 2)
    signs = [logits(views(np.array(end), hidden), x)[1] > 0 for end in (own, other)]
    return int((signs[0] != signs[1]).sum())


def compared(family, setting, tasks, runs):
    """Every run against the first, or with more threads against the same with one, over the seeds."""
    first_name, *others = runs
    rows = []
    for name in others:
        base = name.removesuffix(THREADS) if name.endswith(THREADS) else first_name
        (base_sums, base_ends), (sums, ends) = runs[base], runs[name]
        differs = sums != base_sums
        first = [int(row.argmax()) + 1 for row in differs if row.any()]
        distances = np.linalg.norm(ends - base_ends, axis=1)
        answers = [churn(task, SETTINGS[setting][0], a, b) for task, a, b in zip(tasks, base_ends, ends)]
        rows.append(
            {
                "family": family,
                "setting": setting,
                "base": base,
                "machine": name,
                "seeds": len(tasks),
                "differing": len(first),
                "firstStep": sorted(first)[len(first) // 2] if first else None,
                "parted": int((distances >= PARTED).sum()),
                "distance": float(f"{np.median(distances):.2g}"),
                "answers": float(f"{np.mean(answers):.3g}"),
            }
        )
        print(rows[-1], flush=True)
    return rows


def text_of(*command, env={}):
    done = subprocess.run(command, env={**os.environ, **env}, check=True, capture_output=True, text=True)
    return done.stdout.splitlines()[0]


def made_with():
    cpu = dict(line.split(":", 1) for line in Path("/proc/cpuinfo").read_text().splitlines() if ":" in line)
    cpu = {key.strip(): value.strip() for key, value in cpu.items()}
    atlas = Path(os.path.realpath(BLAS_ROOT / "libatlas.so.3")).name
    return {
        "date": str(date.today()),
        "cpu": f"{cpu['model name']} (x64, family {cpu['cpu family']}, model {cpu['model']})",
        "python": platform.python_version(),
        "numpy": np.__version__,
        "reference BLAS": text_of("dpkg-query", "-W", "-f", "${Version}\n", "libblas3"),
        "OpenBLAS": told_by(str(BLAS_ROOT / "openblas-pthread/libopenblas.so.0"), "openblas_get_config").split()[1],
        "BLIS": told_by(str(BLAS_ROOT / "blis-pthread/libblis.so.4"), "bli_info_get_version_str"),
        "ATLAS": atlas.removeprefix("libatlas.so."),
        "libc": " ".join(platform.libc_ver()),
        "gcc": text_of("gcc", "--version"),
        "gcc for arm64": text_of("aarch64-linux-gnu-gcc", "--version"),
        "qemu": text_of("qemu-aarch64-static", "--version").split("(")[0].strip(),
    }


def main(settings):
    path = HERE / "reference_machines.json"
    for setting in settings:
        tasks = draw_tasks(setting)
        families = ["C", "C, own exp", "NumPy"] if SETTINGS[setting][0] == [10] else ["NumPy"]
        for family in families:
            few = tasks[: FEW.get(setting, {}).get(family, len(tasks))]
            with tempfile.TemporaryDirectory() as name:
                folder = Path(name)
                runs = (
                    numpy_runs(setting, few, folder)
                    if family == "NumPy"
                    else c_runs(setting, few, folder, family == "C, own exp")
                )
                rows = compared(family, setting, few, runs)
            kept = json.loads(path.read_text())["trainings"] if path.exists() else []
            kept = [row for row in kept if (row["setting"], row["family"]) != (setting, family)] + rows
            kept.sort(key=lambda row: list(SETTINGS).index(row["setting"]))
            path.write_text(json.dumps({"madeWith": made_with(), "trainings": kept}) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:2] == ["worker"]:
        numpy_worker(*sys.argv[2:])
    else:
        main(sys.argv[1:] or list(SETTINGS))
