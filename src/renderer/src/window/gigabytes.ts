const gigabyte = 1024 ** 3

/** Bytes as a number of GB that can be typed: `2`, `7.45`, `0.0001`. */
export function gigabytesText(bytes: number): string {
  const value = bytes / gigabyte
  return String(Number(value >= 1 ? value.toFixed(2) : value.toPrecision(2)))
}

/** Bytes of a number of GB as it was typed; null when it is none or not above zero. */
export function parseGigabytes(text: string): number | null {
  const trimmed = text.trim().replace(',', '.')
  if (!/^\d*\.?\d+$|^\d+\.$/.test(trimmed)) return null
  const bytes = Math.round(Number(trimmed) * gigabyte)
  return bytes > 0 ? bytes : null
}
