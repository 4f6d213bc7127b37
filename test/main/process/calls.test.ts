import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { cancelWork } from '#common/model/cancel.ts'
import { LamellaError } from '#common/model/errors.ts'
import { createCalls, type Calls, type ProcessState } from '../../../src/main/process/calls.ts'
import type { Message, Reply } from '../../../src/main/process/messages.ts'

interface Table {
  work: { argument: string; result: string }
  question: { argument: null; result: string }
}

/** A process that answers when the test says so. */
class StubProcess {
  readonly pid = 1
  readonly sent: Message<Table>[] = []
  readonly kill = vi.fn()
  private answer: (reply: unknown) => void = () => undefined
  private exit: (reason: string) => void = () => undefined
  send(message: unknown) {
    this.sent.push(message as Message<Table>)
  }
  onMessage(listener: (message: unknown) => void) {
    this.answer = listener
  }
  onExit(listener: (reason: string) => void) {
    this.exit = listener
  }
  reply(reply: Reply<Table>) {
    this.answer(reply)
  }
  die(reason: string) {
    this.exit(reason)
  }
}

let processes: StubProcess[]
let states: ProcessState[]
let unwanted: string[]
let replaced: number
let calls: Calls<Table>

function start(stops = false): void {
  calls = createCalls({
    stops,
    brief: ['question'],
    spawn() {
      const started = new StubProcess()
      processes.push(started)
      return started
    },
    onReplaced: () => replaced++,
    onUnwanted: result => unwanted.push(result),
    died: (reason, lost) => new LamellaError('internal', `${lost?.at ?? 'It'} stopped (${reason})`),
    closed: () => new LamellaError('internal', 'Closed')
  })
  calls.onState(state => states.push(state))
}

beforeEach(() => {
  vi.useFakeTimers()
  processes = []
  states = []
  unwanted = []
  replaced = 0
  start()
})
afterEach(() => {
  calls.close()
  vi.useRealTimers()
})

function ask(signal?: AbortSignal): { readonly outcome: () => string } {
  let outcome = 'open'
  calls.ask('work', '', signal).then(
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
    processes[0]!.reply({ id: 0, result: '' })
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
    processes[0]!.reply({ id: 0, result: '' })
    processes[0]!.reply({ id: 1, dropped: true })
    processes[0]!.reply({ id: 2, result: '' })
    await vi.advanceTimersByTimeAsync(60_000)
    expect([first.outcome(), third.outcome()]).toEqual(['done', 'done'])
    expect([processes.length, replaced]).toEqual([1, 0])
  })

  it('is left to finish when its turn has come by then', async () => {
    const controller = new AbortController()
    ask()
    const second = ask(controller.signal)
    processes[0]!.reply({ id: 0, result: '' })
    controller.abort()
    await turn()
    expect([second.outcome(), drops()]).toEqual(['open', []])
  })
})

describe('a process that is to rest', () => {
  it('goes on while anything is asked of it, and ends where nothing is', async () => {
    const call = ask()
    calls.rest()
    expect(processes[0]!.kill.mock.calls).toEqual([])
    processes[0]!.reply({ id: 0, result: '' })
    await turn()
    expect(call.outcome()).toBe('done')
    calls.rest()
    expect(processes[0]!.kill.mock.calls).toHaveLength(1)
    processes[0]!.die('killed')
    const next = ask()
    processes[1]!.reply({ id: 1, result: '' })
    await turn()
    expect([next.outcome(), processes.length]).toEqual(['done', 2])
  })
})

describe('a call of a process that stops what is abandoned', () => {
  it('is dropped while it is under way, and ends as the process says', async () => {
    start(true)
    const controller = new AbortController()
    const call = ask(controller.signal)
    controller.abort()
    await turn()
    expect([call.outcome(), drops()]).toEqual(['open', [{ drop: 0 }]])
    processes[0]!.reply({ id: 0, dropped: true })
    await turn()
    expect(call.outcome()).toBe('Cancelled')
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
    expect(processes).toHaveLength(1)
    expect(states.at(-1)).toEqual({ state: 'restarting', reason: 'Cancelled' })
  })

  it('keeps its process when it ends in time', async () => {
    const controller = new AbortController()
    ask(controller.signal)
    cancelWork(controller)
    await vi.advanceTimersByTimeAsync(200)
    processes[0]!.reply({ id: 0, result: 'late' })
    expect(unwanted).toEqual(['late'])
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
    processes[0]!.reply({ id: 0, result: '' })
    processes[0]!.reply({ id: 1, dropped: true })
    await vi.advanceTimersByTimeAsync(60_000)
    expect([first.outcome(), processes.length]).toEqual(['done', 1])
  })

  it('waits for none that only asks the process about itself', async () => {
    const controller = new AbortController()
    const question = calls.ask('question', null)
    question.catch(() => undefined)
    const second = ask(controller.signal)
    cancelWork(controller)
    await vi.advanceTimersByTimeAsync(250)
    expect([second.outcome(), replaced]).toEqual(['Cancelled', 1])
    await expect(question).rejects.toMatchObject({ code: 'cancelled' })
  })

  it('is stopped after all when it was begun before the word came', async () => {
    const controller = new AbortController()
    ask()
    ask(controller.signal)
    cancelWork(controller)
    await vi.advanceTimersByTimeAsync(1100)
    processes[0]!.reply({ id: 0, result: '' })
    await vi.advanceTimersByTimeAsync(249)
    expect(processes[0]!.kill.mock.calls).toHaveLength(0)
    await vi.advanceTimersByTimeAsync(1)
    expect(processes[0]!.kill.mock.calls).toHaveLength(1)
    ask()
    expect(processes).toHaveLength(2)
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
    processes[0]!.reply({ id: 3, result: '' })
    await turn()
    expect([next.outcome(), processes.length]).toEqual(['open', 2])
  })
})

describe('a process that dies', () => {
  it('fails its calls with the reason and the file that was read; the next call starts another', async () => {
    const call = ask()
    processes[0]!.reply({ id: 0, at: 'config.json' })
    processes[0]!.reply({ id: 0, at: 'vocab.json' })
    processes[0]!.die('exit code 3: out of memory')
    await turn()
    expect(call.outcome()).toBe('vocab.json stopped (exit code 3: out of memory)')
    expect([replaced, processes.length]).toEqual([1, 1])
    expect(states).toEqual([
      { state: 'restarting', reason: 'It stopped (exit code 3: out of memory)' }
    ])
    const next = ask()
    processes[1]!.reply({ id: 1, result: '' })
    await turn()
    expect(next.outcome()).toBe('done')
  })
})

it('a process is said to be ready with its first answer, and with the first after another took its place', async () => {
  for (const id of [0, 1]) {
    ask()
    processes[0]!.reply({ id, result: '' })
  }
  processes[0]!.die('exit code 3')
  for (const id of [2, 3]) {
    ask()
    processes[1]!.reply({ id, result: '' })
  }
  await turn()
  expect(states.map(({ state }) => state)).toEqual(['ready', 'restarting', 'ready'])
})

describe('calls that are closed', () => {
  it('fail, end their process, and tell of none that starts again', async () => {
    const call = ask()
    calls.close()
    await turn()
    expect(call.outcome()).toBe('Closed')
    expect(processes[0]!.kill).toHaveBeenCalledOnce()
    expect(states).toEqual([])
    const late = ask()
    await turn()
    expect([late.outcome(), processes.length]).toEqual(['Closed', 1])
  })
})
