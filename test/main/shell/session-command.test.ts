import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findingsOf, type Finding } from '#common/analysis/head-atlas/findings.ts'
import { memoryTransport } from '#common/contract/memory-transport.ts'
import { connectApi, serveApi } from '#common/contract/rpc.ts'
import { madeFigure } from '#common/figure/made/made-figure.ts'
import { packedContent } from '#common/figure/panels/panel-content.ts'
import { figureViewNamed } from '#common/figure/views/registry.ts'
import { datasetBeside } from '#common/data/dataset-beside.ts'
import type { Edit } from '#common/model/edit.ts'
import { Json } from '#common/model/json.ts'
import { createFigureThreads } from '../../../src/main/figure/figure-thread.ts'
import { sessionWork } from '../../../src/main/session/work.ts'
import { commandMaker } from '../../../src/main/shell/cli/command-maker.ts'
import { runCommand } from '../../../src/main/shell/cli/run.ts'
import type { Workbench } from '../../../src/main/workbench/workbench.ts'
import { projectRoot, shakespeare, startWorkbench } from '../../golden/workbench.ts'
import { built } from '../../built.ts'

const example = join(projectRoot, 'resources/example.lamella')
const folder = mkdtempSync(join(tmpdir(), 'lamella-session-command-'))
const plays = join(folder, 'plays.txt')
writeFileSync(plays, 'To be, or not to be')

const figures = createFigureThreads(built.figureEntry)
let workbench: Workbench
beforeAll(async () => {
  workbench = await startWorkbench()
})
afterAll(() => workbench.close())

/** How a command ends, what it prints, and whether it asked that nothing computed before is used. */
async function session(...words: string[]) {
  let out = ''
  let err = ''
  let isAnew = false
  const status = await runCommand(
    {
      version: '1.2.3',
      figures,
      print: text => (out += text),
      printError: text => (err += text),
      interrupted: () => new AbortController().signal,
      withClient: async (use, anew = false) => {
        isAnew = anew
        const { client, server, close } = memoryTransport()
        serveApi(workbench, server)
        await use(connectApi(client)).finally(close)
      },
      serve: () => Promise.reject(new Error('not asked for'))
    },
    ['session', ...words]
  )
  return { status, out, err, isAnew }
}

/** The example with another number, or none, in place of one of a value, and with another token. */
async function changedExample(
  name: string,
  number: number,
  hooks: readonly string[] = ['logits', 'blocks.1.hook_resid_post']
): Promise<string> {
  const path = join(folder, name)
  const from = sessionWork()
  const to = sessionWork()
  const { models, runs, content } = await from.read({ path: example })
  await to.begin({ path })
  await to.putJson({ table: 'models', key: 'm', json: models[0]! })
  const [run] = runs as [string]
  const { id } = JSON.parse(run) as { id: string }
  const other = Number.isNaN(number) ? run.replace('"piece":"B"', '"piece":"Z"') : run
  await to.putJson({ table: 'runs', key: id, json: other })
  for (const hook of hooks) {
    const { value, precision } = (await from.value({ run: id, hook }))!
    if (hook === 'logits') value.data[7]! += number
    await to.putValue({ run: id, hook, value, precision, bySlice: false })
  }
  const bare = { ...content, figures: [] }
  await to.finish({ content: bare, saved: { at: 0, version: '0', keep: 'seen' } })
  return path
}

