import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { CallContext } from '#common/contract/rpc.ts'
import { createSharedWork } from '../../../src/main/workbench/shared-work.ts'
import { outcome } from '../checkpoint/temporary.ts'

function caller(): { context: CallContext; leave: () => void } {
  const controller = new AbortController()
  const context = { signal: controller.signal, progress: () => undefined }
  return { context, leave: () => controller.abort() }
}

/** Work that writes something a while after nobody waits for it any more. */
function lateWork(order: string[], name: string) {
  return async ({ signal }: CallContext) => {
    order.push(`${name} begins`)
    while (!signal.aborted) await delay(5)
    await delay(50)
    order.push(`${name} writes`)
    throw new Error('given up')
  }
}

it('that all have left has ended before it is begun anew', async () => {
  const shared = createSharedWork<string>()
  const order: string[] = []
  const [one, two] = [caller(), caller()]
  const first = outcome(shared.of('key', one.context, lateWork(order, 'first')))
  await expect.poll(() => order).toEqual(['first begins'])
  one.leave()
  expect(await first).toBe('cancelled: Cancelled')
  // Who leaves before it begins keeps nobody waiting, and it never begins.
  const second = outcome(shared.of('key', two.context, lateWork(order, 'second')))
  two.leave()
  expect(await second).toBe('cancelled: Cancelled')
  const third = shared.of('key', caller().context, () => {
    order.push('third begins')
    return Promise.resolve('done')
  })
  expect(await shared.of('other', caller().context, () => Promise.resolve('at once'))).toBe(
    'at once'
  )
  expect(order).toEqual(['first begins'])
  expect(await third).toBe('done')
  expect(order).toEqual(['first begins', 'first writes', 'third begins'])
})

it('is done once for all who want it at once, and again for who comes after', async () => {
  const shared = createSharedWork<number>()
  let begun = 0
  const work = async () => {
    await delay(5)
    return ++begun
  }
  const both = [caller(), caller()].map(({ context }) => shared.of('key', context, work))
  expect(await Promise.all(both)).toEqual([1, 1])
  expect(await shared.of('key', caller().context, work)).toBe(2)
})

it('says how far it is to who comes while it is under way', async () => {
  const shared = createSharedWork<string>()
  const end = Promise.withResolvers<string>()
  const told: string[][] = [[], []]
  const [one, two] = told.map(labels => {
    const progress: CallContext['progress'] = ({ label }) => void labels.push(label)
    const work = (context: CallContext) => {
      context.progress({ label: 'Waiting for other analyses', done: 0, total: 0 })
      return end.promise
    }
    return () => shared.of('key', { ...caller().context, progress }, work)
  })
  const first = one!()
  await expect.poll(() => told[0]).toEqual(['Waiting for other analyses'])
  const second = two!()
  expect(told[1]).toEqual(['Waiting for other analyses'])
  end.resolve('done')
  expect(await Promise.all([first, second])).toEqual(['done', 'done'])
})
