import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { isGone, processMark } from '../../../src/main/files/process-mark.ts'

/** A process id that was somebody's and is nobody's now. */
const gone = spawnSync(process.execPath, ['-e', '']).pid
const [pid, start, world] = processMark().split('-')

it('tells the living from the dead', () => {
  expect(pid).toBe(String(process.pid))
  expect(isGone(processMark())).toBe(false)
  expect(isGone(`${gone}-${start}-${world}`)).toBe(true)
})

it.runIf(process.platform === 'linux')(
  'tells a process from the one that had its id before',
  () => {
    expect(Number(start)).toBeGreaterThan(0)
    expect(isGone(`${pid}-${Number(start) - 1}-${world}`)).toBe(true)
    expect(isGone(`${pid}-0-${world}`)).toBe(false)
  }
)

it('takes a process of another world for a living one', () => {
  expect(isGone(`${gone}-${start}-4`)).toBe(false)
})
