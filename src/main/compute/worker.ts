/** A worker thread: runs one analysis at a time, on what it is sent. It may die; its owner starts another. */
import { createHash } from 'node:crypto'
import { deserialize, serialize } from 'node:v8'
import { parentPort } from 'node:worker_threads'
import type { Accumulator, State } from '#common/analysis/analysis.ts'
import { analysisNamed } from '#common/analysis/registry.ts'
import { toLamellaError } from '#common/model/errors.ts'
import type {
  ComputeCall,
  ComputeCalls,
  ComputeReply,
  ComputeRequest,
  KeptState
} from './protocol.ts'

type Work = {
  readonly [C in ComputeCall]: (argument: ComputeCalls[C]['argument']) => ComputeCalls[C]['result']
}

let accumulator: Accumulator | null = null
/** What it threw: nothing more is to be had of it. */
let failure: Error | null = null

function current(): Accumulator {
  if (failure !== null) throw failure
  if (accumulator === null) throw new Error('no analysis has been started')
  return accumulator
}

const work: Work = {
  start({ name, params, model, state }) {
    failure = null
    const analysis = analysisNamed(name)
    const held = state === null ? null : heldIn(state)
    accumulator = analysis.start(analysis.params.parse(params), model, held)
    return null
  },
  begin(window) {
    current().begin(window)
    return null
  },
  take(taken) {
    current().take(taken)
    return null
  },
  state({ note }) {
    const bytes = new Uint8Array(serialize(current().state()))
    return { note, bytes, sha256: checksum(note, bytes) }
  },
  result: () => current().result()
}

/** @throws Error when not every byte is as it was */
function heldIn({ note, bytes, sha256 }: KeptState): State {
  if (checksum(note, bytes) !== sha256) throw new Error('what was kept is damaged')
  return deserialize(bytes) as State
}

function checksum(note: string, bytes: Uint8Array): string {
  return createHash('sha256').update(note).update(bytes).digest('hex')
}

function answer({ id, call, argument }: ComputeRequest): ComputeReply {
  try {
    const run = work[call] as (argument: unknown) => ComputeCalls[ComputeCall]['result']
    return { id, result: run(argument) }
  } catch (error) {
    if (call !== 'start') failure ??= error as Error
    const { code, message, hint } = toLamellaError(error)
    return { id, error: hint === undefined ? { code, message } : { code, message, hint } }
  }
}

parentPort!.on('message', (message: ComputeRequest) => parentPort!.postMessage(answer(message)))
