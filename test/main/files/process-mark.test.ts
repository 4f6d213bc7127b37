import { spawnSync } from 'node:child_process'
import { readFileSync, readlinkSync } from 'node:fs'
import { hostname } from 'node:os'
import { expect, it } from 'vitest'
import {
  bootFile,
  isGone,
  numberingLink,
  processMark,
  worldOf
} from '../../../src/main/files/process-mark.ts'

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

it.runIf(process.platform === 'linux')(
  'names a world after the machine, its last start and the numbering of its processes',
  () => {
    const facts = [hostname(), readFileSync(bootFile, 'utf8'), readlinkSync(numberingLink)] as const
    expect(worldOf(...facts)).toBe(world)
    for (const [i, other] of ['other host', 'other start', 'pid:[4]'].entries()) {
      const [host, boot, numbering] = facts.toSpliced(i, 1, other)
      const elsewhere = worldOf(host!, boot!, numbering!)
      expect(elsewhere).toMatch(/^\d+$/)
      expect(isGone(`${gone}-${start}-${elsewhere}`)).toBe(false)
    }
  }
)

it('takes a process of another world for a living one', () => {
  expect(isGone(`${gone}-${start}-4`)).toBe(false)
})
