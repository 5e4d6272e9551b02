/*
 * The training of the benchmark in C: forward, loss, backward and update in one loop over the points. Sizes and the type of
 * the numbers are given to the compiler: -DREAL=double -DPOINTS=250 -DHIDDEN=10.
 *
 * Reads the task (learning rate, points, labels, parameters), says what it is, then trains for each number of epochs that it
 * reads and answers with the time it took and the loss in the end.
 */
#include <stdio.h>
#include <string.h>
#include <tgmath.h>
#include <time.h>

typedef REAL real;

enum { PARAMETERS = 4 * HIDDEN + 1 };

static real x[POINTS][2], y[POINTS], initial[PARAMETERS], rate;

/* Parameters in the order of the task, or their derivatives: by layer, and in one row. */
typedef union {
  struct {
    real w1[2][HIDDEN], b1[HIDDEN], w2[HIDDEN], b2;
  };
  real all[PARAMETERS];
} network;

/* The mean loss, and the sum of its derivatives in g. */
static real pass(const network *p, network *g) {
  real sum = 0;
  memset(g, 0, sizeof *g);
  for (int i = 0; i < POINTS; i++) {
    real a[HIDDEN], z = 0;
    for (int j = 0; j < HIDDEN; j++) {
      real s = x[i][0] * p->w1[0][j] + x[i][1] * p->w1[1][j] + p->b1[j];
      a[j] = s > 0 ? s : 0;
    }
    for (int j = 0; j < HIDDEN; j++) z += a[j] * p->w2[j];
    z += p->b2;
    real e = exp(-fabs(z));
    sum += (z > 0 ? z : 0) - z * y[i] + log1p(e);
    real d = (z < 0 ? e : 1) / (1 + e) - y[i];
    for (int j = 0; j < HIDDEN; j++) {
      real dj = a[j] > 0 ? d * p->w2[j] : 0;
      g->w2[j] += a[j] * d;
      g->w1[0][j] += x[i][0] * dj;
      g->w1[1][j] += x[i][1] * dj;
      g->b1[j] += dj;
    }
    g->b2 += d;
  }
  return sum / POINTS;
}

static real train(int epochs) {
  network p, g;
  volatile real loss; /* so that the compiler cannot leave out the losses on the way */
  memcpy(p.all, initial, sizeof p.all);
  for (int epoch = 0; epoch < epochs; epoch++) {
    loss = pass(&p, &g);
    for (int k = 0; k < PARAMETERS; k++) p.all[k] -= rate * (g.all[k] / POINTS);
  }
  loss = pass(&p, &g);
  return loss;
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

static real next(void) {
  double value = 0;
  if (scanf("%lf", &value) != 1) value = NAN;
  return value;
}

int main(void) {
  rate = next();
  for (int i = 0; i < 2 * POINTS; i++) x[i / 2][i % 2] = next();
  for (int i = 0; i < POINTS; i++) y[i] = next();
  for (int k = 0; k < PARAMETERS; k++) initial[k] = next();
  printf("gcc %s\n", __VERSION__);
  fflush(stdout);
  int epochs;
  while (scanf("%d", &epochs) == 1) {
    double start = now();
    double loss = train(epochs);
    printf("{\"seconds\": %.9f, \"loss\": %.17g}\n", now() - start, loss);
    fflush(stdout);
  }
  return 0;
}
