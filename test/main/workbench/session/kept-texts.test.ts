import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  truncateSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findingsOf } from '#common/analysis/head-atlas/findings.ts'
import { callsOf } from '#common/contract/rpc.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import type { AnalysisRequest } from '#common/contract/session.ts'
import { madeFigure } from '#common/figure/made/made-figure.ts'
import { packedContent } from '#common/figure/panels/panel-content.ts'
import { figureViewNamed } from '#common/figure/views/registry.ts'
import { Json } from '#common/model/json.ts'
import type { NamedCorpus } from '#common/model/library.ts'
import type { Keep, SessionContent } from '#common/model/session.ts'
import type { Workbench } from '../../../../src/main/workbench/workbench.ts'
import { hebrew, startWorkbench, uncancelled } from '../../../golden/workbench.ts'
import { outcome } from '../../checkpoint/temporary.ts'

const root = mkdtempSync(join(tmpdir(), 'lamella-kept-texts-'))
const folder = join(root, 'texts')
const session = join(root, 'a.lamella')

/** Where the files were made, and another machine, on which nobody has asked for them. */
let home: Workbench
let other: Workbench
let model: ModelInfo
let corpus: NamedCorpus
let request: AnalysisRequest
let fromDisk: Awaited<ReturnType<typeof analyse>>

const by = (client: string) => ({ ...uncancelled(), client })

function analyse(workbench: Workbench, asked: AnalysisRequest) {
  return workbench.handlers['analysis.run'](asked, by('one'))
}

async function named(name: string, path: string): Promise<NamedCorpus> {
  const { files: seen, kept } = await home.handlers['corpus.look']({ path }, by('one'))
  expect(kept).toBe(false)
  return { kind: 'corpus', name, of: { path, seen }, window: 64, stride: null }
}

function over(path: string): AnalysisRequest {
  const { fingerprint } = model
  return {
    ...{ name: 'head-scores', params: {}, with: null },
    of: {
      ...{ model: { path: model.path, fingerprint }, edits: [], provider: 'cpu' },
      corpus: { inputs: [{ path }], window: 64, stride: null }
    }
  }
}

const content = (
  library: SessionContent['library'],
  more: Partial<SessionContent> = {}
): SessionContent => ({
  ...{ window: null, library, runs: [], notes: [], findings: [], figures: [] },
  ...more
})

/** A finding and a panel of a figure, both of the corpus. */
async function foundAndDrawn(): Promise<Pick<SessionContent, 'findings' | 'figures'>> {
  const call = callsOf(home.handlers, by('one'))
  const { model: ref, ...of } = request.of
  const params = { layers: null, classes: {}, seed: 0 }
  const statistics = await analyse(home, { ...request, name: 'head-statistics', params })
  const [{ ablation, ...found }] = findingsOf(statistics, null) as [
    ReturnType<typeof findingsOf>[0]
  ]
  const finding = {
    ...{ kind: 'head', id: 'f', at: 0, version: '1', model: ref, modelName: model.name },
    ...{ over: corpus.name, corpus: corpus.name, asked: { params, of }, ...found, loss: ablation }
  }
  const made = await madeFigure(
    { version: '1', call, analysis: asked => call('analysis.run', asked), ran: () => undefined },
    {
      ...{ view: figureViewNamed('atlas-map'), params: {}, model, edits: [], provider: 'cpu' },
      reads: { inputs: [{ path: folder }], name: corpus.name, window: 64, stride: null },
      ...{ other: null, sides: null }
    }
  )
  const { title, from } = made
  const tab = { view: 'atlas', context: { on: 'A' as const, with: null }, note: '' }
  const kept = { title, drawing: made.kept()!, numbers: made.dataset(), left: [], from, made: tab }
  const panel = { id: 'p', title: '', columns: 1, caption: '', content: await packedContent(kept) }
  const figure = {
    ...{ kind: 'panels', id: 'g', name: 'Figure 1', at: 0, version: '1', preset: 'icml' },
    ...{ widthMm: 171, points: null, font: 'sans', background: 'paper', columns: 2 },
    ...{ lettering: '(a)', oneScale: false, panels: [panel] }
  }
  return { findings: [Json.parse(finding)], figures: [Json.parse(figure)] }
}

interface Saving {
  readonly id?: string
  readonly path?: string
  readonly library?: SessionContent['library']
  readonly results?: readonly AnalysisRequest[]
  /** What tabs are set to read; all that has a name, for want of more. */
  readonly corpora?: readonly string[]
  readonly more?: Partial<SessionContent>
  readonly keep?: Keep
  readonly workbench?: Workbench
}

async function save({ id, library = [corpus], results = [], keep = 'everything', ...own }: Saving) {
  const { path = session, workbench = home } = own
  const { corpora = library.map(({ name }) => name) } = own
  const wish = { runs: [], results: [...results], corpora: [...corpora] }
  return workbench.handlers['sessions.save'](
    {
      ...{ id: id ?? null, path, content: content(library, own.more), wish, keep },
      ...{ replace: true, elsewhere: false }
    },
    by('one')
  )
}

