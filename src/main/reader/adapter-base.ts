import { LamellaError, toLamellaError } from '#common/model/errors.ts'
import { openCheckpoint, type Checkpoint } from '../checkpoint/checkpoint.ts'
import { fileLabel } from '../files/file-error.ts'
import { withAdapter } from './adapter-file.ts'
import { withAliases } from './aliases.ts'

/**
 * The weights of a model with an adapter that lies in another folder beside the matrices that it changes, under the adapter's path.
 * @param base the model's folder or file
 * @returns in words why it cannot be applied, where the model cannot be opened or is another one
 * @throws LamellaError `cancelled`
 */
export async function onBase(
  adapter: Checkpoint,
  base: string,
  signal: AbortSignal
): Promise<Checkpoint | string> {
  try {
    const model = withAliases(await openCheckpoint(base, signal))
    const both = withAdapter(model, adapter)
    if (typeof both === 'string') return `${fileLabel(base)} is another model: ${both}`
    return { ...both.checkpoint, path: adapter.path }
  } catch (error) {
    const { code, message } = toLamellaError(error)
    if (code === 'cancelled' || !(error instanceof LamellaError)) throw error
    return message
  }
}
