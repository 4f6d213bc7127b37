import { expect, it } from 'vitest'
import { withinTime } from '../../../src/main/tokenizer/time-limit.ts'
import { processorTime } from '../../time-taken.ts'

/** Waits as work does that another program keeps from the processor. */
const wait = (milliseconds: number) =>
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)

it('work that waits for the processor is begun again until it has had its time', () => {
  let begun = 0
  const given = withinTime(50, 'It', () => {
    begun++
    wait(300)
    return 'done'
  })
  expect(given).toBe('done')
  expect(begun).toBeGreaterThan(1)
})

it('work that goes on for ever ends', async () => {
  const forEver = () =>
    withinTime(200, 'It', () => {
      for (;;) wait(0)
    })
  const taken = await processorTime(() => {
    expect(forEver).toThrow('It was stopped after 0.2 s')
    return Promise.resolve()
  })
  expect(taken).toBeLessThan(2000)
})

it('what work throws is thrown, once', () => {
  let begun = 0
  const work = () => {
    begun++
    throw new RangeError('no')
  }
  expect(() => withinTime(50, 'It', work)).toThrow(RangeError)
  expect(begun).toBe(1)
})
