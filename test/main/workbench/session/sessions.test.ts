import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HandlerContext } from '#common/contract/rpc.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import type { KeptWish } from '#common/contract/session.ts'
import type { Keep, SessionContent } from '#common/model/session.ts'
import { formatVersion } from '../../../../src/main/session/format.ts'
import { lockFileOf, lockSession } from '../../../../src/main/session/lock.ts'
import { inTurn } from '../../../../src/main/files/turn.ts'
import { dataFiles } from '../../../../src/main/workbench/data-folder.ts'
import type { Workbench } from '../../../../src/main/workbench/workbench.ts'
import { cpuSource, shakespeare, startWorkbench, uncancelled } from '../../../golden/workbench.ts'
import { outcome } from '../../checkpoint/temporary.ts'
import { keepTurnsYoung } from '../../files/keep-young.ts'

const folder = mkdtempSync(join(tmpdir(), 'lamella-sessions-'))
const dataFolder = mkdtempSync(join(tmpdir(), 'lamella-sessions-data-'))
const at = (name: string) => join(folder, name)

let workbench: Workbench
let model: ModelInfo
beforeAll(async () => {
  workbench = await startWorkbench({}, dataFolder)
  model = await workbench.handlers['models.open']({ path: shakespeare }, uncancelled())
})
afterAll(() => workbench.close())

/** What a window calls itself. */
const by = (client: string) => ({ ...uncancelled(), client })

function content(): SessionContent {
  const source = cpuSource(model, { text: 'To be, or not' })
  return {
    window: { version: 2, tabs: [{ id: 'a', type: 'attention' }] },
    library: [{ kind: 'text', name: 'שלום', input: { text: 'שלום עולם\u0000' } }],
    runs: [{ source, modelName: model.name, at: 12 }],
    notes: [
      { id: '1', on: null, markdown: '**Heads** that <script>copy</script>', at: 1.5 },
      { id: '2', on: { tab: 'a' }, markdown: '', at: 2 },
      { id: '3', on: { run: source, at: { layer: 1, head: 2 } }, markdown: '-0', at: 3 }
    ],
    findings: [{ kind: 'induction', score: 0.1 }],
    figures: [{ panels: [] }]
  }
}

const nothing: KeptWish = { runs: [], results: [], corpora: [] }

interface Saving {
  readonly id?: string | null
  readonly path?: string
  readonly keep?: Keep
  readonly wish?: KeptWish
  readonly replace?: boolean
  readonly client?: string
  readonly content?: SessionContent
}

function save({
  id = null,
  path = at('a.lamella'),
  keep = 'recompute',
  wish = nothing,
  replace = false,
  client = 'one',
  ...own
}: Saving) {
  return workbench.handlers['sessions.save'](
    { id, path, content: own.content ?? content(), keep, wish, replace, elsewhere: false },
    by(client)
  )
}

const open = (path: string, client = 'one') =>
  workbench.handlers['sessions.open']({ path }, by(client))
const close = (id: string, client = 'one') =>
  workbench.handlers['sessions.close']({ id }, by(client))

