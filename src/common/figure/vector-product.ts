import { z } from 'zod'
import { largestMagnitude } from '../data/largest-magnitude.ts'
import { numberText } from '../text/number-text.ts'
import { labelledCells } from './axis-labels.ts'
import { cssColor } from './color-table.ts'
import type { FigureKind, MapPanel, Size } from './figure-kind.ts'
import type { Look } from './look.ts'
import { spotMark, textMark, type Mark } from './mark.ts'
import { behind, filledRect, rowName } from './row-marks.ts'
import { titleMarks, titleRoom } from './title-marks.ts'
import type { ValueRange } from './value-scale.ts'

const Numbers = z.array(z.number()).readonly()
const Span = z.object({ low: z.number(), high: z.number() })

/** More than any head has. */
const mostDimensions = 16_384

/** Two vectors and the product of each of their dimensions, which add up to their dot product. */
export const VectorProductData = z
  .object({
    title: z.string().nullable(),
    q: Numbers,
    k: Numbers,
    /** The dimensions, in the order that they are shown in. */
    order: z.array(z.int().min(0)).max(mostDimensions).readonly(),
    /** What that order is. */
    axis: z.string(),
    /** A place in the order that is pointed at. */
    marked: z.int().min(0).nullable(),
    /** What each row has at least room for, such as the values of another figure; left out for its own alone. */
    spans: z.object({ q: Span, k: Span, products: Span, sums: Span }).optional()
  })
  .refine(
    ({ q, k, order }) => q.length === k.length && order.every(at => at < q.length),
    'expected vectors of as many dimensions'
  )
export type VectorProductData = z.output<typeof VectorProductData>

/** Of what stands before the rows, and behind them. */
const left = 44
const right = 58
const nameAt = { x: left - 6, align: 'right' } as const
const strip = 16
const gap = 6
const bars = 100
const sums = 58
const axisRoom = 30
const rowsHeight = 2 * (strip + gap) + bars + gap + sums

/** Strips of both vectors, their products as bars, and the sum of the products so far. */
export const vectorProduct: FigureKind<VectorProductData> = {
  name: 'vector-product',
  data: VectorProductData,
  shows: ({ axis }) => `Bars: query, key and their products, by ${axis}`,
  resizes: 'width',

  natural: ({ title }) => ({
    width: 640,
    height: topOf(title) + rowsHeight + axisRoom,
    ratio: 1
  }),

  panel(data, look, size): MapPanel {
    const top = topOf(data.title)
    const { cell } = vectorPlaces(data.order.length, size)
    const at = { cell, width: cell * data.order.length }
    const products = data.order.map(dim => data.q[dim]! * data.k[dim]!)
    const second = top + strip + gap
    const third = second + strip + gap
    const fourth = third + bars + gap
    const inOrder = (values: readonly number[]) => data.order.map(dim => values[dim]!)
    return {
      kind: 'map',
      ...size,
      paper: look.paper,
      rasters: [],
      marks: [
        ...titleMarks(data.title, look, { x: 8, y: 14, room: size.width - 16 }),
        ...markedColumn(data.marked, top, at, look),
        ...stripMarks('q', inOrder(data.q), top, at, look, data.spans?.q),
        ...stripMarks('k', inOrder(data.k), second, at, look, data.spans?.k),
        ...barMarks(products, third, at, look, data.spans?.products),
        ...sumMarks(products, fourth, at, look, data.spans?.sums),
        ...axisMarks(data, fourth + sums, at, look),
        ...dimensionSpots(data, products, top, at)
      ]
    }
  }
}

/** Where the dimensions stand: how wide each is, and which is at a point, as its place in the order. */
export function vectorPlaces(count: number, { width }: Pick<Size, 'width'>) {
  const cell = Math.max(1, width - left - right) / Math.max(1, count)
  const placeAt = (x: number): number | null => {
    const place = Math.floor((x - left) / cell)
    return place >= 0 && place < count ? place : null
  }
  return { cell, placeAt }
}

/** How wide a dimension is, and all of them. */
interface Columns {
  readonly cell: number
  readonly width: number
}

function topOf(title: string | null): number {
  return title === null ? 4 : titleRoom
}

function markedColumn(
  marked: number | null,
  top: number,
  { cell }: Columns,
  { empty }: Look
): Mark[] {
  if (marked === null) return []
  const width = Math.max(cell, 3)
  const x = left + (marked + 0.5) * cell - width / 2
  return [filledRect(x, top - 2, width, rowsHeight + 4, empty)]
}

