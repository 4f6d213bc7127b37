import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { connectWorkbench } from '../../src/renderer/src/connect.ts'

/** What is where the workbench was. */
let there: 'it' | 'nothing' | 'another' | 'a tunnel'
let sockets: Socket[]

class Socket extends EventTarget {
  binaryType = ''
  readonly bufferedAmount = 0
  constructor() {
    super()
    sockets.push(this)
    const name = there === 'it' ? 'open' : 'error'
    queueMicrotask(() => this.dispatchEvent(new Event(name)))
  }
  send(): void {
    // Nobody listens.
  }
}

beforeEach(() => {
  vi.useFakeTimers()
  sockets = []
  there = 'it'
  const location = { href: 'http://127.0.0.1:1/', hash: '#token=a', pathname: '/', search: '' }
  vi.stubGlobal('window', {
    location,
    history: { replaceState: () => undefined },
    sessionStorage: { setItem: () => undefined, getItem: () => 'a' }
  })
  vi.stubGlobal('WebSocket', Socket)
  vi.stubGlobal('fetch', () => {
    if (there === 'nothing') return Promise.reject(new TypeError('Failed to fetch'))
    return Promise.resolve({ ok: false, status: there === 'another' ? 401 : 502 })
  })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

it('tells where another workbench answers than the one that let the tab in, and goes on trying', async () => {
  const states: string[] = []
  let refusals = 0
  await connectWorkbench(
    state => states.push(state),
    () => refusals++
  )
  for (const silent of ['nothing', 'a tunnel'] as const) {
    there = silent
    if (states.length === 1) sockets[0]!.dispatchEvent(new Event('close'))
    await vi.advanceTimersByTimeAsync(20_000)
    expect([states, refusals]).toEqual([['connected', 'reconnecting'], 0])
  }
  there = 'another'
  await vi.advanceTimersByTimeAsync(5000)
  expect(refusals).toBeGreaterThan(0)
  there = 'it'
  await vi.advanceTimersByTimeAsync(5000)
  expect(states).toEqual(['connected', 'reconnecting', 'connected'])
})

it('says at first what is there', async () => {
  there = 'nothing'
  await expect(connectWorkbench()).rejects.toThrow('The workbench does not answer')
  there = 'another'
  await expect(connectWorkbench()).rejects.toThrow('This tab was not let in by its address')
})
