import { saidCut, type Cut, type NamedInputs, type Reading } from '../../analysis/subject.ts'
import { corpusInputs, type NamedCorpus } from '../../model/library.ts'
import type { RunSource } from '../../model/run-source.ts'
import type { Token } from '../../model/token.ts'
import type { ModelInfo } from '../../contract/schemas.ts'
import { withoutIsolates } from '../../text/token-text.ts'
import { unknownWritten } from '../../text/unknown-text.ts'
import type { Origin } from '../provenance.ts'

/** A run as far as it says where numbers come from; of a corpus there is no one text but all of it. */
export interface RunRead {
  readonly source: Pick<RunSource, 'edits' | 'provider'> & {
    readonly input: RunSource['input'] | null
  }
  /** What its text is read as; where it is left out, nobody knows. */
  readonly tokens?: readonly Token[]
  readonly corpus?: NamedInputs
  /** How that is cut into windows; left out where nobody says. */
  readonly cut?: Cut
}

/** A corpus, or the run's own text where there is none, and how that is cut. */
export interface ReadOver extends Cut {
  readonly corpus: Pick<NamedCorpus, 'name' | 'of'> | null
}

/** What is read of a run: its own text, or where there is a corpus that alone. */
export function readOfRun({ source, tokens }: RunRead, over: ReadOver): RunRead {
  const { corpus } = over
  const cut = saidCut(over)
  const windows = cut && { cut }
  if (corpus === null) return { source, ...(tokens && { tokens }), ...windows }
  const named = { name: corpus.name, inputs: corpusInputs(corpus.of) }
  return { source: { ...source, input: null }, corpus: named, ...windows }
}

/** What a run reads, and with which edits. */
export function readingOf({ source: { input, edits }, corpus, cut }: RunRead): Reading {
  return { input, ...(corpus && { corpus }), ...(cut && { cut }), edits }
}

/** A model as far as it says where numbers come from. */
export type ModelRead = Pick<ModelInfo, 'name' | 'fingerprint' | 'absent'>

/**
 * Where what is shown of a run comes from.
 * @param place in its words; what keeps tokens apart on a line is left out
 */
export function runOrigin(model: ModelRead, run: RunRead, place: string): Origin {
  const {
    source: { input, provider },
    tokens = []
  } = run
  const ids = tokens.map(({ id }) => id)
  const unknown = unknownWritten(input, tokens)
  return {
    ...originOf(model, place),
    ...{ ...readingOf(run), provider },
    ...(input !== null && ids.length > 0 && !isOfIds(input, ids) && { ids }),
    ...(unknown !== null && { unknown })
  }
}

function isOfIds(input: RunSource['input'], ids: readonly number[]): boolean {
  return 'ids' in input && input.ids.every((id, at) => id === ids[at])
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
