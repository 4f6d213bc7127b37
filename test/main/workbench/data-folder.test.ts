import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Status } from '#common/contract/schemas.ts'
import { processMark } from '../../../src/main/files/process-mark.ts'
import { openDataFolder, ownPaths } from '../../../src/main/workbench/data-folder.ts'
import { cpuSource, shakespeare, startWorkbench, uncancelled } from '../../golden/workbench.ts'
import { outcome } from '../checkpoint/temporary.ts'

const newFolder = () => mkdtempSync(join(tmpdir(), 'lamella-data-'))
const modeOf = (path: string) => statSync(path).mode & 0o777

describe('the data folder', () => {
  it.runIf(process.platform !== 'win32')('is for its user alone, also what was not', async () => {
    const folder = join(newFolder(), 'lamella')
    await openDataFolder(folder)
    expect(modeOf(folder)).toBe(0o700)
    chmodSync(folder, 0o755)
    for (const name of ['settings.json', 'trace.sqlite', 'trace.2.sqlite-wal'])
      writeFileSync(join(folder, name), '', { mode: 0o644 })
    mkdirSync(join(folder, 'analyses'), { mode: 0o755 })
    writeFileSync(join(folder, 'analyses', 'x.dataset'), '', { mode: 0o644 })
    expect((await openDataFolder(folder)).notice).toBeNull()
    expect(modeOf(folder)).toBe(0o700)
    expect(modeOf(join(folder, 'analyses'))).toBe(0o700)
    for (const name of [
      'settings.json',
      'trace.sqlite',
      'trace.2.sqlite-wal',
      'analyses/x.dataset'
    ])
      expect([name, modeOf(join(folder, name))]).toEqual([name, 0o600])
  })

  it.runIf(process.platform !== 'win32')(
    'that holds other things, too, stays as open to others as it was, with them',
    async () => {
      const folder = newFolder()
      chmodSync(folder, 0o755)
      for (const name of ['settings.json', 'other.txt'])
        writeFileSync(join(folder, name), '', { mode: 0o644 })
      await openDataFolder(folder)
      expect(modeOf(folder)).toBe(0o755)
      expect(modeOf(join(folder, 'other.txt'))).toBe(0o644)
      expect(modeOf(join(folder, 'settings.json'))).toBe(0o600)
    }
  )

  it.runIf(process.platform !== 'win32')(
    'that is a file or a pipe is left as it is, and that is said',
    async () => {
      const folder = newFolder()
      const [file, pipe] = [join(folder, 'file'), join(folder, 'settings.json')]
      writeFileSync(file, '')
      expect(spawnSync('mkfifo', [pipe]).status).toBe(0)
      for (const path of [file, pipe]) {
        chmodSync(path, 0o644)
        const { notice } = await openDataFolder(path)
        expect(notice).toMatch(/^\S+: a file stands where its folder should be/)
        expect(modeOf(path)).toBe(0o644)
      }
      await openDataFolder(folder)
      expect(modeOf(pipe)).toBe(0o644)
    }
  )

  it.runIf(process.platform !== 'win32')(
    'leaves a folder that all may write as it is',
    async () => {
      const folder = newFolder()
      chmodSync(folder, 0o1777)
      await openDataFolder(folder)
      expect(statSync(folder).mode & 0o7777).toBe(0o1777)
    }
  )

  it.runIf(process.platform !== 'win32')(
    'takes nothing from others of what a link leads to, or is another user’s',
    async () => {
      const folder = newFolder()
      const theirs = join(newFolder(), 'theirs')
      for (const path of [theirs, join(folder, 'recent.json')]) writeFileSync(path, '[]')
      for (const path of [theirs, join(folder, 'recent.json')]) chmodSync(path, 0o644)
      symlinkSync(theirs, join(folder, 'settings.json'))
      const other = vi.spyOn(process, 'getuid').mockReturnValue(process.getuid!() + 1)
      await openDataFolder(folder)
      other.mockRestore()
      expect(modeOf(join(folder, 'recent.json'))).toBe(0o644)
      await openDataFolder(folder)
      expect(modeOf(join(folder, 'recent.json'))).toBe(0o600)
      expect(modeOf(theirs)).toBe(0o644)
    }
  )

  it('loses what dead programs left half written, and what rests of those that cannot be seen', async () => {
    const folder = newFolder()
    const [pid, start, world] = processMark().split('-') as [string, string, string]
    const { pid: gone } = spawnSync(process.execPath, ['-e', ''])
    const dead = `${gone}-${start}-${world}`
    const unseen = `${pid}-${start}-1`
    const own = [
      ...['recent.json', 'analyses', 'analyses/x.dataset', 'descriptions'],
      ...[`.lamella-${processMark()}-ab.new`, 'library.json.turn']
    ]
    const unknown = [`.lamella-${unseen}-ab.new`, `analyses/.lamella-${unseen}-ab.new`]
    const left = ['', 'analyses/', 'descriptions/'].map(at => `${at}.lamella-${dead}-ab.new`)
    for (const name of ['analyses', 'descriptions']) mkdirSync(join(folder, name))
    const there = () => readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted()
    const write = (name: string, holds = '') => writeFileSync(join(folder, name), holds)
    for (const name of [...own, ...unknown, ...left]) if (!there().includes(name)) write(name)
    write('library.json.turn', `id ${processMark()}`)
    write('recent.json.turn', `id ${dead}`)
    await openDataFolder(folder)
    expect(there()).toEqual([...own, ...unknown].toSorted())
    // They may still be written: ten minutes are a while.
    const setTime = (seconds: number) => {
      for (const name of unknown) utimesSync(join(folder, name), seconds, seconds)
    }
    setTime(Date.now() / 1000 - 540)
    await openDataFolder(folder)
    expect(there()).toEqual([...own, ...unknown].toSorted())
    setTime(Date.now() / 1000 - 660)
    await openDataFolder(folder)
    expect(there()).toEqual(own.toSorted())
  })
})

