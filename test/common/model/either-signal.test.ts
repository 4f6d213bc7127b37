import { getEventListeners } from 'node:events'
import { describe, expect, it } from 'vitest'
import { cancelWork, isCancelled } from '#common/model/cancel.ts'
import { underEither } from '#common/model/either-signal.ts'

const until = (signal: AbortSignal) =>
  new Promise<AbortSignal>(resolve =>
    signal.addEventListener('abort', () => resolve(signal), { once: true })
  )

describe('something under either of two signals', () => {
  it.each([0, 1])('ends with signal %i, and for its reason', async which => {
    for (const end of [cancelWork, (controller: AbortController) => controller.abort()]) {
      const both = [new AbortController(), new AbortController()] as const
      const work = underEither(both[0].signal, both[1].signal, until)
      end(both[which]!)
      expect(isCancelled(await work)).toBe(end === cancelWork)
    }
  })

  it('has ended where one of them has', async () => {
    const [over, other] = [AbortSignal.abort('over'), new AbortController().signal]
    const reasonOf = (signal: AbortSignal) => Promise.resolve(signal.reason as unknown)
    expect(await underEither(other, over, reasonOf)).toBe('over')
    expect(await underEither(over, other, reasonOf)).toBe('over')
  })

  it('leaves nothing on them, also when it fails', async () => {
    const [one, other] = [new AbortController().signal, new AbortController().signal]
    const listeners = () => [one, other].map(signal => getEventListeners(signal, 'abort').length)
    await underEither(one, other, () => Promise.resolve(expect(listeners()).toEqual([1, 1])))
    await expect(
      underEither(one, other, () => Promise.reject(new Error('it failed')))
    ).rejects.toThrow('it failed')
    expect(listeners()).toEqual([0, 0])
  })
})
