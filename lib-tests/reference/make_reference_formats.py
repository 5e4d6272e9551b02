"""Writes reference_formats.json: what the formats hold and how they round, derived from exact rationals.

Run it with any Python 3.8 or later (it takes about a minute), and format what it wrote:

    python3 lib-tests/reference/make_reference_formats.py
    npm run format

Nothing here rounds: numbers are fractions, and every result is found by comparing fractions. It follows IEEE 754-2019 (3.4
for encodings, 4.3 for rounding, 6.3 for the sign of zeros) and the OFP8 specification 1.0 of the Open Compute Project (2023),
and shares nothing with src/core/arithmetic. Inputs are defined by whole numbers, so that both sides can list them. Results are
kept as the SHA-256 of their bit patterns, two bytes each, the lower first, each NaN as the format's first.
"""

import hashlib
import json
from fractions import Fraction
from math import isqrt
from pathlib import Path

PAIRS = 6000  # of a 16-bit format; of an 8-bit one there are all 65,536
SAMPLE = 20_000  # doubles to round
BLOCKS = 300


class Format:
    """Bits of exponent and fraction; whether the topmost exponent is for infinity and NaN alone."""

    def __init__(self, exponent_bits, fraction_bits, has_infinity):
        self.fraction_bits = fraction_bits
        self.has_infinity = has_infinity
        self.width = 1 + exponent_bits + fraction_bits
        self.bias = 2 ** (exponent_bits - 1) - 1
        self.top = 2**exponent_bits - 1
        self.infinity = self.top << fraction_bits
        # the patterns of the finite numbers from 0 on are the first ones, in ascending order
        self.finite = self.infinity if has_infinity else self.infinity + 2**fraction_bits - 1
        self.nan = self.finite + 1 if has_infinity else self.finite

    def size(self, pattern):
        """The number of a pattern without a sign; that after the largest as if the exponents went on."""
        field, fraction = pattern >> self.fraction_bits, pattern & (2**self.fraction_bits - 1)
        significand = fraction + (2**self.fraction_bits if field else 0)
        return significand * Fraction(2) ** (max(field, 1) - self.bias - self.fraction_bits)

    def below(self, size):
        """The last finite pattern whose number is not above a size, by bisection."""
        low, high = 0, self.finite - 1
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if self.size(middle) <= size else (low, middle - 1)
        return low

    def signed(self, sign, pattern):
        return pattern | sign << (self.width - 1)

    def overflow(self, sign):
        return self.signed(sign, self.infinity if self.has_infinity else self.finite - 1)

    def round(self, sign, size):
        """To nearest, ties to the even pattern; overflow from half a step beyond the largest number on."""
        below = self.below(size)
        here, above = self.size(below), self.size(below + 1)
        twice = 2 * size - here - above
        is_up = twice > 0 or (twice == 0 and below % 2 == 1)
        if below == self.finite - 1 and (is_up or size > above):
            return self.overflow(sign)
        return self.signed(sign, below + is_up)

    def round_stochastically(self, sign, size, draw):
        """Up where the draw is below the distance from the number below, in steps."""
        below = self.below(size)
        if self.size(below) == size or below == self.finite - 1:
            return self.round(sign, size)
        step = self.size(below + 1) - self.size(below)
        return self.signed(sign, below + (draw < (size - self.size(below)) / step))

    def parts(self, pattern):
        """Sign, and the size: a fraction, "infinity" or "nan"."""
        sign, rest = pattern >> (self.width - 1), pattern & (2 ** (self.width - 1) - 1)
        if rest < self.finite:
            return sign, self.size(rest)
        return sign, "infinity" if self.has_infinity and rest == self.infinity else "nan"


FORMATS = {
    "e4m3": Format(4, 3, False),
    "e5m2": Format(5, 2, True),
    "binary16": Format(5, 10, True),
    "bfloat16": Format(8, 7, True),
}


def add(form, a, b):
    (sign_a, x), (sign_b, y) = form.parts(a), form.parts(b)
    if "nan" in (x, y) or (x == y == "infinity" and sign_a != sign_b):
        return form.nan
    for sign, size in ((sign_a, x), (sign_b, y)):
        if size == "infinity":
            return form.overflow(sign)
    total = (-x if sign_a else x) + (-y if sign_b else y)
    if total == 0:
        return form.signed(sign_a and sign_b, 0)
    return form.round(int(total < 0), abs(total))


def subtract(form, a, b):
    return add(form, a, b ^ 1 << (form.width - 1))


def multiply(form, a, b):
    (sign_a, x), (sign_b, y) = form.parts(a), form.parts(b)
    sign = sign_a ^ sign_b
    if "nan" in (x, y) or {x, y} == {0, "infinity"}:
        return form.nan
    if "infinity" in (x, y):
        return form.overflow(sign)
    return form.round(sign, x * y)


