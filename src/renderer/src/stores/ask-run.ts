import type { Run } from '#common/contract/schemas.ts'
import type { CallOptions } from '#common/contract/rpc.ts'
import { LamellaError } from '#common/model/errors.ts'
import { useClient } from './client.ts'

/**
 * Asks the workbench for something of a run. One that it does not know any more, for it knows those used last, is started
 * again and asked again: its blocks are mostly cached, and its id is the same.
 */
export async function askRun<T>(
  { id, source }: Run,
  ask: (runId: string) => Promise<T>,
  options: CallOptions
): Promise<T> {
  try {
    return await ask(id)
  } catch (error) {
    if (!(error instanceof LamellaError) || error.code !== 'not-found') throw error
    const again = await useClient().call('runs.start', { source }, options)
    return ask(again.id)
  }
}
