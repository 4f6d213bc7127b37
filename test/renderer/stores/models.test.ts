import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { useModels } from '../../../src/renderer/src/stores/models.ts'
import { useTabs } from '../../../src/renderer/src/stores/tabs.ts'
import { useTasks } from '../../../src/renderer/src/stores/tasks.ts'
import type { ReturningOptions } from '#common/contract/rpc.ts'
import { refOf } from '../../../src/renderer/src/stores/runs.ts'
import { answering, model, pending } from '../fake-client.ts'

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

async function settled(): Promise<void> {
  for (let i = 0; i < 40; i++) await Promise.resolve()
}
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

it('is opened once where it is asked for with another base while it is on its way', async () => {
  const models = useModels()
  const first = models.openPath('/gpt', 'A')
  const second = models.openPath('/gpt', 'A', { base: '/base' })
  expect(await first).toEqual({ model: null, error: null })
  expect(await second).toEqual({ model: there, error: null })
  const asked = calls.filter(({ method }) => method === 'models.open')
  expect(asked.map(({ params }) => params)).toEqual([{ path: '/gpt', base: '/base' }])
})

describe('models that are brought back', () => {
  let waiting: Record<string, ReturnType<typeof pending<ModelInfo>>>
  beforeEach(() => {
    waiting = { '/a': pending<ModelInfo>(), '/b': pending<ModelInfo>() }
    answering({
      'models.open': ({ path }) => waiting[path]!.promise,
      'models.close': () => null,
      'models.recent': () => []
    })
  })
  const come = async (name: string) => {
    waiting[`/${name}`]!.resolve(model(name))
    await settled()
  }

  it('are those of their groups while they are on their way, and then', async () => {
    const models = useModels()
    void models.bringBack(['/a', '/b'], { A: '/a', B: '/b' })
    await come('a')
    expect([models.coming, models.pathOf('A'), models.activeOf('A')]).toEqual([['/b'], '/a', null])
    await come('b')
    expect([models.coming, models.activeOf('A')?.path, models.activeOf('B')?.path]).toEqual([
      [],
      '/a',
      '/b'
    ])
  })

  it('are those of their groups where they cannot be opened, until that is dismissed', async () => {
    const models = useModels()
    void models.bringBack(['/a', '/b'], { A: '/a' })
    waiting['/a']!.reject(new Error('gone'))
    await come('b')
    expect([models.coming, models.lost, models.pathOf('A')]).toEqual([[], ['/a'], '/a'])
    models.dismissFailure('/a')
    expect([models.failures, models.lost, models.pathOf('A')]).toEqual([[], [], null])
    waiting['/a'] = pending<ModelInfo>()
    void models.openPath('/a', 'B')
    await come('a')
    expect([models.activeOf('B')?.path, models.pathOf('A')]).toEqual(['/a', null])
  })

  it('come to another group, too, that asks for them meanwhile', async () => {
    const models = useModels()
    void models.bringBack(['/a'], { A: '/a' })
    void models.openPath('/a', 'B')
    await come('a')
    expect([models.activeOf('A')?.path, models.activeOf('B')?.path]).toEqual(['/a', '/a'])
  })

  it('do not come to groups that are brought back to others since', async () => {
    const models = useModels()
    void models.bringBack(['/a'], { A: '/a' })
    models.clearGroups()
    void models.bringBack(['/b'], { A: '/b' })
    await come('a')
    expect([models.pathOf('A'), models.activeOf('A')]).toEqual(['/b', null])
    await come('b')
    expect(models.activeOf('A')?.path).toBe('/b')
  })

  it('are given up where they are left, and opened anew where they are asked for again', async () => {
    const models = useModels()
    void models.bringBack(['/a', '/b'], { A: '/a' })
    await settled()
    void models.leave('/a')
    expect([models.coming, models.pathOf('A')]).toEqual([['/b'], null])
    const left = waiting['/a']!
    waiting['/a'] = pending<ModelInfo>()
    void models.bringBack(['/a'], { A: '/a' })
    left.resolve(model('a'))
    await settled()
    expect([models.coming, models.pathOf('A'), models.open]).toEqual([['/b', '/a'], '/a', []])
    await come('b')
    await come('a')
    expect(models.open.map(({ path }) => path)).toEqual(['/b', '/a'])
    expect(models.activeOf('A')?.path).toBe('/a')
  })

  it('are those of their groups also where others come before they are asked for again', async () => {
    const models = useModels()
    void models.bringBack(['/a', '/b'], { A: '/a' })
    await settled()
    void models.leave('/a')
    await settled()
    waiting['/a'] = pending<ModelInfo>()
    void models.bringBack(['/a'], { A: '/a' })
    await come('b')
    expect([models.coming, models.pathOf('A')]).toEqual([['/a'], '/a'])
    await come('a')
    expect(models.activeOf('A')?.path).toBe('/a')
  })

  it('are of no group any more where they are closed before the others are there', async () => {
    const models = useModels()
    void models.bringBack(['/a', '/b'], { A: '/a' })
    await come('a')
    await models.close(models.open[0]!.id)
    await come('b')
    void models.openPath('/a', 'B')
    await settled()
    expect([models.activeOf('A'), models.activeOf('B')?.path]).toEqual([null, '/a'])
  })

  it('do not come back where they are closed while they are opened again', async () => {
    const models = useModels()
    void models.openPath('/a')
    await come('a')
    waiting['/a'] = pending<ModelInfo>()
    void models.openPath('/a', null)
    await settled()
    void models.close(models.open[0]!.id)
    await come('a')
    expect(models.open).toEqual([])
  })

  it('do not come to a group that is about none by then', async () => {
    const models = useModels()
    void models.bringBack(['/a'], { A: '/a', B: '/a' })
    models.activate(null, 'A')
    expect([models.pathOf('A'), models.pathOf('B')]).toEqual([null, '/a'])
    await come('a')
    expect([models.activeOf('A'), models.activeOf('B')?.path]).toEqual([null, '/a'])
  })

  it('are opened once what was open is closed, where all of that is left', async () => {
    const models = useModels()
    const closing = pending<null>()
    const calls = answering({
      'models.open': ({ path }) => waiting[path]!.promise,
      'models.close': () => closing.promise,
      'models.recent': () => []
    })
    const opened = () => calls.filter(({ method }) => method === 'models.open').length
    void models.openPath('/a')
    await come('a')
    void models.openPath('/b')
    models.leaveAll()
    expect([models.open, models.openings]).toEqual([[], []])
    void models.bringBack(['/a'], { A: '/a' })
    await settled()
    expect([models.openings, opened()]).toEqual([['/a'], 1])
    closing.resolve(null)
    await settled()
    expect(opened()).toBe(2)
    expect(models.open.map(({ path }) => path)).toEqual(['/a'])
  })

  it('are closed again where they come although they were given up, unless they are there by then', async () => {
    const models = useModels()
    let tell: ((model: ModelInfo) => void) | undefined
    const calls = answering({
      'models.open': ({ path }, { onLate }: ReturningOptions<'models.open'>) => {
        tell ??= onLate
        return waiting[path]!.promise
      },
      'models.close': () => null,
      'models.recent': () => []
    })
    const closed = () => calls.filter(({ method }) => method === 'models.close').length
    void models.openPath('/a')
    await settled()
    void models.leave('/a')
    tell!(model('a'))
    await settled()
    expect([models.open, closed()]).toEqual([[], 1])
    void models.openPath('/a')
    tell!(model('a'))
    await come('a')
    expect([models.open.map(({ path }) => path), closed()]).toEqual([['/a'], 1])
  })

  it('give up waiting for others at once, and let none overtake those', async () => {
    const models = useModels()
    const tasks = useTasks()
    void models.openPath('/a')
    const given = models.openPath('/b')
    waiting['/c'] = pending<ModelInfo>()
    void models.openPath('/c')
    await settled()
    tasks.cancel(tasks.tasks[1]!.id)
    expect(await given).toEqual({ model: null, error: null })
    await settled()
    expect(models.openings).toEqual(['/a', '/c'])
    await come('c')
    expect(models.open).toEqual([])
    await come('a')
    expect(models.open.map(({ path }) => path)).toEqual(['/a', '/c'])
  })

  it('say each why it could not be opened, until it can', async () => {
    const models = useModels()
    void models.bringBack(['/a', '/b'], {})
    waiting['/a']!.reject(new Error('gone'))
    waiting['/b']!.reject(new Error('gone, too'))
    await settled()
    const failed = () => models.failures.map(({ path, error }) => [path, error.message])
    expect(failed()).toEqual([
      ['/a', 'gone'],
      ['/b', 'gone, too']
    ])
    waiting['/a'] = pending<ModelInfo>()
    void models.openPath('/a', null)
    expect([failed().length, models.lost]).toEqual([2, ['/b']])
    waiting['/a'].reject(new Error('gone again'))
    await settled()
    expect(failed()).toEqual([
      ['/a', 'gone again'],
      ['/b', 'gone, too']
    ])
    waiting['/a'] = pending<ModelInfo>()
    void models.openPath('/a', null)
    await come('a')
    expect(failed()).toEqual([['/b', 'gone, too']])
    void models.leave('/b')
    expect(failed()).toEqual([])
    waiting['/b'] = pending<ModelInfo>()
    void models.openPath('/b')
    waiting['/b'].reject(new Error('gone again'))
    await settled()
    expect(failed()).toEqual([['/b', 'gone again']])
    models.leaveAll()
    expect(failed()).toEqual([])
  })

  it('are of no session but the one that they were lost in', async () => {
    const models = useModels()
    void models.bringBack(['/a'], { A: '/a' })
    waiting['/a']!.reject(new Error('gone'))
    await settled()
    models.leaveAll()
    await models.openPath('/a', 'B')
    expect([models.failures.length, models.lost, models.pathOf('A')]).toEqual([1, [], null])
  })

  it('come to their groups however they are asked for again, and stay lost where that is cancelled or fails', async () => {
    const models = useModels()
    void models.bringBack(['/a'], { A: '/a' })
    waiting['/a']!.reject(new Error('gone'))
    await settled()
    waiting['/a'] = pending<ModelInfo>()
    void models.openPath('/a', null)
    await settled()
    useTasks().cancelAll()
    await settled()
    expect([models.lost, models.pathOf('A')]).toEqual([['/a'], '/a'])
    waiting['/a'].reject(new Error('gone'))
    await models.openPath('/a', null)
    models.takeFailure('/a')
    expect([models.lost, models.pathOf('A')]).toEqual([['/a'], '/a'])
    waiting['/a'] = pending<ModelInfo>()
    void models.openPath('/a', 'B')
    await come('a')
    expect([models.activeOf('A')?.path, models.activeOf('B')?.path]).toEqual(['/a', '/a'])
  })

  it('leave a group of a path that nothing is opened at about none', () => {
    const models = useModels()
    void models.bringBack([], { B: '/nowhere' })
    expect(models.pathOf('B')).toBeNull()
  })

  it('are those of their groups also where they are open', async () => {
    const models = useModels()
    void models.openPath('/a', null)
    await come('a')
    await models.bringBack([], { A: '/a' })
    expect(models.activeOf('A')?.path).toBe('/a')
  })

  it('are those of their groups where their paths are written otherwise', async () => {
    const models = useModels()
    waiting['/a/'] = waiting['/a']!
    void models.bringBack(['/a/'], { A: '/a/' })
    await come('a')
    expect(models.activeOf('A')?.path).toBe('/a')
  })

  it('are opened as any other the next time', async () => {
    const models = useModels()
    void models.bringBack(['/a'], {})
    await come('a')
    await models.close(models.open[0]!.id)
    waiting['/a'] = pending<ModelInfo>()
    void models.openPath('/a', 'A')
    await settled()
    expect([models.openings, models.coming]).toEqual([['/a'], []])
  })

  it('are opened as any other where they were given up while others come', async () => {
    const models = useModels()
    void models.bringBack(['/b', '/a'], {})
    await settled()
    void models.leave('/a')
    void models.openPath('/a', 'A')
    expect([models.openings, models.coming]).toEqual([['/b', '/a'], ['/b']])
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
