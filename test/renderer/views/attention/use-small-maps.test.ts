import { effectScope, reactive } from 'vue'
import { afterEach, expect, it, vi } from 'vitest'
import { LamellaError } from '#common/model/errors.ts'
import {
  useSmallMaps,
  type SmallMapInput
} from '../../../../src/renderer/src/views/attention/use-small-maps.ts'
import { model, run, tokens } from '../../fake-client.ts'
import { askingStores } from '../../fake-results.ts'

afterEach(() => vi.unstubAllGlobals())

it('paints maps of another size where finer ones could not be had, and none of another run', async () => {
  const questions = askingStores()
  const letters = model('letters', { hooks: ['blocks.0.attn.hook_pattern'] })
  const cut = (text: string) => run(letters, text, { tokens: tokens(text, [1]) })
  const input = reactive<SmallMapInput>({
    ...{ model: letters, run: cut('ab'), other: null },
    ...{ layer: 0, cell: 20 }
  }) as { -readonly [K in keyof SmallMapInput]: SmallMapInput[K] }
  const scope = effectScope()
  const { latest, rasterOf } = scope.run(() => useSmallMaps(() => input))!
  const painted = () => rasterOf(0) !== null
  const fail = async (at: number) => {
    await expect.poll(() => questions.length).toBe(at + 1)
    questions[at]!.reject(new LamellaError('engine-failed', 'The engine stopped'))
    await expect.poll(() => latest.error.value).not.toBeNull()
  }
  questions[0]!.resolve({ shape: [1, 2, 2], data: Float32Array.of(1, 0, 0.5, 0.5) })
  await expect.poll(painted).toBe(true)
  input.cell = 60
  await fail(1)
  expect(painted()).toBe(true)
  input.run = cut('ac')
  await fail(2)
  expect(painted()).toBe(false)
  scope.stop()
})
