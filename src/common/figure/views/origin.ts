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

/** A model as far as it says where numbers come from. */
export type ModelRead = Pick<ModelInfo, 'name' | 'fingerprint' | 'absent'>

/**
 * Where what is shown of a run comes from.
 * @param place in its words; what keeps tokens apart on a line is left out
 */
export function runOrigin(
  model: ModelRead,
  { source: { input, edits, provider }, tokens = [] }: RunRead,
  place: string
): Origin {
  const unknown = unknownWritten(input, tokens)
  return {
    ...originOf(model, place),
    ...{ input, edits, provider },
    ...(input !== null &&
      'text' in input &&
      tokens.length > 0 && { ids: tokens.map(({ id }) => id) }),
    ...(unknown !== null && { unknown })
  }
}

/**
 * Where what is shown of a model's files alone comes from.
 * @param place in its words; what keeps tokens apart on a line is left out
 */
export function modelOrigin(model: ModelRead, place: string): Origin {
  return { ...originOf(model, place), input: null, edits: [], provider: 'none' }
}

function originOf({ name, fingerprint, absent }: ModelRead, place: string) {
  return {
    ...{ model: name, fingerprint, place: withoutIsolates(place) },
    ...(absent !== undefined && { kept: true as const })
  }
}
