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
import { lamellaPaths } from '../src/main/shell/paths.ts'
import { forkedProcesses, startWorkbench } from '../src/main/shell/workbench.ts'
import type { KeptModel } from '../src/main/workbench/session/kept-model.ts'
import { sessionWork } from '../src/main/session/work.ts'

const text = 'But, soft! what light through yonder window breaks?'
const paths = lamellaPaths()
const folder = await mkdtemp(join(tmpdir(), 'lamella-example-'))
const target = join(paths.resourcesFolder, 'example.lamella')
const workbench = await startWorkbench(
  { ...paths, dataFolder: folder },
  'cli',
  forkedProcesses(paths)
)
const context = {
  client: 'example',
  signal: new AbortController().signal,
  progress: () => undefined
}
try {
  const { handlers } = workbench
  const path = join(paths.resourcesFolder, 'samples/shakespeare-char')
  const info = await handlers['models.open']({ path }, context)
  const model = { path: info.path, fingerprint: info.fingerprint }
  const source = { model, input: { text }, edits: [], provider: 'cpu' as const }
  const run = await handlers['runs.start']({ source }, context)
  const seen = matchingHooks(
    'blocks.*.attn.hook_pattern,blocks.*.hook_resid_post,logits',
    info.hooks
  )
  for (const hook of seen)
    await handlers['runs.value']({ runId: run.id, hook, exact: false }, context)
  const of = {
    model,
    corpus: { inputs: [{ text }], window: null, stride: null },
    edits: [],
    provider: 'cpu' as const
  }
  const results: AnalysisRequest[] = ['head-scores', 'predictions'].map(name => ({
    ...{ name, params: {}, of, with: null }
  }))
  const content: SessionContent = {
    window: {
      version: 2,
      models: [info.path],
      groups: [{ name: 'A', model: info.path, texts: { [info.path]: text }, layer: 3, head: 2 }],
      provider: 'auto',
      tabs: [{ id: 'attention', type: 'attention', context: { on: 'A', with: null } }],
      activeTab: 'attention',
      layout: null,
      lookedAt: []
    },
    library: [{ kind: 'text', name: 'Balcony', input: { text } }],
    runs: [{ source, modelName: info.name, at: 0 }],
    notes: [
      {
        id: 'first',
        on: null,
        markdown:
          'A session keeps tabs, texts, notes and numbers. Its model is found by name among the samples.',
        at: 0
      }
    ],
    findings: [],
    figures: []
  }
  const made = join(folder, 'example.lamella')
  const saved = await handlers['sessions.save'](
    {
      ...{ id: null, path: made, content, keep: 'seen', replace: false, elsewhere: false },
      wish: { runs: [source], results, corpora: [] }
    },
    context
  )
  await handlers['sessions.close']({ id: saved.id }, context)
  await nameModel(made, info.path)
} finally {
  await workbench.close()
  await rm(folder, { recursive: true, force: true })
}

/** Writes it again with the model's name in place of where it lies on this machine. */
async function nameModel(made: string, at: string): Promise<void> {
  const named = (json: string) => json.replaceAll(JSON.stringify(at), JSON.stringify(basename(at)))
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
