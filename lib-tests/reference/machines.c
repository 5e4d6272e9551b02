/*
 * The training of lib-tests/bench/loop.c, with a fingerprint of all parameters after each step: make_reference_machines.py
 * compiles it in many ways and compares the bits. With -DOWN_EXP the program brings its own exp, else it is the C library's.
 *
 * Reads what loop.c reads, with an order of the points for each epoch, then writes 4 bytes a step (FNV-1a) and the parameters.
 */
#include <stdint.h>
#include <tgmath.h>

#ifdef OWN_EXP
/* e^x for x <= 0 by + - * / alone: a Taylor polynomial of x / 1024, squared ten times. */
static double own_exp(double x) {
  double sum = 1;
  if (x < -700) return 0;
  for (int k = 10; k > 0; k--) sum = 1 + x / 1024 / k * sum;
  for (int k = 0; k < 10; k++) sum = sum * sum;
  return sum;
}
#undef exp
#define exp own_exp
#endif

#define main main_of_the_benchmark
#include "../bench/loop.c"
#undef main

static void write_fingerprint(const network *p) {
  const unsigned char *bytes = (const unsigned char *)p;
  uint32_t hash = 2166136261u;
  for (size_t k = 0; k < sizeof *p; k++) hash = (hash ^ bytes[k]) * 16777619u;
  fwrite(&hash, sizeof hash, 1, stdout);
}

int main(void) {
  rate = next();
  for (int i = 0; i < 2 * POINTS; i++) given.x[i % 2][i / 2] = next();
  read_row(given.y, POINTS);
  read_row((real *)&initial, sizeof initial / sizeof(real));
  for (int i = 0; i < ORDERS * POINTS; i++) orders[i / POINTS][i % POINTS] = next();
  data t;
  network p = initial, g;
  for (int epoch = 0; epoch < EPOCHS; epoch++) {
    repack(&t, orders[epoch % ORDERS]);
    for (int from = 0; from < POINTS; from += BATCH) {
      pass(&p, &g, &t, from, from + BATCH, 0);
      real *parameters = (real *)&p, *gradients = (real *)&g;
      for (int k = 0; k < 4 * WIDTH + 1; k++) parameters[k] -= rate * (gradients[k] / BATCH);
      write_fingerprint(&p);
    }
  }
  fwrite(&p, sizeof p, 1, stdout);
  return 0;
}
