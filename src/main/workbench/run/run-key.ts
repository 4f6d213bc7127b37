import type { MadeRunSource } from '#common/model/run-source.ts'
import { sha256 } from '../../files/sha256.ts'
import { effectiveEdits } from './effective-edits.ts'

/** Raised whenever graphs compute something else, so that what older ones left in the cache is not asked for. */
const computation = 'computation 2'

/**
 * What the values of a run are kept under: runs of one key have the same values.
 * @param source with normalized edits
 * @param ids the tokens that its input was read as
 */
export function runKey(
  { model, edits, provider }: Pick<MadeRunSource, 'model' | 'edits' | 'provider'>,
  ids: readonly number[]
): string {
  return sha256([
    computation,
    model.fingerprint,
    provider,
    ids.join(' '),
    JSON.stringify(effectiveEdits(edits))
  ])
}
