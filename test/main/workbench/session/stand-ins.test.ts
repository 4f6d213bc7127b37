import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { HandlerContext } from '#common/contract/rpc.ts'
import type { AnalysisRequest } from '#common/contract/session.ts'
import type { ModelInfo, TensorValue } from '#common/contract/schemas.ts'
import type { Dataset } from '#common/data/dataset.ts'
import { absenceText } from '#common/model/absence.ts'
import type { OpenedAs } from '#common/model/chosen-model.ts'
import { LamellaError } from '#common/model/errors.ts'
import type { RunSource } from '#common/model/run-source.ts'
import type { SessionContent } from '#common/model/session.ts'
import type { OpenModels } from '../../../../src/main/workbench/model/open-models.ts'
import { createAbsences } from '../../../../src/main/workbench/session/absences.ts'
import { standingIn, type StandInParts } from '../../../../src/main/workbench/session/stand-ins.ts'
import { requestKey } from '../../../../src/main/workbench/session/request-key.ts'
import type { KeptOpen } from '../../../../src/main/workbench/session/kept-session.ts'
import type { Workbench } from '../../../../src/main/workbench/workbench.ts'
import { cpuSource, shakespeare, startWorkbench, uncancelled } from '../../../golden/workbench.ts'
import { outcome } from '../../checkpoint/temporary.ts'

const folder = mkdtempSync(join(tmpdir(), 'lamella-kept-'))
const home = join(folder, 'first')
const away = join(folder, 'second')
const modelPath = join(home, 'letters')
const path = join(home, 'a.lamella')
const text = 'To be, or not'
const hook = 'blocks.1.attn.hook_z'
const pattern = 'blocks.2.attn.hook_pattern'

/** What stand-ins answer with, where nothing is made of values. */
function parts(models: Pick<OpenModels, 'openBy'>, own: Partial<StandInParts> = {}): StandInParts {
  return {
    models: models as OpenModels,
    hashes: { of: () => Promise.resolve([]) },
    absences: createAbsences({ onGone: () => undefined }),
    ofValues: () => Promise.resolve(null),
    ...own
  }
}

let source: RunSource
let value: TensorValue
let head: TensorValue
let result: Dataset
let model: ModelInfo
let engines = 0
const open: Workbench[] = []

/** A workbench that has computed nothing yet. */
async function workbench(): Promise<Workbench> {
  const made = await startWorkbench({}, undefined, () => engines++)
  open.push(made)
  return made
}

const request = () => ({
  name: 'head-scores',
  params: {},
  of: {
    ...{ model: source.model, edits: [], provider: 'cpu' as const },
    corpus: { inputs: [{ text }], window: null, stride: null }
  },
  with: null
})

const valueOf = ({ handlers }: Workbench, runId: string, hook: string, index?: number) =>
  handlers['runs.value'](
    { runId, hook, exact: false, ...(index !== undefined && { index }) },
    uncancelled()
  )

beforeAll(async () => {
  mkdirSync(home)
  mkdirSync(away)
  cpSync(shakespeare, modelPath, { recursive: true })
  const { handlers } = await workbench()
  model = await handlers['models.open']({ path: modelPath }, uncancelled())
  source = cpuSource(model, { text })
  const run = await handlers['runs.start']({ source }, uncancelled())
  value = await valueOf(open[0]!, run.id, hook)
  head = await valueOf(open[0]!, run.id, pattern, 3)
  result = await handlers['analysis.run'](request(), uncancelled())
  const content: SessionContent = {
    window: { groups: [{ model: modelPath, texts: { [modelPath]: text } }] },
    runs: [{ source, modelName: model.name, at: 12 }],
    ...{ library: [], notes: [], findings: [], figures: [] }
  }
  const wish = { runs: [source], results: [request()], corpora: [] }
  const { id } = await handlers['sessions.save'](
    { id: null, path, content, keep: 'everything', wish, replace: false, elsewhere: false },
    uncancelled()
  )
  await handlers['sessions.close']({ id }, uncancelled())
  engines = 0
})
afterAll(async () => {
  for (const each of open) await each.close()
})

/** That all that was kept of the model is given, from `at`, and nothing else. */
async function expectKept(own: Workbench, info: ModelInfo): Promise<void> {
  const { handlers } = own
  const ref = { path: info.path, fingerprint: info.fingerprint }
  const here = { ...source, model: ref }
  expect(info.tensors).toEqual(model.tensors)
  const run = await handlers['runs.start']({ source: { ...here, provider: 'auto' } }, uncancelled())
  expect(run).toMatchObject({ modelId: info.id, complete: true, milliseconds: 0 })
  expect(run.tokens.map(({ text }) => text).join('')).toBe(text)
  expect(await handlers['text.tokenize']({ modelId: info.id, text }, uncancelled())).toEqual(
    run.tokens
  )
  expect(await valueOf(own, run.id, hook)).toEqual(value)
  expect(await valueOf(own, run.id, pattern, 3)).toEqual(head)
  const asked = { ...request(), of: { ...request().of, model: ref } }
  expect(await handlers['analysis.run'](asked, uncancelled())).toEqual({
    ...result,
    attributes: { ...result.attributes, fingerprint: info.fingerprint }
  })

  const why = absenceText(info.path, info.absent!)
  const refusal = (what: string) => `not-kept: ${info.name} ${why}; ${what} was not kept`
  const other = handlers['runs.start'](
    { source: { ...here, input: { text: 'Other' } } },
    uncancelled()
  )
  expect(await outcome(other)).toBe(refusal('a run of this text'))
  expect(await outcome(valueOf(own, run.id, 'blocks.0.mlp.hook_post'))).toBe(
    refusal('blocks.0.mlp.hook_post')
  )
  // Patterns are kept in half precision, all else as it was.
  const exactly = (hook: string) =>
    handlers['runs.value']({ runId: run.id, hook, exact: true }, uncancelled())
  expect(await exactly(hook)).toEqual(value)
  expect(await outcome(exactly(pattern))).toBe(refusal(`${pattern} in full precision`))
  const scores = handlers['analysis.run']({ ...asked, name: 'predictions' }, uncancelled())
  expect(await outcome(scores)).toBe(refusal('this result'))
  expect(engines).toBe(0)
}

