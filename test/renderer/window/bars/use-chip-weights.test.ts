import { effectScope, shallowRef } from 'vue'
import { afterEach, expect, it, vi } from 'vitest'
import type { Dataset } from '#common/data/dataset.ts'
import { LamellaError } from '#common/model/errors.ts'
import type { Tensor } from '#common/model/tensor.ts'
import {
  useChipWeights,
  type ChipsOf
} from '../../../../src/renderer/src/window/bars/use-chip-weights.ts'
import { model, run, tokens } from '../../fake-client.ts'
import { askingStores } from '../../fake-results.ts'

afterEach(() => vi.unstubAllGlobals())

const own = model('letters', { hooks: ['blocks.0.attn.hook_pattern'] })
const cut = (text: string) => run(own, text, { tokens: tokens(text, [1, 2]) })
const first: ChipsOf = { model: own, run: cut('abc'), layer: 0, head: 0 }

/** All queries attend to one key. */
function attending(key: number): Tensor {
  return { shape: [3, 3], data: Float32Array.from({ length: 9 }, (_, i) => +(i % 3 === key)) }
}
const failed = new LamellaError('engine-failed', 'The engine stopped')

it('shades chips by the head before, fainter, until its own weights come, and selects no key by them', async () => {
  const asked = askingStores()
  const of = shallowRef(first)
  const scope = effectScope()
  const { shadeOf, strongestOf } = scope.run(() =>
    useChipWeights(
      () => of.value,
      () => false
    )
  )!
  const seen = () => [shadeOf(2)(0), shadeOf(2)(1), strongestOf(2)]
  asked[0]!.resolve(attending(0))
  await expect.poll(seen).toEqual([1, 0, 0])
  of.value = { ...first, head: 1 }
  expect(seen()).toEqual([0.5, 0, 2])
  await expect.poll(() => asked.length).toBe(2)
  asked[1]!.reject(failed)
  await expect.poll(seen).toEqual([0, 0, 2])
  of.value = { ...first, head: 2 }
  await expect.poll(() => asked.length).toBe(3)
  asked[2]!.resolve(attending(1))
  await expect.poll(seen).toEqual([0, 1, 1])
  // Places of another run are other tokens.
  of.value = { ...first, head: 2, run: cut('abd') }
  expect(seen()).toEqual([0, 0, 2])
  scope.stop()
})

it('tells no probability of another run', async () => {
  const asked = askingStores()
  const of = shallowRef({ ...first, layer: 7 })
  const scope = effectScope()
  const { probabilityOf } = scope.run(() =>
    useChipWeights(
      () => of.value,
      () => true
    )
  )!
  const told = (data: number[]) => ({ variables: { probability: { data } } }) as unknown as Dataset
  const last = () => asked.at(-1)!
  await expect.poll(() => asked.length).toBeGreaterThan(0)
  last().resolve(told([0.1, 0.2, 0.3]))
  await expect.poll(() => probabilityOf(1)).toBe(0.2)
  of.value = { ...of.value, run: cut('abd') }
  expect(probabilityOf(1)).toBeNull()
  const before = asked.length
  await expect.poll(() => asked.length).toBeGreaterThan(before)
  last().reject(failed)
  await expect.poll(() => probabilityOf(1)).toBeNull()
  scope.stop()
})

it('shades chips by small weights, too, and asks for no pattern of a block that gives none', async () => {
  const asked = askingStores()
  const of = shallowRef<ChipsOf>({ ...first, layer: 1 })
  const scope = effectScope()
  const { shadeOf } = scope.run(() =>
    useChipWeights(
      () => of.value,
      () => false
    )
  )!
  expect(asked).toEqual([])
  of.value = first
  await expect.poll(() => asked.length).toBe(1)
  const row = [0.003, 0.1, 0.897]
  asked[0]!.resolve({ shape: [3, 3], data: Float32Array.of(...row, ...row, ...row) })
  await expect.poll(() => shadeOf(2)(2)).toBeGreaterThan(0.5)
  expect(shadeOf(2)(1)).toBeCloseTo(0.15 + 0.85 * Math.sqrt(0.1))
  expect(shadeOf(2)(0)).toBe(0)
  scope.stop()
})