/** What a dimension says, wherever in its column it is pointed at. */
function dimensionSpots(
  { q, k, order }: VectorProductData,
  products: readonly number[],
  y: number,
  { cell }: Columns
): Mark[] {
  let sum = 0
  return order.map((dim, i) => {
    sum += products[i]!
    return spotMark({ x: left + i * cell, y, width: cell, height: rowsHeight }, [
      ...[`dimension ${dim}\nq: `, q[dim] ?? NaN, '\nk: ', k[dim] ?? NaN],
      ...['\nq ∘ k: ', products[i]!, '\nsum: ', sum]
    ])
  })
}

/** A vector as coloured cells around zero, with the size of its range behind it. */
function stripMarks(
  name: string,
  values: readonly number[],
  y: number,
  { cell, width }: Columns,
  look: Look,
  span?: ValueRange
): Mark[] {
  const most = largestMagnitude([...values, ...endsOf(span)])
  const color = (value: number) => cssColor('difference', 0.5 + value / (2 * most || 1), look.paper)
  // No seam between neighbours, wherever pixels begin.
  const own = cell < 4 ? cell + 0.5 : cell - 0.5
  return [
    ...values.map((value, i) => filledRect(left + i * cell, y, own, strip, color(value))),
    { ...filledRect(left - 0.5, y - 0.5, width + 1, strip + 1, null), line: look.line },
    rowName(name, look, { ...nameAt, y: y + strip / 2 }),
    behind(`±${numberText(most, 2)}`, y + strip / 2, left + width, look)
  ]
}

function barMarks(
  products: readonly number[],
  y: number,
  at: Columns,
  look: Look,
  span?: ValueRange
): Mark[] {
  const { cell, width } = at
  const yOf = linear([...products, ...endsOf(span)], y, bars)
  const zero = yOf(0)
  const own = Math.max(cell * 0.8, Math.min(cell, 1))
  return [
    ...products.map((product, i) => {
      const end = yOf(product)
      const x = left + i * cell + (cell - own) / 2
      const fill = cssColor('difference', product < 0 ? 0.2 : 0.8, look.paper)
      return filledRect(x, Math.min(zero, end), own, Math.abs(end - zero), fill)
    }),
    filledRect(left, zero - 0.5, width, 1, look.line),
    rowName('q ∘ k', look, { ...nameAt, y: zero }),
    ...extremes(products, yOf, at, look)
  ]
}

/** The sum so far, from zero on, after each dimension. */
function sumMarks(
  products: readonly number[],
  y: number,
  at: Columns,
  look: Look,
  span?: ValueRange
): Mark[] {
  let sum = 0
  const sumsSoFar = products.map(product => (sum += product))
  const yOf = linear([...sumsSoFar, ...endsOf(span)], y, sums)
  const points: (readonly [number, number])[] = [[left, yOf(0)]]
  sumsSoFar.forEach((value, i) => {
    points.push([left + i * at.cell, yOf(value)], [left + (i + 1) * at.cell, yOf(value)])
  })
  return [
    filledRect(left, yOf(0) - 0.5, at.width, 1, look.line),
    { kind: 'line', points, color: look.accent, width: 1.5, opacity: 1 },
    rowName('sum', look, { ...nameAt, y: yOf(0) }),
    behind(numberText(sum), yOf(sum), left + at.width, { ...look, faint: look.accent })
  ]
}

function axisMarks(
  { order, axis }: VectorProductData,
  y: number,
  { cell }: Columns,
  look: Look
): Mark[] {
  const words = { font: look.mono, size: look.size - 1, color: look.faint }
  return [
    ...labelledCells(0, order.length - 1, cell, 26).map(i =>
      textMark({
        ...words,
        text: String(order[i]),
        x: left + (i + 0.5) * cell,
        y: y + 8,
        align: 'center'
      })
    ),
    textMark({ ...words, text: axis, font: look.sans, x: left, y: y + 22 })
  ]
}

/** The lowest and the highest of some bars, behind them. */
function extremes(
  values: readonly number[],
  yOf: (value: number) => number,
  at: Columns,
  look: Look
): Mark[] {
  const high = Math.max(0, ...values)
  const low = Math.min(0, ...values)
  return [high, low]
    .filter(value => value !== 0)
    .map(value => behind(numberText(value, 2), yOf(value), left + at.width, look))
}

/** From values to heights, zero among them; the highest is a little below the top. */
function linear(values: readonly number[], top: number, height: number) {
  const high = Math.max(0, ...values)
  const low = Math.min(0, ...values)
  const inset = 6
  const scale = (height - 2 * inset) / (high - low || 1)
  return (value: number) => top + inset + (high - value) * scale
}

function endsOf(span: ValueRange | undefined): number[] {
  return span === undefined ? [] : [span.low, span.high]
}
