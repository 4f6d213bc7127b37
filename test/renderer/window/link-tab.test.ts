import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, it } from 'vitest'
import type { RunSource } from '#common/model/run-source.ts'
import type { Place } from '#common/model/subject.ts'
import { useModels } from '../../../src/renderer/src/stores/models.ts'
import { useRuns } from '../../../src/renderer/src/stores/runs.ts'
import { useSelection } from '../../../src/renderer/src/stores/selection.ts'
import { useTabs } from '../../../src/renderer/src/stores/tabs.ts'
import { linkTab } from '../../../src/renderer/src/window/link-tab.ts'
import { answering, model, run, tokens } from '../fake-client.ts'

const own = model('a')
const { path, fingerprint } = own
let asked: RunSource[]

beforeEach(async () => {
  setActivePinia(createPinia())
  asked = []
  answering({
    'models.open': () => own,
    'models.recent': () => [],
    'library.remember': () => null,
    'text.tokenize': ({ text }) => tokens(text, []),
    'runs.start'(params) {
      const source = params.source as RunSource
      asked.push(source)
      return run(own, '', { source: { ...source, provider: 'cpu' } })
    }
  })
  await useModels().openPath(path)
})

/** Links a tab that stays on a run, which no tab is about before, to a new group. */
function linked(source: Partial<RunSource>, at: Place = {}): void {
  const tabs = useTabs()
  const whole = { model: { path, fingerprint }, input: { text: 'one' }, edits: [], ...source }
  const id = tabs.open('head', { run: { provider: 'auto', ...whole }, at })
  linkTab(id, 'B')
  expect(tabs.find(id)?.context.on).toBe('B')
}

it('runs the text with its edits in the new group, at the same head', async () => {
  const edits = [{ hook: 'blocks.1.attn.hook_z', at: { head: [2] }, scale: 0, add: null }]
  linked({ edits }, { layer: 1, head: 2 })
  expect(asked).toMatchObject([{ input: { text: 'one' }, edits }])
  await expect.poll(() => useRuns().isCurrent('B')).toBe(true)
  expect(useSelection().headOf('B')).toEqual({ layer: 1, head: 2 })
})

it('runs token ids as ids', () => {
  linked({ input: { ids: [4, 2] } })
  expect(asked).toMatchObject([{ input: { ids: [4, 2] } }])
})

it('stays at the head and the tensor of a model of which nothing ran', () => {
  const tabs = useTabs()
  const at = { layer: 2, head: 3, tensor: 'wte.weight' }
  linkTab(tabs.open('tensor', { model: { path, fingerprint }, at }), 'B')
  expect(useSelection().headOf('B')).toEqual({ layer: 2, head: 3 })
  expect(useSelection().tensorOf('B')).toBe('wte.weight')
  expect(asked).toEqual([])
})
