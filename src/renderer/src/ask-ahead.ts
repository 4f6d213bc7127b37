import type { MethodName, Params, Result } from '#common/contract/api.ts'
import type { CallOptions, Client } from '#common/contract/rpc.ts'
import type { Progress } from '#common/contract/schemas.ts'

/** A call that was made before the window asks for it. */
interface Ahead {
  /** As JSON. */
  readonly params: string
  readonly answer: Promise<unknown>
  readonly controller: AbortController
  hear(progress: Progress): void
}

/**
 * Asks for what a window begins with while its code is still on its way: how it was left and, where this is a first start, the
 * sample and its run.
 * @param first whether nothing else was asked for in place of the sample
 * @returns a client that has these answers for who makes the same calls, once each
 */
export function askAhead(client: Client, first: boolean): Client {
  const asked = new Map<MethodName, Ahead>()

  function ask<M extends MethodName>(method: M, params: Params<M>): Promise<Result<M>> {
    const controller = new AbortController()
    const { signal } = controller
    const onProgress = (progress: Progress) => ahead.hear(progress)
    const answer = client.call(method, params, { signal, onProgress })
    const hear = () => undefined
    const ahead: Ahead = { params: JSON.stringify(params), answer, controller, hear }
    asked.set(method, ahead)
    return answer
  }

  async function begin(): Promise<void> {
    const [{ samples }, left] = await Promise.all([ask('app.info', {}), ask('workspace.load', {})])
    const [sample] = samples
    if (!first || left !== null || sample === undefined) return
    const { path, fingerprint, sampleText } = await ask('models.open', { path: sample.path })
    if (sampleText === null) return
    const model = { path, fingerprint }
    await ask('runs.start', {
      source: { model, input: { text: sampleText }, edits: [], provider: 'auto' }
    })
  }
  // What fails is told to who asks for it.
  void begin().catch(() => undefined)

  return {
    on: (event, listener) => client.on(event, listener),
    call<M extends MethodName>(method: M, params: Params<M>, options: CallOptions = {}) {
      const ahead = asked.get(method)
      // Few are asked ahead: params of all other calls, pictures among them, are not looked at.
      if (ahead === undefined || ahead.params !== JSON.stringify(params))
        return client.call(method, params, options)
      asked.delete(method)
      return options.signal?.aborted
        ? client.call(method, params, options)
        : (taken(ahead, options) as Promise<Result<M>>)
    }
  }
}

/** The answer to a call that was made ahead; it is given up, and tells how far it is, as if it were made now. */
async function taken(ahead: Ahead, { signal, onProgress }: CallOptions): Promise<unknown> {
  if (onProgress) ahead.hear = onProgress
  const giveUp = () => ahead.controller.abort(signal?.reason)
  signal?.addEventListener('abort', giveUp, { once: true })
  try {
    return await ahead.answer
  } finally {
    signal?.removeEventListener('abort', giveUp)
  }
}
