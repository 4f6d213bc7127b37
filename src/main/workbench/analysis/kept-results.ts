import type { Dataset } from '#common/data/dataset.ts'
import { LamellaError } from '#common/model/errors.ts'
import type { KeptState } from '../../compute/protocol.ts'
import { copiedDataset } from '../../threads/copied.ts'
import { movable } from '../../threads/movable.ts'
import { movableDataset } from '../../threads/movable-dataset.ts'
import { startThread, type Thread } from '../../threads/thread.ts'
import type { KeptCalls, KeptPlace } from './kept-protocol.ts'

/**
 * Results of analyses, and how far those that have not ended have come, in a folder: disposable, bounded, the ones used
 * longest ago go first. What is damaged, or lies where another's was, is as good as not there. A full disk keeps nothing,
 * and fails nothing. A thread of its own reads and writes them.
 */
export interface KeptResults {
  result(key: string): Promise<Dataset | null>
  keepResult(key: string, result: Dataset): Promise<void>
  state(key: string): Promise<KeptState | null>
  /** Its bytes leave for good. */
  keepState(key: string, state: KeptState): Promise<void>
  /** Writes what it was given and ends the thread. */
  close(): Promise<void>
}

export interface KeptResultsOptions extends KeptPlace {
  /** The module that the thread runs. */
  readonly entry: string
  /** Is told why something could not be kept. */
  readonly refused: (message: string) => void
}

export function createKeptResults({ entry, refused, ...place }: KeptResultsOptions): KeptResults {
  const options = { name: 'Lamella results', does: 'keeps results', given: place }
  const writing = new Set<Promise<void>>()
  let thread: Thread<KeptCalls> | null = null
  let closed = false

  /** Starts with the first call; one that stopped is started again, but not after the end. */
  const ask: Thread<KeptCalls>['ask'] = (call, argument, moved) => {
    if (closed) return Promise.reject(new LamellaError('cancelled', 'The workbench is closed'))
    if (thread === null || thread.hasStopped()) thread = startThread(entry, options)
    return thread.ask(call, argument, moved)
  }

  /** Fails nothing: what is not kept is computed again. */
  async function keep(refusal: Promise<string | null>): Promise<void> {
    const written = refusal.then(
      message => {
        if (message !== null) refused(message)
      },
      () => undefined
    )
    writing.add(written)
    await written
    writing.delete(written)
  }

  return {
    result: key => ask('result', { key }).catch(() => null),
    state: key => ask('state', { key }).catch(() => null),

    async keepResult(key, result) {
      // It is still wanted here.
      const copy = copiedDataset(result)
      await keep(copy.then(value => ask('keepResult', { key, value }, movableDataset(value))))
    },

    keepState: (key, value) => keep(ask('keepState', { key, value }, movable(value.bytes))),

    async close() {
      await Promise.all(writing)
      closed = true
      thread?.stop()
    }
  }
}
