import { windowsOfText, type FigureSource } from '#common/figure/views/figure-view.ts'
import { goingOf } from '#common/figure/made/going.ts'
import { figureViewNamed } from '#common/figure/views/registry.ts'
import { Json } from '#common/model/json.ts'
import { commandLine, type CommandLine } from '../../../command-line.ts'
import { hebrew, shakespeare, startWorkbench } from '../../../golden/workbench.ts'

/** What figures of the samples are made of, by the name of their view. */
export interface FigureSources {
  readonly of: (view: string) => FigureSource
  readonly close: () => Promise<void>
}

export async function figureSources(): Promise<FigureSources> {
  const workbench = await startWorkbench()
  const commands = commandLine(workbench)
  const other = await sourceOf(commands, hebrew, 'בראשית ברא')
  const alone = await sourceOf(commands, shakespeare, 'To be, or not to be')
  const beside = { 'two windows': { ...alone, other }, 'two weights': { ...alone, other: alone } }
  return {
    of: view => beside[figureViewNamed(view).of as keyof typeof beside] ?? alone,
    async close() {
      await workbench.close()
      commands.close()
    }
  }
}

async function sourceOf(
  { client }: CommandLine,
  folder: string,
  text: string
): Promise<FigureSource> {
  const model = await client.call('models.open', { path: folder })
  const { path, fingerprint } = model
  const asked = { model: { path, fingerprint }, input: { text }, provider: 'cpu' } as const
  const run = await client.call('runs.start', { source: asked })
  const { input, ...same } = run.source
  return {
    ...{ model, other: null, version: '1', run: () => Promise.resolve(run) },
    windows: () => Promise.resolve(windowsOfText(run, { window: 8, stride: null })),
    analysis(name, params, reads = 'whole') {
      const given = { name, params: Json.parse(params) }
      if (reads === 'weights') {
        const of = { model: asked.model }
        // Checkpoints are compared with themselves.
        const two = name.startsWith('checkpoint') ? { with: of } : {}
        return client.call('analysis.run', { ...given, of, ...two })
      }
      const windows = typeof reads === 'string' ? {} : reads
      const corpus = reads === 'nothing' ? null : { inputs: [input], ...windows }
      return client.call('analysis.run', { ...given, of: { ...same, corpus } })
    },
    going: asked => goingOf(client, run, asked),
    tokenizer: {
      vocabulary: query => client.call('text.vocabulary', { modelId: model.id, query }),
      split: own => client.call('text.tokenize', { modelId: model.id, text: own })
    }
  }
}

const at = { at: '5:10' }
const tensor = 'transformer.h.0.attn.c_attn.weight'
/** Figures of every view and form that one model and text have. */
export const figureCases: readonly [view: string, params: object][] = [
  ['attention', { layer: 1, head: 3, first_token: 'hidden' }],
  ['all-heads', { layers: [1, 3] }],
  ['aggregate', { how: 'max', layers: [0, 1] }],
  ['rollout', { layer: 2 }],
  ['lines', { layer: 1, heads: [0, 3] }],
  ['model-lines', { layers: [0, 2] }],
  ['text', { layer: 1, unit: 'word', side: 'to', token: 3 }],
  ['products', { layer: 1, head: 3, order: 'size' }],
  ['scores', { layer: 1, head: 3, query: 7, key: 2 }],
  ['atlas-map', { score: 'self', quantity: 'above' }],
  ['atlas-scatter', { x: 'self' }],
  ['offsets', { layer: 3, head: 0 }],
  ['head-ranking', { score: 'entropy', layers: [1, 3] }],
  ['compared-heads', { form: 'maps', score: 'self' }],
  ['compared-heads', { form: 'depth', quantity: 'value' }],
  ['compared-heads', { form: 'kinds' }],
  ['head-groups', { form: 'matrix' }],
  ['head-groups', { form: 'map' }],
  ['head-groups', { form: 'dendrogram' }],
  ['head-contexts', { layer: 1, head: 3, drawn: 2 }],
  ['head-distribution', { layer: 1, head: 3 }],
  ['activations', { form: 'layers', hook: 'hook_mlp_out' }],
  ['activations', { form: 'units', hook: 'mlp.hook_post', layer: 2 }],
  ['tokens', {}],
  ['vocabulary', { form: 'kinds' }],
  ['words', { form: 'nearest', tokens: 'e', measure: 'euclidean' }],
  ['words', { form: 'similarity', tokens: ['K', 'e'] }],
  ['continuation', { max: 6, path: [12, 4], taken: [1] }],
  ['projector', { set: 'tokens', layer: 1, color: 'norm' }],
  ['positions', { form: 'curves', dimensions: [7] }],
  ['positions', { form: 'spectrum' }],
  [
    'positions',
    {
      table: { kind: 'rotary', dims: 16, base: 10000, scaling: { type: 'linear', factor: 4 } },
      form: 'wavelengths'
    }
  ],
  ['embedding-sum', { part: 'position' }],
  ['hidden-states', { form: 'layers' }],
  ['hidden-states', { form: 'anisotropy' }],
  ['logit-lens', {}],
  ['logit-lens', { by: 'rank' }],
  ['predictions', { shade: 'entropy' }],
  ['neuron', { layer: 2, unit: 17, form: 'contexts' }],
  ['neuron', { layer: 2, unit: 17, form: 'histogram' }],
  ['neuron', { layer: 2, unit: 17, form: 'writes' }],
  ['neuron', { layer: 2, unit: 17, form: 'reads' }],
  ['parameters', {}],
  ['architecture', {}],
  ['tensor', { tensor }],
  ['tensor', { tensor, form: 'histogram' }],
  ['weights-by-layer', { role: 'W_in', statistic: 'variance_rows' }],
  ['weights-by-layer', { role: 'W_O', statistic: 'alpha' }],
  ['weights-by-layer', { role: 'W_Q', statistic: 'mean' }],
  ['health', {}],
  ['circuits', { form: 'heads', number: 'K_composition', head: [1, 0] }],
  ['circuits', { form: 'matrix', number: 'Q_composition' }],
  ['circuits', { form: 'tree', by: 'ward_QK' }],
  ['circuits', { form: 'eigenvalues', circuit: 'qk', head: [2, 1] }],
  ['saliency', { of: 'logit:5:10', form: 'bars', method: 'ig', steps: 2 }],
  ['saliency', { of: 'logit:top', form: 'map', method: 'occlusion' }],
  ['saliency', { of: 'logit:5:10', form: 'heads', measure: 'head_x_gradient' }],
  ['saliency', { of: 'logit:5:10', form: 'head', head: 1 }],
  ['direct-logit-attribution', { ...at, form: 'sum' }],
  ['direct-logit-attribution', { ...at, form: 'heads' }],
  ['direct-logit-attribution', { ...at, form: 'neurons' }],
  ['direct-logit-attribution', { ...at, form: 'tokens' }],
  ['why', { at: 'last:10-20', form: 'sum' }],
  ['why', { at: 'last:10-20', form: 'parts' }],
  ['why', { at: 'last:10-20', form: 'heads' }]
]
