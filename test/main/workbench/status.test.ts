import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { Status } from '#common/contract/schemas.ts'
import type { Engine } from '../../../src/main/engine/client.ts'
import type { TraceCache } from '../../../src/main/trace/cache.ts'
import type { DataFolder } from '../../../src/main/workbench/data-folder.ts'
import { createStatus } from '../../../src/main/workbench/status.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => {
  vi.useRealTimers()
  vi.restoreAllMocks()
})

it('tells at once what a window shows, and once in a while that bytes have changed', async () => {
  const cache = { bytes: 0 }
  const engine: Partial<Engine> = {
    onState: () => () => undefined,
    providers: () => Promise.resolve(['cpu']),
    memory: () => Promise.resolve(0)
  }
  const data: Partial<DataFolder> = { notice: null, onNotice: () => () => undefined }
  const board = createStatus(engine as Engine, cache as TraceCache, data as DataFolder)
  const told: Status[] = []
  board.subscribe(status => told.push(status))

  for (let written = 1; written <= 50; written++) {
    cache.bytes = written
    board.cacheChanged()
    await vi.advanceTimersByTimeAsync(1)
  }
  expect(told).toEqual([])
  await vi.advanceTimersByTimeAsync(200)
  expect(told.map(({ cacheBytes }) => cacheBytes)).toEqual([50])

  cache.bytes = 51
  board.cacheChanged()
  board.use('cpu', 'Chosen by name')
  expect(told.at(-1)).toMatchObject({ provider: 'cpu', cacheBytes: 51 })
  const before = told.length
  await vi.advanceTimersByTimeAsync(1000)
  // Its providers came in the meantime; the bytes were told with the provider.
  expect(told.slice(before).map(({ providers }) => providers)).toEqual([['cpu']])
  board.close()
})

it('starts no engine to ask for its memory', async () => {
  let runs = false
  let asked = 0
  const engine: Partial<Engine> = {
    onState: () => () => undefined,
    isRunning: () => runs,
    memory: () => Promise.resolve(++asked)
  }
  const data: Partial<DataFolder> = { notice: null, onNotice: () => () => undefined }
  const cache = { bytes: 0 } as TraceCache
  const board = createStatus(engine as Engine, cache, data as DataFolder)
  board.subscribe(() => undefined)
  await vi.advanceTimersByTimeAsync(60_000)
  board.changed()
  expect(asked).toBe(0)
  runs = true
  await vi.advanceTimersByTimeAsync(60_000)
  expect(asked).toBe(12)
  board.close()
})

it('counts no memory of an engine that does not run any more', async () => {
  vi.spyOn(process.memoryUsage, 'rss').mockReturnValue(100)
  let runs = true
  const engine: Partial<Engine> = {
    onState: () => () => undefined,
    isRunning: () => runs,
    memory: () => Promise.resolve(1000)
  }
  const data: Partial<DataFolder> = { notice: null, onNotice: () => () => undefined }
  const board = createStatus(engine as Engine, { bytes: 0 } as TraceCache, data as DataFolder)
  const told: Status[] = []
  board.subscribe(status => told.push(status))
  const afterChange = async () => {
    board.changed()
    await vi.advanceTimersByTimeAsync(1000)
    return told.at(-1)?.memoryBytes
  }
  expect(await afterChange()).toBe(1100)
  runs = false
  expect(await afterChange()).toBe(100)
  board.close()
})