describe('a session', () => {
  it('comes back as it was saved, and opening it leaves its file as it is', async () => {
    const { id, path, saved } = await save({})
    expect(saved).toMatchObject({ keep: 'recompute', version: '0.0.0' })
    await close(id)
    const bytes = readFileSync(path)
    expect(bytes.length).toBe(saved.bytes)
    const found = await open(path)
    expect(found).toMatchObject({ path, readOnly: null, saved, notes: [] })
    expect(found.content).toEqual(content())
    const { fingerprint, name } = model
    expect(found.models).toEqual([
      {
        ...{ ref: { path: model.path, fingerprint }, name, state: 'here', foundAt: null },
        ...{ formerly: [], kept: false }
      }
    ])
    expect(readFileSync(path)).toEqual(bytes)
    await close(found.id)
    expect(readdirSync(folder).filter(name => name.startsWith('.'))).toEqual([])
  })

  it('is saved again in its place, by the one that has it open alone', async () => {
    const { id, path } = await save({ path: at('b.lamella') })
    const other = await open(path, 'two')
    expect(other.readOnly).toBe('Another window has it open')
    expect(await outcome(save({ id: other.id, path, client: 'two' }))).toBe(
      'file-unwritable: b.lamella: cannot be saved here: another window has it open'
    )
    expect(await outcome(save({ id, path, client: 'two' }))).toBe(
      'not-found: This session is not open'
    )
    const notes = [{ id: '9', on: null, markdown: 'anew', at: 9 }]
    const again = await save({ id, path, content: { ...content(), notes } })
    expect(again.id).toBe(id)
    await close(other.id, 'two')
    await close(id)
    const now = await open(path, 'two')
    expect(now.readOnly).toBeNull()
    expect(now.content.notes).toEqual(notes)
    await close(now.id, 'two')
  })

  it('is not written over what is no session, another session, or what changed meanwhile', async () => {
    writeFileSync(at('letter.txt'), 'Dear')
    expect(await outcome(save({ path: at('letter.txt'), replace: true }))).toBe(
      'file-invalid: letter.txt: is no session of Lamella'
    )
    expect(readFileSync(at('letter.txt'), 'utf8')).toBe('Dear')
    const later = readFileSync(at('b.lamella'))
    // SQLite's user version, which is that of the format.
    later.writeUInt32BE(formatVersion + 1, 60)
    writeFileSync(at('later.lamella'), later)
    expect(await outcome(save({ path: at('later.lamella'), replace: true }))).toBe(
      `unsupported: later.lamella: was made by a newer Lamella (version ${formatVersion + 1} of sessions; this one reads up to ${formatVersion})`
    )
    expect(readFileSync(at('later.lamella')).equals(later)).toBe(true)
    const first = await save({ path: at('c.lamella') })
    expect(await outcome(save({ path: at('c.lamella'), replace: true, client: 'two' }))).toMatch(
      /another window has it open/
    )
    await close(first.id)
    expect(await outcome(save({ path: at('c.lamella') }))).toBe(
      'file-unwritable: c.lamella: there is a session of this name already'
    )
    const second = await save({ path: at('c.lamella'), replace: true })
    writeFileSync(at('c.lamella'), readFileSync(at('b.lamella')))
    expect(await outcome(save({ id: second.id, path: at('c.lamella') }))).toBe(
      'file-unwritable: c.lamella: cannot be saved here: another program has changed it since it was opened'
    )
    const moved = await save({ id: second.id, path: at('d.lamella') })
    expect(moved).toMatchObject({ id: second.id, path: at('d.lamella') })
    // The file that it was of is free.
    expect((await open(at('c.lamella'), 'two')).readOnly).toBeNull()
  })

  it('is not saved by one whose lock somebody removed where another has it by then', async () => {
    const path = at('unlocked.lamella')
    const { id } = await save({ path })
    rmSync(lockFileOf(path))
    // Nobody else has it: it is taken anew.
    await save({ id, path, replace: true })
    expect(existsSync(lockFileOf(path))).toBe(true)
    rmSync(lockFileOf(path))
    const other = await open(path, 'two')
    expect(other.readOnly).toBe(null)
    expect(await outcome(save({ id, path, replace: true }))).toMatch(
      /unlocked\.lamella: cannot be saved here: another window has it open/
    )
    const saved = await save({ id: other.id, path, replace: true, client: 'two' })
    await workbench.handlers['sessions.close']({ id }, by('one'))
    // So it is said of another program.
    rmSync(lockFileOf(path))
    const lock = lockSession(path)
    expect(await outcome(save({ id: other.id, path, replace: true, client: 'two' }))).toMatch(
      /cannot be saved here: another program has it open/
    )
    if (typeof lock !== 'string') lock.release()
    await workbench.handlers['sessions.close']({ id: saved.id }, by('two'))
  })

  it('says what of its numbers could not be had, and is saved without it', async () => {
    const source = cpuSource(model, { text: 'To be, or not' })
    const of = { model: source.model, corpus: null, edits: [], provider: 'cpu' as const }
    const request = (name: string) => ({ name, params: {}, of, with: null })
    const results = [request('none-such'), request('parameters'), request('nor-such')]
    const { id, notes } = await save({
      path: at('without.lamella'),
      keep: 'seen',
      wish: { runs: [source], results, corpora: [] }
    })
    expect(notes).toEqual([
      expect.stringMatching(/^2 results could not be had and are not in it: .*none-such/)
    ])
    const { results: kept } = await workbench.handlers['sessions.kept']({ id }, by('one'))
    expect(kept.map(({ request }) => request.name)).toEqual(['parameters'])
    expect((await save({ id, path: at('without.lamella') })).notes).toEqual([])
    await close(id)
  })

  it('keeps what was looked at, and says beforehand what each choice takes', async () => {
    const source = cpuSource(model, { text: 'To be, or not' })
    const { handlers } = workbench
    const run = await handlers['runs.start']({ source }, by('one'))
    const hook = 'blocks.1.attn.hook_z'
    await handlers['runs.value']({ runId: run.id, hook, exact: false }, by('one'))
    const of = { model: source.model, corpus: null, edits: [], provider: 'cpu' as const }
    const request = {
      name: 'head-scores',
      params: {},
      of: { ...of, corpus: { inputs: [{ text: 'To be, or not' }], window: null, stride: null } },
      with: null
    }
    await handlers['analysis.run'](request, by('one'))
    const wish = { runs: [source], results: [request], corpora: [] }
    const sizes = await handlers['sessions.sizes'](
      { id: null, content: content(), wish },
      by('one')
    )
    // Letters of other scripts take more than one byte each.
    const notes = [{ id: '1', on: null, markdown: 'שלום עולם '.repeat(9000), at: 1 }]
    const ofNotes = { ...content(), notes }
    const long = await handlers['sessions.sizes'](
      { id: null, content: ofNotes, wish: nothing },
      by('one')
    )
    const written = await save({ path: at('long.lamella'), content: ofNotes })
    expect(long.recompute / written.saved.bytes).toBeGreaterThan(0.95)
    expect(long.recompute / written.saved.bytes).toBeLessThan(1.1)
    await close(written.id)
    const bytes: number[] = []
    for (const keep of ['recompute', 'seen', 'everything'] as const) {
      const { saved, id, models } = await save({ path: at(`${keep}.lamella`), keep, wish })
      expect(models.map(({ kept }) => kept)).toEqual([keep !== 'recompute'])
      bytes.push(saved.bytes)
      await close(id)
    }
    expect(bytes).toEqual(bytes.toSorted((a, b) => a - b))
    expect(new Set(bytes).size).toBe(3)
    const told = [sizes.recompute, sizes.seen, sizes.everything]
    for (const [i, own] of told.entries()) {
      expect(own / bytes[i]!).toBeGreaterThan(0.7)
      expect(own / bytes[i]!).toBeLessThan(1.5)
    }
    // One that kept everything is not kept on under a lesser choice.
    const { id } = await save({ path: at('all.lamella'), keep: 'everything', wish })
    const asked = { id, content: content(), wish }
    const again = await handlers['sessions.sizes'](asked, by('one'))
    expect(again.seen).toBe(sizes.seen)
    const less = await save({ id, path: at('less.lamella'), keep: 'seen', wish })
    expect(less.saved.bytes / bytes[1]!).toBeLessThan(1.1)
    await close(id)
  })

  it('keeps on what it kept of a model that is open, as far as the choice goes', async () => {
    const other = await startWorkbench()
    const { handlers } = other
    const { id } = await handlers['sessions.open']({ path: at('everything.lamella') }, by('one'))
    const { path } = await handlers['models.open']({ path: shakespeare }, by('one'))
    const source = cpuSource({ ...model, path }, { text: 'To be, or not' })
    // Looked at when it was saved, and not computed since.
    const hook = 'blocks.1.attn.hook_z'
    const saved = async (keep: Keep, name: string) => {
      const wish = { runs: [source], results: [], corpora: [] }
      const asked = { id, path: at(name), content: content(), keep, wish }
      await handlers['sessions.save']({ ...asked, replace: false, elsewhere: false }, by('one'))
      return outcome(handlers['sessions.value']({ id, source, hook }, by('one')))
    }
    expect(await saved('everything', 'on.lamella')).toMatchObject({ shape: [13, 4, 32] })
    expect(await saved('seen', 'seen-on.lamella')).toMatch(/^not-kept: blocks\.1\.attn\.hook_z/)
    await other.close()
  })

  it('is saved one time after the other, and not at all when that is given up', async () => {
    const { id, path } = await save({ path: at('e.lamella') })
    const marked = (markdown: string) => {
      const notes = [{ id: '1', on: null, markdown, at: 1 }]
      return save({ id, path, content: { ...content(), notes } })
    }
    await Promise.all([marked('one'), marked('two'), marked('three')])
    const notes = async () => (await open(path)).content.notes.map(({ markdown }) => markdown)
    expect(await notes()).toEqual(['three'])
    const bytes = readFileSync(path)
    const controller = new AbortController()
    const given = workbench.handlers['sessions.save'](
      {
        ...{ id, path, content: content(), keep: 'everything', wish: nothing },
        ...{ replace: false, elsewhere: false }
      },
      { client: 'one', signal: controller.signal, progress: () => controller.abort() }
    )
    await expect(given).rejects.toThrow()
    expect(readFileSync(path).equals(bytes)).toBe(true)
    await marked('four')
    expect(await notes()).toEqual(['four'])
    await close(id)
    expect(readdirSync(folder).filter(name => name.startsWith('.'))).not.toContain(
      '.e.lamella.lock'
    )
  })

  it('that is given up as it has been saved or opened is nobody’s, and free to be opened', async () => {
    const path = at('given-up.lamella')
    const asked = { id: null, path, content: content(), keep: 'recompute', wish: nothing } as const
    const { handlers } = workbench
    const list = join(dataFolder, dataFiles.sessions)
    keepTurnsYoung(list)
    /** Gives up what is done once something is there of it; it cannot end before, for it is not listed yet. */
    const givenUp = async (
      isDone: () => boolean,
      work: (context: HandlerContext) => Promise<unknown>
    ) => {
      const controller = new AbortController()
      let working: Promise<unknown>
      await inTurn(list, async () => {
        working = work({ ...by('one'), signal: controller.signal })
        working.catch(() => undefined)
        await expect.poll(isDone).toBe(true)
        controller.abort()
      })
      await expect(working!).rejects.toThrow()
      const { id, readOnly } = await open(path, 'two')
      expect(readOnly).toBeNull()
      await close(id, 'two')
    }
    await givenUp(
      () => existsSync(path),
      context => handlers['sessions.save']({ ...asked, replace: false, elsewhere: false }, context)
    )
    await givenUp(
      () => existsSync(at('.given-up.lamella.lock')),
      context => handlers['sessions.open']({ path }, context)
    )
    const { id } = await save({ path: at('before.lamella') })
    await givenUp(
      () => existsSync(at('.given-up.lamella.lock')),
      context =>
        handlers['sessions.save']({ ...asked, id, replace: true, elsewhere: false }, context)
    )
    // What was open before still is.
    await save({ id, path: at('before.lamella') })
    await close(id)
    rmSync(path)
    await handlers['sessions.forget']({ path }, by('one'))
    await handlers['sessions.forget']({ path: at('before.lamella') }, by('one'))
  })

  it('is remembered, newest first, and forgotten', async () => {
    const recent = () => workbench.handlers['sessions.recent']({}, by('one'))
    const [newest, second] = await recent()
    expect(newest).toMatchObject({ name: 'e', path: at('e.lamella') })
    expect(second).toMatchObject({ name: 'less' })
    rmSync(newest!.path)
    const missing = () => workbench.handlers['sessions.missing']({}, by('one'))
    // A machine that stands still for a moment is taken for a disk that does not answer.
    await expect.poll(missing).toContain(newest!.path)
    expect(await missing()).not.toContain(second!.path)
    await workbench.handlers['sessions.forget']({ path: newest!.path }, by('one'))
    expect((await recent()).map(({ name }) => name)).not.toContain('e')
  })

  it('is not saved in its place for a window that is behind it, but elsewhere', async () => {
    const { id, path } = await save({ path: at('f.lamella') })
    const bytes = readFileSync(path)
    const behind = (to: string) =>
      workbench.handlers['sessions.save'](
        {
          ...{ id, path: to, content: content(), keep: 'recompute', wish: nothing },
          ...{ replace: true, elsewhere: true }
        },
        by('one')
      )
    await expect(behind(path)).rejects.toThrow(
      `f.lamella: cannot be saved here: it was saved elsewhere since it was opened`
    )
    expect(readFileSync(path).equals(bytes)).toBe(true)
    const other = at('g.lamella')
    expect(await behind(other)).toMatchObject({ id, path: other })
    // The file that it was of is free again.
    const first = await open(path, 'two')
    expect(first.readOnly).toBeNull()
    await close(first.id, 'two')
    await close(id)
    rmSync(path)
    rmSync(other)
  })
})
