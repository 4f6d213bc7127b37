import { firstTokenHidden } from '../../analysis/first-token.ts'
import type { AttentionSide } from '../../analysis/group-weights.ts'
import type { ModelInfo, Run } from '../../contract/schemas.ts'
import { axis, dataset } from '../../data/dataset.ts'
import { namedOf } from '../../text/figure-title.ts'
import { groupToken, type TokenGroup, type TokenUnit } from '../../text/token-groups.ts'
import { tokenText } from '../../text/token-text.ts'
import type { WrittenToken } from '../../text/written-tokens.ts'
import type { FigureOrigin } from '../provenance.ts'
import type { ViewText } from './figure-view.ts'
import { runOrigin } from './origin.ts'

/** A pattern that a text is shaded by. */
interface ShadingPattern {
  readonly model: Pick<ModelInfo, 'name' | 'fingerprint'>
  readonly run: Pick<Run, 'source'>
  /** What it is of, such as `Head 0.1`. */
  readonly name: string
  readonly tokens: readonly WrittenToken[]
  readonly firstHidden: boolean
  readonly precision: FigureOrigin['precision']
}

/** A text that is shaded by attention from some of its tokens or to them. */
export interface FiguredText {
  readonly pattern: ShadingPattern
  /** What is taken from it, in a difference; else null. */
  readonly less: ShadingPattern | null
  /** Which is taken from which; null where nothing is. */
  readonly caption: string | null
  readonly groups: readonly TokenGroup[]
  readonly side: AttentionSide
  readonly unit: TokenUnit
  /** The group that it is from, or to. */
  readonly own: number
  /** [group] */
  readonly weights: Float32Array
}

/** What a shaded text is called, drawn of once it has flowed, and where it comes from. */
export function textFigure(
  { pattern, less, caption, groups, side, unit, own, weights }: FiguredText,
  version: string
): ViewText {
  const { model, run, tokens } = pattern
  const hidden = pattern.firstHidden ? [firstTokenHidden] : []
  const placeOf = ({ name }: ShadingPattern) => [name, ...hidden].join(', ')
  const place = placeOf(pattern)
  const what = caption === null ? place : [caption, ...hidden].join(', ')
  const quantity = less === null ? 'weight' : 'difference'
  const label = (group: TokenGroup) => tokenText(groupToken(tokens, group))
  const { start } = groups[own]!
  const note = `${less === null ? '' : 'difference of '}attention ${side} ${start} ${label(groups[own]!)}${unit === 'token' ? '' : `, ${unit}s: sum over keys, mean over queries`}`
  return {
    what: `${what} · text`,
    from: {
      version,
      of: runOrigin(model, run, place),
      less: less && runOrigin(less.model, less.run, placeOf(less)),
      precision: pattern.precision
    },
    data: flowing => ({
      title: namedOf(model.name, what),
      ...{ quantity, note, unit: null, ranks: null, weights, own },
      ...flowing
    }),
    dataset: () =>
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
  }
}