def divide(form, a, b):
    (sign_a, x), (sign_b, y) = form.parts(a), form.parts(b)
    sign = sign_a ^ sign_b
    if "nan" in (x, y) or x == y == 0 or x == y == "infinity":
        return form.nan
    if x == "infinity" or y == 0:
        return form.overflow(sign)
    return form.signed(sign, 0) if y == "infinity" else form.round(sign, x / y)


def root(form, a):
    """Of |a|."""
    _, x = form.parts(a)
    if x == "nan":
        return form.nan
    if x == "infinity":
        return form.overflow(0)
    # x 4^200 is a whole number; between its root rounded down and the next lies no number of the format, nor a tie
    whole = x * 4**200
    assert whole.denominator == 1
    down = isqrt(whole.numerator)
    rest = Fraction(0 if down * down == whole else 1, 2)
    return form.round(0, (down + rest) / 2**200)


def random_words(seed):
    """Upper halves of a linear congruential generator modulo 2^32 (Numerical Recipes, ranqd1)."""
    state = seed
    while True:
        state = (1664525 * state + 1013904223) % 2**32
        yield state >> 16


def digest(patterns):
    return hashlib.sha256(b"".join(pattern.to_bytes(2, "little") for pattern in patterns)).hexdigest()


def pairs(form):
    if form.width == 8:
        return [(a, b) for a in range(256) for b in range(256)]
    words = random_words(form.width + form.fraction_bits)
    # every other pair has exponents at most 3 apart, so that sums and differences are neither of the two
    near = lambda a, b: (a & 0x7FFF) ^ (b & (2 ** (form.fraction_bits + 2) - 1) | b & 0x8000)
    drawn = [(next(words), next(words)) for _ in range(PAIRS)]
    return [(a, near(a, b) if i % 2 else b) for i, (a, b) in enumerate(drawn)]


def doubles(form):
    """A sign and a size of 6 bits more than the format has, from far below the smallest number to beyond the largest."""
    bits = form.fraction_bits + 7
    lowest = 1 - form.bias - form.fraction_bits - bits - 2
    exponents = 2 * form.bias + form.fraction_bits + 8
    words = random_words(form.width)
    for _ in range(SAMPLE):
        significand = 2 ** (bits - 1) + (next(words) * 2**16 + next(words)) % 2 ** (bits - 1)
        exponent = lowest + next(words) % exponents
        yield next(words) % 2, significand * Fraction(2) ** exponent


def reference(form):
    rounded = list(doubles(form))
    draws = random_words(1)
    both = pairs(form)
    return {
        "values": [float(form.size(pattern)) for pattern in range(form.finite)] if form.width == 8 else None,
        "patterns": digest(
            form.nan if size == "nan" else pattern for pattern in range(2**form.width) for _, size in [form.parts(pattern)]
        ),
        "nearest": digest(form.round(sign, size) for sign, size in rounded),
        "stochastic": digest(
            form.round_stochastically(sign, size, Fraction(next(draws), 2**16)) for sign, size in rounded
        ),
        "add": digest(add(form, a, b) for a, b in both),
        "subtract": digest(subtract(form, a, b) for a, b in both),
        "multiply": digest(multiply(form, a, b) for a, b in both),
        "divide": digest(divide(form, a, b) for a, b in both),
        "root": digest(root(form, a) for a in range(2**form.width) if form.width == 8 or a % 7 == 0),
    }


def random_blocks(form):
    """Blocks of 1 to 32 numbers of binary32, some of them 0: (sign, size)."""
    words = random_words(form.fraction_bits)
    for _ in range(BLOCKS):
        spread = 1 + next(words) % 40
        yield [
            (
                next(words) % 2,
                (2**23 + (next(words) * 2**16 + next(words)) % 2**23)
                * Fraction(2) ** (-33 - next(words) % spread)
                * (next(words) % 10 > 0),
            )
            for _ in range(1 + next(words) % 32)
        ]


def in_block(form, block, is_up):
    """The exponent of the scale, as E8M0 has it, and the elements; a zero without its sign."""
    largest, greatest = max(size for _, size in block), form.size(form.finite - 1)
    exponent = -127
    if largest > 0:
        # fractions of whole numbers by powers of two
        exponent = largest.numerator.bit_length() - largest.denominator.bit_length()
        exponent -= greatest.numerator.bit_length() - 1
        while is_up and largest > greatest * Fraction(2) ** exponent:
            exponent += 1
    elements = [(sign, form.round(0, min(size / Fraction(2) ** exponent, greatest))) for sign, size in block]
    return [exponent + 127] + [form.signed(sign if pattern else 0, pattern) for sign, pattern in elements]


def blocks(form):
    drawn = list(random_blocks(form))
    return {
        name: digest(pattern for block in drawn for pattern in in_block(form, block, name == "up")) for name in ("down", "up")
    }


def main():
    result = {
        "formats": {name: reference(form) for name, form in FORMATS.items()},
        "blocks": {name: blocks(FORMATS[name]) for name in ("e4m3", "e5m2")},
    }
    path = Path(__file__).with_name("reference_formats.json")
    path.write_text(json.dumps(result) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
