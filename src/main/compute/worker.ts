/** A worker thread: runs one analysis at a time, on what it is sent. It may die; its owner starts another. */
import { createHash } from 'node:crypto'
import { deserialize, serialize } from 'node:v8'
import type { Accumulator, State } from '#common/analysis/analysis.ts'
import { analysisNamed } from '#common/analysis/registry.ts'
import { answerCalls } from '../threads/answer.ts'
import { movable } from '../threads/movable.ts'
import { movableDataset } from '../threads/movable-dataset.ts'
import type { ComputeCalls, KeptState } from './protocol.ts'

let accumulator: Accumulator | null = null
/** What it threw: nothing more is to be had of it. */
let failure: Error | null = null

function current(): Accumulator {
  if (failure !== null) throw failure
  if (accumulator === null) throw new Error('no analysis has been started')
  return accumulator
}

/** What fails while it takes something in fails from then on. */
function lasting<R>(action: () => R): R {
  try {
    return action()
  } catch (error) {
    failure ??= error as Error
    throw error
  }
}

answerCalls<ComputeCalls>(
  {
    start({ name, params, model, state }) {
      failure = null
      const analysis = analysisNamed(name)
      const held = state === null ? null : heldIn(state)
      accumulator = analysis.start(analysis.params.parse(params), model, held)
      return null
    },
    begin(window) {
      lasting(() => current().begin(window))
      return null
    },
    take({ taken, side }) {
      lasting(() => current().take(taken, side))
      // At once, not when it is next collected: such large arrays would have the thread collect after each.
      if (taken.kind === 'logits' || taken.kind === 'edited')
        for (const buffer of movable(taken.data)) buffer.transfer(0)
      return null
    },
    more: () => lasting(() => current().more?.() ?? null),
    state: ({ note }) =>
      lasting(() => {
        const bytes = new Uint8Array(serialize(current().state()))
        return { note, bytes, sha256: checksum(note, bytes) }
      }),
    result: (_, report) =>
      lasting(() => {
        const result = current().result(report)
        // Its arrays leave.
        accumulator = null
        return result
      })
  },
  result => {
    if (result === null || 'hooks' in result) return []
    return 'bytes' in result ? movable(result.bytes) : movableDataset(result)
  }
)

/** @throws Error when not every byte is as it was */
function heldIn({ note, bytes, sha256 }: KeptState): State {
  if (checksum(note, bytes) !== sha256) throw new Error('what was kept is damaged')
  return deserialize(bytes) as State
}

function checksum(note: string, bytes: Uint8Array): string {
  return createHash('sha256').update(note).update(bytes).digest('hex')
}
