import { afterEach, describe, expect, it } from 'vitest'
import { answerBeside } from '../../src/renderer/src/answer-beside.ts'

/** A thread that answers when it is told to. */
class Thread extends EventTarget {
  asked: unknown = null
  ended = false

  postMessage(request: unknown): void {
    if (this.ended) throw new Error('ended')
    this.asked = request
  }

  terminate(): void {
    this.ended = true
  }

  tell(data: unknown): void {
    this.dispatchEvent(new MessageEvent('message', { data }))
  }

  fail(message: string): void {
    this.dispatchEvent(Object.assign(new Event('error'), { message }))
  }
}

let threads: Thread[] = []
afterEach(() => (threads = []))

function ask(signal = new AbortController().signal) {
  const start = () => {
    const thread = new Thread()
    threads.push(thread)
    return thread as unknown as Worker
  }
  return answerBeside<string>(start, 'what', 'Nothing came', signal)
}

describe('a thread for one answer', () => {
  it('is asked, answers and ends', async () => {
    const answer = ask()
    expect(threads[0]!.asked).toBe('what')
    threads[0]!.tell('this')
    await expect(answer).resolves.toBe('this')
    expect(threads[0]!.ended).toBe(true)
  })

  it('says in words why there is none, and ends', async () => {
    const answer = ask()
    threads[0]!.fail('Uncaught RangeError: too long')
    const message = 'Nothing came: Uncaught RangeError: too long'
    await expect(answer).rejects.toMatchObject({ code: 'internal', message })
    expect(threads[0]!.ended).toBe(true)
  })

  it('ends at once when it is cancelled, and none is started for what already is', async () => {
    const given = new AbortController()
    const answer = ask(given.signal)
    given.abort()
    await expect(answer).rejects.toMatchObject({ code: 'cancelled' })
    expect(threads[0]!.ended).toBe(true)
    await expect(ask(given.signal)).rejects.toMatchObject({ code: 'cancelled' })
    expect(threads).toHaveLength(1)
  })
})
