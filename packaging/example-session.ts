/**
 * Makes `resources/example.lamella` from the sample model: a session that keeps what was looked at, whose model is known by
 * its name among the samples and whose numbers `lamella session resources/example.lamella --rerun` computes again.
 *
 *     node packaging/example-session.ts
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type { AnalysisRequest } from '#common/contract/session.ts'
import type { SessionContent } from '#common/model/session.ts'
import { matchingHooks } from '#common/model/hooks.ts'
import { Json } from '#common/model/json.ts'
import { connectApi, serveApi } from '#common/contract/rpc.ts'
import { memoryTransport } from '#common/contract/memory-transport.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { madeFigure } from '#common/figure/made/made-figure.ts'
import { packedContent, type PanelContent } from '#common/figure/panels/panel-content.ts'
import type { FigurePanel, SessionFigure } from '#common/figure/panels/session-figure.ts'
import { figureViewNamed } from '#common/figure/views/registry.ts'
import { commandMaker } from '../src/main/shell/cli/command-maker.ts'
import { lamellaPaths } from '../src/main/shell/paths.ts'
import { forkedProcesses, startWorkbench } from '../src/main/shell/workbench.ts'
import type { KeptModel } from '../src/main/workbench/session/kept-model.ts'
import { sessionWork } from '../src/main/session/work.ts'

const text = 'But, soft! what light through yonder window breaks?'
const at = Date.now()
/** The head that looks back at spaces. */
const spaces = { layer: 3, head: 1 }
const paths = lamellaPaths()
const { version } = paths
const folder = await mkdtemp(join(tmpdir(), 'lamella-example-'))
const target = join(paths.resourcesFolder, 'example.lamella')
const workbench = await startWorkbench(
  { ...paths, dataFolder: folder },
  'cli',
  forkedProcesses(paths)
)
const { client: end, server, close } = memoryTransport()
serveApi(workbench, server)
const client = connectApi(end)
try {
  const path = join(paths.resourcesFolder, 'samples/shakespeare-char')
  const info = await client.call('models.open', { path })
  const model = { path: info.path, fingerprint: info.fingerprint }
  const source = { model, input: { text }, edits: [], provider: 'cpu' as const }
  const run = await client.call('runs.start', { source })
  const seen = matchingHooks(
    'blocks.*.attn.hook_pattern,blocks.*.hook_resid_post,logits',
    info.hooks
  )
  for (const hook of seen) await client.call('runs.value', { runId: run.id, hook, exact: false })
  const of = {
    model,
    corpus: { inputs: [{ text }], window: null, stride: null },
    edits: [],
    provider: 'cpu' as const
  }
  const results: AnalysisRequest[] = ['head-scores', 'predictions'].map(name => ({
    ...{ name, params: {}, of, with: null }
  }))
  const figure = await figureOf(info)
  const tabs = ['attention', 'logit-lens', 'predictions', 'figure']
  const content: SessionContent = {
    window: {
      version: 2,
      models: [info.path],
      groups: [{ name: 'A', model: info.path, texts: { [info.path]: text }, ...spaces }],
      provider: 'auto',
      tabs: tabs.map(type => ({
        ...{ id: type, type },
        context: {
          ...{ on: 'A', with: null },
          ...(type === 'figure' && { options: { figure: figure.id } })
        }
      })),
      activeTab: 'attention',
      layout: null,
      lookedAt: []
    },
    library: [{ kind: 'text', name: 'Balcony', input: { text } }],
    runs: [{ source, modelName: info.name, at }],
    notes: [
      {
        id: 'first',
        on: null,
        markdown:
          'A session keeps tabs, texts, notes, figures and numbers. Its model is found by name among the samples.',
        at
      },
      {
        id: 'head',
        on: { model, at: spaces },
        markdown:
          'This head looks back at *spaces*: the one before the present word takes most of its attention.',
        at
      }
    ],
    findings: [],
    figures: [Json.parse(figure)]
  }
  const made = join(folder, 'example.lamella')
  const saved = await client.call('sessions.save', {
    ...{
      id: null,
      path: made,
      content: JSON.stringify(content),
      keep: 'seen',
      replace: false,
      elsewhere: false
    },
    wish: JSON.stringify({ runs: [source], results, corpora: [] })
  })
  await client.call('sessions.close', { id: saved.id })
  await nameModel(made, info.path)
} finally {
  close()
  await workbench.close()
  await rm(folder, { recursive: true, force: true })
}

/** A figure of three panels, as views of the window are taken into one. */
async function figureOf(model: ModelInfo): Promise<SessionFigure> {
  const panels: FigurePanel[] = []
  for (const [tab, view, params, columns] of [
    ['attention', 'attention', spaces, 1.1],
    ['attention', 'all-heads', {}, 0.9],
    ['predictions', 'predictions', {}, 2]
  ] as const) {
    const reads = { inputs: [{ text }], name: null, window: null, stride: null }
    const printError = (line: string) => void process.stderr.write(line)
    const made = await madeFigure(commandMaker(client, { version, printError }), {
      ...{ view: figureViewNamed(view), params, model, other: null, sides: null },
      ...{ reads, edits: [], provider: 'cpu' }
    })
    const content: PanelContent = {
      ...{ title: made.title, drawing: made.kept()!, numbers: made.dataset(), left: [] },
      from: made.from,
      made: { view: tab, context: { on: 'A', with: null }, note: '' }
    }
    panels.push({
      ...{ id: view, title: null, caption: null },
      ...{ columns, content: await packedContent(content) }
    })
  }
  return {
    ...{ kind: 'panels', id: 'figure', name: 'Figure 1', at, version, preset: 'neurips' },
    ...{ widthMm: 139.7, points: null, font: 'serif', background: 'paper', columns: 2 },
    ...{ lettering: '(a)', oneScale: false, panels }
  }
}

/** Writes it again with where the model lies among the resources, in place of where it lies on this machine. */
async function nameModel(made: string, at: string): Promise<void> {
  const named = (json: string) =>
    json.replaceAll(JSON.stringify(at), JSON.stringify(`samples/${basename(at)}`))
  const from = sessionWork()
  const to = sessionWork()
  const file = await from.read({ path: made })
  await to.begin({ path: target })
  for (const json of file.models) {
    const { info, files, ...model } = JSON.parse(named(json)) as KeptModel
    const key = JSON.stringify([info.path, info.fingerprint])
    const anywhere = files.map(({ path, held }) => ({ path: basename(path), mark: '', held }))
    await to.putJson({
      table: 'models',
      key,
      json: JSON.stringify({ info, files: anywhere, ...model })
    })
  }
  for (const json of file.runs) {
    const { id } = JSON.parse(json) as { id: string }
    await to.putJson({ table: 'runs', key: id, json: named(json) })
  }
  for (const { run, hook } of await from.values(null)) {
    const kept = (await from.value({ run, hook }))!
    await to.putValue({ run, hook, ...kept, bySlice: kept.precision === 'float16' })
  }
  for (const { key, request } of await from.results(null)) {
    const result = (await from.result({ key }))!
    await to.putResult({
      key,
      request: JSON.parse(named(JSON.stringify(request))) as typeof request,
      result
    })
  }
  const content = JSON.parse(named(JSON.stringify(file.content))) as SessionContent
  const { at: savedAt, version, keep } = file.saved
  await to.finish({ content, saved: { at: savedAt, version, keep } })
  await to.close(null)
  await from.close(null)
}
