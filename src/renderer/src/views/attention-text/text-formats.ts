import { firstTokenHidden } from '#common/analysis/first-token.ts'
import type { AttentionSide } from '#common/analysis/group-weights.ts'
import { axis, dataset } from '#common/data/dataset.ts'
import { paperLook, type Look } from '#common/figure/look.ts'
import type { Provenance } from '#common/figure/provenance.ts'
import { runOrigin } from '#common/figure/views/run-origin.ts'
import { shadedText, type ShadedTextData } from '#common/figure/shaded-text.ts'
import { tokenText } from '#common/text/token-text.ts'
import type { TokenGroup, TokenUnit } from '#common/text/token-groups.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import type { ShownPattern } from '../../ui/attention-map/pattern.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'
import { groupToken } from './group-token.ts'

/** A text that is shaded, and by what. */
export interface TextToSave {
  readonly pattern: ShownPattern
  /** What is taken from it, in a difference; else null. */
  readonly less: ShownPattern | null
  /** Which is taken from which; null where nothing is. */
  readonly caption: string | null
  /** What its model is called among those that are open. */
  readonly modelName: string
  readonly groups: readonly TokenGroup[]
  readonly side: AttentionSide
  readonly unit: TokenUnit
  readonly own: number
  /** [group] */
  readonly weights: Float32Array
  readonly look: Look
  /** The text as it flows now. */
  readonly seen: () => Pick<ShadedTextData, 'boxes' | 'room'>
  /** Of Lamella. */
  readonly version: string
}

/** The files that a shaded text can be saved as: its picture, and its weights. */
export function textFormats(shown: TextToSave): ExportFormat[] {
  const { pattern, less, caption, modelName, groups, side, unit, own, weights, look, version } =
    shown
  const { model, run, tokens } = pattern
  const hidden = pattern.firstHidden ? [firstTokenHidden] : []
  const placeOf = ({ name }: ShownPattern) => [name, ...hidden].join(', ')
  const place = placeOf(pattern)
  const what = caption === null ? place : [caption, ...hidden].join(', ')
  const quantity = less === null ? 'weight' : 'difference'
  const label = (group: TokenGroup) => tokenText(groupToken(tokens, group))
  const { start } = groups[own]!
  const note = `${less === null ? '' : 'difference of '}attention ${side} ${start} ${label(groups[own]!)}${unit === 'token' ? '' : `, ${unit}s: sum over keys, mean over queries`}`
  const title = `${modelName} · ${what} · text`
  const from: Provenance = {
    version,
    of: runOrigin(model, run, place),
    less: less && runOrigin(less.model, less.run, placeOf(less)),
    precision: pattern.precision
  }
  const data = (): ShadedTextData => ({
    title: `${model.name} · ${what}`,
    quantity,
    note,
    unit: null,
    ranks: null,
    weights,
    own,
    ...shown.seen()
  })
  const numbers = () =>
    dataset(
      { [unit]: axis(groups.map(label)) },
      {
        [quantity]: {
          axes: [unit],
          data: weights,
          unit: '',
          about: `${note}; NaN where nothing is seen`
        },
        first_position: {
          axes: [unit],
          data: Int32Array.from(groups, ({ start }) => start),
          unit: '',
          about: 'position of its first token'
        }
      },
      { of: what, side, position: start }
    )
  return [
    ...figureFormats(shadedText, title, data, { ...look, ...paperLook }, { from }),
    ...dataFormats(title, numbers, from)
  ]
}