/** A session of the example's model, or of another one of that name, with a figure whose panels a command makes, or none. */
async function figureSession(
  name: string,
  {
    number = 0,
    isAnother = false,
    hasCommand = true,
    isOfWhole = false,
    forged,
    counting,
    ofAnalysis = null,
    maps = []
  }: {
    readonly number?: number
    readonly isAnother?: boolean
    readonly hasCommand?: boolean
    /** Whether the numbers beside the first panel are those of other queries. */
    readonly isOfWhole?: boolean
    /** What the command of the first panel says in place of its params. */
    readonly forged?: Readonly<Record<string, unknown>>
    /** A file in which tokens are counted for a panel after the others, and the path of it that its command says. */
    readonly counting?: { readonly file: string; readonly said: string }
    /** Whether its numbers are those of an analysis: of the edited run, or of that and the run as it is, beside each other. */
    readonly ofAnalysis?: 'one' | 'beside' | null
    /** Params of tensors that are drawn after the others. */
    readonly maps?: readonly Readonly<Record<string, unknown>>[]
  } = {}
): Promise<string> {
  const { client: end, server, close } = memoryTransport()
  serveApi(workbench, server)
  const client = connectApi(end)
  const model = await client.call('models.open', { path: shakespeare })
  const maker = commandMaker(client, { version: '1', printError: () => undefined })
  const inputs = [{ text: 'To be, or not' }]
  const reads = { inputs, name: null, window: null, stride: null }
  const content = async (
    view: string,
    params: Readonly<Record<string, unknown>>,
    edits: readonly Edit[] = []
  ) => {
    const { title, kept, dataset, from } = await madeFigure(maker, {
      ...{ view: figureViewNamed(view), params, model, other: null, sides: null },
      ...{ reads, edits, provider: 'cpu' }
    })
    const again = hasCommand ? from.again : { none: 'it is drawn by hand', params }
    return {
      ...{ title, drawing: kept()!, numbers: dataset(), left: [], from: { ...from, again } },
      made: { view, context: { on: 'A' as const, with: null }, note: '' }
    }
  }
  const ablated = { hook: 'blocks.0.attn.hook_z', at: { head: [1] }, scale: 0, add: null }
  const attention = await content('attention', { layer: 1, head: 2 }, [ablated])
  const { data } = attention.drawing.parts[0] as { data: { pattern: Float32Array } }
  data.pattern[0]! += number
  if (isOfWhole)
    for (const axis of Object.values(attention.numbers.axes))
      axis.labels = Array.from({ length: axis.length }, (_, i) => `another ${i}`)
  if (forged && 'view' in attention.from.again)
    Object.assign(attention.from.again, { params: forged })
  if (ofAnalysis !== null) {
    const { path, fingerprint } = model
    const asked = { name: 'head-scores', params: {} }
    const input = { text: 'To be, or not' }
    const numbers = (edits: Edit[]) =>
      client.call('analysis.run', {
        ...{ ...asked, with: null },
        of: {
          ...{ model: { path, fingerprint }, edits, provider: 'cpu' },
          corpus: { inputs: [input] }
        }
      })
    const again = { analysis: asked.name, params: asked.params }
    const own = await numbers([ablated])
    if (ofAnalysis === 'one') {
      attention.numbers = own
      Object.assign(attention.from, { again })
    } else {
      attention.numbers = datasetBeside(own, await numbers([]), ['edited', 'unedited'])
      const withRun = { input, edits: [] }
      Object.assign(attention.from, { again: { ...again, sides: 'beside', withRun } })
    }
  }
  const lens = await content('predictions', { token: 3 })
  const more: (typeof lens)[] = []
  for (const params of maps) more.push(await content('tensor', params))
  if (counting) {
    const colored = (path: string) => ({
      color: 'frequency',
      counted: { name: 'Plays', inputs: [{ path }] }
    })
    const points = await content('projector', colored(counting.file))
    if ('view' in points.from.again) Object.assign(points.from.again.params, colored(counting.said))
    more.push(points)
  }
  const again = { none: 'it is laid out as it stood on the screen', params: {} }
  const without = { ...attention, from: { ...attention.from, again } }
  await client.call('models.close', { modelId: model.id })
  close()
  const panels = await Promise.all(
    [attention, lens, without, ...more].map(async (own, i) => ({
      ...{ id: String(i), title: '', columns: 1, caption: '' },
      content: await packedContent(own)
    }))
  )
  const figure = {
    ...{ kind: 'panels', id: 'f', name: 'Figure 1', at: 0, version: '1', preset: 'icml' },
    ...{ widthMm: 171, points: null, font: 'sans', background: 'paper', columns: 2 },
    ...{ lettering: '(a)', oneScale: false, panels }
  }
  const from = sessionWork()
  const to = sessionWork()
  const { models } = await from.read({ path: example })
  const path = join(folder, name)
  await to.begin({ path })
  const kept = JSON.parse(models[0]!) as {
    info: { fingerprint: string }
    files: { mark: string; held: object | null }[]
  }
  if (isAnother) {
    kept.info.fingerprint = model.fingerprint
    kept.files = kept.files.map(file => ({ ...file, mark: 'none', held: null }))
  }
  await to.putJson({ table: 'models', key: 'm', json: JSON.stringify(kept) })
  const empty = { window: {}, library: [], runs: [], notes: [], findings: [Json.parse({ a: 1 })] }
  await to.finish({
    content: { ...empty, figures: [Json.parse(figure)] },
    saved: { at: 0, version: '1', keep: 'recompute' }
  })
  return path
}

