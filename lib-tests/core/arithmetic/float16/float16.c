/*
 * Operations of binary16 by the C compiler's own _Float16, which shares nothing with this project's rounding.
 *
 *   cc -O2 -fexcess-precision=16 float16.c -o float16 -lm
 *   ./float16 1150 1 > table.txt
 *
 * Prints, for every pair of a catalogue and then for <count> random pairs drawn from <seed>, one line
 *   a b a+b a-b a*b a/b sqrt(|a|)
 * of bit patterns in hexadecimal, every NaN as 7e00. Without the option gcc keeps the precision of float between operations.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static _Float16 from_pattern(uint16_t pattern) {
  _Float16 value;
  memcpy(&value, &pattern, sizeof value);
  return value;
}

static unsigned to_pattern(_Float16 value) {
  uint16_t pattern;
  if (value != value) return 0x7e00;
  memcpy(&pattern, &value, sizeof pattern);
  return pattern;
}

static void print_operations(uint16_t pattern_a, uint16_t pattern_b) {
  _Float16 a = from_pattern(pattern_a), b = from_pattern(pattern_b);
  _Float16 root = sqrtf(from_pattern(pattern_a & 0x7fff));
  printf("%04x %04x %04x %04x %04x %04x %04x\n", pattern_a, pattern_b, to_pattern(a + b), to_pattern(a - b),
         to_pattern(a * b), to_pattern(a / b), to_pattern(root));
}

/* splitmix64 (Steele, Lea and Flood 2014) */
static uint64_t next_random(uint64_t *state) {
  uint64_t z = (*state += 0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

/* zeros, smallest and largest subnormal and normal numbers, around one, a third, infinities, NaN */
static const uint16_t catalogue[] = {0x0000, 0x8000, 0x0001, 0x8001, 0x0002, 0x03ff, 0x0400, 0x8401, 0x1400, 0x3555,
                                     0x3bff, 0x3c00, 0xbc01, 0x4200, 0x5bff, 0x6800, 0x7bff, 0xfbff, 0x7c00, 0xfc00, 0x7e00};

int main(int argc, char **argv) {
  if (argc != 3) {
    fprintf(stderr, "usage: float16 <count> <seed>\n");
    return 2;
  }
  long count = strtol(argv[1], NULL, 10);
  uint64_t state = strtoull(argv[2], NULL, 10);
  const int entries = sizeof catalogue / sizeof catalogue[0];
  for (int i = 0; i < entries; i++)
    for (int j = 0; j < entries; j++) print_operations(catalogue[i], catalogue[j]);
  for (long i = 0; i < count; i++) {
    uint64_t bits = next_random(&state);
    uint16_t a = bits, b = bits >> 16;
    if (bits >> 63) { /* exponents at most 12 apart, so that sums are neither a nor b */
      int exponent = ((a >> 10) & 31) + (int)((bits >> 32) % 25) - 12;
      exponent = exponent < 0 ? 0 : exponent > 30 ? 30 : exponent;
      b = (b & 0x83ff) | exponent << 10;
    }
    print_operations(a, b);
  }
  return 0;
}
