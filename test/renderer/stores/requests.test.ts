import { createPinia, setActivePinia } from 'pinia'
import { nextTick } from 'vue'
import { beforeEach, describe, expect, it } from 'vitest'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import { isCancelled } from '#common/model/cancel.ts'
import { LamellaError } from '#common/model/errors.ts'
import { useModels } from '../../../src/renderer/src/stores/models.ts'
import { useRuns } from '../../../src/renderer/src/stores/runs.ts'
import { useStatus } from '../../../src/renderer/src/stores/status.ts'
import { useTasks } from '../../../src/renderer/src/stores/tasks.ts'
import { answering, model, pending, run, tokens } from '../fake-client.ts'

const a = model('a')
const b = model('b')
const known = new Map([a, b].map(own => [own.path, own]))

/** What is asked for and not answered yet, by path or text. */
let opening: Map<string, ReturnType<typeof pending<ModelInfo>>>
let running: Map<string, ReturnType<typeof pending<Run>> & { signal: AbortSignal }>
let calls: ReturnType<typeof answering>

beforeEach(() => {
  setActivePinia(createPinia())
  opening = new Map()
  running = new Map()
  calls = answering({
    'models.open'({ path }) {
      opening.set(path, pending())
      return opening.get(path)!.promise
    },
    'models.close': () => null,
    'models.recent': () => [],
    'text.tokenize': ({ text }) => tokens(text, []),
    'runs.start'({ source }, { signal }) {
      const { input } = source
      const work = { ...pending<Run>(), signal: signal! }
      running.set('text' in input ? input.text : input.ids.join(' '), work)
      signal?.addEventListener('abort', () =>
        work.reject(new LamellaError('cancelled', 'Cancelled'))
      )
      return work.promise
    }
  })
})

const asked = (method: string) => calls.filter(call => call.method === method).length

async function answer(path: string): Promise<void> {
  await expect.poll(() => opening.has(path)).toBe(true)
  opening.get(path)!.resolve(known.get(path)!)
}

async function openBoth(): Promise<void> {
  const models = useModels()
  const both = Promise.all([models.openPath(a.path), models.openPath(b.path)])
  await answer(a.path)
  await answer(b.path)
  await both
}

async function answerRun(text: string, own: Partial<Run> = {}): Promise<void> {
  await expect.poll(() => running.has(text)).toBe(true)
  running.get(text)!.resolve(run(useModels().active!, text, own))
}

describe('opening a model while another is opening', () => {
  it('opens it after that one, and is about the one asked for last', async () => {
    const models = useModels()
    const first = models.openPath(a.path)
    const second = models.openPath(b.path)
    expect(models.openings).toEqual([a.path, b.path])
    await answer(a.path)
    expect((await first).model).toEqual(a)
    await answer(b.path)
    expect((await second).model).toEqual(b)
    expect(models.active).toEqual(b)
    expect(models.openings).toEqual([])
  })

  it('opens a path that is asked for twice once', async () => {
    const models = useModels()
    const both = Promise.all([models.openPath(a.path), models.openPath(a.path)])
    await answer(a.path)
    expect((await both).map(({ model }) => model)).toEqual([a, a])
    expect(asked('models.open')).toBe(1)
  })

  it('goes on when the one before fails, whose failure stays to be read', async () => {
    const models = useModels()
    const first = models.openPath(a.path)
    const second = models.openPath(b.path)
    await expect.poll(() => opening.has(a.path)).toBe(true)
    opening.get(a.path)!.reject(new LamellaError('file-invalid', 'a: broken'))
    expect((await first).error?.message).toBe('a: broken')
    await answer(b.path)
    expect((await second).model).toEqual(b)
    expect(models.failures.map(({ path }) => path)).toEqual([a.path])
  })

  it('can be cancelled while it waits', async () => {
    const models = useModels()
    const tasks = useTasks()
    const first = models.openPath(a.path)
    const second = models.openPath(b.path)
    tasks.cancel(tasks.tasks[1]!.id)
    await answer(a.path)
    expect((await first).model).toEqual(a)
    expect(await second).toEqual({ model: null, error: null })
    expect(asked('models.open')).toBe(1)
    expect(models.active).toEqual(a)
  })
})

