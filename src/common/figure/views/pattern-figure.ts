import { firstTokenHidden } from '../../analysis/first-token.ts'
import { roughest } from '../../analysis/result-precision.ts'
import type { ModelInfo, Run } from '../../contract/schemas.ts'
import { axis, dataset, type Dataset } from '../../data/dataset.ts'
import type { Visibility } from '../../model/visibility.ts'
import { namedOf } from '../../text/figure-title.ts'
import { tokenText } from '../../text/token-text.ts'
import { tokensOfBoth } from '../../text/tokens-of-both.ts'
import type { WrittenToken } from '../../text/written-tokens.ts'
import { attentionMap, type AttentionMapData } from '../attention-map.ts'
import type { Profiles } from '../profile.ts'
import type { Origin } from '../provenance.ts'
import type { ValueRange } from '../value-scale.ts'
import { patternDifference } from './comparison.ts'
import type { ViewFigure } from './figure-view.ts'
import { runOrigin } from './origin.ts'

/** A pattern on one text, of a head or of several together, as a figure tells of it. */
export interface FiguredPattern {
  readonly model: Pick<ModelInfo, 'name' | 'fingerprint'>
  readonly run: Pick<Run, 'source' | 'tokens'>
  /** What it is of, such as `Head 0.1`. */
  readonly name: string
  /** The first key is left out, and each row is divided by what is left of it. */
  readonly firstHidden: boolean
  /** What its numbers are rounded to. */
  readonly precision: 'float32' | 'float16'
}

/** What a map is drawn of, but for which part is shown and what is marked. */
export type PatternData = Omit<AttentionMapData, 'view' | 'part' | 'marked' | 'profiles'>

/** What a map is drawn of. */
export function mapOf(
  pattern: {
    /** What its values are called; null for attention weights. */
    readonly unit: string | null
    /** [query, key] */
    readonly data: Float32Array
    readonly tokens: readonly WrittenToken[]
    readonly visibility: Visibility | null
    readonly firstHidden: boolean
  },
  quantity: AttentionMapData['quantity'],
  mirrored: boolean
): PatternData {
  const { unit, data, tokens, visibility, firstHidden } = pattern
  return { title: null, pattern: data, quantity, unit, tokens, visibility, firstHidden, mirrored }
}

/** That of one less another of as many tokens, with its lowest and highest value: places of unlike tokens are called by both. */
export function mapLess(
  pattern: Parameters<typeof mapOf>[0],
  less: Pick<typeof pattern, 'data' | 'tokens' | 'visibility'>,
  mirrored: boolean
): { readonly data: PatternData; readonly extent: ValueRange } {
  const { extent, ...difference } = patternDifference(pattern, less)
  const tokens = tokensOfBoth(pattern.tokens, less.tokens)
  return { data: mapOf({ ...pattern, ...difference, tokens }, 'difference', mirrored), extent }
}

/**
 * A map as it is saved.
 * @param less what is taken from it, in a difference; else null
 * @param profiles the row and the column that are drawn beside it; null where none is
 * @param caption what tells it from others beside it; null where it stands alone
 * @param part the cells that are drawn; null for all
 * @param version of Lamella
 */
export function patternFigure(
  {
    pattern,
    less,
    data,
    profiles,
    caption,
    part = null
  }: {
    readonly pattern: FiguredPattern
    readonly less: FiguredPattern | null
    readonly data: PatternData
    readonly profiles: Profiles | null
    readonly caption: string | null
    readonly part?: AttentionMapData['part'] | null
  },
  version: string
): ViewFigure<AttentionMapData> {
  const quantity = data.quantity === 'weight' ? 'attention' : 'difference of attention'
  const named = `${caption ?? pattern.name} · ${quantity}`
  const whole = [named, ...(data.firstHidden ? [firstTokenHidden] : [])].join(', ')
  const what = part === null ? whole : `${whole} · part`
  const marked = profiles ?? { queries: [], keys: [] }
  return {
    what,
    kind: attentionMap,
    // Folders of the machine are in the name of a file at most, not in what is shown to others.
    data: {
      ...{ ...data, title: namedOf(pattern.model.name, what), view: null, marked, profiles },
      ...(part && { part })
    },
    from: {
      version,
      of: originOf(pattern),
      less: less && originOf(less),
      precision: roughest([pattern, ...(less ? [less] : [])].map(({ precision }) => precision))
    },
    dataset: () => patternDataset(data, pattern.run, less?.run ?? null)
  }
}

function originOf({ model, run, name: own, firstHidden }: FiguredPattern): Origin {
  const place = [own, ...(firstHidden ? [firstTokenHidden] : [])].join(', ')
  return runOrigin(model, run, place)
}

/**
 * The numbers of a map, by tokens; labels are as tokens are shown, and alike for some that are not.
 * @param less what is taken from it, in a difference; else null
 */
function patternDataset(
  { pattern, quantity, unit, tokens, firstHidden }: PatternData,
  run: Pick<Run, 'tokens'>,
  less: Pick<Run, 'tokens'> | null
): Dataset {
  const labels = tokens.map(tokenText)
  const each = quantity === 'weight' ? (unit ?? 'attention weight') : 'difference of weights'
  const hidden = firstHidden ? ', renormalised without the first token' : ''
  const about = `${each} of each query to each key${hidden}; 0 where the key is not seen`
  return dataset(
    { query: axis(labels), key: axis(labels) },
    { [quantity]: { axes: ['query', 'key'], unit: '', about, data: pattern } },
    { input_ids: idsOf(run), ...(less && { less_input_ids: idsOf(less) }) }
  )
}

function idsOf({ tokens }: Pick<Run, 'tokens'>): number[] {
  return tokens.map(({ id }) => id)
}
