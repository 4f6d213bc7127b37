/** Between chips of a line, in CSS pixels. */
const gap = 1

/** Where chips stand that follow one another, in lines of a width. */
export interface ChipPlaces {
  /** [chip] from the start of its line, in CSS pixels */
  readonly starts: Float64Array
  /** [chip] in CSS pixels */
  readonly widths: Float64Array
  /** [chip] */
  readonly lines: Int32Array
  /** Of the longest line, in CSS pixels. */
  readonly width: number
  /** How many there are. */
  readonly height: number
}

/**
 * Chips one after the other; one that finds no room in its line begins the next.
 * @param widths [chip] in CSS pixels
 * @param room in CSS pixels; infinite for a single line
 */
export function chipPlaces(widths: Float64Array, room: number): ChipPlaces {
  const starts = new Float64Array(widths.length)
  const lines = new Int32Array(widths.length)
  let [end, line, width] = [0, 0, 0]
  for (const [chip, own] of widths.entries()) {
    const isFirst = end === 0
    const fits = isFirst || end + gap + own <= room
    if (!fits) line++
    const start = isFirst || !fits ? 0 : end + gap
    starts[chip] = start
    lines[chip] = line
    end = start + own
    width = Math.max(width, end)
  }
  return { starts, widths, lines, width, height: widths.length === 0 ? 0 : line + 1 }
}

/**
 * The first chip of which something lies beyond a place in the text: all before it end before.
 * @param line the line that the place is in
 * @param at from that line's start, in CSS pixels
 */
export function chipAt({ starts, widths, lines }: ChipPlaces, line: number, at: number): number {
  let [low, high] = [0, starts.length]
  while (low < high) {
    const middle = (low + high) >> 1
    const isBefore =
      lines[middle]! < line || (lines[middle] === line && starts[middle]! + widths[middle]! <= at)
    if (isBefore) low = middle + 1
    else high = middle
  }
  return low
}
