import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import { type Absence, absenceText } from '#common/model/absence.ts'
import { LamellaError } from '#common/model/errors.ts'
import { sha256 } from '../../files/sha256.ts'
import type { KeptModel } from './kept-model.ts'

/** What is known of a model that is not there, as if it were open: it stands in for it. */
export function standIn({ info }: KeptModel, absent: Absence): ModelInfo {
  return { ...info, id: standInId(info), absent }
}

/** Another one than that of any model that is open. */
export function standInId({ path, fingerprint }: Pick<ModelInfo, 'path' | 'fingerprint'>): string {
  return sha256(['absent', path, fingerprint]).slice(0, 16)
}

/** What a run is called while its model is stood in for: a file's own ids may be those of runs of a model that is there. */
export function keptRunId({ id }: Pick<Run, 'id'>, { id: modelId }: Pick<ModelInfo, 'id'>): string {
  return sha256(['absent', modelId, id])
}

/** The error for what would need the model itself. */
export function absentError(
  { path, name, absent = 'missing' }: ModelInfo,
  what: string
): LamellaError {
  return new LamellaError(
    'not-kept',
    `${name} ${absenceText(path, absent)}; ${what} was not kept`,
    absent === 'aside' ? 'Compute with the model itself again.' : 'Point to where it is now.'
  )
}
