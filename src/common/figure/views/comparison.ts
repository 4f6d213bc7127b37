import { sideNames } from '../../analysis/head-comparison/compared-model.ts'
import type { ModelInfo, Run } from '../../contract/schemas.ts'
import { LamellaError } from '../../model/errors.ts'
import type { Visibility } from '../../model/visibility.ts'
import { alignmentText } from '../../text/alignment-text.ts'
import { tokenText } from '../../text/token-text.ts'
import { unknownPieces } from '../../text/unknown-text.ts'
import { writtenTokens, type WrittenToken } from '../../text/written-tokens.ts'
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
function whyNotLess(by: Subtracting, a: Side, b: Side): string | null {
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

/** Whether one can be taken from the other, and what to know of the two; null where nothing is. */
export function subtraction(
  by: Subtracting,
  a: Side,
  b: Side
): { readonly possible: boolean; readonly note: string | null } {
  const whyNot = whyNotLess(by, a, b)
  const note = by === 'tokens' ? noteOfTokens(a, b) : (whyNot ?? noteOfLess(by, a, b))
  return { possible: whyNot === null, note }
}

function noteOfLess(by: Exclude<Subtracting, 'tokens'>, a: Side, b: Side): string | null {
  if (by === 'offsets') return 'Offsets and scores alone; contexts stand side by side'
  const same = a.model.fingerprint === b.model.fingerprint
  return same ? null : 'Two models: head is compared with the head at its place'
}

/** Why two patterns have no difference; null where they have one. */
export function whyNoDifference(a: Tokens, b: Tokens): string | null {
  if (a.tokens.length === b.tokens.length) return null
  return `No difference: ${alignmentText(a.tokens, b.tokens)}`
}

/**
 * What to know of two patterns that are compared: why they have no difference or whose places it is of, and what of their texts is not
 * read as it is written; null where nothing is.
 * @param shown what the difference goes from and to, where it is drawn
 */
export function noteOfTokens(
  a: TokensSide,
  b: TokensSide,
  shown: ValueRange | null = null
): string | null {
  const whyNot = whyNoDifference(a.run, b.run)
  const notes = [
    ...(whyNot === null ? differing(a, b) : [whyNot]),
    ...(shown?.low === 0 && shown.high === 0 ? ['No weight differs'] : []),
    ...unread(a, b)
  ]
  return notes.length === 0 ? null : notes.join('. ')
}

interface TokensSide {
  readonly model: Pick<ModelInfo, 'name' | 'fingerprint'>
  readonly run: Pick<Run, 'source' | 'tokens'>
}

/** One text may be read as other tokens by another model, and as those that are written alike by other ids. */
function differing(a: TokensSide, b: TokensSide): string[] {
  const isOneModel = a.model.fingerprint === b.model.fingerprint
  const [own, other] = [a, b].map(({ run }) =>
    JSON.stringify(isOneModel ? run.tokens.map(({ id }) => id) : writtenTokens(run).map(tokenText))
  )
  if (own === other) return []
  const [input, second] = [a, b].map(({ run }) => JSON.stringify(run.source.input))
  const what = input === second ? 'tokens' : 'texts'
  return [`The ${what} differ: position is compared with position`]
}

/** Which characters a model does not have, once of one that reads both alike. */
function unread(a: TokensSide, b: TokensSide): string[] {
  const names = sideNames(a.model.name, b.model.name)
  const isOneModel = a.model.fingerprint === b.model.fingerprint
  const notes = [a, b].map(({ run: { source, tokens } }, i) =>
    'text' in source.input
      ? unknownPieces(source.input.text, tokens, isOneModel ? undefined : names[i])
      : null
  )
  return [...new Set(notes.filter(note => note !== null))]
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
