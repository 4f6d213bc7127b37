import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { cancelWork } from '#common/model/cancel.ts'
import { createCalls, type Calls, type EngineState } from '../../../src/main/engine/calls.ts'
import type { EngineMessage, EngineReply } from '../../../src/main/engine/protocol.ts'

/** A process that answers when the test says so. */
class StubProcess {
  readonly pid = 1
  readonly sent: EngineMessage[] = []
  readonly kill = vi.fn()
  readonly folder: string | null
  private answer: (reply: unknown) => void = () => undefined
  private exit: (reason: string) => void = () => undefined
  constructor(folder: string | null) {
    this.folder = folder
  }
  send(message: unknown) {
    this.sent.push(message as EngineMessage)
  }
  onMessage(listener: (message: unknown) => void) {
    this.answer = listener
  }
  onExit(listener: (reason: string) => void) {
    this.exit = listener
  }
  reply(reply: EngineReply) {
    this.answer(reply)
  }
  die(reason: string) {
    this.exit(reason)
  }
}

let processes: StubProcess[]
let states: EngineState[]
let replaced: number
let calls: Calls
beforeEach(() => {
  vi.useFakeTimers()
  processes = []
  states = []
  replaced = 0
  calls = createCalls(
    {
      spawn(folder) {
        const started = new StubProcess(folder)
        processes.push(started)
        return started
      }
    },
    () => replaced++
  )
  calls.onState(state => states.push(state))
})
afterEach(() => {
  calls.close()
  vi.useRealTimers()
})

/** Asks the engine to drop a part, which stands for any call here. */
function ask(signal?: AbortSignal): { readonly outcome: () => string } {
  let outcome = 'open'
  calls.ask('release', { part: 'p' }, signal).then(
    () => (outcome = 'done'),
    (error: Error) => (outcome = error.message)
  )
  return { outcome: () => outcome }
}
const turn = () => vi.advanceTimersByTimeAsync(0)
const drops = () => processes[0]!.sent.filter(message => 'drop' in message)

describe('a call that is abandoned', () => {
  it('is left to finish while it is computed, and gives its result', async () => {
    const controller = new AbortController()
    const call = ask(controller.signal)
    controller.abort()
    await vi.advanceTimersByTimeAsync(60_000)
    expect([call.outcome(), drops(), processes[0]!.kill.mock.calls]).toEqual(['open', [], []])
    processes[0]!.reply({ id: 0, result: null })
    await turn()
    expect(call.outcome()).toBe('done')
  })

  it('is rejected at once and dropped while it waits for others', async () => {
    const controller = new AbortController()
    const [first, second, third] = [ask(), ask(controller.signal), ask()]
    controller.abort()
    await turn()
    expect(second.outcome()).toBe('Cancelled')
    expect(drops()).toEqual([{ drop: 1 }])
    processes[0]!.reply({ id: 0, result: null })
    processes[0]!.reply({ id: 1, dropped: true })
    processes[0]!.reply({ id: 2, result: null })
    await vi.advanceTimersByTimeAsync(60_000)
    expect([first.outcome(), third.outcome()]).toEqual(['done', 'done'])
    expect([processes.length, replaced]).toEqual([1, 0])
  })

  it('is left to finish when its turn has come by then', async () => {
    const controller = new AbortController()
    ask()
    const second = ask(controller.signal)
    processes[0]!.reply({ id: 0, result: null })
    controller.abort()
    await turn()
    expect([second.outcome(), drops()]).toEqual(['open', []])
  })
})

describe('a call that is cancelled', () => {
  it('is rejected at once; its process is replaced when it goes on for 250 ms', async () => {
    const controller = new AbortController()
    const call = ask(controller.signal)
    cancelWork(controller)
    await turn()
    expect(call.outcome()).toBe('Cancelled')
    await vi.advanceTimersByTimeAsync(249)
    expect([processes[0]!.kill.mock.calls.length, replaced]).toEqual([0, 0])
    await vi.advanceTimersByTimeAsync(1)
    expect([processes[0]!.kill.mock.calls.length, replaced]).toEqual([1, 1])
    expect(processes).toHaveLength(2)
    expect(states.at(-1)).toEqual({ state: 'restarting', reason: 'Cancelled' })
  })

  it('keeps its process when it ends in time', async () => {
    const controller = new AbortController()
    ask(controller.signal)
    cancelWork(controller)
    await vi.advanceTimersByTimeAsync(200)
    // What it gave is removed unread.
    const file = join(processes[0]!.folder!, '1-0')
    writeFileSync(file, 'x')
    const result = { y: { type: 'float32', shape: [1], file: '1-0' } } as const
    processes[0]!.reply({ id: 0, result })
    await expect.poll(() => existsSync(file)).toBe(false)
    await vi.advanceTimersByTimeAsync(60_000)
    expect([processes[0]!.kill.mock.calls.length, processes.length]).toEqual([0, 1])
  })

  it('takes nothing from others while it waits for them', async () => {
    const controller = new AbortController()
    const first = ask()
    const second = ask(controller.signal)
    cancelWork(controller)
    await vi.advanceTimersByTimeAsync(60_000)
    expect([first.outcome(), second.outcome(), processes.length]).toEqual(['open', 'Cancelled', 1])
    expect(drops()).toEqual([{ drop: 1 }])
    processes[0]!.reply({ id: 0, result: null })
    processes[0]!.reply({ id: 1, dropped: true })
    await vi.advanceTimersByTimeAsync(60_000)
    expect([first.outcome(), processes.length]).toEqual(['done', 1])
  })

  it('is stopped after all when it was begun before the word came', async () => {
    const controller = new AbortController()
    ask()
    ask(controller.signal)
    cancelWork(controller)
    await vi.advanceTimersByTimeAsync(1100)
    processes[0]!.reply({ id: 0, result: null })
    await vi.advanceTimersByTimeAsync(249)
    expect([processes[0]!.kill.mock.calls.length, processes.length]).toEqual([0, 1])
    await vi.advanceTimersByTimeAsync(1)
    expect([processes[0]!.kill.mock.calls.length, processes.length]).toEqual([1, 2])
  })

  it('fails the calls behind it as cancelled, and no call of the next process', async () => {
    const controller = new AbortController()
    ask(controller.signal)
    const other = ask()
    cancelWork(controller)
    await vi.advanceTimersByTimeAsync(250)
    expect(other.outcome()).toBe('Cancelled')
    const next = ask()
    processes[0]!.die('signal SIGKILL')
    processes[0]!.reply({ id: 3, result: null })
    await turn()
    expect([next.outcome(), processes.length]).toEqual(['open', 2])
  })
})

describe('a process that dies', () => {
  it('fails its calls with the reason; another is ready when it answers', async () => {
    const call = ask()
    processes[0]!.die('exit code 3: out of memory')
    await turn()
    expect(call.outcome()).toBe('The engine stopped (exit code 3: out of memory)')
    expect(replaced).toBe(1)
    expect(processes[1]!.sent).toEqual([{ id: 1, call: 'memory', argument: null }])
    processes[1]!.reply({ id: 1, result: 5 })
    expect(states.map(({ state }) => state)).toEqual(['restarting', 'ready'])
  })

  it('is started three times in a row by itself, and again when it is needed', async () => {
    ask()
    for (const count of [1, 2, 3, 3]) {
      expect(processes).toHaveLength(count)
      processes.at(-1)!.die('exit code 1')
      await turn()
    }
    ask()
    expect(processes).toHaveLength(4)
  })
})