describe('running a text while another is running', () => {
  it('gives the first up and shows the second', async () => {
    await openBoth()
    const runs = useRuns()
    runs.text = 'one'
    const first = runs.start()
    await expect.poll(() => running.has('one')).toBe(true)
    runs.text = 'two'
    const second = runs.start()
    expect(running.get('one')!.signal.aborted).toBe(true)
    expect(isCancelled(running.get('one')!.signal)).toBe(false)
    await answerRun('two')
    expect([await first, (await second)?.id]).toEqual([null, 'run of b on two'])
    expect([runs.running, runs.errorOf('A'), runs.upToDate]).toEqual([false, null, true])
  })

  it('lets each link group have its own', async () => {
    await openBoth()
    const runs = useRuns()
    useModels().activate(a.id, 'B')
    runs.text = 'one'
    const first = runs.start()
    runs.setText(a, 'other', 'B')
    const second = runs.start('B')
    await answerRun('one')
    await expect.poll(() => running.has('other')).toBe(true)
    running.get('other')!.resolve(run(a, 'other'))
    await Promise.all([first, second])
    expect(runs.currentOf('A')?.id).toBe('run of b on one')
    expect(runs.currentOf('B')?.id).toBe('run of a on other')
  })

  it.each([
    ['ends', (work: ReturnType<typeof pending<Run>>) => work.resolve(run(b, 'one'))],
    [
      'fails',
      (work: ReturnType<typeof pending<Run>>) =>
        work.reject(new LamellaError('engine-failed', 'the engine stopped'))
    ]
  ])('shows nothing of the first where it %s after the second', async (_, end) => {
    const works: ReturnType<typeof pending<Run>>[] = []
    answering({
      'models.open': () => b,
      'models.recent': () => [],
      'text.tokenize': () => [],
      'library.remember': () => null,
      'runs.start': () => works[works.push(pending<Run>()) - 1]!.promise
    })
    await useModels().openPath(b.path)
    const runs = useRuns()
    runs.text = 'one'
    const first = runs.start()
    await expect.poll(() => works.length).toBe(1)
    runs.text = 'two'
    const second = runs.start()
    await expect.poll(() => works.length).toBe(2)
    works[1]!.resolve(run(b, 'two'))
    await second
    end(works[0]!)
    await first
    expect([runs.current?.id, runs.errorOf('A')]).toEqual(['run of b on two', null])
  })

  it('is stopped by Cancel', async () => {
    await openBoth()
    const runs = useRuns()
    runs.text = 'one'
    const first = runs.start()
    await expect.poll(() => running.has('one')).toBe(true)
    runs.cancel()
    expect(isCancelled(running.get('one')!.signal)).toBe(true)
    expect([await first, runs.errorOf('A')]).toEqual([null, null])
  })
})

describe('what cannot run', () => {
  it('is refused in words, until the text changes', async () => {
    const runs = useRuns()
    expect(await runs.start()).toBeNull()
    expect(runs.refused).toBe('No model is open')
    await openBoth()
    runs.text = ''
    await runs.start()
    expect(runs.refused).toBe('There is no text')
    runs.text = 'a'
    expect(runs.refused).toBeNull()
    expect(asked('runs.start')).toBe(0)
  })
})

describe('closing a model', () => {
  it('gives up its run, and lets go of those it had', async () => {
    await openBoth()
    const runs = useRuns()
    runs.text = 'one'
    const first = runs.start()
    await answerRun('one')
    await first
    expect(runs.records).toHaveLength(1)
    runs.text = 'two'
    const second = runs.start()
    await expect.poll(() => running.has('two')).toBe(true)
    const closing = useModels().close(b.id)
    expect(running.get('two')!.signal.aborted).toBe(true)
    expect([await second, runs.errorOf('A'), runs.records]).toEqual([null, null, []])
    await closing
    expect(useModels().active).toEqual(a)
  })

  it('asked for twice closes once', async () => {
    await openBoth()
    await Promise.all([useModels().close(b.id), useModels().close(b.id)])
    expect(asked('models.close')).toBe(1)
  })
})

