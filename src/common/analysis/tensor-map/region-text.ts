import { exactCount } from '#common/text/number-text.ts'
import type { Region, Stretch, Whole } from './region.ts'

/** A part as it is typed, such as `0:300, 100:300`; of a tensor of one row its columns alone. */
export function rangeText({ rows, columns }: Region, whole: Whole): string {
  const text = ([from, to]: Stretch) => `${from}:${to}`
  return whole.rows === 1 ? text(columns) : `${text(rows)}, ${text(columns)}`
}

/**
 * The part that is typed: of each side `from:to`, either of which may be left out, or one index; nothing is all of it. An index
 * below zero counts from the end.
 * @returns or why it is none, in a sentence
 */
export function typedRange(text: string, whole: Whole): Region | string {
  const sides = text.split(',').map(side => side.trim())
  const isRow = whole.rows === 1
  const most = isRow ? 1 : 2
  if (sides.length > most)
    return isRow
      ? 'It has one axis: type 100:300.'
      : 'It has two: type rows, columns: 0:300, 100:300.'
  const [first = '', second = ''] = sides
  const rows = isRow ? ([0, 1] as const) : stretchOf(first, whole.rows, 'rows')
  if (typeof rows === 'string') return rows
  const columns = stretchOf(isRow ? first : second, whole.columns, 'columns')
  return typeof columns === 'string' ? columns : { rows, columns }
}

function stretchOf(text: string, length: number, name: string): Stretch | string {
  if (text === '') return [0, length]
  const found = /^(-?\d*)\s*(:?)\s*(-?\d*)$/.exec(text)
  const [, from = '', colon = '', to = ''] = found ?? []
  const isNone = found === null || (colon === '' && (from === '' || to !== ''))
  if (isNone || from === '-' || to === '-') return `“${text}” is no range: type 100:300.`
  const index = (typed: string, otherwise: number) => {
    if (typed === '') return otherwise
    const at = Number(typed)
    return at < 0 ? length + at : at
  }
  const first = index(from, 0)
  const last = colon === '' ? first + 1 : index(to, length)
  if (first < 0 || last > length) return `There are ${exactCount(length)} ${name}, from 0 on.`
  if (first >= last) return `${text} holds no ${name}.`
  return [first, last]
}