/** A session of a finding of the example's model, as it is found but for what is said otherwise, and of one of an earlier version. */
async function findingSession(
  name: string,
  otherwise: Partial<Finding>
): Promise<{ readonly found: Finding; readonly session: string }> {
  const { client: end, server, close } = memoryTransport()
  serveApi(workbench, server)
  const client = connectApi(end)
  const { id, path, fingerprint } = await client.call('models.open', { path: shakespeare })
  const text = 'To be, or not to be: that is the question. '.repeat(5)
  const corpus = { inputs: [{ text }], window: 8, stride: null }
  const of = { corpus, edits: [], provider: 'cpu' as const }
  const params = { layers: null, classes: {}, seed: 0 }
  const request = { params, with: null, of: { ...of, model: { path, fingerprint } } }
  const statistics = await client.call('analysis.run', { name: 'head-statistics', ...request })
  const [found] = findingsOf(statistics, null)
  await client.call('models.close', { modelId: id })
  close()
  const { ablation, ...words } = { ...found!, ...otherwise }
  const kept = {
    ...{ kind: 'head', at: 0, version: '1', model: { path, fingerprint }, ...words },
    ...{ modelName: 'shakespeare-char', over: '“To be”', loss: ablation }
  }
  const findings = [
    { ...kept, id: 'a', asked: { params, of } },
    { ...kept, id: 'b' }
  ]
  const from = sessionWork()
  const to = sessionWork()
  const { models } = await from.read({ path: example })
  const file = join(folder, name)
  await to.begin({ path: file })
  await to.putJson({ table: 'models', key: 'm', json: models[0]! })
  const content = { window: {}, library: [], runs: [], notes: [], figures: [] }
  await to.finish({
    content: { ...content, findings: findings.map(own => Json.parse(own)) },
    saved: { at: 0, version: '1', keep: 'recompute' }
  })
  return { found: found!, session: file }
}

