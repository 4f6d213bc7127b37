import { exactCount } from '../../text/number-text.ts'
import { mostRegions, type Extent, type Region, type Whole } from './region.ts'

/** A part as it is typed, such as `0:300, 100:300`; of a tensor of one row its columns alone. */
export function regionText({ rows, columns }: Region, whole: Whole): string {
  const text = ([from, to]: Extent) => `${from}:${to}`
  return whole.rows === 1 ? text(columns) : `${text(rows)}, ${text(columns)}`
}

/** Parts as they are typed, such as `0:300, 100:300; 300:600, 100:300`. */
export function regionsText(regions: readonly Region[], whole: Whole): string {
  return regions.map(region => regionText(region, whole)).join('; ')
}

/**
 * The parts that are typed, with `;` between them.
 * @param most there may be so many
 * @returns or why they are none, in a sentence
 */
export function typedRegions(
  text: string,
  whole: Whole,
  most = mostRegions
): readonly Region[] | string {
  const parts = text.replace(/;\s*$/, '').split(';')
  if (parts.length > most) return `At most ${mostRegions} parts stand side by side.`
  const regions: Region[] = []
  for (const part of parts) {
    const region = typedRegion(part, whole)
    if (typeof region === 'string') return region
    regions.push(region)
  }
  return regions
}

/**
 * The part that is typed: of each side `from:to`, either of which may be left out, or one index; nothing is all of it. An index
 * below zero counts from the end.
 * @returns or why it is none, in a sentence
 */
function typedRegion(text: string, whole: Whole): Region | string {
  const sides = text.split(',').map(side => side.trim())
  const isRow = whole.rows === 1
  if (sides.length > 2)
    return isRow
      ? 'It has one axis: type 100:300.'
      : 'It has two: type rows, columns: 0:300, 100:300.'
  const [first = '', second = ''] = sides.length === 1 && isRow ? ['', ...sides] : sides
  const rows = extentOf(first, whole.rows, 'rows')
  if (typeof rows === 'string') return rows
  const columns = extentOf(second, whole.columns, 'columns')
  return typeof columns === 'string' ? columns : { rows, columns }
}

function extentOf(text: string, length: number, name: string): Extent | string {
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
