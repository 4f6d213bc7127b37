import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statfsSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync
} from 'node:fs'
import { spawnSync } from 'node:child_process'
import { on } from 'node:events'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import {
  makeExchangeFolder,
  sweepExchangeFolders
} from '../../../src/main/engine/exchange-folder.ts'
import { removeExchange } from '../../../src/main/process/remove-exchange.ts'

let root: string
let places: { memory: string; temporary: string; room: number }
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lamella-places-'))
  places = { memory: join(root, 'shm'), temporary: join(root, 'tmp'), room: 1 }
  mkdirSync(places.memory)
  mkdirSync(places.temporary)
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

/** A process id that was somebody's and is nobody's now. */
const gone = spawnSync(process.execPath, ['-e', '']).pid

/** When a process started, as the system tells where it does. */
function startOf(pid: number): string {
  const stat = `/proc/${pid}/stat`
  return existsSync(stat) ? readFileSync(stat, 'utf8').split(') ')[1]!.split(' ')[19]! : '0'
}

describe('the folder of an exchange', () => {
  it('lies in memory where there is room, is its own, and cannot be guessed', () => {
    const [one, other] = [makeExchangeFolder(places)!, makeExchangeFolder(places)!]
    expect(dirname(one)).toBe(places.memory)
    expect(basename(one)).toMatch(new RegExp(`^lamella-engine-${process.pid}-\\d+-\\d+-\\w{6}$`))
    expect(one).not.toBe(other)
    if (process.platform !== 'win32') expect(statSync(one).mode & 0o777).toBe(0o700)
    removeExchange(one)
    removeExchange(one)
    expect(existsSync(one)).toBe(false)
  })

  it('goes also while files are still written into it', async () => {
    const folders = Array.from({ length: 20 }, () => makeExchangeFolder(places)!)
    const writing = `
      const { writeFileSync } = require('node:fs')
      const { parentPort, workerData } = require('node:worker_threads')
      for (const folder of workerData) {
        parentPort.postMessage(folder)
        try {
          for (let i = 0; ; i++) {
            writeFileSync(folder + '/1-' + i, '')
            for (const until = performance.now() + 0.2; performance.now() < until;);
          }
        } catch {}
      }`
    const writer = new Worker(writing, { eval: true, workerData: folders })
    const left: string[] = []
    for await (const [folder] of on(writer, 'message', { close: ['exit'] })) {
      await expect.poll(() => readdirSync(folder as string).length, { interval: 1 }).not.toBe(0)
      removeExchange(folder as string)
      if (existsSync(folder as string)) left.push(folder as string)
      rmSync(folder as string, { recursive: true, force: true, maxRetries: 10 })
    }
    expect(left).toEqual([])
  })

  it('lies in memory on this Linux, and in the temporary folder elsewhere', () => {
    const folder = makeExchangeFolder()!
    const hasMemory = process.platform === 'linux' && existsSync('/dev/shm')
    expect([hasMemory ? '/dev/shm' : tmpdir(), tmpdir()]).toContain(dirname(folder))
    removeExchange(folder)
  })

  it('lies in the temporary folder where there is no memory to write to', () => {
    const lies = (memory: string | null) => dirname(makeExchangeFolder({ ...places, memory })!)
    expect(lies(null)).toBe(places.temporary)
    expect(lies(join(root, 'no such folder'))).toBe(places.temporary)
    if (process.platform === 'linux') expect(lies('/proc')).toBe(places.temporary)
  })

  it('lies in the temporary folder where memory has not the room that is wanted', () => {
    const { bavail, bsize } = statfsSync(places.memory)
    const roomier = makeExchangeFolder({ ...places, room: 2 * bavail * bsize })!
    expect(dirname(roomier)).toBe(places.temporary)
    expect(dirname(makeExchangeFolder({ ...places, room: (bavail * bsize) / 2 })!)).toBe(
      places.memory
    )
  })

  it('is done without where nothing can be written', () => {
    const nowhere = join(root, 'no such folder')
    expect(makeExchangeFolder({ memory: nowhere, temporary: nowhere, room: 1 })).toBeNull()
  })
})

