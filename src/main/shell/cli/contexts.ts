import { headFiles, scatterRows, treeFiles } from '#common/analysis/head-sequences/headvis-tree.ts'
import { headSequences } from '#common/analysis/head-sequences/head-sequences.ts'
import type { AnalysisSubject } from '#common/analysis/subject.ts'
import type { Client } from '#common/contract/rpc.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { treeFolder, writeTree } from '../../headvis/write-tree.ts'
import { analysisRun } from './analysis-run.ts'
import { userPath } from './input.ts'
import { outputFile } from './output-file.ts'

/** Weights that are held at once while sequences are drawn, in bytes. */
const mostHeld = 128 * 2 ** 20

/**
 * Where contexts are written to, looked at before anything is computed for them.
 * @throws LamellaError when something is there, or nothing can be written
 */
export async function contextsFolder(
  out: string,
  model: string,
  texts: readonly string[]
): Promise<string> {
  const path = userPath(out)
  await treeFolder(path)
  await outputFile(`${path}/config.json`, [model], texts)
  return path
}

/** Writes the tree that HeadVis shows: windows for every head from the whole range of its activation. */
export async function writeContexts(
  client: Client,
  {
    folder,
    model,
    of,
    seed,
    dataset,
    version
  }: {
    readonly folder: string
    readonly model: ModelInfo
    readonly of: AnalysisSubject
    readonly seed: number
    /** What the texts are called. */
    readonly dataset: string
    readonly version: string
  },
  printError: (text: string) => void
): Promise<number> {
  const params = headSequences.params.parse({ seed }) as Readonly<
    Record<'intervals' | 'per_interval' | 'per_row' | 'least' | 'seed', number>
  >
  const { nLayers = 0, nHeads = 0 } = model.config ?? {}
  const scores = await analysisRun(client, { name: 'head-scores', params: {}, of }, printError)
  let files = 0
  for (const layers of groups(nLayers, layersAtOnce(nHeads, of.corpus?.window ?? 1024, params))) {
    const asked = { name: 'head-sequences', params: { ...params, layers }, of }
    files += await writeTree(folder, headFiles(await analysisRun(client, asked, printError)))
  }
  const { attributes } = scores
  const made = {
    made_by: `Lamella ${version}`,
    fingerprint: model.fingerprint,
    n_sequences: attributes['windows'],
    seq_len: of.corpus?.window,
    dtype: 'float32',
    n_intervals: params.intervals,
    samples_per_interval: params.per_interval,
    samples_per_top_interval: params.per_interval,
    sparse_topk_per_row: params.per_row,
    sparse_threshold: params.least,
    sample_seed: params.seed,
    induction_attention_threshold: 0,
    provider: attributes['provider'],
    edits: of.edits
  }
  const facts = {
    ...{ model_name: model.name, dataset_name: dataset },
    ...{ n_layers: nLayers, n_heads: nHeads, n_intervals: params.intervals }
  }
  return files + (await writeTree(folder, treeFiles(scatterRows(scores), facts, made)))
}

/** Of how many layers sequences are drawn in one reading of the texts. */
function layersAtOnce(
  heads: number,
  tokens: number,
  params: Readonly<Record<'intervals' | 'per_interval' | 'per_row', number>>
): number {
  const held = 4 * params.intervals * params.per_interval * heads * tokens * params.per_row * 8
  return Math.max(1, Math.floor(mostHeld / held))
}

function groups(length: number, most: number): number[][] {
  return Array.from({ length: Math.ceil(length / most) }, (_, i) =>
    Array.from({ length: Math.min(most, length - i * most) }, (_, own) => i * most + own)
  )
}
