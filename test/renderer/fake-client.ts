import type { EventName, EventPayload, MethodName, Params, Result } from '#common/contract/api.ts'
import type { CallOptions, Client } from '#common/contract/rpc.ts'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import { abortOf } from '#common/model/cancel.ts'
import type { Token } from '#common/model/token.ts'
import { setClient } from '../../src/renderer/src/stores/client.ts'

type Answers = {
  [M in MethodName]?: (params: Params<M>, options: CallOptions) => Promise<Result<M>> | Result<M>
}

const listeners = new Map<EventName, (payload: unknown) => void>()

/** Tells who listens what a workbench says unasked. */
export function telling<E extends EventName>(event: E, payload: EventPayload<E>): void {
  listeners.get(event)?.(payload)
}

/** A workbench that answers as it is told, and keeps what it was asked. */
export function answering(answers: Answers): { method: MethodName; params: unknown }[] {
  const calls: { method: MethodName; params: unknown }[] = []
  const client: Client = {
    async call(method, params, options = {}) {
      calls.push({ method, params })
      const answer = answers[method]
      if (answer === undefined) throw new Error(`${method}: nobody answers`)
      const { signal } = options
      const answered = answer(params, options)
      // A call that is given up rejects, whatever the answer.
      return signal ? Promise.race([answered, abortOf(signal)]) : answered
    },
    on(event, listener) {
      listeners.set(event, listener as (payload: unknown) => void)
      return () => listeners.delete(event)
    }
  }
  listeners.clear()
  setClient(client)
  return calls
}

export function model(name: string, own: Partial<ModelInfo> = {}): ModelInfo {
  return {
    id: `id of ${name}`,
    name,
    path: `/${name}`,
    fingerprint: `files of ${name}`,
    family: 'gpt2',
    config: {
      nLayers: 3,
      nHeads: 4,
      nKeyValueHeads: 4,
      dModel: 8,
      dHead: 2,
      dMlp: 16,
      dVocab: 100,
      nCtx: 64
    },
    visibility: null,
    scores: null,
    rawConfig: '{}',
    parameters: 0,
    parametersStored: 0,
    ties: [],
    tensors: [],
    notRunnable: null,
    notRunnableHint: null,
    tokenizer: 'WordLevel',
    notTokenizable: null,
    hooks: [],
    limits: [],
    notes: [],
    predicts: 'next',
    sampleText: null,
    ...own
  }
}

/** Tokens of a text, cut at these places. */
export function tokens(text: string, cuts: readonly number[]): Token[] {
  const ends = [...cuts, text.length]
  return ends.map((end, i) => {
    const start = i === 0 ? 0 : ends[i - 1]!
    const piece = text.slice(start, end)
    return { id: i, piece, text: piece, start, end, special: false }
  })
}

export function run(of: ModelInfo, text: string, own: Partial<Run> = {}): Run {
  const { path, fingerprint } = of
  return {
    id: `run of ${of.name} on ${text}`,
    source: { model: { path, fingerprint }, input: { text }, edits: [], provider: 'cpu' },
    modelId: of.id,
    tokens: tokens(text, []),
    milliseconds: 1,
    complete: true,
    firstNonFinite: null,
    ...own
  }
}

/** Something to wait for, and how it is brought to an end. */
export function pending<T>() {
  let resolve!: (value: T) => void
  let reject!: (reason: unknown) => void
  const promise = new Promise<T>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}
