import type { ModelInfo, Run } from '../../contract/schemas.ts'
import { LamellaError } from '../../model/errors.ts'
import type { Visibility } from '../../model/visibility.ts'
import { alignmentText } from '../../text/alignment-text.ts'
import type { WrittenToken } from '../../text/written-tokens.ts'
import { extent } from '../heat-map-pixels.ts'
import type { ValueRange } from '../value-scale.ts'

/**
 * What two have to have as many of to be taken from one another, place by place; of offsets as many are taken as both have.
 */
export type Subtracting = 'tokens' | 'heads' | 'offsets'

/** A model and the run of it that is shown. */
interface Side {
  readonly model: ModelInfo
  readonly run: Run
}

/** Why one cannot be taken from the other; null where it can. */
export function whyNotLess(by: Subtracting, a: Side, b: Side): string | null {
  if (by === 'offsets') return null
  if (by === 'tokens') return whyNoDifference(a.run, b.run)
  return whyOtherHeads(a.model, b.model)
}

/** Why heads of two models do not stand at the same places; null where they do. */
export function whyOtherHeads(a: HeadsOf, b: HeadsOf): string | null {
  const shape = ({ config }: HeadsOf) => `${config?.nLayers ?? 0} × ${config?.nHeads ?? 0}`
  return shape(a) === shape(b) ? null : `No difference: ${shape(a)} and ${shape(b)} layers × heads`
}
type HeadsOf = Pick<ModelInfo, 'config'>

/** @throws LamellaError `invalid-argument` where there is a reason why one cannot be taken from the other */
export function checkSubtracts(why: string | null): void {
  if (why === null) return
  throw new LamellaError('invalid-argument', why, 'With --sides beside both are drawn.')
}

/** What to know of a difference that there is; null where nothing is. */
export function noteOfLess(by: Subtracting, a: Side, b: Side): string | null {
  if (by === 'offsets') return 'Offsets and scores alone; contexts stand side by side'
  if (by === 'tokens') return differenceNote(a, b)
  const same = a.model.fingerprint === b.model.fingerprint
  return same ? null : 'Two models: head is compared with the head at its place'
}

/** Why two patterns have no difference; null where they have one. */
export function whyNoDifference(a: Tokens, b: Tokens): string | null {
  if (a.tokens.length === b.tokens.length) return null
  return `No difference: ${alignmentText(a.tokens, b.tokens)}`
}

/**
 * What to know of a difference of patterns of as many tokens; null where nothing is.
 * @param shown what it goes from and to, where it is drawn
 */
export function differenceNote(
  a: Pick<Side, 'run'>,
  b: Pick<Side, 'run'>,
  shown: ValueRange | null = null
): string | null {
  const ids = ({ run }: Pick<Side, 'run'>) => run.tokens.map(({ id }) => id).join()
  const notes = [
    ...(ids(a) === ids(b) ? [] : ['The texts differ: position is compared with position']),
    ...(shown?.low === 0 && shown.high === 0 ? ['No weight differs'] : [])
  ]
  return notes.length === 0 ? null : notes.join('. ')
}

/** The first pattern less the second, of as many tokens, with its lowest and highest value. */
export function patternDifference(
  a: Weights & { readonly tokens: readonly WrittenToken[]; readonly firstHidden: boolean },
  b: Weights
): {
  readonly data: Float32Array
  readonly visibility: Visibility | null
  readonly extent: ValueRange
} {
  const data = a.data.map((weight, i) => weight - b.data[i]!)
  const same = JSON.stringify(a.visibility) === JSON.stringify(b.visibility)
  const visibility = same ? a.visibility : null
  const size = a.tokens.length
  return { data, visibility, extent: extent(data, size, size, visibility, a.firstHidden) }
}

/** Of each query to each key. */
interface Weights {
  readonly data: Float32Array
  readonly visibility: Visibility | null
}

interface Tokens {
  readonly tokens: readonly { readonly id: number }[]
}