describe('a session whose model is not there', () => {
  it('gives what it kept of a missing model, and saves that again; one moved beside it is found', async () => {
    // A copy: its files are others to the system, and hold the same.
    cpSync(modelPath, join(away, 'letters'), { recursive: true })
    rmSync(modelPath, { recursive: true })
    const other = await workbench()
    const first = await other.handlers['sessions.open']({ path }, uncancelled())
    const own = await workbench()
    const { handlers } = own
    expect(await outcome(handlers['models.open']({ path: modelPath }, uncancelled()))).toMatch(
      /^not-found/
    )
    const told: string[] = []
    const progress: HandlerContext['progress'] = ({ label }) => void told.push(label)
    const session = await handlers['sessions.open']({ path }, { ...uncancelled(), progress })
    expect(told).toEqual(['Looking for letters'])
    expect(session.models).toMatchObject([{ state: 'missing', foundAt: null }])
    const info = await handlers['models.open']({ path: modelPath }, uncancelled())
    expect(info).toMatchObject({
      absent: 'missing',
      path: modelPath,
      fingerprint: model.fingerprint
    })
    await expectKept(own, info)
    // To another window, which did not open it, it is nothing.
    const another = { ...uncancelled(), client: 'another' }
    expect(await outcome(handlers['models.open']({ path: modelPath }, another))).toMatch(
      /^not-found/
    )
    const [kept] = session.content.runs
    const run = await handlers['runs.start']({ source: kept!.source }, uncancelled())
    const asked = { runId: run.id, hook, exact: false }
    expect(await outcome(handlers['runs.value'](asked, another))).toMatch(/^[a-z-]+: /)
    expect(await outcome(handlers['analysis.run'](request(), another))).toMatch(/^[a-z-]+: /)

    // Also where another program has it, so that this one may not write its file.
    expect(session.readOnly).toBe('Another program has it open')
    const wish = { runs: [source], results: [request()], corpora: [] }
    const saved = await handlers['sessions.save'](
      {
        ...{ id: session.id, content: session.content, keep: 'seen', wish, replace: false },
        ...{ path: join(away, 'b.lamella'), elsewhere: true }
      },
      uncancelled()
    )
    await expectKept(own, info)
    await handlers['sessions.close']({ id: saved.id }, uncancelled())
    await other.handlers['sessions.close']({ id: first.id }, uncancelled())
    expect(await outcome(handlers['models.open']({ path: modelPath }, uncancelled()))).toMatch(
      /^not-found/
    )

    // Beside the session lies what it is of.
    const next = await workbench()
    const found = await next.handlers['sessions.open']({ path: saved.path }, uncancelled())
    const now = join(away, 'letters')
    expect(found.models).toMatchObject([{ ref: { path: now }, state: 'here', foundAt: now }])
    expect(found.notes).toEqual([`${model.name}: lies at ${now} now (it was at ${modelPath})`])
    expect(found.content.window).toEqual({ groups: [{ model: now, texts: { [now]: text } }] })
    expect(
      (await next.handlers['models.open']({ path: now }, uncancelled())).absent
    ).toBeUndefined()
    const { id } = await next.handlers['runs.start'](
      { source: found.content.runs[0]!.source },
      uncancelled()
    )
    expect(await valueOf(next, id, hook)).toEqual(value)
    engines = 0
  })

  it('is told where the model lies now, and takes no other one', async () => {
    const own = await workbench()
    const { handlers } = own
    const { id, models } = await handlers['sessions.open']({ path }, uncancelled())
    const from = models[0]!.ref
    const to = join(away, 'letters')
    const another = handlers['sessions.relocate'](
      { id, from, to: join(shakespeare, '../hebrew-minigpt') },
      uncancelled()
    )
    expect(await outcome(another)).toMatch(/is another model than .* of the session$/)
    // Two bytes of the weights are others, as long as they were and where nothing else tells.
    const retouched = join(folder, 'retouched/letters')
    cpSync(to, retouched, { recursive: true })
    const weights = join(retouched, 'model.safetensors')
    const bytes = readFileSync(weights)
    for (const at of [1_000_001, 2_500_003]) bytes.writeUInt8(bytes[at]! ^ 1, at)
    writeFileSync(weights, bytes)
    const changed = handlers['sessions.relocate']({ id, from, to: retouched }, uncancelled())
    expect(await outcome(changed)).toMatch(/letters is another model than .* of the session$/)
    const relocated = await handlers['sessions.relocate']({ id, from, to }, uncancelled())
    const now = relocated.session
    expect(relocated.model).toEqual(now.models[0]!.ref)
    expect(now.models).toMatchObject([{ ref: { path: to }, state: 'here', foundAt: to }])
    expect(now.models[0]!.ref.fingerprint).not.toBe(from.fingerprint)
    expect(now.content.runs[0]!.source.model).toEqual(now.models[0]!.ref)
    // What was kept is found by the new name, also once that is gone.
    renameSync(to, modelPath)
    await expectKept(own, await handlers['models.open']({ path: to }, uncancelled()))
    renameSync(modelPath, to)
    // Saved with the model open there or not, it is still known by what it was before.
    expect(now.models[0]!.formerly).toEqual([from.fingerprint])
    const { id: modelId } = await handlers['models.open']({ path: to }, uncancelled())
    const wish = { runs: [{ ...source, model: now.models[0]!.ref }], results: [], corpora: [] }
    const reader = await workbench()
    const saved = async (name: string) => {
      const asked = { id, content: now.content, keep: 'recompute', wish } as const
      const { path } = await handlers['sessions.save'](
        { ...asked, path: join(away, name), replace: false, elsewhere: false },
        uncancelled()
      )
      return (await reader.handlers['sessions.open']({ path }, uncancelled())).models
    }
    const known = [{ formerly: [from.fingerprint], foundAt: null }]
    expect(await saved('d.lamella')).toMatchObject(known)
    await handlers['models.close']({ modelId }, uncancelled())
    expect(await saved('e.lamella')).toMatchObject(known)
  })

  it('is not open again where it was closed while one of its models was looked at', async () => {
    const { handlers } = await workbench()
    const { id, models } = await handlers['sessions.open']({ path }, uncancelled())
    const from = models[0]!.ref
    const to = join(away, 'letters')
    const looking = outcome(handlers['sessions.relocate']({ id, from, to }, uncancelled()))
    await handlers['sessions.close']({ id }, uncancelled())
    expect(await looking).toMatch(/This session is not open/)
  })

  it('is saved over what it is also where it is looked at again meanwhile', async () => {
    const { handlers } = await workbench()
    const { id, content } = await handlers['sessions.open']({ path }, uncancelled())
    const saved = join(away, 'meanwhile.lamella')
    const wish = { runs: [source], results: [request()], corpora: [] }
    const save = (over: boolean) =>
      handlers['sessions.save'](
        { id, path: saved, content, keep: 'everything', wish, replace: over, elsewhere: !over },
        uncancelled()
      )
    await save(false)
    const looking = Promise.withResolvers<void>()
    const opening = handlers['sessions.open'](
      { path: saved },
      { ...uncancelled(), progress: () => looking.resolve() }
    )
    await looking.promise
    await save(true)
    expect((await opening).id).toBe(id)
    await save(true)
    await handlers['sessions.close']({ id }, uncancelled())
  })

  it('stays where it was where pointing to it is given up in the last moment', async () => {
    const { handlers } = await workbench()
    const { id, models } = await handlers['sessions.open']({ path }, uncancelled())
    const from = models[0]!.ref
    const to = join(away, 'letters')
    const controller = new AbortController()
    const progress: HandlerContext['progress'] = ({ label, done, total }) => {
      const { size } = statSync(join(to, label.replace('Hashing ', '')))
      // Of the last file nothing else is told.
      if (done + size === total) controller.abort()
    }
    const pointing = handlers['sessions.relocate'](
      { id, from, to },
      { ...uncancelled(controller.signal), progress }
    )
    await expect(pointing).rejects.toThrow()
    expect(controller.signal.aborted).toBe(true)
    expect(await handlers['sessions.model']({ id, ref: from }, uncancelled())).toMatchObject(from)
  })

  it('goes back to where a model was, and forth, also after the session is opened anew', async () => {
    const own = await workbench()
    const { handlers } = own
    const { id, models } = await handlers['sessions.open']({ path }, uncancelled())
    const from = models[0]!.ref
    const to = join(away, 'renamed')
    renameSync(join(away, 'letters'), to)
    const there = await handlers['sessions.relocate']({ id, from, to }, uncancelled())
    expect(there.session.moves).toEqual([{ from, to: there.model }])
    // Another window has nothing but what the file has and what this one knew.
    const { moves } = there.session
    await handlers['sessions.close']({ id }, uncancelled())
    const again = await handlers['sessions.open']({ path, moves }, uncancelled())
    expect(again).toMatchObject({ moves, models: [{ ref: there.model, state: 'here' }] })
    const back = await handlers['sessions.relocate'](
      { id: again.id, from: there.model, to: from },
      uncancelled()
    )
    expect(back.model).toEqual(from)
    expect(back.session).toMatchObject({
      ...{ moves: [], notes: [] },
      models: [{ ref: from, name: models[0]!.name, state: 'missing', foundAt: null }]
    })
    expect(back.session.content.runs[0]!.source.model).toEqual(from)
    await expectKept(own, await handlers['models.open']({ path: modelPath }, uncancelled()))
    // What it never was it is looked at for.
    const elsewhere = { path: join(shakespeare, '../hebrew-minigpt'), fingerprint: 'another' }
    const refused = handlers['sessions.relocate'](
      { id: again.id, from, to: elsewhere },
      uncancelled()
    )
    expect(await outcome(refused)).toMatch(/is another model than/)
    renameSync(to, join(away, 'letters'))
  })

  it('tells a changed model, gives what was kept of the one before, and opens the present one when that is asked for', async () => {
    const changed = join(away, 'letters')
    rmSync(join(home, 'letters'), { recursive: true, force: true })
    cpSync(changed, modelPath, { recursive: true })
    const config = join(modelPath, 'config.json')
    writeFileSync(config, `${readFileSync(config, 'utf8')} `)
    const own = await workbench()
    const { handlers } = own
    const { models } = await handlers['sessions.open']({ path }, uncancelled())
    expect(models).toMatchObject([{ state: 'changed', foundAt: null }])
    const info = await handlers['models.open']({ path: modelPath }, uncancelled())
    expect(info).toMatchObject({ absent: 'changed', fingerprint: model.fingerprint })
    await expectKept(own, info)
    const present = await handlers['models.open']({ path: modelPath, as: 'present' }, uncancelled())
    expect(present.absent).toBeUndefined()
    expect(present.fingerprint).not.toBe(model.fingerprint)
    const run = await handlers['runs.start'](
      { source: cpuSource(present, { text: 'Other' }) },
      uncancelled()
    )
    expect(run.modelId).toBe(present.id)
  })

  it('gives what was kept of a model that is there where that is asked for, to who asked alone, and computes of it otherwise', async () => {
    const own = await workbench()
    const { handlers } = own
    const there = join(away, 'letters')
    const asked = { path: join(away, 'b.lamella') }
    const session = await handlers['sessions.open'](asked, uncancelled())
    const { ref } = session.models[0]!
    expect(ref.path).toBe(there)
    const present = await handlers['models.open']({ path: there }, uncancelled())
    const run = async (client: string) =>
      handlers['runs.start']({ source: { ...source, model: ref } }, { ...uncancelled(), client })
    const before = engines
    const { id } = await run(uncancelled().client)
    expect(await valueOf(own, id, hook)).toEqual(value)
    expect(engines).toBeGreaterThan(before)

    const aside = await handlers['models.open'](
      { path: there, of: ref.fingerprint, as: 'aside' },
      uncancelled()
    )
    expect(aside).toMatchObject({ ...ref, absent: 'aside' })
    expect(aside.id).not.toBe(present.id)
    engines = 0
    await expectKept(own, aside)
    // A run since then, whose numbers nobody can give now, is not lost without a word.
    const since = { ...source, model: ref, input: { text: 'Since' } }
    const runs = [
      ...session.content.runs,
      { source: since, modelName: 'letters', at: Date.now() + 1000 }
    ]
    const { notes } = await handlers['sessions.save'](
      {
        ...{ id: session.id, path: join(away, 'aside.lamella'), keep: 'everything' },
        ...{ content: { ...session.content, runs }, wish: { runs: [], results: [], corpora: [] } },
        ...{ replace: false, elsewhere: false }
      },
      uncancelled()
    )
    expect(notes).toEqual([
      'letters is set aside: its numbers are those that the file had, and none that were computed since',
      '1 run could not be had and is not in it: letters is set aside'
    ])
    // Another window computes.
    const other = { ...uncancelled(), client: 'another' }
    await handlers['sessions.open']({ ...asked, look: true }, other)
    const its = await handlers['models.open']({ path: there }, other)
    expect(its).toMatchObject({ id: present.id })
    expect(await run('another')).toMatchObject({ modelId: present.id })
    // So does this one again once it wants to.
    const again = await handlers['models.open']({ path: there, as: 'present' }, uncancelled())
    expect(again).toMatchObject({ id: present.id })
    expect(await run(uncancelled().client)).toMatchObject({ modelId: present.id })
    engines = 0
  })

  it('has nothing in the place of a model that no open session keeps', async () => {
    const { handlers } = await workbench()
    const asked = { path: shakespeare, of: model.fingerprint, as: 'aside' as const }
    const opened = await handlers['models.open'](asked, uncancelled())
    expect(opened.absent).toBeUndefined()
  })

  it('says what cannot be read where one of its models may lie', async () => {
    const beside = join(folder, 'third')
    const may = join(beside, 'letters')
    cpSync(join(away, 'letters'), may, { recursive: true })
    writeFileSync(join(may, 'config.json'), '{')
    cpSync(path, join(beside, 'c.lamella'))
    const { handlers } = await workbench()
    const { notes } = await handlers['sessions.open'](
      { path: join(beside, 'c.lamella') },
      uncancelled()
    )
    expect(notes).toEqual([
      expect.stringContaining(`letters: what lies at ${may} cannot be read: config.json: `)
    ])
  })

  it('says for what it looks where it was found before, and looks no further once it is given up', async () => {
    const { handlers } = await workbench()
    const first = await handlers['sessions.open']({ path }, uncancelled())
    const asked = { id: first.id, from: first.models[0]!.ref, to: join(away, 'letters') }
    const { session } = await handlers['sessions.relocate'](asked, uncancelled())
    await handlers['sessions.close']({ id: first.id }, uncancelled())
    const controller = new AbortController()
    const told: string[] = []
    const progress: HandlerContext['progress'] = ({ label }) => {
      told.push(label)
      controller.abort()
    }
    const opening = handlers['sessions.open'](
      { path, moves: [...session.moves, ...session.moves] },
      { ...uncancelled(controller.signal), progress }
    )
    await expect(opening).rejects.toThrow()
    expect(told).toEqual(['Looking for letters'])
  })
})

