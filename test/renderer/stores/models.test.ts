import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { useModels } from '../../../src/renderer/src/stores/models.ts'
import { refOf } from '../../../src/renderer/src/stores/runs.ts'
import { answering, model } from '../fake-client.ts'

/** What lies at a path, until it is written anew. */
let there: ModelInfo
let calls: ReturnType<typeof answering>
beforeEach(() => {
  setActivePinia(createPinia())
  there = model('gpt')
  calls = answering({
    'models.open': () => there,
    'models.close': () => null,
    'models.recent': () => []
  })
})

const closed = () =>
  calls.filter(({ method }) => method === 'models.close').map(({ params }) => params)

describe('a model that is opened again', () => {
  it('is one while its files are the same', async () => {
    const models = useModels()
    await models.openPath('/gpt')
    await models.openPath('/gpt', 'B')
    expect(models.open).toEqual([there])
    expect(closed()).toEqual([])
  })

  it('takes the place of the one before where its files have changed, in every group', async () => {
    const models = useModels()
    await models.openPath('/gpt', 'A')
    await models.openPath('/gpt', 'B')
    const before = there
    there = model('gpt', { id: 'another', fingerprint: 'other files' })
    await models.openPath('/gpt', 'A')
    expect(models.open).toEqual([there])
    expect([models.activeOf('A'), models.activeOf('B')]).toEqual([there, there])
    expect(closed()).toEqual([{ modelId: before.id }])
    // What stays on the model as it was is not taken for it, and what stays on it as it is now is.
    expect(models.referred(refOf(before))).toBeNull()
    expect(models.referred(refOf(there))).toBe(there)
  })
})
