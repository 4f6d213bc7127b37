import { createPinia, setActivePinia } from 'pinia'
import { createSSRApp } from 'vue'
import { renderToString } from 'vue/server-renderer'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { LamellaError } from '#common/model/errors.ts'
import { useModels } from '../../../src/renderer/src/stores/models.ts'
import ErrorNotice from '../../../src/renderer/src/ui/ErrorNotice.vue'
import { answering, model } from '../fake-client.ts'

beforeEach(() => {
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => undefined }))
  setActivePinia(createPinia())
  answering({})
})
afterEach(() => vi.unstubAllGlobals())

async function told(error: LamellaError) {
  const app = createSSRApp(ErrorNotice, { title: 'It failed', error, action: 'Try again' })
  const html = await renderToString(app)
  const text = html.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')
  return { text, isAlert: html.includes('role="alert"') }
}

function open(absent: 'missing' | 'aside'): void {
  const own = model('bard', { path: '/home/models/bard', absent })
  const models = useModels()
  models.open = [own]
  models.activate(own.id, 'A')
}

function notKept(absent: 'missing' | 'aside', why: string): LamellaError {
  open(absent)
  return new LamellaError('not-kept', `bard ${why}; this result was not kept`, 'Point to it.')
}

it('says of what a session did not keep what there is to do, and of no fault', async () => {
  const missing = await told(notKept('missing', 'is not where it was'))
  expect(missing.isAlert).toBe(false)
  expect(missing.text).toContain('Not kept in the session')
  expect(missing.text).toContain(
    'bard is not where it was; this result was not kept. To compute it, point to where the model is now.'
  )
  expect(missing.text).toContain('Point to it…')
  expect(missing.text).not.toContain('Try again')
  const aside = await told(notKept('aside', 'is set aside'))
  expect(aside.text).toContain('To compute it, compute with the model again.')
  expect(aside.text).toContain('Compute with it again')
  expect(aside.text).not.toContain('Point to it…')
})

it('says of all else that it failed, and offers to try again', async () => {
  open('missing')
  const failed = await told(new LamellaError('engine-failed', 'gone'))
  expect(failed.isAlert).toBe(true)
  expect(failed.text).toContain('It failed gone Try again')
})
