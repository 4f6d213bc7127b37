import { z } from 'zod'
import { LamellaError } from './errors.ts'
import type { ModelRef } from './model-ref.ts'
import { isOfAnotherMachine } from './other-machine.ts'

const Named = z.object({ folder: z.string() })

/** Whether settings name a folder. */
export function namesFolder(params: unknown): boolean {
  return Named.safeParse(params).success
}

/**
 * Refuses settings of a stranger's file that name another folder than what a model lies in, or than that of its checkpoints: what
 * one reads there is for a person to say.
 * @param models that are there and are what the settings are of
 * @throws LamellaError `invalid-argument`
 */
export function refuseStrayFolder(
  params: unknown,
  models: readonly Pick<ModelRef, 'path'>[]
): void {
  const { data } = Named.safeParse(params)
  if (data === undefined) return
  const { folder } = data
  const own = folder.replace(/[\\/]+$/, '')
  const isNear = models.some(
    ({ path }) => path === own || path.replace(/[\\/][^\\/]*$/, '') === own
  )
  if (own !== '' && isNear && !isOfAnotherMachine(folder)) return
  throw new LamellaError(
    'invalid-argument',
    `names the folder ${folder}, in which no model lies that it is of; it is not read`
  )
}
