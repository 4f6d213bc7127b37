import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { LamellaError } from '#common/model/errors.ts'
import { useModels } from '../../../src/renderer/src/stores/models.ts'
import { refOf, useRuns } from '../../../src/renderer/src/stores/runs.ts'
import { useTabs } from '../../../src/renderer/src/stores/tabs.ts'
import { answering, model, run, tokens } from '../fake-client.ts'

const [tiny, small] = [model('tiny'), model('small')]

beforeEach(() => {
  setActivePinia(createPinia())
  answering({
    'library.remember': () => null,
    'text.tokenize': ({ text }) => tokens(text, []),
    'runs.start'({ source }) {
      const { input } = source
      const of = source.model.path === tiny.path ? tiny : small
      const text = 'text' in input ? input.text : ''
      return run(of, text)
    }
  })
  const [models, tabs] = [useModels(), useTabs()]
  models.open = [tiny, small]
  models.activate(tiny.id, 'A')
  const source = { model: refOf(small), input: { text: 'alone' }, edits: [], provider: 'cpu' }
  tabs.tabs = [
    { id: 'group', type: 'attention', context: { on: 'A', with: null } },
    {
      id: 'lone',
      type: 'predictions',
      context: { on: { run: source, at: {} } as never, with: null }
    }
  ]
  tabs.activeId = 'group'
  useRuns().carried = 'carried'
})

/** Another text is typed and run in the tab that stands alone, and the one of the group is gone back to. */
async function runAlone(): Promise<void> {
  const [runs, tabs] = [useRuns(), useTabs()]
  tabs.activeId = 'lone'
  runs.text = 'quite another'
  await runs.start()
  tabs.activeId = 'group'
}

describe('a text whose tokens could not be asked for', () => {
  it.each([
    ['disconnected', null],
    ['invalid-argument', 'not read']
  ] as const)('is refused for what is wrong with it alone: %s', async (code, told) => {
    const asked = vi.fn(() => {
      throw new LamellaError(code, 'not read')
    })
    answering({ 'text.tokenize': asked })
    const runs = useRuns()
    await vi.waitFor(() => expect(runs.tokenizeError?.code).toBe(code))
    expect(runs.notRunnable).toBe(told)
  })
})

describe('a text that was carried to a model', () => {
  it('is what was typed last, while nothing has run there', async () => {
    const runs = useRuns()
    expect(runs.text).toBe('carried')
    await runAlone()
    expect(runs.text).toBe('quite another')
  })

  it('is that of its group once it has run there', async () => {
    const runs = useRuns()
    const first = await runs.start()
    await runAlone()
    expect([runs.text, runs.current?.id, runs.upToDate]).toEqual(['carried', first?.id, true])
  })

  it('is that of its group alone', async () => {
    const [models, runs] = [useModels(), useRuns()]
    await runs.start()
    runs.text = 'typed'
    models.activate(small.id, 'A')
    expect(runs.text).toBe('typed')
    models.activate(tiny.id, 'B')
    expect([runs.textOf(tiny, 'B'), runs.textOf(tiny, 'A')]).toEqual(['typed', 'typed'])
  })

  it('goes along to a group that begins with what another one has', async () => {
    const runs = useRuns()
    await runs.start()
    runs.copy('A', 'B')
    await runAlone()
    expect(runs.textOf(tiny, 'B')).toBe('carried')
  })

  it('is told once to have become its own, and not where it was taken away since', async () => {
    const runs = useRuns()
    await runs.start()
    const own = { A: { [tiny.path]: 'carried' } }
    expect([runs.withUnasked({}), runs.withUnasked({})]).toEqual([own, {}])
    runs.texts = {}
    await runs.start()
    runs.texts = {}
    expect(runs.withUnasked({})).toEqual({})
  })
})
