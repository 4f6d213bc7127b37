import { againLess } from '#common/figure/again-of-sides.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import type { AttentionMapData } from '#common/figure/attention-map.ts'
import type { Profiles } from '#common/figure/profile.ts'
import type { FigureCommand } from '#common/figure/provenance.ts'
import { lookParams } from '#common/figure/views/look-params.ts'
import { patternFigure, type PatternData } from '#common/figure/views/pattern-figure.ts'
import { namedOf } from '#common/text/figure-title.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { dataFormats } from '../figure/data-formats.ts'
import { figureFormats } from '../figure/figure-formats.ts'
import type { ShownPattern } from './pattern.ts'

/** The part of a map that is on screen. */
export type SeenPart = NonNullable<AttentionMapData['part']>

/**
 * The files that a map can be saved as: what is seen and, of a part, also the whole.
 * @param seen null while all of it is seen
 * @param version of Lamella
 */
export function mapFormats(
  shown: MapToSave,
  look: Look,
  seen: SeenPart | null,
  version: string
): ExportFormat[] {
  const { pattern, less, modelName } = shown
  const onPaper = { ...look, ...paperLook }
  const saved = (part: SeenPart | null) => {
    const { from, ...figure } = patternFigure({ ...shown, part }, version)
    const of = (pattern: ShownPattern) => commandOf(pattern, shown, part, look)
    const again = againLess(of(pattern), of(less ?? pattern), from)
    return { ...figure, file: namedOf(modelName, figure.what), from: { ...from, again } }
  }
  const whole = saved(null)
  const drawn = ({ kind, file, data, from, dataset }: typeof whole, note: string) =>
    figureFormats(kind, file, data, onPaper, { note, from, dataset })
  const numbers = dataFormats(whole.file, whole.dataset, whole.from)
  if (seen === null) return [...drawn(whole, ''), ...numbers]
  return [
    ...drawn(saved(seen), 'the part that is seen'),
    ...drawn(whole, 'the whole map'),
    ...numbers
  ]
}

/** The command that makes a map again. */
function commandOf(
  { again, firstHidden }: ShownPattern,
  { profiles, data: { mirrored }, less, caption }: MapToSave,
  part: SeenPart | null,
  look: Look
): FigureCommand {
  const [query = null, ...others] = profiles?.queries ?? []
  const params = {
    ...again.params,
    ...(firstHidden && { first_token: 'hidden' }),
    ...(profiles && {
      query: others.length === 0 ? query : [query, ...others],
      key: profiles.keys[0] ?? null
    }),
    ...(part && { part }),
    ...(mirrored && { mirrored }),
    ...(caption !== null && less === null && { caption }),
    ...lookParams(look)
  }
  return { view: again.view, params }
}

interface MapToSave {
  readonly pattern: ShownPattern
  /** What is taken from it, in a difference; else null. */
  readonly less: ShownPattern | null
  readonly data: PatternData
  /** The row and the column that are drawn beside it; null where none is. */
  readonly profiles: Profiles | null
  /** What tells it from the other that is on screen; null where it stands alone. */
  readonly caption: string | null
  /** What its model is called among those that are open. */
  readonly modelName: string
}
