import type { ModelInfo, Run } from '../../contract/schemas.ts'
import { withoutIsolates } from '../../text/token-text.ts'
import type { Origin } from '../provenance.ts'

/**
 * Where what is shown of a run comes from.
 * @param place in its words; what keeps tokens apart on a line is left out
 */
export function runOrigin(
  { name, fingerprint }: Pick<ModelInfo, 'name' | 'fingerprint'>,
  { source: { input, edits, provider } }: Pick<Run, 'source'>,
  place: string
): Origin {
  return { model: name, fingerprint, input, edits, provider, place: withoutIsolates(place) }
}