it('gives what it kept to a window that was loaded anew, while the one before still has the model that went', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'lamella-went-')), 'letters')
  cpSync(shakespeare, path, { recursive: true })
  const { handlers } = await workbench()
  const by = (client: string) => ({ ...uncancelled(), client })
  const model = await handlers['models.open']({ path }, by('before'))
  const source = cpuSource(model, { text })
  const run = await handlers['runs.start']({ source }, by('before'))
  const valueBy = (client: string, runId: string) =>
    handlers['runs.value']({ runId, hook, exact: false }, by(client))
  const value = await valueBy('before', run.id)
  const content = { window: {}, runs: [], library: [], notes: [], findings: [], figures: [] }
  const file = `${path}.lamella`
  const wish = { runs: [source], results: [], corpora: [] }
  const { id } = await handlers['sessions.save'](
    {
      ...{ id: null, path: file, content, keep: 'everything', wish },
      ...{ replace: false, elsewhere: false }
    },
    by('before')
  )
  await handlers['sessions.close']({ id }, by('before'))
  renameSync(path, `${path}-away`)
  await handlers['sessions.open']({ path: file }, by('after'))
  const stand = await handlers['models.open']({ path }, by('after'))
  expect(stand.absent).toBe('missing')
  const kept = await handlers['runs.start']({ source }, by('after'))
  expect(kept).toMatchObject({ modelId: stand.id, milliseconds: 0 })
  expect(await valueBy('after', kept.id)).toEqual(value)
  renameSync(`${path}-away`, path)
  expect((await handlers['models.open']({ path }, by('after'))).absent).toBeUndefined()
  expect((await handlers['runs.start']({ source }, by('after'))).modelId).toBe(model.id)
})

