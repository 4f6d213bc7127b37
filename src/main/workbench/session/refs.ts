import type { Run } from '#common/contract/schemas.ts'
import type { AnalysisRequest } from '#common/contract/session.ts'
import { isSameModel, type ModelRef } from '#common/model/model-ref.ts'
import type { RunSource } from '#common/model/run-source.ts'
import type { Model } from '../model/model.ts'
import type { OpenModels } from '../model/open-models.ts'

/** The models that an analysis was asked of. */
export function refsOf({ of, with: other }: AnalysisRequest): ModelRef[] {
  return [of.model, ...(other === null ? [] : [other.model])]
}

/** Whether a run was started from a source, whichever provider that asks for. */
export function isOf(run: Run, source: RunSource): boolean {
  return isMadeAs(run, source) && JSON.stringify(run.source.input) === JSON.stringify(source.input)
}

/** Whether a run is of a model with these edits, by a provider that is asked for, whatever its text. */
export function isMadeAs(
  { source }: Run,
  { model, edits, provider }: Omit<RunSource, 'input'>
): boolean {
  return (
    isSameModel(source.model, model) &&
    (provider === 'auto' || provider === source.provider) &&
    JSON.stringify(source.edits) === JSON.stringify(edits)
  )
}

/** The very model of a reference where it is open, else null. */
export function openAt(models: Pick<OpenModels, 'resolve'>, ref: ModelRef): Model | null {
  try {
    return models.resolve(ref)
  } catch {
    return null
  }
}
