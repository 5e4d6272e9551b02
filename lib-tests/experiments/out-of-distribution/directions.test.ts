import assert from "node:assert/strict";
import { Matrix } from "ml-matrix";
import { leakyRelu } from "../../../src/core/network/activations.js";
import { isCertain } from "../../../src/experiments/out-of-distribution/confidence.js";
import { arcsOf, certainShare, farShares } from "../../../src/experiments/out-of-distribution/directions.js";
import { logitsAlongRay, logitsAt, MIDDLE } from "../../../src/experiments/out-of-distribution/rays.js";
import { close } from "../../support/close.js";

import { layerOf, networkOf, networks } from "./one-layers.js";

describe("directions", () => {
  // all neurons look into the quarter between east and north, so to the south-west none is on
  const wedge = networkOf(
    [
      [1, 0, 0.3, 2],
      [0, 1, -0.2, -3],
      [1, 1, 1, 1],
    ],
    0.7,
  );

  it("are in doubt in a wedge where no neuron is on", () => {
    const arcs = arcsOf(layerOf(wedge));
    const { bounded, doubtful } = farShares(arcs);
    // off are all neurons from the angle of 180° to that of 270°
    close(bounded, 1 / 4);
    close(doubtful, 1 / 4);
    const level = arcs.filter(({ limit }) => limit !== undefined);
    assert.deepEqual(
      level.map(({ limit }) => limit),
      [0.7],
    );
    close(level[0].from, Math.PI);
    close(level[0].to, 1.5 * Math.PI);
  });

  it("may end in certainty that is bounded", () => {
    const sure = farShares(
      arcsOf(
        layerOf(
          networkOf(
            [
              [1, 0, 0.3, 2],
              [0, 1, -0.2, -3],
            ],
            7,
          ),
        ),
      ),
    );
    close(sure.bounded, 1 / 4);
    assert.equal(sure.doubtful, 0);
  });

  it("are level where neurons that are on cancel, also on a line that leans", () => {
    // z = 3 relu(u) - 3 relu(u + 1) = -3 where u > 0 and 0 where u < -1, for u = x + 2 y: bounded everywhere
    const step = arcsOf(
      layerOf(
        networkOf([
          [1, 2, 0, 3],
          [1, 2, 1, -3],
        ]),
      ),
    );
    assert.deepEqual(farShares(step), { bounded: 1, doubtful: 1 });
    assert.deepEqual(step.map(({ limit }) => limit).sort(), [-3, 0]);
  });

  it("are all level without neurons, and none with leaky ReLUs in that wedge", () => {
    assert.deepEqual(farShares(arcsOf(layerOf(networkOf([[0, 0, 1, 1]], 2)))), { bounded: 1, doubtful: 1 });
    const leaky = networkOf(
      [
        [1, 0, 0.3, 2],
        [0, 1, -0.2, -3],
        [1, 1, 1, 1],
      ],
      0.7,
      leakyRelu,
    );
    assert.deepEqual(farShares(arcsOf(layerOf(leaky))), { bounded: 0, doubtful: 0 });
  });

  for (const [name, network] of [...networks, ["a wedge", wedge] as const]) {
    it(`have the slope of the logit far out: ${name}`, () => {
      for (const { from, to, slope, limit } of arcsOf(layerOf(network))) {
        const angle = (from + to) / 2;
        const [ux, uy] = [Math.cos(angle), Math.sin(angle)];
        const ray = { origin: MIDDLE, direction: [ux, uy] };
        const [near, far] = logitsAlongRay(network, ray, [1e7, 2e7]);
        close((far - near) / 1e7, slope[0] * ux + slope[1] * uy, 1e-6);
        if (limit !== undefined) close(near, limit, 1e-6);
      }
    });

    it(`are certain on as much of a circle as on a fine sample of it: ${name}`, () => {
      const count = 4000;
      for (const radius of [0.3, 1, 3, 30]) {
        const sample = new Matrix(
          Array.from({ length: count }, (_, k) => {
            const angle = (2 * Math.PI * (k + 0.5)) / count;
            return [MIDDLE[0] + radius * Math.cos(angle), MIDDLE[1] + radius * Math.sin(angle)];
          }),
        );
        const share = logitsAt(network, sample).filter(isCertain).length / count;
        // each of the ends of certain arcs may be half a step off
        close(certainShare(layerOf(network), MIDDLE, radius), share, 20 / count);
      }
    });
  }

  it("are those of one point at radius 0", () => {
    const layer = layerOf(wedge);
    assert.equal(certainShare(layer, [-5, -5], 0), 0);
    assert.equal(certainShare(layer, [5, 50], 0), 1);
  });
});