describe.skipIf(process.platform === 'win32')('sweeping', () => {
  /** Makes a folder as an owner of that id would have, with a file in it. */
  function leave(place: string, owner: number, start = startOf(owner)): string {
    const made = makeExchangeFolder(places)!
    const [, pid, , world, end] = /engine-(\d+)-(\d+)-(\d+)-(\w+)$/.exec(made)!
    expect(pid).toBe(String(process.pid))
    removeExchange(made)
    const name = `lamella-engine-${owner}-${start}-${world}-${end}`
    const folder = join(place, name)
    mkdirSync(folder)
    writeFileSync(join(folder, '1-0'), 'x')
    return folder
  }

  it('removes what killed programs left, in both places', async () => {
    const left = [leave(places.memory, gone), leave(places.temporary, gone)]
    await sweepExchangeFolders(places)
    expect(left.filter(existsSync)).toEqual([])
  })

  it('leaves alone what a living program has', async () => {
    const living = [leave(places.memory, process.ppid), leave(places.memory, 1)]
    const own = makeExchangeFolder(places)!
    await sweepExchangeFolders(places)
    expect([...living, own].filter(existsSync)).toEqual([...living, own])
  })

  it.runIf(process.platform === 'linux')(
    'removes what a process left whose id another has now',
    async () => {
      const left = leave(places.memory, process.ppid, '1')
      const present = leave(places.memory, process.ppid)
      await sweepExchangeFolders(places)
      expect([left, present].map(existsSync)).toEqual([false, true])
    }
  )

  it('leaves a folder that holds what no exchange writes, and all that is in there', async () => {
    const [one, other] = [leave(places.memory, gone), leave(places.memory, gone)]
    mkdirSync(join(one, 'deeper'))
    writeFileSync(join(one, 'deeper', '1-0'), 'x')
    writeFileSync(join(other, 'notes.txt'), 'x')
    await sweepExchangeFolders(places)
    expect(readdirSync(one, { recursive: true })).toContain(join('deeper', '1-0'))
    expect(readdirSync(other)).toEqual(['notes.txt'])
  })

  it('leaves alone what belongs to processes it cannot see, and what is named otherwise', async () => {
    const theirs = leave(places.memory, gone).replace(/-\d+-(\w+)$/, '-4-$1')
    const others = [
      theirs,
      ...['lamella-engine-1', 'x', `lamella-engine-${gone}-a-0-b`].map(inPlace)
    ]
    for (const folder of others) mkdirSync(folder)
    await sweepExchangeFolders(places)
    expect(others.filter(existsSync)).toEqual(others)
    // Of before the system was started again, or of a container that is gone.
    const past = Date.now() / 1000 - 8 * 24 * 3600
    for (const folder of others) utimesSync(folder, past, past)
    await sweepExchangeFolders(places)
    expect(others.filter(existsSync)).not.toContain(theirs)
  })
  const inPlace = (name: string) => join(places.memory, name)

  it('follows no link, and takes no file for a folder', async () => {
    const precious = join(root, 'precious')
    mkdirSync(precious)
    writeFileSync(join(precious, 'file'), 'x')
    const link = leave(places.memory, gone)
    rmSync(link, { recursive: true })
    symlinkSync(precious, link)
    const file = `${link.slice(0, -1)}_`
    writeFileSync(file, 'x')
    const inside = leave(places.memory, gone)
    symlinkSync(join(precious, 'file'), join(inside, '1-1'))
    await sweepExchangeFolders(places)
    expect(readdirSync(precious)).toEqual(['file'])
    expect([link, file, inside].map(existsSync)).toEqual([true, true, false])
  })

  it.runIf(process.getuid?.() === 0)('leaves alone what belongs to other users', async () => {
    const { chownSync } = await import('node:fs')
    const theirs = leave(places.memory, gone)
    chownSync(theirs, 12_345, 12_345)
    await sweepExchangeFolders(places)
    expect(existsSync(theirs)).toBe(true)
    chmodSync(theirs, 0o755)
  })

  it('takes a process that it may not ask for a living one', async () => {
    const folder = leave(places.memory, gone)
    const kill = vi.spyOn(process, 'kill').mockImplementation(() => {
      throw Object.assign(new Error('not permitted'), { code: 'EPERM' })
    })
    await sweepExchangeFolders(places)
    kill.mockRestore()
    expect(existsSync(folder)).toBe(true)
    await sweepExchangeFolders(places)
    expect(existsSync(folder)).toBe(false)
  })

  it('says nothing of places that are not there', async () => {
    const nowhere = join(root, 'no such folder')
    await sweepExchangeFolders({ memory: null, temporary: nowhere, room: 1 })
  })
})