describe('the command session', () => {
  it('tells what is in a session, and leaves it as it is', async () => {
    const before = readFileSync(example)
    const { status, out, err, isAnew } = await session(example)
    expect(err).toBe(`shakespeare-char: lies at ${shakespeare} now\n`)
    expect(status).toBe(0)
    expect(isAnew).toBe(false)
    expect(out).toMatch(/^keeps {5}what was looked at$/m)
    expect(out).toMatch(/^runs {6}1, 1 with their tokens$/m)
    expect(out).toMatch(/^values {4}9, [\d,]+ bytes$/m)
    expect(out).toContain(`shakespeare-char  there  ${shakespeare}`)
    const json = await session(example, '--json')
    expect(JSON.parse(json.out)).toMatchObject({
      saved: { keep: 'seen', bytes: before.length },
      models: [{ name: 'shakespeare-char', state: 'here', foundAt: shakespeare }],
      content: { library: [{ name: 'Balcony' }] },
      kept: {
        results: [{ request: { name: 'head-scores' } }, { request: { name: 'predictions' } }]
      }
    })
    expect(readFileSync(example).equals(before)).toBe(true)
  })

  it('prints what reorders a line, or a terminal obeys, as escapes in JSON', async () => {
    const path = join(folder, 'csi.lamella')
    const name = 'a\u009b31m\u202eb'
    const [from, to] = [sessionWork(), sessionWork()]
    const { models, content } = await from.read({ path: example })
    await to.begin({ path })
    await to.putJson({ table: 'models', key: 'm', json: models[0]! })
    const library = [{ kind: 'text' as const, name, input: { text: 'a' } }]
    await to.finish({
      content: { ...content, library },
      saved: { at: 0, version: '1', keep: 'recompute' }
    })
    const { out } = await session(path, '--json')
    expect(out).not.toMatch(/[\u0080-\u009f\u202e]/)
    expect(JSON.parse(out)).toMatchObject({ content: { library: [{ name }] } })
  })

  it('drafts titles and captions of the shipped example where they are shown', async () => {
    const { out } = await session(example, '--json')
    const { content } = JSON.parse(out) as {
      content: { figures: { panels: { title: unknown; caption: unknown }[] }[] }
    }
    const written = content.figures.map(({ panels }) =>
      panels.map(({ title, caption }) => [title, caption])
    )
    expect(written).toEqual([Array.from({ length: 3 }, () => [null, null])])
  })

  it('computes the shipped example again, to less than 1e-4 of what it keeps', async () => {
    const { status, out, isAnew } = await session(example, '--rerun', '--json')
    expect(status).toBe(0)
    expect(isAnew).toBe(true)
    const { largest, values } = JSON.parse(out) as {
      largest: number
      values: { what: string; difference: number | null; problem: string | null }[]
    }
    expect(largest).toBeLessThan(1e-4)
    expect(values).toHaveLength(14)
    expect(values.filter(({ what }) => what.includes('of “Figure 1”'))).toHaveLength(3)
    for (const { difference, problem } of values) {
      expect(problem).toBeNull()
      expect(difference).toBeLessThan(1e-4)
    }
  })

  it('ends with 1 where a number is another one now, and names it', async () => {
    const { status, out, err } = await session(
      await changedExample('changed.lamella', 0.01),
      '--rerun'
    )
    expect(status).toBe(1)
    expect(out).toMatch(/^logits of "But, soft.* 0\.0\d+$/m)
    expect(out).toMatch(/^blocks\.1\.hook_resid_post of .* 0(\.00000\d+)?$/m)
    expect(out).toMatch(/^largest of all 2: 0\.0\d+$/m)
    expect(err).toMatch(/changed\.lamella: 1 of 2 are not what was kept: logits of/)
  })

  it('says what could not be compared, and which tokens are others', async () => {
    const changed = await changedExample('unlike.lamella', NaN)
    const { status, out, err } = await session(changed, '--rerun')
    expect(status).toBe(1)
    expect(out).toMatch(/^tokens of "But, soft.* are others now$/m)
    expect(out).toMatch(/^logits of .* where NaN was$/m)
    expect(out).toMatch(/^2 of 3 could not be compared; largest of the others: 0/m)
    expect(err).toMatch(/2 of 3 could not be compared: tokens of/)
    const { out: json } = await session(changed, '--rerun', '--json')
    expect(JSON.parse(json)).toMatchObject({ compared: 1, notCompared: 2 })
  })

  it('says which tokens are others also of a run of which no value is kept', async () => {
    const alike = await session(await changedExample('alike.lamella', 0, []), '--rerun')
    expect(alike.out).not.toContain('tokens of')
    const { status, out } = await session(
      await changedExample('unlike-alone.lamella', NaN, []),
      '--rerun'
    )
    expect(status).toBe(1)
    expect(out).toMatch(/^tokens of "But, soft.* are others now$/m)
  })

  it('makes panels of figures again by their commands, and says what has none', async () => {
    const path = await figureSession('figures.lamella')
    const { status, out, err } = await session(path, '--rerun')
    expect(err).not.toContain('are not what')
    expect(status).toBe(0)
    expect(out).toMatch(
      /^panel \(a\) of “Figure 1” +shakespeare-char, edited \(head 0\.1 ablated\), --set layer=1 .* 0$/m
    )
    expect(out).toMatch(/^panel \(b\) of “Figure 1” +shakespeare-char, .*token=3.* 0$/m)
    expect(out).toMatch(/^panel \(c\) of “Figure 1” +not compared: it is laid out as it stood/m)
    expect(out).toMatch(/^1 finding +not compared: /m)
    expect(out).toMatch(/^largest of all 2: 0$/m)
    const { out: json } = await session(path, '--rerun', '--json')
    expect(JSON.parse(json)).toMatchObject({
      ...{ compared: 2, notCompared: 0, largest: 0 },
      values: [{ params: { layer: 1, head: 2 } }, { params: { token: 3 } }],
      left: [{ what: 'panel (c) of “Figure 1”' }, { what: '1 finding' }]
    })
  })

  it('ends with 1 where a panel is drawn of another number than its command makes', async () => {
    const path = await figureSession('figures-changed.lamella', { number: 0.01 })
    const { status, out, err } = await session(path, '--rerun')
    expect(status).toBe(1)
    expect(out).toMatch(/^panel \(a\) of .* 0\.0\d+$/m)
    expect(err).toMatch(/1 of 2 are not what was kept: panel \(a\) of “Figure 1”/)
  })

  it('takes a step of float16 for a rounding, in what is rounded to that', async () => {
    const path = await figureSession('figures-rounded.lamella', { number: 4e-4 })
    const { status, out } = await session(path, '--rerun', '--json')
    expect(status).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      values: [
        { precision: 'float16', limit: 1e-3 },
        { precision: 'float32', limit: 1e-4 }
      ]
    })
  })

  it('finds findings again in what they were found in', async () => {
    const { found, session: path } = await findingSession('found.lamella', {})
    const { status, out } = await session(path, '--rerun')
    expect(status).toBe(0)
    expect(out).toMatch(
      /^finding of head \d\.\d, \w+ +shakespeare-char, windows of up to 8 tokens, .*seed=0.* 0$/m
    )
    expect(out).toMatch(/^1 finding +not compared: what it was found in is not kept with it/m)
    const tested = { ...found.tested, value: found.tested.value + 0.01 }
    const other = await session(
      (await findingSession('lost.lamella', { tested })).session,
      '--rerun'
    )
    expect(other.status).toBe(1)
    expect(other.out).toMatch(/^finding of head .* 0\.0100$/m)
    const failed = await findingSession('failed.lamella', { holds: !found.holds })
    expect((await session(failed.session, '--rerun')).out).toMatch(/^finding of head .*hold/m)
  })

  it('says in words what is wrong with a command that a stranger wrote', async () => {
    const path = await figureSession('figures-forged.lamella', { forged: { layer: 'one' } })
    const { status, out } = await session(path, '--rerun')
    expect(status).toBe(1)
    expect(out).toMatch(/^panel \(a\) of “Figure 1” .*layer: expected a number$/m)
  })

  it('reads no folder that a stranger names and no model of the session lies in', async () => {
    const path = await figureSession('figures-folder.lamella', { forged: { folder: '/proc/self' } })
    const { status, out } = await session(path, '--rerun')
    expect(status).toBe(1)
    expect(out).toMatch(/^panel \(a\) of .*names the folder \/proc\/self, in which no model/m)
  })

  it('reads a file of this machine that a panel counts tokens in where that is asked for', async () => {
    const path = await figureSession('figures-points.lamella', {
      counting: { file: plays, said: plays }
    })
    const unasked = await session(path, '--rerun')
    expect(unasked.status).toBe(1)
    expect(unasked.out).toMatch(/^panel \(d\) of .*plays\.txt: the session has no copy of it/m)
    expect(unasked.out).toContain(
      `\nnot read, as the session carries no copy (--read-files reads it): ${plays}\n`
    )
    expect(unasked.err).toContain('(Where you trust the session, --read-files has the files')
    const read = await session(path, '--read-files')
    expect(read.err).not.toContain('could not')
    expect(read.status).toBe(0)
    expect(read.out).toMatch(/^panel \(d\) of “Figure 1” .* 0$/m)
    expect(read.out).toContain(`\nread on this machine, as the session carries no copy: ${plays}\n`)
    const { out: json } = await session(path, '--read-files', '--json')
    expect(JSON.parse(json)).toMatchObject({ compared: 3, read: [plays], unread: [] })
    expect((await session(path, '--check', '--read-files')).status).toBe(2)
  })

  it('tells what to do about each of several causes', async () => {
    const path = await figureSession('figures-causes.lamella', {
      number: 0.01,
      counting: { file: plays, said: plays }
    })
    const { err } = await session(path, '--rerun')
    expect(err).toMatch(/1 of 3 are not what was kept: .*; 1 of 3 could not be compared: /)
    expect(err).toMatch(
      /\(Where you trust the session, --read-files has .* Another version may compute otherwise what differs\.\)/
    )
  })

  // Where no path were refused, the first would be read: to the system its slashes are one.
  it.each([
    { path: `/${plays}`, why: 'lies on another machine' },
    { path: '\\\\host\\share\\plays.txt', why: 'lies on another machine' },
    { path: '\\/host/share/plays.txt', why: 'lies on another machine' },
    { path: `file://${plays}`, why: 'the session has its name alone' },
    { path: 'file://host/share/plays.txt', why: 'the session has its name alone' }
  ])('reads nothing of another machine that a panel counts tokens in: $path', async own => {
    const path = await figureSession('figures-elsewhere.lamella', {
      counting: { file: plays, said: own.path }
    })
    const { status, out } = await session(path, '--read-files', '--json')
    expect(status).toBe(1)
    expect(JSON.parse(out)).toMatchObject({ compared: 2, notCompared: 1, read: [], unread: [] })
    const { values } = JSON.parse(out) as { values: { problem: string | null }[] }
    expect(values.at(-1)!.problem).toContain(`${own.path}: ${own.why}`)
  })

  it('reads no folder of another machine that a panel’s command names', async () => {
    for (const folder of ['//host/share', '\\\\host\\share', `/${shakespeare}`]) {
      const path = await figureSession('figures-share.lamella', { forged: { folder } })
      const { status, out } = await session(path, '--read-files', '--json')
      expect(status).toBe(1)
      const { values } = JSON.parse(out) as { values: { problem: string | null }[] }
      expect(values[0]!.problem).toContain(`names the folder ${folder}, in which no model lies`)
    }
  })

  it('makes nothing again of what a stranger’s command asks and its view does not', async () => {
    const counted = { name: 'a', inputs: [{ path: '//host/share/a.txt' }] }
    const path = await figureSession('figures-counted.lamella', { forged: { counted } })
    const { status, out } = await session(path, '--rerun')
    expect(status).toBe(1)
    expect(out).toMatch(/^panel \(a\) of .*"counted" is not known$/m)
  })

  it.each(['one', 'beside'] as const)(
    'says of a panel whose command makes numbers alone that its picture is not compared: of %s',
    async ofAnalysis => {
      const path = await figureSession(`figures-numbers-${ofAnalysis}.lamella`, { ofAnalysis })
      const { status, out } = await session(path, '--rerun')
      expect(status).toBe(0)
      expect(out).toMatch(/^panel \(a\) of “Figure 1” .* 0$/m)
      expect(out).toMatch(/^the picture of panel \(a\) of “Figure 1” +not compared: its command/m)
    }
  )

  it('leaves numbers of the view as a whole that stand beside a panel', async () => {
    const path = await figureSession('figures-whole.lamella', { isOfWhole: true })
    const { status, out } = await session(path, '--rerun')
    expect(status).toBe(0)
    expect(out).toMatch(/^weight of panel \(a\) of “Figure 1” +not compared: its command does not/m)
  })

  it('makes maps of weights in as many cells again, where their command tells them', async () => {
    const tensor = 'transformer.h.0.attn.c_attn.weight'
    const maps = [{ tensor, cells: [64, 100] }, { tensor }]
    const path = await figureSession('figures-maps.lamella', { maps })
    const { status, out } = await session(path, '--rerun')
    expect(status).toBe(0)
    expect(out).toMatch(/^panel \(d\) of “Figure 1” .* 0$/m)
    expect(out).toMatch(
      /^panel \(e\) of “Figure 1” +not compared: its command does not say of how/m
    )
  })

  it('ends with 1 where the model is another one now, or nothing could be compared', async () => {
    const other = await figureSession('figures-of-another.lamella', { isAnother: true })
    const told = await session(other, '--rerun')
    expect(told.status).toBe(1)
    expect(told.out).toMatch(/^none of 2 could be compared$/m)
    expect(told.err).toMatch(
      /figures-of-another\.lamella: 2 of 2 could not be compared: panel \(a\) of .*; shakespeare-char is (not there|another)/
    )
    expect(told.err).not.toContain('not what was kept')
    expect(told.err).toContain('beside the session')
    const none = await figureSession('figures-without.lamella', { hasCommand: false })
    expect(await session(none, '--rerun')).toMatchObject({ status: 1 })
    expect((await session(none, '--rerun')).err).toContain(
      'keeps no numbers that could be compared'
    )
  })

  it('tells numbers of one name apart by their model, edits and params', async () => {
    const { out } = await session(example, '--rerun')
    expect(out).toMatch(/^predictions of "But, soft.* shakespeare-char +[\d.e-]+$/m)
    const { out: json } = await session(example, '--rerun', '--json')
    const { values } = JSON.parse(json) as { values: { models: { fingerprint: string }[] }[] }
    for (const { models } of values) expect(models[0]!.fingerprint).toMatch(/^[0-9a-f]{64}$/)
  })

  it('reads every value against its checksum, and names those that are damaged', async () => {
    expect(await session(example, '--check')).toMatchObject({
      status: 0,
      out: `${example}: 33 parts, all as they were saved\n`
    })
    const bytes = readFileSync(example)
    bytes[bytes.length >> 1]! ^= 1
    const path = join(folder, 'damaged.lamella')
    writeFileSync(path, bytes)
    const { status, out, err } = await session(path, '--check')
    expect(status).toBe(1)
    expect(out).toMatch(/^(trace_values|results): \w+/)
    expect(err).toMatch(/damaged\.lamella: 1 of 33 parts are damaged/)
  })

  it('says what is wrong with what is no session', async () => {
    const path = join(folder, 'a.txt')
    writeFileSync(path, 'Dear')
    expect(await session(path)).toMatchObject({
      status: 1,
      err: 'a.txt: is no session of Lamella (Choose a file that Lamella saved.)\n'
    })
    expect((await session(join(folder, 'none.lamella'))).err).toMatch(/does not exist/)
    expect((await session(example, '--check', '--rerun')).status).toBe(2)
  })
})
