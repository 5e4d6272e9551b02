/**
 * Inference in WebAssembly, for the clock: the loops of inference.ts, written as instructions (WebAssembly Core
 * Specification 2.0, chapter 5), so that what is timed is machine code of which we know every branch.
 */
import { Bytes } from "../../core/compile/bytes.js";
import type { Network } from "../../core/network/network.js";
import { type Device, type FlatLayer, flatten } from "./inference.js";

/** The part of the engine's WebAssembly API that is used. */
interface Engine {
  Module: new (bytes: Uint8Array<ArrayBuffer>) => object;
  Instance: new (module: object) => { exports: Record<string, unknown> };
}

/** What a module exports. */
interface Exports {
  memory: { buffer: ArrayBuffer; grow(pages: number): number };
  /** The logit of the point at an address. */
  infer(address: number): number;
}

const PAGE = 65_536;
/** Size of a double. */
const DOUBLE = 8;

/** A layer and where in memory it is: addresses of its weights, biases and outputs. */
interface PlacedLayer extends FlatLayer {
  weightsAt: number;
  biasesAt: number;
  outputAt: number;
}

/**
 * Inference by compiled loops; `skips` to leave out the weights of a neuron whose output is 0.
 *
 * @throws RangeError when the hidden neurons are not plain ReLUs
 */
export function compiledDevice(network: Network, skips: boolean): Device {
  const [layers, end] = placed(flatten(network));
  const { Module, Instance } = (globalThis as unknown as { WebAssembly: Engine }).WebAssembly;
  const { memory, infer } = new Instance(new Module(moduleOf(layers, skips))).exports as unknown as Exports;
  memory.grow(Math.ceil(end / PAGE));
  for (const { weights, biases, weightsAt, biasesAt } of layers) {
    new Float64Array(memory.buffer, weightsAt, weights.length).set(weights);
    new Float64Array(memory.buffer, biasesAt, biases.length).set(biases);
  }
  return {
    infer: (_, from) => infer(end + DOUBLE * from),
    room(length) {
      const missing = end + DOUBLE * length - memory.buffer.byteLength;
      if (missing > 0) memory.grow(Math.ceil(missing / PAGE));
      return new Float64Array(memory.buffer, end, length);
    },
  };
}

/** The layers one after the other in memory, and the first free address. */
function placed(layers: readonly FlatLayer[]): [PlacedLayer[], end: number] {
  let end = 0;
  const place = (length: number): number => {
    end += DOUBLE * length;
    return end - DOUBLE * length;
  };
  const own = layers.map((layer) => ({
    ...layer,
    weightsAt: place(layer.weights.length),
    biasesAt: place(layer.fanOut),
    outputAt: place(layer.fanOut),
  }));
  return [own, end];
}

const [I32, F64] = [0x7f, 0x7c];

/** Instructions. */
const OP = {
  loop: 0x03,
  if: 0x04,
  end: 0x0b,
  branchIf: 0x0d,
  get: 0x20,
  set: 0x21,
  tee: 0x22,
  "f64.load": 0x2b,
  "f64.store": 0x39,
  "i32.const": 0x41,
  "f64.const": 0x44,
  "i32.ne": 0x47,
  "f64.ne": 0x62,
  "i32.add": 0x6a,
  "i32.mul": 0x6c,
  "f64.abs": 0x99,
  "f64.add": 0xa0,
  "f64.mul": 0xa2,
} as const;

/** Locals: the parameter first, then i, j and the row of weights as distances in bytes, then the two numbers. */
const [FROM, I, J, ROW, A, Z] = [0, 1, 2, 3, 4, 5];

function moduleOf(layers: readonly PlacedLayer[], skips: boolean): Uint8Array<ArrayBuffer> {
  const bytes = new Bytes();
  bytes.append(new Uint8Array([0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));
  const section = (id: number, write: (to: Bytes) => void): void => {
    bytes.byte(id);
    bytes.block((to) => {
      to.unsigned(1);
      write(to);
    });
  };
  // one type, i32 -> f64; one function of it; one memory, without a page yet
  section(1, (to) => to.append(new Uint8Array([0x60, 1, I32, 1, F64])));
  section(3, (to) => to.unsigned(0));
  section(5, (to) => to.append(new Uint8Array([0, 0])));
  bytes.byte(7);
  bytes.block((to) => {
    to.unsigned(2);
    to.text("memory");
    to.append(new Uint8Array([2, 0]));
    to.text("infer");
    to.append(new Uint8Array([0, 0]));
  });
  section(10, (to) => to.block((body) => writeInference(body, layers, skips)));
  return bytes.slice();
}

function writeInference(to: Bytes, layers: readonly PlacedLayer[], skips: boolean): void {
  const op = (...names: (keyof typeof OP)[]): void => {
    for (const name of names) to.byte(OP[name]);
  };
  const local = (name: "get" | "set" | "tee", index: number): void => {
    op(name);
    to.unsigned(index);
  };
  const constant = (value: number): void => {
    op("i32.const");
    to.signed(value);
  };
  const access = (name: "f64.load" | "f64.store", address: number): void => {
    op(name);
    to.byte(3); // aligned to 8 bytes
    to.unsigned(address);
  };
  const number = (value: number): void => {
    op("f64.const");
    to.append(new Uint8Array(new Float64Array([value]).buffer));
  };
  const countTo = (index: number, count: number, body: () => void): void => {
    constant(0);
    local("set", index);
    op("loop");
    to.byte(0x40);
    body();
    local("get", index);
    constant(DOUBLE);
    op("i32.add");
    local("tee", index);
    constant(DOUBLE * count);
    op("i32.ne", "branchIf");
    to.byte(0);
    op("end");
  };
  to.append(new Uint8Array([2, 3, I32, 2, F64]));
  for (const [l, { fanIn, fanOut, weightsAt, biasesAt, outputAt }] of layers.entries()) {
    countTo(J, fanOut, () => {
      local("get", J);
      number(0);
      access("f64.store", outputAt);
    });
    countTo(I, fanIn, () => {
      local("get", I);
      if (l === 0) {
        local("get", FROM);
        op("i32.add");
      }
      access("f64.load", l === 0 ? 0 : layers[l - 1].outputAt);
      local("set", A);
      const accumulate = (): void => {
        local("get", I);
        constant(fanOut);
        op("i32.mul");
        local("set", ROW);
        countTo(J, fanOut, () => {
          local("get", J);
          local("get", J);
          access("f64.load", outputAt);
          local("get", A);
          local("get", ROW);
          local("get", J);
          op("i32.add");
          access("f64.load", weightsAt);
          op("f64.mul", "f64.add");
          access("f64.store", outputAt);
        });
      };
      if (!skips) accumulate();
      else {
        local("get", A);
        number(0);
        op("f64.ne", "if");
        to.byte(0x40);
        accumulate();
        op("end");
      }
    });
    // z + b, and (z + |z|) / 2 where another layer follows
    countTo(J, fanOut, () => {
      local("get", J);
      local("get", J);
      access("f64.load", outputAt);
      local("get", J);
      access("f64.load", biasesAt);
      op("f64.add");
      if (l < layers.length - 1) {
        local("tee", Z);
        local("get", Z);
        op("f64.abs", "f64.add");
        number(0.5);
        op("f64.mul");
      }
      access("f64.store", outputAt);
    });
  }
  constant(0);
  access("f64.load", layers[layers.length - 1].outputAt);
  op("end");
}
