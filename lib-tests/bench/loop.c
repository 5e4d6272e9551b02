/*
 * The training of the benchmark in C: forward, loss, backward and update in one loop over the points. Sizes and the type of
 * the numbers are given to the compiler: -DREAL=double -DPOINTS=250 -DHIDDEN=10 -DBATCH=250 -DORDERS=1. With -DVECTORS the loops
 * are in vectors, written by hand, with the same operations in the same order.
 *
 * Reads the task (learning rate, points, labels, parameters, orders of the points), says what it is, then trains for each number
 * of epochs that it reads and answers with the processor time it took and the loss in the end.
 */
#include <stdio.h>
#include <string.h>
#include <tgmath.h>
#include <time.h>

typedef REAL real;

#ifndef VECTORS
enum { LANES = 1 };
#else
#if defined __AVX512F__
enum { BYTES = 64 };
#elif defined __AVX__
enum { BYTES = 32 };
#else
enum { BYTES = 16 };
#endif
enum { LANES = BYTES / sizeof(real) };
typedef real lanes __attribute__((vector_size(BYTES), aligned(sizeof(real)), may_alias));
#endif
#define WHOLE(n) (((n) + LANES - 1) / LANES * LANES)
enum { WIDTH = WHOLE(HIDDEN) };

typedef struct {
  real x[2][WHOLE(POINTS)], y[WHOLE(POINTS)];
} data;

/* Parameters, or the sums of their derivatives. What fills the last lanes is 0 and stays 0. */
typedef struct {
  real w1[2][WIDTH], b1[WIDTH], w2[WIDTH], b2;
} network;

static data given;
static network initial;
static real rate;
static int orders[ORDERS][POINTS];

/* The loss of a point where somebody looks, else 0; and dL/dz. */
static inline real loss_of(real z, real y, real *d, int looks) {
  real e = exp(-fabs(z));
  *d = (z < 0 ? e : 1) / (1 + e) - y;
  return looks ? (z > 0 ? z : 0) - z * y + log1p(e) : 0;
}

#ifdef VECTORS

#define AT(row, i) (*(lanes *)&(row)[i])
#define WHERE_POSITIVE(condition, value) ((lanes)(((condition) > 0) & (__typeof__((condition) > 0))(value)))

/* The sum of the losses, and of their derivatives in g: points are lanes on the way forward, neurons on the way back. */
static inline real pass(const network *p, network *g, const data *t, int from, int to, int looks) {
  real sum = 0, d[LANES];
  memset(g, 0, sizeof *g);
  for (int i = from; i < to; i += LANES) {
    lanes z = {0};
    for (int j = 0; j < HIDDEN; j++) {
      lanes s = AT(t->x[0], i) * p->w1[0][j] + AT(t->x[1], i) * p->w1[1][j] + p->b1[j];
      z += WHERE_POSITIVE(s, s) * p->w2[j];
    }
    z += p->b2;
    for (int k = 0; k < LANES && i + k < to; k++) {
      real x0 = t->x[0][i + k], x1 = t->x[1][i + k], d;
      sum += loss_of(z[k], t->y[i + k], &d, looks);
      for (int j = 0; j < WIDTH; j += LANES) {
        lanes s = x0 * AT(p->w1[0], j) + x1 * AT(p->w1[1], j) + AT(p->b1, j);
        lanes dj = WHERE_POSITIVE(s, d * AT(p->w2, j));
        AT(g->w2, j) += WHERE_POSITIVE(s, s) * d;
        AT(g->w1[0], j) += x0 * dj;
        AT(g->w1[1], j) += x1 * dj;
        AT(g->b1, j) += dj;
      }
      g->b2 += d;
    }
  }
  return sum;
}

#else

/* The sum of the losses, and of their derivatives in g. */
static inline real pass(const network *p, network *g, const data *t, int from, int to, int looks) {
  real sum = 0;
  memset(g, 0, sizeof *g);
  for (int i = from; i < to; i++) {
    real x0 = t->x[0][i], x1 = t->x[1][i], a[HIDDEN], z = 0, d;
    for (int j = 0; j < HIDDEN; j++) {
      real s = x0 * p->w1[0][j] + x1 * p->w1[1][j] + p->b1[j];
      a[j] = s > 0 ? s : 0;
    }
    for (int j = 0; j < HIDDEN; j++) z += a[j] * p->w2[j];
    sum += loss_of(z + p->b2, t->y[i], &d, looks);
    for (int j = 0; j < HIDDEN; j++) {
      real dj = a[j] > 0 ? d * p->w2[j] : 0;
      g->w2[j] += a[j] * d;
      g->w1[0][j] += x0 * dj;
      g->w1[1][j] += x1 * dj;
      g->b1[j] += dj;
    }
    g->b2 += d;
  }
  return sum;
}

#endif

static void repack(data *t, const int *order) {
  for (int i = 0; i < POINTS; i++) {
    for (int k = 0; k < 2; k++) t->x[k][i] = given.x[k][order[i]];
    t->y[i] = given.y[order[i]];
  }
}

/* The loss is looked at each epoch where that costs no pass of its own: with a full batch. */
static real train(int epochs) {
  data t = given;
  network p = initial, g;
  volatile real loss; /* so that the compiler cannot leave out the losses on the way */
  for (int epoch = 0; epoch < epochs; epoch++) {
    if (BATCH < POINTS) repack(&t, orders[epoch % ORDERS]);
    for (int from = 0; from < POINTS; from += BATCH) {
      loss = pass(&p, &g, &t, from, from + BATCH, BATCH == POINTS);
      real *parameters = (real *)&p, *gradients = (real *)&g;
      for (int k = 0; k < 4 * WIDTH + 1; k++) parameters[k] -= rate * (gradients[k] / BATCH);
    }
  }
  loss = pass(&p, &g, &given, 0, POINTS, 1) / POINTS;
  return loss;
}

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

static double next(void) {
  double value = 0;
  if (scanf("%lf", &value) != 1) value = NAN;
  return value;
}

static void read_row(real *row, int count) {
  for (int k = 0; k < count; k++) row[k] = next();
}

int main(void) {
  rate = next();
  for (int i = 0; i < 2 * POINTS; i++) given.x[i % 2][i / 2] = next();
  read_row(given.y, POINTS);
  read_row(initial.w1[0], HIDDEN);
  read_row(initial.w1[1], HIDDEN);
  read_row(initial.b1, HIDDEN);
  read_row(initial.w2, HIDDEN);
  initial.b2 = next();
  for (int i = 0; i < ORDERS * POINTS; i++) orders[i / POINTS][i % POINTS] = next();
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