describe('a data folder with damaged files', () => {
  it('says which, each once, takes them for none and keeps them beside', async () => {
    const folder = newFolder()
    const names = ['settings.json', 'workspace.json', 'recent.json']
    for (const name of names) writeFileSync(join(folder, name), '{"damaged')
    const workbench = await startWorkbench({}, folder)
    const notices: (string | null)[] = []
    workbench.on('status', ({ notice }: Status) => notices.push(notice))
    const { handlers } = workbench
    for (let again = 0; again < 2; again++) {
      expect(await handlers['workspace.load']({}, uncancelled())).toBeNull()
      expect(await handlers['models.recent']({}, uncancelled())).toEqual([])
      const { memoryBudgetBytes } = await handlers['settings.get']({}, uncancelled())
      expect(memoryBudgetBytes).toBeNull()
    }
    const told = names.map(
      name =>
        `${name}: cannot be read (not JSON), so it is taken for none; once another is saved it is kept as ${name}.damaged (in ${folder})`
    )
    expect(notices.at(-1)?.split('\n')).toEqual(told)
    await handlers['workspace.save']({ state: {} }, uncancelled())
    await handlers['settings.set']({ memoryBudgetBytes: null }, uncancelled())
    await handlers['models.open']({ path: shakespeare }, uncancelled())
    await workbench.close()
    for (const name of names) {
      expect(readFileSync(join(folder, `${name}.damaged`), 'utf8')).toBe('{"damaged')
      expect(() => JSON.parse(readFileSync(join(folder, name), 'utf8')) as unknown).not.toThrow()
    }
    expect(notices.at(-1)?.split('\n')).toEqual(told)
    // Not to be written over, either.
    expect(await ownPaths(folder)).toContain(join(folder, 'settings.json.damaged'))
  })
})

describe('a window that cannot be saved', () => {
  it('is told once, although nobody asked to save it', async () => {
    const folder = newFolder()
    mkdirSync(join(folder, 'workspace.json'))
    const workbench = await startWorkbench({}, folder)
    onTestFinished(() => workbench.close())
    const { handlers } = workbench
    const notice = async () => (await handlers['engine.status']({}, uncancelled())).notice
    expect(await notice()).toBeNull()
    for (let again = 0; again < 2; again++) {
      const saved = await outcome(handlers['workspace.save']({ state: {} }, uncancelled()))
      expect(saved).toBe('file-unwritable: workspace.json: is a folder, not a file')
      expect(await notice()).toMatch(
        /^workspace\.json: is a folder, not a file: not all is kept for the next start \(in [^\n]*$/
      )
    }
  })
})

describe('a data folder that is a file', () => {
  it('says no more that nothing is kept once it is a folder and was cleared', async () => {
    const path = join(newFolder(), 'data')
    writeFileSync(path, '')
    const workbench = await startWorkbench({}, path)
    onTestFinished(() => workbench.close())
    const { handlers } = workbench
    const clear = () => handlers['data.clear']({}, uncancelled())
    const notice = async () => (await handlers['engine.status']({}, uncancelled())).notice
    const said = await notice()
    expect(said).toMatch(/a file stands where its folder should be/)
    await clear()
    // It stands there still.
    expect(await notice()).toMatch(/a file stands where its folder should be/)
    rmSync(path)
    await clear()
    expect(await notice()).toBeNull()
    const model = await handlers['models.open']({ path: shakespeare }, uncancelled())
    const source = cpuSource(model, { ids: [1, 2, 3] })
    await handlers['runs.start']({ source }, uncancelled())
    await expect
      .poll(async () => (await handlers['data.info']({}, uncancelled())).disposableBytes)
      .toBeGreaterThan(1000)
    expect(await notice()).toBeNull()
  })

  it('keeps nothing for the next start, says so once, and all else goes on', async () => {
    const file = join(newFolder(), 'file')
    writeFileSync(file, 'kept')
    const workbench = await startWorkbench({}, file)
    const notices: string[] = []
    const note = ({ notice }: Status) => {
      if (notice !== null && notices.at(-1) !== notice) notices.push(notice)
    }
    workbench.on('status', note)
    const { handlers } = workbench
    const model = await handlers['models.open']({ path: shakespeare }, uncancelled())
    const source = cpuSource(model, { ids: [1, 2, 3] })
    const run = await handlers['runs.start']({ source }, uncancelled())
    const hook = 'blocks.1.attn.hook_pattern'
    const wanted = { runId: run.id, hook, index: 0, exact: false }
    expect((await handlers['runs.value'](wanted, uncancelled())).shape).toEqual([3, 3])
    // Kept in memory.
    expect((await handlers['runs.start']({ source }, uncancelled())).milliseconds).toBe(0)
    expect(await outcome(handlers['workspace.save']({ state: {} }, uncancelled()))).toBe(
      'file-unwritable: workspace.json: a file stands where its folder should be'
    )
    expect(
      await outcome(handlers['settings.set']({ memoryBudgetBytes: 2 ** 30 }, uncancelled()))
    ).toMatch(/^file-unwritable: settings\.json: a file stands where its folder should be/)
    await workbench.close()
    expect(notices).toEqual([
      `file: a file stands where its folder should be: not all is kept for the next start (in ${file}). Make room there or let it be written, then start again; LAMELLA_DATA names another folder.`
    ])
  })
})
