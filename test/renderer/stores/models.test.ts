import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { useModels } from '../../../src/renderer/src/stores/models.ts'
import { useTabs } from '../../../src/renderer/src/stores/tabs.ts'
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

describe('a tab that stands alone', () => {
  it('keeps its edits with its model, and leaves them with it for another', async () => {
    const models = useModels()
    const tabs = useTabs()
    await models.openPath('/gpt')
    const own = there
    there = model('other')
    await models.openPath('/other', null)
    const edits = [{ hook: 'blocks.0.hook_mlp_out', at: {}, scale: 0, add: null }] as never
    const source = { model: refOf(own), input: { text: 'one' }, edits, provider: 'auto' as const }
    const id = tabs.open('head', { run: source, at: {} })
    models.activate(own.id, id)
    expect(tabs.subjectOf(id)).toMatchObject({ run: { edits } })
    models.activate(there.id, id)
    expect(tabs.subjectOf(id)).toMatchObject({ run: { model: refOf(there), edits: [] } })
  })
})
