import { againOfSides } from '#common/figure/again-of-sides.ts'
import type { Size } from '#common/figure/figure-kind.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import type { Profiles } from '#common/figure/profile.ts'
import {
  againUnless,
  noCommand,
  type FigureCommand,
  type Provenance
} from '#common/figure/provenance.ts'
import { boundsParam, lookParams } from '#common/figure/views/look-params.ts'
import { namedOf, patternFigure, type PatternData } from '#common/figure/views/pattern-figure.ts'
import type { Viewport } from '#common/figure/viewport.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { dataFormats } from '../figure/data-formats.ts'
import { figureFormats } from '../figure/figure-formats.ts'
import type { ShownPattern } from './pattern.ts'

/** The part of a map that is on screen. */
export interface SeenPart {
  readonly view: Viewport
  readonly size: Size
}

/**
 * The files that a map can be saved as: what is seen and, of a part, also the whole.
 * @param seen null while all of it is seen
 * @param version of Lamella
 * @param several whether others are beside it
 */
export function mapFormats(
  { pattern, less, data, profiles, caption, modelName }: MapToSave,
  look: Look,
  seen: SeenPart | null,
  several: boolean,
  version: string
): ExportFormat[] {
  const figure = patternFigure({ pattern, less, data, profiles, caption }, version)
  const name = caption ?? pattern.name
  const file = namedOf(modelName, figure.what)
  const onPaper = { ...look, ...paperLook }
  const own = several ? ` · ${name}` : ''
  // Alone it has a range of its own where that follows what is shown.
  const isShared = several && look.follows
  const bounds = isShared ? boundsParam(look.range) : {}
  const from = fromUnless(isShared ? noCommand.sharedRange : null, bounds)
  const all = figureFormats(figure.kind, file, figure.data, onPaper, {
    note: (seen === null ? '' : 'the whole map') + own,
    from
  })
  function fromUnless(none: string | null, told = {}): Provenance {
    const own = commandOf(pattern, profiles, data.mirrored, look)
    const { of } = figure.from
    if (less === null || figure.from.less === null)
      return { ...figure.from, again: againUnless(own, none, { told }) }
    const other = commandOf(less, profiles, data.mirrored, look)
    const both = againOfSides(
      'difference',
      { again: own, of },
      { again: other, of: figure.from.less }
    )
    return { ...figure.from, again: againUnless(both, none, { other, told }) }
  }
  const numbers = dataFormats(file, figure.dataset, fromUnless(null), several ? name : '')
  if (seen === null) return [...all, ...numbers]
  const part = { ...figure.data, title: `${figure.data.title} · part`, view: seen.view }
  return [
    ...figureFormats(figure.kind, `${file} · part`, part, onPaper, {
      note: `the part that is seen${own}`,
      from: fromUnless(noCommand.screen, bounds),
      size: seen.size
    }),
    ...all,
    ...numbers
  ]
}

/** The command that makes a map again. */
function commandOf(
  { again, firstHidden }: ShownPattern,
  profiles: Profiles | null,
  mirrored: boolean,
  look: Look
): FigureCommand {
  const params = {
    ...again.params,
    ...(firstHidden && { first_token: 'hidden' }),
    ...(profiles && { query: profiles.queries[0] ?? null, key: profiles.keys[0] ?? null }),
    ...(mirrored && { mirrored }),
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
  readonly caption: string | null
  /** What its model is called among those that are open. */
  readonly modelName: string
}
