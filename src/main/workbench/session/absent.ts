import type { ModelInfo } from '#common/contract/schemas.ts'
import { LamellaError } from '#common/model/errors.ts'
import { sha256 } from '../../files/sha256.ts'
import type { KeptModel } from './kept-model.ts'

/** Why a model that a session speaks of cannot be had. */
export type Absence = NonNullable<ModelInfo['absent']>

/** What is known of a model that is not there, as if it were open: it stands in for it. */
export function standIn({ info }: KeptModel, absent: Absence): ModelInfo {
  return { ...info, id: standInId(info), absent }
}

/** Another one than that of any model that is open. */
export function standInId({ path, fingerprint }: Pick<ModelInfo, 'path' | 'fingerprint'>): string {
  return sha256(['absent', path, fingerprint]).slice(0, 16)
}

/** The error for what would need the model itself. */
export function absentError({ path, absent }: ModelInfo, what: string): LamellaError {
  const why =
    absent === 'changed'
      ? 'is another model now than the one of the session'
      : 'is not there any more'
  return new LamellaError(
    'not-found',
    `${path}: ${why}; ${what} was not kept`,
    'Point to where it is now.'
  )
}
