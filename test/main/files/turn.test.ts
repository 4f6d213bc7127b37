import { execFileSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { processMark } from '../../../src/main/files/process-mark.ts'
import { inTurn } from '../../../src/main/files/turn.ts'
import { outcome } from '../checkpoint/temporary.ts'
import { keepTurnsYoung } from './keep-young.ts'

const newFile = () => join(mkdtempSync(join(tmpdir(), 'lamella-turn-')), 'file')
const turnOf = (file: string) => `${file}.turn`

it('what takes turns is done one after the other, also after something failed', async () => {
  const file = newFile()
  let under = 0
  const work = async (i: number) => {
    expect(++under).toBe(1)
    await delay(2)
    under--
    if (i % 3 === 0) throw new Error(`failed ${i}`)
    return i
  }
  const all = Array.from({ length: 12 }, (_, i) => inTurn(file, () => work(i)))
  const ends = await Promise.allSettled(all)
  expect(ends.map(({ status }) => status)).toEqual(
    ends.map((_, i) => (i % 3 === 0 ? 'rejected' : 'fulfilled'))
  )
  expect(readdirSync(join(file, '..'))).toEqual([])
})

it.runIf(process.platform === 'linux')('the turn of who died is over at once', async () => {
  const file = newFile()
  const module = join(import.meta.dirname, '../../../src/main/files/turn.ts')
  const script = `
    import { inTurn } from ${JSON.stringify(module)}
    await inTurn(${JSON.stringify(file)}, () => process.kill(process.pid, 'SIGKILL'))`
  const run = () =>
    execFileSync(process.execPath, ['--input-type=module-typescript', '-e', script], {
      cwd: join(import.meta.dirname, '../../..')
    })
  expect(run).toThrow()
  expect(existsSync(turnOf(file))).toBe(true)
  // It does not become one that is only old.
  keepTurnsYoung(file)
  const all = Array.from({ length: 5 }, (_, i) => inTurn(file, () => Promise.resolve(i)))
  expect(await Promise.all(all)).toEqual([0, 1, 2, 3, 4])
  expect(readdirSync(join(file, '..'))).toEqual([])
})

it('a turn that was left long ago is over, whoever had it', async () => {
  const file = newFile()
  for (const left of ['', `x ${processMark()}`, 'x'.repeat(5000)])
    // Also where the clock has been set back since.
    for (const secondsAgo of [60, -3600]) {
      writeFileSync(turnOf(file), left)
      const then = Date.now() / 1000 - secondsAgo
      utimesSync(turnOf(file), then, then)
      expect(await inTurn(file, () => Promise.resolve('done'))).toBe('done')
      expect(readdirSync(join(file, '..'))).toEqual([])
    }
})

it('what has the name of a turn and is no file is not waited for', async () => {
  for (const make of [mkdirSync, (path: string) => symlinkSync('nowhere', path)]) {
    const file = newFile()
    make(turnOf(file))
    expect(await outcome(inTurn(file, () => Promise.resolve()))).toBe(
      'file-unwritable: file.turn: is no file'
    )
    expect(readdirSync(join(file, '..'))).toEqual(['file.turn'])
  }
})

it('a turn that is another’s by now stays theirs', async () => {
  const file = newFile()
  await inTurn(file, () => {
    writeFileSync(turnOf(file), 'another')
    return Promise.resolve()
  })
  expect(readFileSync(turnOf(file), 'utf8')).toBe('another')
})

it('the turn of who lives is waited for', async () => {
  const file = newFile()
  writeFileSync(turnOf(file), `x ${processMark()}`)
  let isDone = false
  const waiting = inTurn(file, () => Promise.resolve()).then(() => (isDone = true))
  await delay(100)
  expect(isDone).toBe(false)
  const longAgo = Date.now() / 1000 - 60
  utimesSync(turnOf(file), longAgo, longAgo)
  await waiting
})
