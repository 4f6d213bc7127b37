import type { Pooling } from '#common/analysis/pool.ts'
import { cellsAlong, type Side, type WeightMapData } from '#common/figure/weight-map.ts'
import { exactCount } from '#common/text/number-text.ts'
import type { Place } from './region.ts'

/** What a map says of a place: its weight, or which weights its cell stands for; empty where it is not shown. */
export function placeText(
  { row, column }: Place,
  { rows, columns, values }: WeightMapData,
  pooling: Pooling,
  text: (value: number) => string
): string {
  const isIn = (at: number, { from, to }: Side) => at >= from && at < to
  if (!isIn(row, rows) || !isIn(column, columns)) return ''
  const [down, across] = [cellAt(row, rows), cellAt(column, columns)]
  const value = values[down.cell * cellsAlong(columns) + across.cell]!
  const place = `${spanText('row', down)}, ${spanText('column', across)}`
  const count = (down.to - down.from) * (across.to - across.from)
  const weight = Number.isNaN(value) ? 'NaN' : text(value)
  if (count === 1) return `${place} · ${weight}`
  if (Number.isNaN(value)) return `${place} · NaN among ${exactCount(count)} weights`
  const what = pooling === 'mean' ? 'the mean of' : 'the furthest from zero of'
  return `${place} · ${weight}, ${what} ${exactCount(count)}`
}

/** The cell that an index is in, and which indices it stands for. */
function cellAt(at: number, { from, to, each }: Side) {
  const cell = Math.floor((at - from) / each)
  const first = from + cell * each
  return { cell, from: first, to: Math.min(to, first + each) }
}

function spanText(name: string, { from, to }: { readonly from: number; readonly to: number }) {
  return to - from === 1 ? `${name} ${from}` : `${name}s ${from}–${to - 1}`
}
