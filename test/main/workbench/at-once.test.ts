import { expect, it } from 'vitest'
import { atOnce } from '../../../src/main/workbench/at-once.ts'

const { signal } = new AbortController()
/** Lets all that can go on go on. */
const settled = () => new Promise(resolve => setImmediate(resolve))

function watched(most: number) {
  const within = atOnce(most)
  const begun: number[] = []
  const ends: (() => void)[] = []
  const start = (i: number, own = signal) =>
    within(own, () => {
      begun.push(i)
      return new Promise<number>(resolve => (ends[i] = () => resolve(i)))
    })
  return { begun, ends, start, within }
}

it('as much is done at once as may be, the rest in the order in which it came', async () => {
  const { begun, ends, start } = watched(2)
  const all = [0, 1, 2, 3].map(i => start(i))
  expect(begun).toEqual([0, 1])
  ends[1]!()
  await settled()
  expect(begun).toEqual([0, 1, 2])
  ends[2]!()
  await settled()
  ends[0]!()
  ends[3]!()
  expect(await Promise.all(all)).toEqual([0, 1, 2, 3])
})

it('what fails makes room', async () => {
  const { within } = watched(1)
  const failed = within(signal, () => Promise.reject(new Error('no')))
  const next = within(signal, () => Promise.resolve('done'))
  await expect(failed).rejects.toThrow('no')
  expect(await next).toBe('done')
})

it('what is given up while it waits is never begun, and takes no place', async () => {
  const { begun, ends, start } = watched(1)
  const controller = new AbortController()
  const first = start(0)
  const given = start(1, controller.signal)
  const last = start(2)
  controller.abort()
  await expect(given).rejects.toMatchObject({ code: 'cancelled' })
  await expect(start(3, controller.signal)).rejects.toMatchObject({ code: 'cancelled' })
  ends[0]!()
  await first
  await settled()
  expect(begun).toEqual([0, 2])
  ends[2]!()
  expect(await last).toBe(2)
})

it('who has to wait is told, and nobody else', async () => {
  const { ends, start, within } = watched(1)
  const told: string[] = []
  const after = (name: string) =>
    within(
      signal,
      () => Promise.resolve(name),
      () => void told.push(name)
    )
  expect(await after('alone')).toBe('alone')
  const first = start(0)
  const second = after('second')
  expect(told).toEqual(['second'])
  ends[0]!()
  expect(await Promise.all([first, second])).toEqual([0, 'second'])
})
