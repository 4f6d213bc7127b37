import type { RunSource } from '../../model/run-source.ts'
import type { Token } from '../../model/token.ts'
import type { ModelInfo } from '../../contract/schemas.ts'
import { withoutIsolates } from '../../text/token-text.ts'
import { unknownWritten } from '../../text/unknown-text.ts'
import type { Origin } from '../provenance.ts'

/** A run as far as it says where numbers come from; of a corpus there is no one text. */
export interface RunRead {
  readonly source: Pick<RunSource, 'edits' | 'provider'> & {
    readonly input: RunSource['input'] | null
  }
  /** What its text is read as; where it is left out, nobody knows. */
  readonly tokens?: readonly Token[]
}

/** What is read of a run: its own text, or where there is a corpus that alone. */
export function readOfRun(run: RunRead, corpus: object | null): RunRead {
  return corpus === null ? run : { source: { ...run.source, input: null } }
}

/**
 * Where what is shown of a run comes from.
 * @param place in its words; what keeps tokens apart on a line is left out
 */
export function runOrigin(
  { name, fingerprint }: Pick<ModelInfo, 'name' | 'fingerprint'>,
  { source: { input, edits, provider }, tokens = [] }: RunRead,
  place: string
): Origin {
  const unknown = unknownWritten(input, tokens)
  return {
    ...{ model: name, fingerprint, input, edits, provider, place: withoutIsolates(place) },
    ...(unknown !== null && { unknown })
  }
}
