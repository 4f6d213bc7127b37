import type { Run } from '#common/contract/schemas.ts'
import type { MadeRunSource } from '#common/model/run-source.ts'
import type { Token } from '#common/model/token.ts'
import type { Model, RunnableModel } from '../model/model.ts'
import { effectiveEdits } from './effective-edits.ts'
import { runKey } from './run-key.ts'

/** A run and the model it is of. */
export interface RunRecord<M extends Model = RunnableModel> {
  readonly run: Run
  readonly model: M
  /** The run without its edits; null where none of them changes anything. */
  readonly unedited: RunRecord<M> | null
}

/**
 * A run that nothing has been computed of yet.
 * @param source with normalized edits; its model is the one given
 * @param tokens what its input is read as
 */
export function runRecord<M extends Model>(
  model: M,
  source: Omit<MadeRunSource, 'model'>,
  tokens: readonly Token[]
): RunRecord<M> {
  const { path, fingerprint } = model.info
  const made = { ...source, model: { path, fingerprint } }
  const isEdited = effectiveEdits(source.edits).length > 0
  return {
    model,
    run: {
      id: runKey(
        made,
        tokens.map(({ id }) => id)
      ),
      source: made,
      modelId: model.info.id,
      tokens: [...tokens],
      milliseconds: 0,
      complete: false,
      firstNonFinite: null
    },
    unedited: isEdited ? runRecord(model, { ...source, edits: [] }, tokens) : null
  }
}

/** [pos] */
export function idsOf({ tokens }: Run): number[] {
  return tokens.map(({ id }) => id)
}
