import { z } from 'zod'
import { LamellaError } from './errors.ts'
import type { ModelRef } from './model-ref.ts'

const Named = z.object({ folder: z.string() })

/**
 * Refuses settings of a stranger's file that name a folder in which none of its models lies: that one reads there is for a
 * person to say.
 * @throws LamellaError `invalid-argument`
 */
export function refuseStrayFolder(
  params: unknown,
  models: readonly Pick<ModelRef, 'path'>[]
): void {
  const { data } = Named.safeParse(params)
  if (data === undefined || models.some(({ path }) => isWithin(path, data.folder))) return
  throw new LamellaError(
    'invalid-argument',
    `names the folder ${data.folder}, in which no model of the session lies; it is not read`
  )
}

function isWithin(path: string, folder: string): boolean {
  const whole = folder.replace(/[\\/]+$/, '')
  return path === whole || (path.startsWith(whole) && /[\\/]/.test(path[whole.length]!))
}
