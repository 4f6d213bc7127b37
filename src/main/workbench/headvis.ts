import { isAbsolute } from 'node:path'
import { headSequences } from '#common/analysis/head-sequences/head-sequences.ts'
import { filesIn, type AnalysisSubject } from '#common/analysis/subject.ts'
import type { HandlerContext, Handlers } from '#common/contract/rpc.ts'
import { cancelled, LamellaError } from '#common/model/errors.ts'
import { createHeadVisFiles, type WrittenFacts } from '../headvis/headvis-files.ts'
import { inTreeFolder } from '../headvis/write-tree.ts'
import { asStep } from './as-step.ts'
import type { OpenModels } from './model/open-models.ts'
import { outputFile, type Spared } from './output-file.ts'
import { isOnThisMachine } from './session/kept-model.ts'

/** Trees that HeadVis shows: what others brought, and what is taken there. */
export interface HeadVis {
  readonly handlers: Pick<Handlers, 'headvis.read' | 'headvis.head' | 'headvis.write'>
  /** Waits for those that are being written: what cannot be ended is taken back. */
  close(): Promise<void>
}

export interface HeadVisOptions {
  readonly models: Pick<OpenModels, 'resolve'>
  readonly analyse: Handlers['analysis.run']
  /** The module that a thread of trees runs. */
  readonly entry: string
  readonly dataFolder: string
  readonly version: string
}

/** Weights that are held at once while sequences are drawn, in bytes. */
const mostHeld = 128 * 2 ** 20

export function createHeadVis(options: HeadVisOptions): HeadVis {
  const { models, analyse, entry, dataFolder, version } = options
  const files = createHeadVisFiles(entry)
  const underWay = new Set<Promise<unknown>>()

  async function write(
    asked: Parameters<Handlers['headvis.write']>[0],
    context: HandlerContext
  ): Promise<{ path: string; files: number }> {
    const path = absolute(asked.path)
    const spared = { models: [asked.of.model.path], texts: pathsOf(asked.of), dataFolder }
    const writing = inHeadVisFolder(path, spared, () => writeInto(path, asked, context))
    underWay.add(writing)
    return writing.finally(() => underWay.delete(writing))
  }

  async function writeInto(
    path: string,
    { of, seed, texts }: Parameters<Handlers['headvis.write']>[0],
    context: HandlerContext
  ): Promise<{ path: string; files: number }> {
    const { name, fingerprint, config } = models.resolve(of.model).info
    const { nLayers, nHeads } = config ?? { nLayers: 0, nHeads: 0 }
    if (nLayers === 0)
      throw new LamellaError(
        'invalid-argument',
        `${name}: which heads it has is not known`,
        'Describe the model, or open another one.'
      )
    const params = headSequences.params.parse({ seed })
    const groups = inGroups(nLayers, layersAtOnce(nHeads, of.corpus?.window ?? 1024, params))
    /** What an analysis comes to, as one step of all. */
    const step = (number: number, what: string, asked: Parameters<typeof analyse>[0]) =>
      analyse(
        asked,
        asStep(context, { before: `${what} · `, done: number, total: groups.length + 1 })
      )
    const scores = await step(0, 'Scoring heads', {
      ...{ name: 'head-scores', params: {}, of, with: null }
    })
    const tree = await files.write(path)
    try {
      let count = 0
      for (const [i, layers] of groups.entries()) {
        const sequences = await step(i + 1, `Drawing texts of ${blocksText(layers)}`, {
          ...{ name: 'head-sequences', params: { ...params, layers }, of, with: null }
        })
        count += await tree.heads(sequences)
        if (context.signal.aborted) throw cancelled()
      }
      const facts = {
        ...{ model_name: name, dataset_name: texts },
        ...{ n_layers: nLayers, n_heads: nHeads, n_intervals: params.intervals }
      }
      const { attributes } = scores
      const made: WrittenFacts['made'] = {
        made_by: `Lamella ${version}`,
        fingerprint,
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
      count += await tree.rest(scores, { facts, made })
      if (context.signal.aborted) throw cancelled()
      return { path, files: count }
    } catch (error) {
      await tree.undo().catch(() => undefined)
      throw error
    } finally {
      tree.end()
    }
  }

  return {
    handlers: {
      'headvis.read': async ({ path }, { signal }) => files.facts(absolute(path), signal),
      'headvis.head': async ({ path, ...at }, { signal }) =>
        files.profile({ path: absolute(path), ...at }, signal),
      'headvis.write': write
    },
    async close() {
      await Promise.allSettled(underWay)
    }
  }
}

/** A path as a person typed it, which means the same wherever the workbench was started. */
function absolute(path: string): string {
  if (isOnThisMachine(path)) return path
  if (isAbsolute(path))
    throw new LamellaError(
      'invalid-argument',
      `${path}: lies on another machine`,
      'Copy it to this one: a session may name it, and would tell that machine who opens it.'
    )
  throw new LamellaError(
    'invalid-argument',
    `${path}: is no whole path`,
    'Type it from its beginning, such as /home/name/headvis.'
  )
}

/**
 * Does what makes a tree in a folder that is looked at before: `inTreeFolder`, where a person said.
 * @throws LamellaError when something is there, or nothing can be written; what `use` throws
 */
export function inHeadVisFolder<T>(
  path: string,
  spared: Spared,
  use: () => Promise<T>
): Promise<T> {
  return inTreeFolder(path, async () => {
    await outputFile(`${path}/config.json`, spared)
    return use()
  })
}

function pathsOf({ corpus }: AnalysisSubject): string[] {
  return filesIn(corpus?.inputs ?? [])
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

function inGroups(length: number, most: number): number[][] {
  return Array.from({ length: Math.ceil(length / most) }, (_, i) =>
    Array.from({ length: Math.min(most, length - i * most) }, (_, own) => i * most + own)
  )
}

function blocksText(layers: readonly number[]): string {
  return layers.length === 1 ? `block ${layers[0]}` : `blocks ${layers[0]} to ${layers.at(-1)}`
}
