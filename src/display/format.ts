/** Formats numbers for readers. */
import type { Quantity } from "../experiments/panel.js";

/** Whole numbers below this are written in full; larger ones may get an exponent. */
const LARGEST_WRITTEN_OUT = 1e9;

/**
 * A number rounded to some significant digits, in plain notation if that is short: "0.0123", "1.23e-7", "250". Digits
 * before the point are never rounded away: "12346".
 */
export function significantText(value: number, digits = 4): string {
  if (!Number.isFinite(value)) return String(value);
  if (Number.isInteger(value) && Math.abs(value) < LARGEST_WRITTEN_OUT) return String(value);
  const size = Math.abs(Number(value.toPrecision(digits))); // rounded first: 9999.6 has five digits
  if (size < 1e-4 || size >= 10 ** (digits + 2)) return value.toExponential(digits - 1);
  return size < 10 ** digits ? value.toPrecision(digits) : value.toFixed(0);
}

/** The value of a quantity, or what its absence means. */
export function quantityText({ value, absent = "not a number" }: Omit<Quantity, "name">): string {
  return value === null ? absent : significantText(value);
}

/** A number in TeX, with a power of ten if that is shorter: "1.23 \cdot 10^{-7}". */
export function texNumber(value: number, digits = 3): string {
  if (Number.isNaN(value)) return "\\mathrm{NaN}";
  if (!Number.isFinite(value)) return value > 0 ? "\\infty" : "-\\infty";
  const text =
    value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential(digits - 1) : significantText(value, digits);
  const [mantissa, exponent] = text.split("e");
  return exponent === undefined ? mantissa : `${mantissa} \\cdot 10^{${Number(exponent)}}`;
}
