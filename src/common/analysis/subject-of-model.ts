import type { Edit } from '../model/edit.ts'
import { expandedEdits } from '../model/expanded-edits.ts'
import type { ModelRef } from '../model/model-ref.ts'
import type { ProviderChoice } from '../model/provider.ts'
import type { AnalysisSubject, CorpusInput, Cut } from './subject.ts'

/** What a model reads, how that is cut, and what computes it. */
export interface ReadByModel extends Cut {
  readonly inputs: readonly CorpusInput[]
  readonly provider: ProviderChoice
}

/** What an analysis of a model that is open is of; patterns of edits stand for all hooks that they match. */
export function subjectOfModel(
  model: ModelRef & Parameters<typeof expandedEdits>[1],
  { inputs, provider, ...cut }: ReadByModel,
  edits: readonly Edit[]
): AnalysisSubject {
  const { path, fingerprint } = model
  const corpus = inputs.length === 0 ? null : { inputs: [...inputs], ...cut }
  return { model: { path, fingerprint }, corpus, edits: expandedEdits(edits, model), provider }
}
