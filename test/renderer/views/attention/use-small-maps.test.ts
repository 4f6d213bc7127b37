import { effectScope, reactive } from 'vue'
import { afterEach, expect, it, vi } from 'vitest'
import { LamellaError } from '#common/model/errors.ts'
import {
  useSmallMaps,
  type SmallMapInput
} from '../../../../src/renderer/src/views/attention/use-small-maps.ts'
import { useSettings } from '../../../../src/renderer/src/stores/settings.ts'
import { model, run, tokens } from '../../fake-client.ts'
import { askingStores } from '../../fake-results.ts'

afterEach(() => vi.unstubAllGlobals())

it('paints maps of another size where finer ones could not be had, and none of another run or block', async () => {
  const questions = askingStores()
  const letters = model('letters', {
    hooks: [0, 1].map(layer => `blocks.${layer}.attn.hook_pattern`)
  })
  const cut = (text: string) => run(letters, text, { tokens: tokens(text, [1]) })
  const input = reactive<SmallMapInput>({
    ...{ model: letters, run: cut('ab'), other: null },
    ...{ layer: 0, cell: 20 }
  }) as { -readonly [K in keyof SmallMapInput]: SmallMapInput[K] }
  const scope = effectScope()
  const { latest, rasterOf, drawnOf } = scope.run(() => useSmallMaps(() => input))!
  const painted = () => rasterOf(0) !== null
  const fail = async (at: number) => {
    await expect.poll(() => questions.length).toBe(at + 1)
    questions[at]!.reject(new LamellaError('engine-failed', 'The engine stopped'))
    await expect.poll(() => latest.error.value).not.toBeNull()
  }
  const maps = { shape: [1, 2, 2], data: Float32Array.of(1, 0, 0.5, 0.5) }
  questions[0]!.resolve(maps)
  await expect.poll(painted).toBe(true)
  input.cell = 60
  await fail(1)
  expect(painted()).toBe(true)
  input.layer = 1
  await fail(2)
  expect(painted()).toBe(false)
  input.layer = 0
  await expect.poll(() => questions.length).toBe(4)
  questions[3]!.resolve(maps)
  await expect.poll(painted).toBe(true)
  input.run = cut('ac')
  await expect.poll(() => questions.length).toBe(5)
  // What is drawn meanwhile is painted anew once it stands for nothing.
  expect(drawnOf()[0]).not.toBeNull()
  await fail(4)
  expect([painted(), drawnOf()[0]]).toEqual([false, null])
  scope.stop()
})

it('subtracts what maps were asked to be compared with, and stays with no other', async () => {
  const questions = askingStores()
  const letters = model('letters', { hooks: ['blocks.0.attn.hook_pattern'] })
  const cut = (text: string) => ({
    model: letters,
    run: run(letters, text, { tokens: tokens(text, [1]) })
  })
  const input = reactive<SmallMapInput>({
    ...{ ...cut('ab'), other: cut('ac') },
    ...{ layer: 0, cell: 20 }
  }) as { -readonly [K in keyof SmallMapInput]: SmallMapInput[K] }
  const scope = effectScope()
  const { latest, rasterOf } = scope.run(() => useSmallMaps(() => input))!
  useSettings().comparison = 'difference'
  const painted = () => rasterOf(0)?.scene.values[3]
  const maps = (weight: number) => ({
    shape: [1, 2, 2],
    data: Float32Array.of(1, 0, 1 - weight, weight)
  })
  await expect.poll(() => questions.length).toBe(2)
  questions[0]!.resolve(maps(0.75))
  questions[1]!.resolve(maps(0.25))
  await expect.poll(() => latest.value.value).not.toBeNull()
  expect(painted()).toBe(0.5)

  // Of another length nothing could be subtracted: those of before are drawn as they are until others come.
  const longer = run(letters, 'abcd', { tokens: tokens('abcd', [1, 2, 3]) })
  input.other = { model: letters, run: longer }
  await expect.poll(() => questions.length).toBe(4)
  expect(painted()).toBe(0.5)
  questions[3]!.reject(new LamellaError('engine-failed', 'The engine stopped'))
  await expect.poll(() => latest.error.value).not.toBeNull()
  expect(painted()).toBeUndefined()
  scope.stop()
})