it('asks no other machine for a model that a session names, but where it was pointed to', async () => {
  const path = '//host/share/letters'
  const info = { ...model, path }
  const kept = { info, files: [], formerly: [] }
  const asked: string[] = []
  const first = (moves: KeptOpen['moves']) =>
    standingIn(
      {
        'models.open': ({ path }: { path: string }) => {
          asked.push(path)
          return Promise.resolve(info)
        }
      } as unknown as Parameters<typeof standingIn>[0],
      parts({ openBy: () => [] }),
      () => [{ models: [kept], moves } as unknown as KeptOpen]
    )['models.open']
  const open = (moves: KeptOpen['moves']) => first(moves)({ path }, uncancelled())
  expect(await open([])).toMatchObject({ path, absent: 'missing' })
  expect(asked).toEqual([])
  expect((await open([{ from: info, to: info }])).absent).toBeUndefined()
  expect(asked).toEqual([path])
})

it('leaves no model open whose tokenizer cannot be compared, but for who had it before', async () => {
  const file = { path: '/m/tokenizer.json', label: 'tokenizer.json', roots: [], size: 3 }
  const there = { info: { ...model, path: '/m' }, files: [{ ...file, mark: 'now' }] }
  const held = { label: file.label, bytes: 3, sha256: 'x' }
  const kept = { info: there.info, files: [{ path: file.path, mark: 'then', held }], formerly: [] }
  const open = async (had: boolean) => {
    const closed: string[] = []
    let openBy = had ? [there] : []
    const { 'models.open': open } = standingIn(
      {
        'models.open'() {
          openBy = [there]
          return Promise.resolve(there.info)
        },
        'models.close': ({ modelId }: { modelId: string }) => {
          closed.push(modelId)
          return Promise.resolve(null)
        }
      } as unknown as Parameters<typeof standingIn>[0],
      parts(
        { openBy: () => openBy as never },
        {
          hashes: {
            of: () => Promise.reject(new LamellaError('file-unreadable', 'tokenizer.json: gone'))
          }
        }
      ),
      () => [{ models: [kept], moves: [] } as unknown as KeptOpen]
    )
    expect((await open({ path: '/m' }, uncancelled())).absent).toBe('unreadable')
    return closed
  }
  expect([await open(false), await open(true)]).toEqual([[model.id], []])
})

