import { describe, expect, it } from 'vitest'
import type { Edit } from '#common/model/edit.ts'
import type { Visibility } from '#common/model/visibility.ts'
import { hasSinks, readoutOf, sinkOf } from '../../../src/renderer/src/ui/attention-map/readout.ts'
import { model, run } from '../fake-client.ts'

const size = 4
/** Each cell's weight is its own number. */
const pattern = Float32Array.from({ length: size * size }, (_, i) => i)

function uniforms(visibility: Visibility | null): (number | null)[][] {
  return Array.from({ length: size }, (_, query) =>
    Array.from(
      { length: size },
      (_, key) => readoutOf(pattern, size, visibility, query, key).uniform
    )
  )
}

it('says what a row leaves to the sink, and nothing of rounding beyond it', () => {
  const rows = Float32Array.of(0.69, 0, 0.25, 0.25, 0.5, 0.501, 0, 0, 0)
  expect(sinkOf(rows, 3, 0)).toBeCloseTo(1 - 0.94, 6)
  expect(sinkOf(rows, 3, 1)).toBe(0)
  expect(sinkOf(rows, 3, 2)).toBe(1)
})

describe('readoutOf', () => {
  it('sets a weight beside that of a head that attends alike to all that the query sees', () => {
    expect(uniforms({ causal: true, reach: null })).toEqual([
      [1, null, null, null],
      [1 / 2, 1 / 2, null, null],
      [1 / 3, 1 / 3, 1 / 3, null],
      [1 / 4, 1 / 4, 1 / 4, 1 / 4]
    ])
    expect(uniforms({ causal: false, reach: null }).flat()).toEqual(Array(16).fill(1 / 4))
    expect(uniforms({ causal: true, reach: 1 })[3]).toEqual([null, null, 1 / 2, 1 / 2])
    expect(uniforms({ causal: false, reach: 1 })[1]).toEqual([1 / 3, 1 / 3, 1 / 3, null])
  })

  it('reads the weight of its own cell, and none of one that is masked', () => {
    expect(readoutOf(pattern, size, { causal: true, reach: null }, 2, 1).weight).toBe(9)
    expect(readoutOf(pattern, size, { causal: true, reach: null }, 1, 2)).toMatchObject({
      weight: null,
      masked: 'masked: a query does not see later keys'
    })
    expect(readoutOf(pattern, size, { causal: true, reach: 1 }, 3, 0)).toMatchObject({
      weight: null,
      masked: 'masked: more than 1 away, beyond the window'
    })
  })

  it('reads nothing of a first token that is hidden, and sets the others beside what is left', () => {
    const rest = Float32Array.of(0, 0, 0, 0, 0, 1, 0, 0, 0, 0.5, 0.5, 0, 0, 0, 0, 0)
    const read = (visibility: Visibility | null, query: number, key: number) =>
      readoutOf(rest, size, visibility, query, key, true)
    const causal = { causal: true, reach: null }
    expect(read(causal, 2, 0)).toMatchObject({
      weight: null,
      masked: 'hidden: rows are of the other tokens'
    })
    expect(read(causal, 2, 1)).toEqual({ weight: 0.5, uniform: 1 / 2, masked: '' })
    expect(read({ causal: true, reach: 1 }, 2, 1).uniform).toBe(1 / 2)
    expect(read(causal, 0, 2).masked).toMatch(/^masked/)
    expect(read(causal, 3, 1)).toMatchObject({
      weight: null,
      masked: 'nothing left: all of the row is on the first token'
    })
    expect(read(null, 2, 0).weight).toBeNull()
    expect(read(null, 2, 2)).toEqual({ weight: 0.5, uniform: null, masked: '' })
  })

  it('has no baseline where it is not known what a query sees', () => {
    expect(readoutOf(pattern, size, null, 1, 3)).toEqual({ weight: 7, uniform: null, masked: '' })
  })
})

describe('a sink', () => {
  const scores = [
    { scale: 1, cap: null },
    { scale: 1, cap: null, sinks: true }
  ] as never
  const own = model('with sinks', { scores })
  const edited = (hook: string) => {
    const ran = run(own, 'text')
    return { ...ran, source: { ...ran.source, edits: [{ hook, scale: 0 } as unknown as Edit] } }
  }

  it('is of the layers that have one', () => {
    const ran = run(own, 'text')
    expect([0, 1].map(layer => hasSinks(own, ran, layer))).toEqual([false, true])
    expect(hasSinks(own, ran)).toBe(true)
    expect(hasSinks(model('without'), ran)).toBe(false)
  })

  it('is told of no run whose patterns are edited: what they lack is the edit’s, too', () => {
    expect(hasSinks(own, edited('blocks.1.attn.hook_pattern'), 1)).toBe(false)
    expect(hasSinks(own, edited('blocks.1.hook_resid_pre'), 1)).toBe(true)
  })
})
