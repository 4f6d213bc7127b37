import { idToken, type ShownToken } from '../../model/token.ts'
import { numberText } from '../../text/number-text.ts'
import type { GridContent } from '../token-grid.ts'
import type { ValueRange } from '../value-scale.ts'

/** Numbers of tokens, layer over layer. */
export interface LayeredValues {
  /** From the first layer on. */
  readonly layers: readonly string[]
  readonly layersName: string
  readonly tokens: readonly ShownToken[]
  /** [layer, pos]; NaN where there is none. */
  readonly values: ArrayLike<number>
  readonly unit: string
  /** What a cell says; its number where it is left out. */
  readonly says?: (cell: number) => string
}

/** A grid of numbers that says each of them, the last layer on top. */
export function valueGrid({
  layers,
  layersName,
  tokens,
  values,
  unit,
  says
}: LayeredValues): GridContent {
  const columns = tokens.length
  const from = Array.from({ length: layers.length * columns }, (_, cell) => {
    const row = Math.floor(cell / columns)
    return (layers.length - 1 - row) * columns + (cell % columns)
  })
  return {
    ...{ rows: layers.toReversed(), rowsName: layersName, tokens, from: 0, expected: null },
    cells: from.map(cell => said(says ? says(cell) : numberText(values[cell]!, 2))),
    values: Float32Array.from(from, cell => values[cell]!),
    ...{ hits: new Uint8Array(from.length), unit, ranks: null }
  }
}

/** A number in place of a token. */
function said(text: string): ShownToken {
  return { ...idToken(0), piece: text, text }
}

/** From the lowest, or 0 where none is below it, to the highest. */
export function gridRange({ values }: Pick<GridContent, 'values'>, most?: number): ValueRange {
  let [low, high] = [0, most ?? 0]
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  return { low, high: high > low ? high : low + 1 }
}
