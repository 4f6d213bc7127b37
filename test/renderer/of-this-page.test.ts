import { beforeEach, afterEach, expect, it, vi } from 'vitest'
import type { WindowPage } from '#common/contract/window-page.ts'
import { ofThisPage } from '../../src/renderer/src/of-this-page.ts'
import { useClient } from '../../src/renderer/src/stores/client.ts'
import { answering, pending } from './fake-client.ts'
import { stubStorage } from './stub-storage.ts'

let tab: ReturnType<typeof stubStorage>
beforeEach(() => {
  tab = stubStorage()
})
afterEach(() => void vi.unstubAllGlobals())

/** A page of the tab, and what it says of itself. */
function opened(load: () => Promise<null> | null = () => null) {
  const calls = answering({
    'workspace.load': load,
    'workspace.save': () => null,
    'models.recent': () => []
  })
  const client = ofThisPage(useClient())
  const told = () => calls.map(({ params }) => (params as { page?: WindowPage }).page)
  return { client, told }
}

it('says which page calls where something is kept for its window, and which was in its tab before', async () => {
  const first = opened()
  await first.client.call('workspace.load', {})
  await first.client.call('models.recent', {})
  await first.client.call('workspace.save', { state: '{}' })
  const [page] = first.told()
  expect(page).toEqual({ id: expect.any(String) as string, before: null, goesOn: false })
  expect(first.told()).toEqual([page, undefined, page])

  tab.held.set('window', '{}')
  const second = opened()
  await second.client.call('workspace.load', {})
  const [next] = second.told()
  expect(next).toMatchObject({ before: page?.id, goesOn: true })
  expect(next?.id).not.toBe(page?.id)
})

it('asks for what the page before left until it has it', async () => {
  const first = opened()
  await first.client.call('workspace.load', {})
  const { id } = first.told()[0]!
  const answer = pending<null>()
  void opened(() => answer.promise).client.call('workspace.load', {})
  const third = opened()
  await third.client.call('workspace.load', {})
  expect(third.told()[0]?.before).toBe(id)
})

it('begins also where the tab has no room', async () => {
  tab.room.left = false
  const { client } = opened()
  expect(await client.call('workspace.load', {})).toBeNull()
  expect(tab.held.size).toBe(0)
})
