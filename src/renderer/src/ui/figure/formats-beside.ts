import { originCaptions } from '#common/figure/captions.ts'
import { drawingsBeside, numbersBeside, saidBeside } from '#common/figure/figures-beside.ts'
import type { Provenance } from '#common/figure/provenance.ts'
import { titleOfSide } from '#common/text/figure-title.ts'
import type { ExportFormat, SavedData, SavedFigure } from '../../stores/exports.ts'

/**
 * What two sides of a tab can be saved as: each of their figures as one, and each of their datasets, where one command makes both; and
 * what there is of either side.
 * @param alone what each is saved as by itself, where that says which it is
 */
export function formatsBeside(
  first: readonly ExportFormat[],
  second: readonly ExportFormat[],
  alone = { first, second }
): ExportFormat[] {
  const [a, b] = [first, second].map(formats => formats.find(isOfOrigin))
  const namesAs = (as: 'side' | 'name') =>
    a && b ? originCaptions(a.from.of, b.from.of, as) : (['the first', 'the second'] as const)
  const names = namesAs('side')
  const short = namesAs('name')
  const rest = [...second]
  const paired = first.flatMap(own => {
    const at = rest.findIndex(other => other.is === own.is && other.note === own.note)
    const [other] = at < 0 ? [] : rest.splice(at, 1)
    const both = other && formatBeside(own, other)
    return both ? [both] : []
  })
  return [
    ...paired,
    ...alone.first.map(own => ofSide(own, names[0], short[0])),
    ...alone.second.map(own => ofSide(own, names[1], short[1]))
  ]
}

/** @param short its name in names of files */
function ofSide(format: ExportFormat, name: string, short: string): ExportFormat {
  const note = [format.note, name].filter(part => part !== '').join(' · ')
  const of = { note, side: { name, part: format.note } }
  if (format.is === 'file') return { ...format, ...of }
  return { ...format, ...of, title: titleOfSide(format.title, short) }
}

/** Both as one; null where they are not, or no one command makes both. */
function formatBeside(one: ExportFormat, other: ExportFormat): ExportFormat | null {
  if (!isOfOrigin(one) || !isOfOrigin(other)) return null
  const both = saidBeside(one, other)
  if (both === null) return null
  const note = [one.note, 'both sides'].filter(part => part !== '').join(', ')
  const said = { ...both, note, side: { name: 'Both sides', part: one.note } }
  if (one.is === 'figure' && other.is === 'figure') {
    const { dataset } = one
    const { dataset: others } = other
    const numbers =
      dataset && others && (() => numbersBeside({ ...one, dataset }, { ...other, dataset: others }))
    return {
      ...{ is: 'figure', ...said, ...drawingsBeside(one, other) },
      ...(numbers && { dataset: numbers })
    }
  }
  if (one.is === 'data' && other.is === 'data')
    return {
      is: 'data',
      ...said,
      left: [...new Set([...one.left, ...other.left])],
      dataset: () => numbersBeside(one, other)
    }
  return null
}

/** Whether it says which model it is of: a page of figures says it of each. */
function isOfOrigin(
  format: ExportFormat
): format is (SavedFigure | SavedData) & { readonly from: Provenance } {
  return format.is !== 'file' && 'of' in format.from
}
