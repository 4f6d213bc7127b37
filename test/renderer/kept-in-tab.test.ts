import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { connectionLost } from '#common/contract/rpc.ts'
import { LamellaError } from '#common/model/errors.ts'
import { keptInTab } from '../../src/renderer/src/kept-in-tab.ts'
import { useClient } from '../../src/renderer/src/stores/client.ts'
import { answering } from './fake-client.ts'
import { stubStorage } from './stub-storage.ts'

let tab: ReturnType<typeof stubStorage>
/** What the workbench has. */
let saved: string
/** What a save meets. */
let trouble: LamellaError | null
/** Whether another workbench answers in the place of the one before. */
let isRefused: boolean
beforeEach(() => {
  tab = stubStorage()
  saved = '{"version":2,"notes":[]}'
  trouble = null
  isRefused = false
})
afterEach(() => void vi.unstubAllGlobals())

/** A page of the tab. */
function opened(shell: object = {}) {
  let ask: (event: { preventDefault(): void }) => void = () => undefined
  vi.stubGlobal('window', {
    ...shell,
    addEventListener: (name: string, hear: typeof ask) => {
      if (name === 'beforeunload') ask = hear
    }
  })
  answering({
    'workspace.load': () => JSON.parse(saved) as never,
    'workspace.save'({ state }) {
      if (trouble) throw trouble
      saved = state
      return null
    }
  })
  let taken = 0
  const client = keptInTab(
    useClient(),
    () => taken++,
    () => isRefused
  )
  return {
    load: () => client.call('workspace.load', {}),
    save: (state: string) => client.call('workspace.save', { state }).catch(() => null),
    taken: () => taken,
    asks: () => {
      let isAsked = false
      ask({ preventDefault: () => (isAsked = true) })
      return isAsked
    }
  }
}

it('goes on with what was done while the workbench was away, and that once', async () => {
  const first = opened()
  trouble = connectionLost()
  await first.save('{"version":2,"notes":["one"]}')
  await first.save('{"version":2,"notes":["one","two"]}')
  trouble = null
  const second = opened()
  expect(await second.load()).toEqual({ version: 2, notes: ['one', 'two'] })
  expect(second.taken()).toBe(1)
  await second.save('{"version":2,"notes":["one","two"]}')
  expect(tab.held.size).toBe(0)
  saved = '{"version":2,"notes":["three"]}'
  const third = opened()
  expect(await third.load()).toEqual({ version: 2, notes: ['three'] })
  expect(third.taken()).toBe(0)
})

it('goes on with what no answer came of, and says nothing where the workbench has it', async () => {
  const first = opened()
  void first.save('{"version":2,"notes":["at the end"]}')
  const second = opened()
  expect(await second.load()).toEqual({ version: 2, notes: ['at the end'] })
  expect(second.taken()).toBe(0)
})

it('keeps what was done since what is answered now', async () => {
  const { save } = opened()
  const saving = save('{"version":2,"notes":["one"]}')
  trouble = connectionLost()
  const later = save('{"version":2,"notes":["two"]}')
  await Promise.all([saving, later])
  expect(await opened().load()).toEqual({ version: 2, notes: ['two'] })
})

it('asks before the tab is closed over what it has alone, but not in the desktop’s window', async () => {
  const { asks, save } = opened()
  await save('{}')
  expect(asks()).toBe(false)
  trouble = connectionLost()
  await save('{"version":2,"notes":[]}')
  expect(asks()).toBe(true)
  trouble = null
  await save('{"version":2,"notes":[]}')
  expect(asks()).toBe(false)
  // What the disk does not take is said elsewhere.
  trouble = new LamellaError('file-unwritable', 'full')
  await save('{}')
  expect(asks()).toBe(false)

  const desktop = opened({ lamella: {} })
  trouble = connectionLost()
  await desktop.save('{"version":2,"notes":[]}')
  expect(desktop.asks()).toBe(false)
})

it('gives what the workbench has where the tab has no room', async () => {
  const { save } = opened()
  trouble = connectionLost()
  await save('{"version":2,"notes":["one"]}')
  tab.room.left = false
  await save('{"version":2,"notes":["one","two"]}')
  expect(await opened().load()).toEqual({ version: 2, notes: [] })
})

it.each(['garbage{', 'null', '{"version":99}'])(
  'takes no notice of what it cannot read: %s',
  async left => {
    tab.held.set('window', left)
    const page = opened()
    expect(await page.load()).toEqual(JSON.parse(saved))
    expect([page.taken(), tab.held.size]).toEqual([0, 0])
  }
)

it('asks of nothing where the tab has all at the address of the workbench that answers', async () => {
  const page = opened()
  trouble = connectionLost()
  await page.save('{"version":2,"notes":["one"]}')
  expect(page.asks()).toBe(true)
  isRefused = true
  expect(page.asks()).toBe(false)
})