const open = (workbench: Workbench, path: string, client = 'one') =>
  workbench.handlers['sessions.open']({ path, look: true }, by(client))

async function close(workbench: Workbench, id: string): Promise<void> {
  await workbench.handlers['sessions.close']({ id }, by('one'))
}

beforeAll(async () => {
  home = await startWorkbench()
  other = await startWorkbench()
  model = await home.handlers['models.open']({ path: hebrew }, by('one'))
  await other.handlers['models.open']({ path: hebrew }, by('one'))
  mkdirSync(join(folder, 'below'), { recursive: true })
  // Longer than what is turned into tokens at once, of letters of two bytes, with a byte order mark.
  const lines = Array.from(
    { length: 600 },
    (_, i) => `בראשית ברא ${'אבגדהוז'.slice(i % 7)}\r\n`
  ).join('')
  writeFileSync(join(folder, 'a.txt'), `\ufeff${lines}`)
  writeFileSync(join(folder, 'below', 'b.txt'), 'ויאמר אלהים יהי אור\n\nויהי אור')
  writeFileSync(join(folder, 'c.bin'), Uint8Array.of(0x61, 0x62, 0x20, 0, 0xff))
  writeFileSync(join(folder, 'empty'), '')
  writeFileSync(join(folder, '.hidden'), 'x')
  corpus = await named('Texts', folder)
  request = over(folder)
  fromDisk = await analyse(home, request)
})
afterAll(() => Promise.all([home.close(), other.close()]))

describe('a session that keeps everything', () => {
  it('has the texts of a corpus, of which another machine computes the same to the bit', async () => {
    const { id, texts, notes } = await save({ results: [request] })
    expect(notes).toEqual([])
    expect(texts).toEqual([{ path: folder, ...('seen' in corpus.of ? corpus.of.seen : {}) }])
    await close(home, id)
    const away = join(root, 'away')
    renameSync(folder, away)
    const opened = await open(other, session)
    expect(opened).toMatchObject({ texts, notes: [] })
    const look = await other.handlers['corpus.look']({ path: folder }, by('one'))
    expect(look).toEqual({ files: 'seen' in corpus.of && corpus.of.seen, kept: true })
    // Numbers that nobody kept there, with the names of windows and all that is said of what was left out.
    expect(await analyse(other, request)).toEqual(fromDisk)
    expect(fromDisk.attributes).toMatchObject({
      left_out: expect.arrayContaining([expect.stringContaining('zero byte')]) as unknown
    })
    await close(other, opened.id)
    expect(await outcome(analyse(other, request))).toMatch(/^not-found: /)
    renameSync(away, folder)
  })

  it('has no other files read that lie there, as long as nobody asks for these', async () => {
    const { id } = await save({})
    await close(home, id)
    const away = join(root, 'away')
    renameSync(folder, away)
    mkdirSync(folder)
    writeFileSync(join(folder, 'a.txt'), 'סוד')
    const opened = await open(other, session)
    expect(await analyse(other, request)).toEqual(fromDisk)
    await other.handlers['library.put']({ item: corpus, instead: null }, by('one'))
    const { axes } = await analyse(other, request)
    expect(axes).not.toEqual(fromDisk.axes)
    const unasked: NamedCorpus = { ...corpus, of: { ...corpus.of, unasked: true } }
    await other.handlers['library.put']({ item: unasked, instead: corpus.name }, by('one'))
    expect(await analyse(other, request)).toEqual(fromDisk)
    await close(other, opened.id)
    renameSync(folder, join(root, 'secret'))
    renameSync(away, folder)
  })

  it('has those alone that its results and tabs read, of all that have a name', async () => {
    const own = async (name: string) => {
      const path = join(root, `${name}.txt`)
      writeFileSync(path, `אור ${name}`)
      return named(name, path)
    }
    const library = [await own('Of a tab'), await own('Of none'), corpus]
    const { id, texts, notes } = await save({
      ...{ library, results: [request], corpora: ['Of a tab'] }
    })
    expect([texts.map(({ path }) => path), notes]).toEqual([
      [folder, join(root, 'Of a tab.txt')],
      []
    ])
    expect(readFileSync(session).includes('אור Of none')).toBe(false)
    const sizes = await home.handlers['sessions.sizes'](
      {
        ...{ id: null, content: content(library) },
        wish: { runs: [], results: [request], corpora: ['Of a tab'] }
      },
      by('one')
    )
    expect(sizes.texts.map(({ name }) => name)).toEqual(['Texts', 'Of a tab'])
    await close(home, id)
    // What names the corpora is in it.
    const opened = await open(other, session)
    expect(opened.content.library).toEqual(library)
    await close(other, opened.id)
  })

  it('takes on what it kept where the files are not there', async () => {
    const { id } = await save({ results: [request] })
    await close(home, id)
    const copy = join(root, 'copy.lamella')
    cpSync(session, copy)
    const away = join(root, 'away')
    renameSync(folder, away)
    const opened = await other.handlers['sessions.open']({ path: copy }, by('one'))
    const again = await save({ id: opened.id, path: copy, workbench: other })
    expect([again.texts, again.notes]).toEqual([opened.texts, []])
    expect(await analyse(other, request)).toEqual(fromDisk)
    // With less it has none.
    const less = await save({ id: opened.id, path: copy, workbench: other, keep: 'seen' })
    expect(less.texts).toEqual([])
    await close(other, opened.id)
    renameSync(away, folder)
  })

  it('is computed again of the texts that it keeps, whatever lies where they were', async () => {
    const more = await foundAndDrawn()
    const { id } = await save({ results: [request], more })
    await close(home, id)
    const bare = join(root, 'bare.lamella')
    const { id: without } = await save({ path: bare, keep: 'recompute', more })
    await close(home, without)
    const away = join(root, 'away')
    renameSync(folder, away)
    mkdirSync(folder)
    writeFileSync(join(folder, 'a.txt'), 'סוד סוד סוד')
    await other.handlers['library.put']({ item: corpus, instead: corpus.name }, by('one'))
    const rerun = async (path: string, readFiles: boolean) => {
      const { id } = await open(other, path)
      const remade = await other.handlers['sessions.rerun']({ id, readFiles }, by('one'))
      await close(other, id)
      return remade
    }
    const { again, left, read, unread } = await rerun(session, true)
    const alike = { difference: 0, problem: null }
    expect(again).toMatchObject([
      { what: 'head-scores of 1 text', ...alike },
      { what: 'panel (a) of “Figure 1”', ...alike },
      { what: expect.stringMatching(/^finding of head/) as unknown, ...alike }
    ])
    expect([left, read, unread]).toEqual([[], [], []])
    // Where it carries none, what lies there now is read where that may be, and told.
    const unasked = await rerun(bare, false)
    expect([unasked.read, unasked.unread]).toEqual([[], [folder]])
    expect(unasked.again.map(({ difference }) => difference)).toEqual([null, null])
    const ofDisk = await rerun(bare, true)
    expect(ofDisk.read).toEqual([folder])
    expect(ofDisk.again.map(({ difference }) => difference)).not.toContain(0)
    renameSync(folder, join(root, 'secret again'))
    renameSync(away, folder)
  })
})