describe('another provider', () => {
  it('leaves what ran, and says that it is not what is asked for now', async () => {
    await openBoth()
    const runs = useRuns()
    const status = useStatus()
    runs.text = 'one'
    const first = runs.start()
    status.choice = 'webgpu'
    await answerRun('one')
    await first
    expect([runs.current?.source.provider, runs.upToDate]).toEqual(['cpu', false])
    status.choice = 'cpu'
    await nextTick()
    expect(runs.upToDate).toBe(true)
    status.choice = 'auto'
    expect(runs.upToDate).toBe(true)
  })
})

describe('what a model starts with', () => {
  const start = (own: Partial<ModelInfo>) => useRuns().textOf(model('c', own), 'A')

  it('is its sample, or the text edited last', async () => {
    await openBoth()
    useRuns().text = 'edited last'
    expect(start({ sampleText: 'So' })).toBe('So')
    expect(start({ sampleText: null })).toBe('edited last')
  })

  it('is no text where it reads ids alone, as one does whose tokenizer is damaged', async () => {
    await openBoth()
    useRuns().text = 'edited last'
    for (const sampleText of [null, 'So', '5 100'])
      expect(start({ tokenizer: null, sampleText })).toBe('')
    expect(start({ tokenizer: null, sampleText: '5 17' })).toBe('5 17')
  })
})

describe('runs of before', () => {
  /** Answers each run at once, by the provider that is asked for. */
  async function openQuick(): Promise<void> {
    calls = answering({
      'models.open': ({ path }) => known.get(path)!,
      'models.recent': () => [],
      'text.tokenize': () => [],
      'library.remember': () => null,
      'runs.start': ({ source }) => {
        const { input, provider = 'auto' } = source
        const asked = run(a, 'text' in input ? input.text : input.ids.join(' '))
        const by = provider === 'auto' ? ('cpu' as const) : provider
        return { ...asked, id: `${asked.id} by ${by}`, source: { ...asked.source, provider: by } }
      }
    })
    await useModels().openPath(a.path)
  }

  it('are kept, those of other groups and the newest', async () => {
    await openQuick()
    const runs = useRuns()
    useModels().activate(a.id, 'B')
    runs.setText(a, 'kept', 'B')
    await runs.start('B')
    for (let i = 0; i < 30; i++) {
      runs.text = `text ${i}`
      await runs.start()
    }
    const texts = runs.records.map(({ source: { input } }) => ('text' in input ? input.text : ''))
    expect(texts).toEqual(['kept', ...Array.from({ length: 25 }, (_, i) => `text ${i + 5}`)])
  })

  it('stand for those by the same provider, or by any', async () => {
    await openQuick()
    const runs = useRuns()
    runs.text = 'one'
    const { source } = (await runs.start())!
    for (const provider of ['auto', 'cpu'] as const) await runs.ensure({ ...source, provider })
    expect(asked('runs.start')).toBe(1)
    await runs.ensure({ ...source, provider: 'webgpu' })
    expect(asked('runs.start')).toBe(2)
  })

  it('leave ids that were typed to the model that they were typed for', async () => {
    await openQuick()
    const runs = useRuns()
    runs.text = 'edited last'
    runs.typeIds(true)
    runs.text = '5, 17'
    useModels().activeId = null
    expect(runs.textOf(b, 'A')).toBe('edited last')
  })
})

describe('a text that could not run', () => {
  it('is said to be so while it stands there, and not of another', async () => {
    await openBoth()
    const runs = useRuns()
    runs.text = 'broken'
    const work = runs.start('A')
    await expect.poll(() => running.has('broken')).toBe(true)
    running.get('broken')!.reject(new LamellaError('engine-failed', 'it died'))
    await work
    expect(runs.errorOf('A')?.message).toBe('it died')
    // As undo does.
    const { path } = useModels().active!
    runs.texts = { A: { [path]: 'another' } }
    expect(runs.errorOf('A')).toBe(null)
    runs.texts = { A: { [path]: 'broken' } }
    expect(runs.errorOf('A')?.message).toBe('it died')
  })
})
