/** A place in a grid or a map. */
export interface GridPlace {
  readonly row: number
  readonly column: number
}

const steps: Readonly<Record<string, readonly [row: number, column: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  PageUp: [0, -10],
  PageDown: [0, 10],
  Home: [0, -Infinity],
  End: [0, Infinity]
}

/** Where a key goes in a grid; null where it goes nowhere. */
export function movedCell(
  { key, shiftKey }: Pick<KeyboardEvent, 'key' | 'shiftKey'>,
  from: GridPlace,
  {
    rows,
    columns,
    mirrored
  }: { readonly rows: number; readonly columns: number; readonly mirrored: boolean }
): GridPlace | null {
  const step = steps[key]
  if (step === undefined) return null
  const sideways = key === 'ArrowLeft' || key === 'ArrowRight'
  const by = (sideways && mirrored ? -1 : 1) * (shiftKey && sideways ? 10 : 1)
  const within = (at: number, count: number) => Math.max(0, Math.min(count - 1, at))
  return {
    row: within(from.row + step[0], rows),
    column: within(from.column + by * step[1], columns)
  }
}