describe('a session that keeps everything', () => {
  const at = join(folder, 'everything')
  const path = join(at, 'letters')
  const file = join(at, 'a.lamella')
  /** What nobody looked at as the session was saved. */
  const asked = [
    { name: 'patterns', params: { layer: 1, size: 5, exact: false } },
    {
      name: 'patterns',
      params: { layer: 0, pooling: 'maximum', exact: false, first_token: 'hidden' }
    },
    { name: 'patterns', params: { layer: 3, head: 2, exact: false, first_token: 'hidden' } },
    { name: 'aggregate', params: { how: 'max', exact: false } },
    { name: 'activations', params: { hooks: hook, norms: false } },
    // What leaves a block is kept as what enters the next.
    { name: 'hidden-states', params: {} },
    // Of a vocabulary no more is known than the tokens of the text.
    { name: 'window-tokens', params: {} }
  ]
  /** What takes patterns as they are computed, which are kept in half precision. */
  const ofPatterns = [
    { name: 'rollout', params: { layers: [3] } },
    { name: 'head-scores', params: {} },
    { name: 'head-statistics', params: { classes: {}, seed: 0 }, window: 128 },
    { name: 'head-distances', params: { layers: [1] }, window: 128, stride: 64 },
    // Tokens are those of the text.
    { name: 'head-contexts', params: { layer: 1, head: 2, score: 'entropy' }, window: 128 },
    { name: 'head-sequences', params: {} }
  ]
  const requests: AnalysisRequest[] = []
  const computed: Dataset[] = []
  const exactly: Dataset[] = []
  let own: RunSource

  const rough = () => {
    const { model, edits, provider } = own
    return ofPatterns.map(({ name, params, window = null, stride = null }) => {
      const corpus = { inputs: [{ text }], window, stride }
      return { name, params, of: { model, edits, provider, corpus }, with: null }
    })
  }

  const of = (own: Workbench, asked: AnalysisRequest) =>
    own.handlers['analysis.run'](asked, uncancelled())

  beforeAll(async () => {
    cpSync(shakespeare, path, { recursive: true })
    const writer = await workbench()
    const { handlers } = writer
    own = cpuSource(await handlers['models.open']({ path }, uncancelled()), { text })
    const run = await handlers['runs.start']({ source: own }, uncancelled())
    await valueOf(writer, run.id, hook)
    const content = {
      window: {},
      runs: [{ source: own, modelName: 'letters', at: 12 }],
      ...{ library: [], notes: [], findings: [], figures: [] }
    }
    const wish = { runs: [own], results: [], corpora: [] }
    await handlers['sessions.save'](
      { id: null, path: file, content, keep: 'everything', wish, replace: false, elsewhere: false },
      uncancelled()
    )
    const corpora = [{ ids: run.tokens.map(({ id }) => id) }, { text }]
    const { model, edits, provider } = own
    for (const each of asked)
      for (const input of corpora) {
        const corpus = { inputs: [input], window: null, stride: null }
        const request = { ...each, of: { model, edits, provider, corpus }, with: null }
        requests.push(request)
        computed.push(await of(writer, request))
      }
    for (const request of rough()) exactly.push(await of(writer, request))
    await writer.close()
  })

  it('says that a model of it cannot be read where it cannot, and not that it is another', async () => {
    const weights = join(path, 'model.safetensors')
    const bytes = readFileSync(weights)
    writeFileSync(weights, bytes.subarray(0, bytes.length / 2))
    const { handlers } = await workbench()
    await handlers['sessions.open']({ path: file }, uncancelled())
    const info = await handlers['models.open']({ path }, uncancelled())
    expect(info).toMatchObject({ absent: 'unreadable', fingerprint: own.model.fingerprint })
    expect(absenceText(path, info.absent!)).toBe('cannot be read')
    // Who wants what is there is told why that cannot be.
    const there = handlers['models.open']({ path, as: 'present' }, uncancelled())
    expect(await outcome(there)).toMatch(/^file-invalid: model\.safetensors: /)
  })

  it('gives what values come to that it keeps, as the model itself did, where that is gone', async () => {
    renameSync(path, join(at, 'elsewhere'))
    engines = 0
    const reader = await workbench()
    const { handlers } = reader
    const { id, content } = await handlers['sessions.open']({ path: file }, uncancelled())
    await handlers['models.open']({ path }, uncancelled())
    for (const [i, request] of requests.entries())
      await expect(of(reader, request), request.name).resolves.toEqual(computed[i])
    expect(engines).toBe(0)

    const [first] = requests as [AnalysisRequest]
    const refused = (request: Partial<AnalysisRequest>) =>
      outcome(of(reader, { ...first, ...request }))
    const notKept = /this result was not kept/
    // Patterns are kept in half precision.
    expect(await refused({ params: { layer: 1 } })).toMatch(notKept)
    expect(await refused({ name: 'activations', params: {} })).toMatch(notKept)
    expect(await refused({ name: 'predictions', params: {} })).toMatch(notKept)
    expect(await refused({ name: 'token-counts', params: {} })).toMatch(notKept)
    expect(await refused({ params: { layer: 6, exact: false } })).toMatch(
      /^invalid-argument: layer/
    )
    const edits = [{ hook, kind: 'zero' }] as unknown as RunSource['edits']
    expect(await refused({ of: { ...first.of, edits } })).toMatch(notKept)
    const corpus = { inputs: [{ text: 'Other' }], window: null, stride: null }
    expect(await refused({ of: { ...first.of, corpus } })).toMatch(notKept)

    // What was seen so is in it from then on.
    const to = join(at, 'b.lamella')
    const wish = { runs: [own], results: [first], corpora: [] }
    const saved = await handlers['sessions.save'](
      { id, path: to, content, keep: 'seen', wish, replace: false, elsewhere: true },
      uncancelled()
    )
    expect(saved.notes).toEqual([])
    const kept = await handlers['sessions.kept']({ id: saved.id }, uncancelled())
    expect(kept.results).toMatchObject([{ request: { name: 'patterns' } }])
    expect(await of(reader, first)).toEqual(computed[0])
  })

  it('says of what patterns come to that these were kept in half precision', async () => {
    engines = 0
    const reader = await workbench()
    const { handlers } = reader
    await handlers['sessions.open']({ path: file }, uncancelled())
    await handlers['models.open']({ path }, uncancelled())
    for (const [i, request] of rough().entries()) {
      const { axes, variables, attributes } = await of(reader, request)
      const whole = exactly[i]!
      expect(whole.attributes['precision'], request.name).toBe('float32')
      expect(attributes, request.name).toEqual({ ...whole.attributes, precision: 'float16' })
      expect(axes).toEqual(whole.axes)
      // Weights have eleven bits, and what is summed of a row a little less.
      for (const [name, { data }] of Object.entries(variables))
        data.forEach((value, at) => {
          const difference = value - whole.variables[name]!.data[at]!
          const isNear = Math.abs(difference) <= 2 ** -9 * Math.max(1, Math.abs(value))
          if (!isNear && !Number.isNaN(value)) expect.fail(`${request.name} ${name}: ${difference}`)
        })
    }
    expect(engines).toBe(0)
  })
})

