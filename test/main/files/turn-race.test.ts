import { mkdtempSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import type promises from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, it, vi } from 'vitest'
import { processMark } from '../../../src/main/files/process-mark.ts'
import { inTurn } from '../../../src/main/files/turn.ts'

/** What another program does right before a turn that is over is ended. */
let meanwhile: (turn: string) => void = () => undefined
/** Told when something was removed: what a turn was set aside as, before all else. */
let removed: () => void = () => undefined
vi.mock('node:fs/promises', async importOriginal => {
  const actual = await importOriginal<typeof promises>()
  return {
    ...actual,
    rename(from: string, to: string) {
      meanwhile(from)
      meanwhile = () => undefined
      return actual.rename(from, to)
    },
    async rm(...of: Parameters<typeof actual.rm>) {
      await actual.rm(...of)
      removed()
    }
  }
})

const setAge = (file: string, seconds: number) => {
  const then = Date.now() / 1000 - seconds
  utimesSync(file, then, then)
}

it('the turn of who took it as the one before was ended stays theirs', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lamella-turn-'))
  const turn = join(folder, 'file.turn')
  const next = `next ${processMark()}`
  writeFileSync(turn, 'left')
  setAge(turn, 60)
  meanwhile = () => {
    writeFileSync(turn, next)
    setAge(turn, 0)
  }
  const isBack = new Promise<void>(resolve => (removed = resolve))
  let isDone = false
  const waiting = inTurn(join(folder, 'file'), () => Promise.resolve()).then(() => (isDone = true))
  await isBack
  // From now on it is waited for.
  await delay(100)
  expect([isDone, readdirSync(folder), readFileSync(turn, 'utf8')]).toEqual([
    false,
    ['file.turn'],
    next
  ])
  setAge(turn, 60)
  await waiting
  expect(readdirSync(folder)).toEqual([])
})
