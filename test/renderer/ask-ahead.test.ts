import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, it } from 'vitest'
import type { Progress } from '#common/contract/schemas.ts'
import { askAhead } from '../../src/renderer/src/ask-ahead.ts'
import { setClient, useClient } from '../../src/renderer/src/stores/client.ts'
import { useModels } from '../../src/renderer/src/stores/models.ts'
import { useRuns } from '../../src/renderer/src/stores/runs.ts'
import { answering, model, pending, run } from './fake-client.ts'

const sample = model('sample', { sampleText: 'First' })
const given = run(sample, 'First')
const info = {
  version: '1',
  shell: 'serve' as const,
  samples: [{ name: 'sample', path: '/sample' }]
}

/** A workbench that is asked ahead. */
function asked(first: boolean, more: Parameters<typeof answering>[0] = {}) {
  const calls = answering({
    'app.info': () => info,
    'workspace.load': () => null,
    'models.open': () => sample,
    'models.recent': () => [],
    'runs.start': () => given,
    'library.remember': () => null,
    ...more
  })
  setClient(askAhead(useClient(), first))
  return () => calls.map(({ method }) => method).filter(name => !name.startsWith('text.'))
}
const turns = () => new Promise(resolve => setTimeout(resolve))

beforeEach(() => setActivePinia(createPinia()))

it('opens and runs the sample before the window does, which makes the same calls and has their answers, once', async () => {
  const calls = asked(true)
  await turns()
  const ahead = ['app.info', 'workspace.load', 'models.open', 'runs.start']
  expect(calls()).toEqual(ahead)
  const client = useClient()
  expect(await client.call('app.info', {})).toBe(info)
  expect(await client.call('workspace.load', {})).toBeNull()
  expect((await useModels().openPath('/sample')).model).toBe(sample)
  expect(await useRuns().start()).toMatchObject({ id: given.id })
  const own = calls().slice(ahead.length)
  expect(own).not.toContain('models.open')
  expect(own).not.toContain('runs.start')
  await client.call('models.open', { path: '/sample' })
  expect(calls().filter(name => name === 'models.open')).toHaveLength(2)
})

it.each([
  ['a window was left', true, { version: 1 }],
  ['the address names a model', false, null]
])('asks for nothing more where %s', async (_, first, left) => {
  const calls = asked(first, { 'workspace.load': () => left })
  await turns()
  expect(calls()).toEqual(['app.info', 'workspace.load'])
})

it('asks anew for who has left already, and tells how far it is to who asks', async () => {
  const opening = pending<typeof sample>()
  let report: ((progress: Progress) => void) | undefined
  const calls = asked(true, {
    'models.open'(_, options) {
      report ??= options.onProgress
      return opening.promise
    }
  })
  await turns()
  const heard: string[] = []
  const onProgress = ({ label }: Progress) => heard.push(label)
  const taken = useClient().call('models.open', { path: '/sample' }, { onProgress })
  report?.({ label: 'Reading', done: 1, total: 2 })
  expect(heard).toEqual(['Reading'])
  opening.resolve(sample)
  expect(await taken).toBe(sample)
  const before = calls().length
  await useClient().call('app.info', {}, { signal: AbortSignal.abort() })
  expect(calls().slice(before)).toEqual(['app.info'])
})

it('tells what failed to who asks', async () => {
  const opening = pending<never>()
  asked(true, { 'models.open': () => opening.promise })
  await turns()
  const taken = useClient().call('models.open', { path: '/sample' }, {})
  opening.reject(new Error('gone'))
  await expect(taken).rejects.toThrow('gone')
})

it('gives up what it asked for ahead as if it were asked for now', async () => {
  let signal: AbortSignal | undefined
  asked(true, {
    'models.open'(_, options) {
      signal = options.signal
      return pending<never>().promise
    }
  })
  await turns()
  const leaving = new AbortController()
  const taken = useClient().call('models.open', { path: '/sample' }, { signal: leaving.signal })
  leaving.abort('left')
  expect(signal).toMatchObject({ aborted: true, reason: 'left' })
  await expect(taken).rejects.toThrow('Cancelled')
})