describe('a session whose model is read by another tokenizer now', () => {
  const at = join(folder, 'retokenized')
  const file = join(at, 'a.lamella')
  const tokenizer = join(at, 'letters/tokenizer.json')
  const before = readFileSync(join(shakespeare, 'tokenizer.json'), 'utf8')
  const open = (own: Workbench, as?: 'present') =>
    own.handlers['models.open']({ path: join(at, 'letters'), ...(as && { as }) }, uncancelled())
  const ids = async (own: Workbench, of: ModelInfo) => {
    const { path, fingerprint } = of
    const asked = { source: { ...source, model: { path, fingerprint } } }
    return (await own.handlers['runs.start'](asked, uncancelled())).tokens.map(({ id }) => id)
  }
  let kept: number[] = []

  beforeAll(async () => {
    cpSync(shakespeare, join(at, 'letters'), { recursive: true })
    const own = await workbench()
    const info = await open(own)
    kept = await ids(own, info)
    const { path, fingerprint } = info
    const here = { ...source, model: { path, fingerprint } }
    await own.handlers['sessions.save'](
      {
        ...{ id: null, path: file, keep: 'seen', wish: { runs: [here], results: [], corpora: [] } },
        content: {
          window: {},
          runs: [{ source: here, modelName: info.name, at: 12 }],
          ...{ library: [], notes: [], findings: [], figures: [] }
        },
        ...{ replace: false, elsewhere: false }
      },
      uncancelled()
    )
    await own.close()
  })

  it('shows what it kept, also where that model is open already, until the one there is chosen', async () => {
    const swapped = JSON.parse(before) as { model: { vocab: Record<string, number> } }
    const { b, e } = swapped.model.vocab
    Object.assign(swapped.model.vocab, { b: e, e: b })
    writeFileSync(tokenizer, JSON.stringify(swapped))
    const own = await workbench()
    const there = await open(own)
    await own.handlers['sessions.open']({ path: file }, uncancelled())
    const info = await open(own)
    expect(info).toMatchObject({ absent: 'retokenized', fingerprint: there.fingerprint })
    expect(absenceText(info.path, info.absent!)).toBe(
      'has another tokenizer now than in the session'
    )
    expect(await ids(own, info)).toEqual(kept)
    const present = await open(own, 'present')
    expect(present.absent).toBeUndefined()
    expect(await ids(own, present)).not.toEqual(kept)
  })

  it('is of that model where the same is put back', async () => {
    writeFileSync(tokenizer, before)
    const own = await workbench()
    await own.handlers['sessions.open']({ path: file }, uncancelled())
    const info = await open(own)
    expect(info.absent).toBeUndefined()
    expect(await ids(own, info)).toEqual(kept)
    // A text may be read otherwise by what lies beside it.
    writeFileSync(join(at, 'letters/added_tokens.json'), '{}')
    expect((await open(own)).absent).toBe('retokenized')
  })
})

