import { expect, it } from 'vitest'
import { packedHistory, unpackedHistory } from '../../../src/renderer/src/stores/packed-history.ts'
import {
  noHistory,
  position,
  undone,
  withStep,
  type History
} from '../../../src/renderer/src/stores/session-history.ts'

interface Value {
  readonly text: readonly string[]
  readonly tabs: readonly number[]
}

/** Steps that write another text of a thousand letters each, beside the same tabs. */
function written(steps: number): History<Value> {
  const value = (letter: number): Value => ({
    text: [String.fromCodePoint(97 + letter).repeat(1000)],
    tabs: [1, 2, 3]
  })
  return Array.from({ length: steps }, (_, at) => at).reduce<History<Value>>(
    (history, at) =>
      withStep(history, {
        label: `step ${at}`,
        joins: at === 0 ? { key: 'text', within: Infinity } : null,
        deleted: at === 1 ? 'a text' : null,
        at,
        before: value(at),
        after: value(at + 1)
      }),
    noHistory
  )
}
const labels = (history: History<Value>) =>
  [history.past, history.future].map(steps => steps.map(({ label }) => label))

it('gives every step back, of which none is gone on with, and holds what is alike once', () => {
  const history = undone(written(3))
  const packed = packedHistory(history, 10_000)
  expect(packed.parts.map(part => part.length).toSorted((a, b) => a - b)).toEqual([
    7, 1004, 1004, 1004, 1004
  ])
  const back = unpackedHistory<Value>(JSON.parse(JSON.stringify(packed)) as typeof packed)
  const [first, second] = history.past
  expect(back).toEqual({ ...history, past: [{ ...first, joins: null }, second] })
})

it('keeps the steps nearest to the present where there is no room for all, and where they lead', () => {
  const history = written(6)
  const back = unpackedHistory<Value>(packedHistory(history, 3100))
  expect(labels(back)).toEqual([['step 4', 'step 5'], []])
  expect(position(undone(undone(back)))).toBe(position(undone(undone(history))))
  const none = packedHistory(undone(history), 900)
  expect([none.parts, none.past, none.future]).toEqual([[], [], []])
  expect(position(unpackedHistory(none))).toBe(position(undone(history)))
  const next = unpackedHistory<Value>(packedHistory(undone(undone(history)), 4100))
  expect(labels(next)).toEqual([['step 1', 'step 2', 'step 3'], []])
})
