import { setImmediate as turn } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { ProcessHost } from '../../../src/main/process/host.ts'
import { createReaders } from '../../../src/main/reader/client.ts'
import { createIdleReaders } from '../../../src/main/reader/idle-readers.ts'

it('of readers that nobody asks those that were asked last go on', () => {
  const rested: string[] = []
  const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(name => ({ rest: () => void rested.push(name) }))
  const readers = createIdleReaders(2)
  for (const reader of [a, b, a]) readers.idle(reader!)
  expect(rested).toEqual([])
  readers.idle(c!)
  expect(rested).toEqual(['b'])
  // One that is asked is none of them.
  readers.busy(a!)
  readers.idle(d!)
  expect(rested).toEqual(['b'])
  readers.idle(a!)
  expect(rested).toEqual(['b', 'c'])
})

it('four of many models that nobody asks keep their processes, beside those that are asked', async () => {
  const ended: number[] = []
  let spawned = 0
  const host: ProcessHost = {
    spawn() {
      const number = spawned++
      let reply: (message: unknown) => void = () => undefined
      return {
        pid: number,
        // The first never answers.
        send: message => {
          const { id } = message as { readonly id: number }
          if (number > 0) void turn().then(() => reply({ id, result: null }))
        },
        onMessage: listener => (reply = listener),
        onExit: () => undefined,
        kill: () => void ended.push(number)
      }
    }
  }
  const started = createReaders(host)
  const readers = Array.from({ length: 7 }, () => started.start())
  const folder = { path: '/model', roots: [] }
  const [first, ...others] = readers
  const asked = first!.ask('lamellaFile', { folder }).catch(() => 'closed')
  for (const reader of others) await reader.ask('lamellaFile', { folder })
  expect(ended).toEqual([1, 2])
  first!.close()
  expect(await asked).toBe('closed')
  await readers[1]!.ask('lamellaFile', { folder })
  expect([spawned, ended]).toEqual([8, [1, 2, 0, 3]])
})

it('a process that is started ahead is the next reader’s, as long as it lives', async () => {
  const spawned: { exit(): void; killed: boolean; asked: number }[] = []
  const host: ProcessHost = {
    spawn() {
      let reply: (message: unknown) => void = () => undefined
      const own = { exit: () => undefined as void, killed: false, asked: 0 }
      spawned.push(own)
      return {
        pid: spawned.length,
        send: message => {
          own.asked++
          const { id } = message as { readonly id: number }
          void turn().then(() => reply({ id, result: null }))
        },
        onMessage: listener => (reply = listener),
        onExit: listener => (own.exit = () => listener('died')),
        kill: () => (own.killed = true)
      }
    }
  }
  const readers = createReaders(host)
  const folder = { path: '/model', roots: [] }
  readers.prepare()
  readers.prepare()
  expect(spawned.length).toBe(1)
  for (let i = 0; i < 2; i++) await readers.start().ask('lamellaFile', { folder })
  expect(spawned.map(({ asked }) => asked)).toEqual([1, 1])

  readers.prepare()
  spawned[2]!.exit()
  await readers.start().ask('lamellaFile', { folder })
  expect(spawned.map(({ asked }) => asked)).toEqual([1, 1, 0, 1])

  readers.prepare()
  const [left, closed] = [readers.start(), readers.start()]
  await Promise.all([left, closed].map(reader => reader.ask('lamellaFile', { folder })))
  closed.close()
  readers.prepare()
  readers.close()
  // The program ends with its workbench: of what reads its models nothing is left, nor does more begin.
  expect(spawned.map(({ killed }) => killed)).toEqual(spawned.map((_, i) => i !== 2))
  expect(spawned).toHaveLength(7)
  await expect(left.ask('lamellaFile', { folder })).rejects.toMatchObject({ code: 'cancelled' })
  readers.prepare()
  expect(() => readers.start()).toThrow('Cancelled')
  expect(spawned).toHaveLength(7)
})