describe('of a model of which a session keeps other numbers than it gives', () => {
  const [one, two] = ['one', 'two'].map(fingerprint => ({
    ...model,
    path: '/m',
    fingerprint,
    id: fingerprint
  }))
  const at = ({ path, fingerprint }: ModelInfo) => ({ path, fingerprint })
  const runOf = (info: ModelInfo) => ({
    id: `run of ${info.fingerprint}`,
    source: { ...source, model: at(info) },
    tokens: []
  })
  const asked = (info: ModelInfo) => ({ ...request(), of: { ...request().of, model: at(info) } })

  /** What gives 1 wherever it computes, where a session keeps 2 of each. */
  function forged(present: readonly ModelInfo[]) {
    const there = new Set(present)
    const gone: ((client: string) => void)[] = []
    let isThere = true
    const computed = () => Promise.resolve({ shape: [1], data: Float32Array.of(1) })
    const results = new Map(
      [one!, two!].map(info => [
        requestKey(asked(info)),
        { key: 'k', request: asked(info), bytes: 4, fingerprints: new Map() }
      ])
    )
    const session = {
      models: [one!, two!].map(info => ({ info, files: [], formerly: [] })),
      runs: [one!, two!].map(runOf),
      values: new Map(
        [one!, two!].map(info => [runOf(info).id, { run: 'r', hooks: new Map([[hook, 4]]) }])
      ),
      results,
      moves: [],
      thread: {
        ask: (what: string) =>
          Promise.resolve(
            what === 'value'
              ? { value: { shape: [1], data: Float32Array.of(2) } }
              : { axes: {}, variables: {}, attributes: { kept: true } }
          )
      }
    } as unknown as KeptOpen
    const handlers = standingIn(
      {
        'models.open': () =>
          isThere
            ? Promise.resolve(present[0]!)
            : Promise.reject(new LamellaError('not-found', 'there is no such folder')),
        'models.close': ({ modelId }: { modelId: string }) => {
          for (const own of there) if (own.id === modelId) there.delete(own)
          return Promise.reject(new Error('the engine died'))
        },
        'runs.start': ({ source: { model } }: { source: RunSource }) =>
          Promise.resolve({ id: `run of ${model.fingerprint}` }),
        'runs.value': computed,
        'analysis.run': () => Promise.resolve({ axes: {}, variables: {}, attributes: {} })
      } as unknown as Parameters<typeof standingIn>[0],
      parts(
        { openBy: () => [...there].map(info => ({ info, files: [] })) as never },
        { absences: createAbsences({ onGone: listener => void gone.push(listener) }) }
      ),
      () => [session]
    )
    const open = (
      how: { readonly of?: string; readonly as?: OpenedAs } = {},
      client = uncancelled().client
    ) => handlers['models.open']({ path: '/m', ...how }, { ...uncancelled(), client })
    const valueAt = async (runId: string, index?: number) => {
      const of = {
        runId,
        hook,
        exact: false,
        ...(index !== undefined && { index })
      }
      return (await handlers['runs.value'](of, uncancelled())).data[0]
    }
    /** Of the run as it is named where the model is asked to run it. */
    const value = async (info: ModelInfo, index?: number) => {
      const { source } = runOf(info)
      return valueAt((await handlers['runs.start']({ source }, uncancelled())).id, index)
    }
    const isKept = async (info: ModelInfo) =>
      'kept' in (await handlers['analysis.run'](asked(info), uncancelled())).attributes
    return {
      ...{ handlers, open, value, valueAt, isKept, gone },
      present: () => there.add(two!),
      takeAway: () => (isThere = false)
    }
  }

  it('those that it gives are given, and the kept ones only once it is set aside', async () => {
    const { open, handlers, value, isKept, gone, present } = forged([two!])
    expect([await value(two!), await value(two!, 0), await isKept(two!)]).toEqual([1, 1, false])
    const aside = await open({ of: 'two', as: 'aside' })
    expect(aside).toMatchObject({ fingerprint: 'two', absent: 'aside' })
    expect([await value(two!), await value(two!, 0), await isKept(two!)]).toEqual([2, 2, true])
    expect([await value(one!), await isKept(one!)]).toEqual([1, false])
    await handlers['models.close']({ modelId: aside.id }, uncancelled())
    expect([await value(two!), await isKept(two!)]).toEqual([1, false])
    present()
    await open({ of: 'two', as: 'aside' })
    // Opened anew it is the same one.
    const again = await open({ of: 'two', as: 'aside' })
    expect([again.fingerprint, await value(two!)]).toEqual(['two', 2])
    for (const listener of gone) listener(uncancelled().client)
    expect(await value(two!)).toBe(1)
  })
  it('no run of a model that is there is given by the id that a file says one of another has', async () => {
    const { open, value, valueAt } = forged([one!])
    await open({ of: 'two', as: 'aside' })
    expect([await value(two!), await valueAt(runOf(two!).id)]).toEqual([2, 1])
  })

  it('those of the one that is asked for are given, of several of one path, whoever asks', async () => {
    const { open, handlers, present } = forged([two!])
    const aside = { of: 'two', as: 'aside' } as const
    // As by a window that is loaded anew, which has none open.
    const anew = await open(aside, 'anew')
    expect(anew).toMatchObject({ fingerprint: 'two', absent: 'aside' })
    // Closed and asked for again.
    await handlers['models.close']({ modelId: anew.id }, { ...uncancelled(), client: 'anew' })
    expect(await open(aside, 'anew')).toMatchObject({ fingerprint: 'two', absent: 'aside' })
    present()
    expect(await open({ of: 'one', as: 'aside' })).toMatchObject({
      fingerprint: 'one',
      absent: 'aside'
    })
    // One that no session keeps is not another in its place: what the session is of stands in.
    const none = await open({ of: 'three', as: 'aside' }, 'anew')
    expect(none).toMatchObject({ fingerprint: 'one', absent: 'changed' })
  })

  it('those of the one that the session was of are given, also where another of them was put back, and is open', async () => {
    const { open } = forged([two!])
    expect(await open()).toMatchObject({ fingerprint: 'one', absent: 'changed' })
    expect(await open({ of: 'one' })).toMatchObject({ fingerprint: 'one', absent: 'changed' })
  })

  it('those of the one that was opened in place of another are given where that was put back', async () => {
    const { open, takeAway } = forged([one!])
    const asPresent = (of: string) => open({ of, as: 'present' })
    expect(await asPresent('two')).toMatchObject({ fingerprint: 'two', absent: 'changed' })
    expect((await asPresent('one')).absent).toBeUndefined()
    // It is in no session.
    expect(await asPresent('three')).toMatchObject({ fingerprint: 'one', id: 'one' })
    takeAway()
    expect(await asPresent('two')).toMatchObject({ fingerprint: 'two', absent: 'missing' })
  })

  it('those of the one that is meant are given where nothing is there any more', async () => {
    const { open, takeAway } = forged([two!])
    takeAway()
    expect(await open({ of: 'two' })).toMatchObject({ fingerprint: 'two', absent: 'missing' })
    expect(await open()).toMatchObject({ fingerprint: 'one', absent: 'missing' })
  })
})