describe('what texts a session has not is said', () => {
  it('of files that changed, and of those that nobody has asked for', async () => {
    const path = join(root, 'changing.txt')
    writeFileSync(path, 'אור')
    const changing = await named('Changing', path)
    writeFileSync(path, 'חושך')
    const unasked: NamedCorpus = { ...corpus, of: { ...corpus.of, unasked: true } }
    const told = [
      'The texts of “Changing” are not in it: changing.txt: changed since the corpus was named',
      'The texts of “Texts” are not in it: texts: is not looked for yet'
    ]
    const library = [changing, unasked]
    const { id, texts, notes } = await save({ library })
    expect([texts, notes]).toEqual([[], told])
    const sizes = await home.handlers['sessions.sizes'](
      {
        id: null,
        content: content(library),
        wish: { runs: [], results: [], corpora: ['Changing', 'Texts'] }
      },
      by('one')
    )
    expect(sizes.without).toEqual(told)
    await close(home, id)
  })

  it('of more than 32 MB; those come first that its results are of', async () => {
    const large = join(root, 'large.txt')
    writeFileSync(large, '')
    truncateSync(large, 20 * 2 ** 20)
    const larger = join(root, 'larger.txt')
    writeFileSync(larger, '')
    truncateSync(larger, 15 * 2 ** 20)
    const library = [await named('Large', large), await named('Larger', larger), corpus]
    const { id, texts, notes, saved } = await save({ library, results: [over(larger)] })
    expect(texts.map(({ path }) => path)).toEqual([larger, folder])
    expect(notes.at(-1)).toBe(
      'The texts of “Large” are not in it: they take 20.0 MB, and a session keeps at most 32.0 MB of texts of files'
    )
    const sizes = await home.handlers['sessions.sizes'](
      {
        ...{ id: null, content: content(library) },
        wish: { runs: [], results: [over(larger)], corpora: ['Large', 'Texts'] }
      },
      by('one')
    )
    expect(sizes.everything / saved.bytes).toBeCloseTo(1, 1)
    expect(sizes.seen).toBeLessThan(2 ** 20)
    expect(sizes.texts).toMatchObject([
      { name: 'Larger', bytes: expect.closeTo(15 * 2 ** 20, -3) as number },
      { name: 'Texts' }
    ])
    await close(home, id)
  })
})

it('tells of texts that are damaged, and reads none of them', async () => {
  const { id } = await save({})
  await close(home, id)
  const bytes = readFileSync(session)
  const at = bytes.indexOf(Buffer.from('ויאמר אלהים'))
  bytes[at + 1]! ^= 1
  const path = join(root, 'damaged.lamella')
  writeFileSync(path, bytes)
  const opened = await open(other, path)
  expect(opened.texts).toEqual([])
  expect(opened.notes).toContainEqual(
    expect.stringMatching(/^damaged\.lamella: the texts of .*texts are damaged, and are left out$/)
  )
  const found = await other.handlers['sessions.check']({ id: opened.id }, by('one'))
  expect(found.damaged).toEqual([`content: texts ${folder}`])
  await close(other, opened.id)
})
