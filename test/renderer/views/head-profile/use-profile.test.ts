import { effectScope } from 'vue'
import { afterEach, expect, it, vi } from 'vitest'
import { cancelled } from '#common/model/errors.ts'
import type { ViewSubject } from '../../../../src/renderer/src/reactive/use-subject.ts'
import { ProfileOptions } from '../../../../src/renderer/src/views/head-profile/profile-options.ts'
import { useProfile } from '../../../../src/renderer/src/views/head-profile/use-profile.ts'
import { model, run } from '../../fake-client.ts'
import { askingStores } from '../../fake-results.ts'

afterEach(() => vi.unstubAllGlobals())

it('goes on with the scores, too, where both were stopped', async () => {
  const questions = askingStores()
  const letters = model('letters', { hooks: ['blocks.0.attn.hook_pattern'] })
  const subject = { model: letters, run: run(letters, 'abc'), layer: 0, head: 0 } as ViewSubject
  const scope = effectScope()
  const { contexts, scores, retry } = scope.run(() =>
    useProfile(
      () => subject,
      ProfileOptions.parse({}),
      () => true
    )
  )!
  const names = () => questions.map(({ asked }) => asked.name)
  await expect.poll(names).toEqual(['head-statistics', 'head-contexts'])
  for (const { reject } of questions) reject(cancelled())
  const codes = () => [contexts, scores].map(({ error }) => error.value?.code)
  await expect.poll(codes).toEqual(['cancelled', 'cancelled'])
  retry()
  await expect.poll(() => names().slice(2).sort()).toEqual(['head-contexts', 'head-statistics'])
  scope.stop()
})
