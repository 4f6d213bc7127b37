import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { analyses } from '#common/analysis/registry.ts'
import { axis, dataset } from '#common/data/dataset.ts'
import { datasetBeside } from '#common/data/dataset-beside.ts'
import { datasetNpz } from '#common/data/dataset-npz.ts'
import { shownInstead, torchCalls } from '#common/figure/notebook/torch-calls.ts'
import type { TorchCells } from '#common/figure/notebook/torch/torch-call.ts'
import type { KnownModels, TorchModel } from '#common/figure/notebook/torch/torch-model.ts'
import { analysisTable, torchTable } from '#common/figure/notebook/torch/torch-table.ts'
import type { KeptProvenance } from '#common/figure/provenance.ts'
import { figureViews } from '#common/figure/views/registry.ts'

const from = (again: KeptProvenance['again']): KeptProvenance => ({
  ...{ version: '1', less: null, precision: 'float32', again },
  of: {
    ...{ model: 'it\'s "a" model\n', fingerprint: '', input: { text: '\ud800 "\\' }, edits: [] },
    ...{ provider: 'cpu', place: '' }
  }
})
/** All that was written, for Python to read. */
const pythons = new Set<string>()
function told(provenance: KeptProvenance, model: TorchModel | null = null): TorchCells {
  const cells = torchCalls(provenance, known(model))
  if (cells.code !== null) pythons.add(cells.code)
  return { ...cells, code: unguarded(cells.code) }
}
/** What is tried, without what says that it failed. */
function unguarded(code: string | null): string | null {
  return (
    code &&
    code.replaceAll(/^try:\n|^ {4}|\nexcept Exception as error:\n.*PyTorch was not.*$/gm, '')
  )
}
/** By the fingerprint that it has in these tests. */
function known(model: TorchModel | null): KnownModels {
  return new Map(model === null ? [] : [['', model]])
}
const asked = (view: string, params: Readonly<Record<string, unknown>>) =>
  told(from({ view, params })).code!
const analysed = (analysis: string, params: Readonly<Record<string, unknown>> = {}) =>
  told(from({ analysis, params })).code!

describe('what PyTorch computes in the place of a view', () => {
  it('is of the layer, head or heads that it shows', () => {
    expect(asked('attention', { layer: 1, head: 2 })).toContain(
      'compare(attentions[1, 2], "weight"'
    )
    expect(asked('all-heads', { layers: [0, 2] })).toContain('maps = attentions[[0,2]]\n')
    const heads = [
      [0, 1],
      [1, 3]
    ]
    expect(asked('aggregate', { how: 'max', heads })).toContain(
      'in set([(0, 1), (1, 3)])]).amax(0)'
    )
    expect(asked('aggregate', {})).toContain('.flatten(0, 1).mean(0)')
    expect(asked('aggregate', { heads, layers: [1] })).toContain('in set([(1, 3)])')
    expect(asked('rollout', { layer: 1 })).toContain('compare(rolled[1], "weight")')
    expect(analysed('rollout', { layers: [1] })).toContain('torch.stack(rolled)[[1]]')
    expect(asked('lines', { layer: 3 })).toContain('attentions[3, index("head"), index("query")')
    expect(asked('model-lines', {})).toContain('attentions[index("layer"), index("head")')
    expect(asked('text', { layer: 1, side: 'to', token: 4 })).toMatch(
      /attentions\[1\]\.mean\(0\)[^]*own = group\[4\]\n +compare\(between\[:, own\]/
    )
    expect(asked('text', { layer: 1, head: 2 })).toMatch(
      /attentions\[1, 2\]\n[^]*own = group\[size - 1\]\n +compare\(between\[own\]/
    )
    expect(asked('scores', { layer: 1, head: 2, query: 5 })).toContain('attentions[1, 2, 5]')
  })

  it('is without the first token where the figure is', () => {
    const hidden = 'attentions[..., 0] = 0\n    attentions = (attentions / attentions.sum(-1'
    for (const first_token of ['shown', 'hidden'])
      expect(asked('attention', { layer: 1, head: 2, first_token }).includes(hidden)).toBe(
        first_token === 'hidden'
      )
    expect(asked('aggregate', { how: 'mean', first_token: 'hidden' })).toContain(hidden)
  })

  it('is of each window what heads do', () => {
    for (const view of ['atlas-map', 'atlas-scatter']) {
      const python = asked(view, { window: 8 })
      expect(python).toContain('size = facts.get("window") or ids.shape[1]')
      expect(python).toMatch(/if len\(own\) < min\(2, size, ids\.shape\[1\]\):\n +continue\n/)
      for (const score of ['previous_token', 'duplicate_token', 'induction', 'entropy'])
        expect(python).toContain(`add("${score}", `)
    }
    expect(asked('offsets', { layer: 0, head: 1 })).toContain('A.diagonal(-d, -2, -1)')
    expect(analysed('head-scores', { layers: [2] })).toContain('.double()[[2]]')
  })

  it('is of the heads of a ranking what they are ordered by', () => {
    for (const [score, name] of [
      ['previous', 'previous_token'],
      ['itself', 'self'],
      ['first', 'first_token'],
      ['duplicate', 'duplicate_token'],
      ['entropy', 'entropy']
    ] as const) {
      const python = asked('head-ranking', { score })
      expect(python).toContain(`add("${name}", `)
      expect(python).toMatch(
        new RegExp(
          `name = "${name}"\\n +compare\\(.*\\[index\\("layer"\\), index\\("head"\\)\\], "score"`
        )
      )
    }
    expect(asked('head-ranking', {})).toContain('name = "induction"')
    expect(asked('head-ranking', { score: 'constructor' })).toBeNull()
  })

  it('is of the head alone where offsets are the difference of two, cut as each was', () => {
    const whole = from({ view: 'offsets', params: { layer: 1, head: 2 }, sides: 'difference', withParams: { head: 0 } }) // prettier-ignore
    const { code } = told({ ...whole, less: whole.of })
    expect(code).toMatch(
      /compare\(curves\[\[1\]\]\[:, \[2\]\] if "difference" in data[^]*first = taken[^]*facts \|= facts\.get\("less", {}\)[^]*curves\[\[1\]\]\[:, \[0\]\]/
    )
  })

  it('is of heads that are grouped by what they were grouped by', () => {
    const apart = '(z[:, None] - z[None]).norm(dim=-1), "distance"'
    const [patterns, scores] = [{}, { by: 'scores' }].map(params => asked('head-groups', params))
    expect(patterns).toContain('entr((P + one) / 2)')
    expect(patterns).not.toContain(apart)
    expect(scores).toContain(apart)
    expect(scores).not.toContain('entr((P + one) / 2)')
  })

  it('is pooled where a figure of a long text is', () => {
    expect(asked('all-heads', {})).toContain('max_pool2d(maps, step, ceil_mode=True)')
    expect(asked('all-heads', { pooling: 'mean' })).toContain('avg_pool2d(maps')
    expect(asked('model-lines', {})).toMatch(/\/\/ 48\)\n[^]*max_pool2d\(attentions/)
    expect(analysed('patterns', { layer: 1 })).toMatch(/attentions\[\[1\]\]\n[^]*avg_pool2d/)
    expect(analysed('patterns', { layer: 1, head: 2 })).toContain('compare(attentions[1, 2]')
  })

  it('is of its logits what the model says', () => {
    expect(asked('predictions', {})).toContain('compare(each(surprisal), "surprisal")')
    expect(analysed('token-probabilities', { masked: '3:12,7:44' })).toContain(
      'for position, token in [[3,12],[7,44]]:'
    )
    expect(analysed('predictions')).toContain('logits.softmax(-1)[at, token]')
    expect(analysed('loss')).toContain('cross_entropy(logits[:-1], ids[0, 1:])')
    expect(analysed('loss', { masked: '3:12,7:44' })).toContain(
      'cross_entropy(logits[[3,7]], torch.tensor([12,44]))'
    )
    const lens = asked('logit-lens', {})
    expect(lens).toContain('blocks[-1].register_forward_hook(instead)')
    expect(lens).toContain('compare((final.exp() * (final - log_p)).sum(-1), "kl_final_lens")')
    expect(asked('direct-logit-attribution', { at: '7:12-5' })).toContain(
      'logit = torch.stack([logits[7, 12] - logits[7, 5]])\n    compare(logit, "dla.logit")'
    )
    expect(asked('why', { at: 'last:10-20' })).toContain('logits[-1, 10] - logits[-1, 20]')
  })

  it('is of residual streams that are before the final norm', () => {
    for (const [layer, place] of [
      [null, -1],
      ['input', 0],
      [1, 2]
    ])
      expect(asked('hidden-states', { layer })).toContain(`units[${place}, index("shown")]`)
    expect(asked('hidden-states', {})).toMatch(
      /streams = hidden_states\n[^]*if blocks:[^]*torch\.cat\(\[hidden_states\[:-1\], left\[0\]\[None\]\]\)/
    )
    expect(asked('embedding-sum', {})).toContain('re.search(r"wpe|position", name)')
  })

  it('is gradients by the embeddings, the way that the figure takes them', () => {
    const bars = asked('saliency', { of: 'difference:5:10-3' })
    expect(bars).toContain('return logits[5, 10] - logits[5, 3]')
    expect(bars).toContain('compare((x * grad).sum(-1)[0], "grad_x_input")')
    expect(bars).not.toContain('"ig" in data')
    const ig = { of: 'probability:5:10', method: 'ig', steps: 8, rule: 'left', baseline: 'token:7' }
    const path = asked('saliency', ig)
    expect(path).toContain('return logits[5].softmax(-1)[10]')
    expect(path).toContain('[((k + 0) / 8, 1 / 8) for k in range(8)]')
    expect(path).toContain('embedding(torch.full_like(ids, 7))')
    expect(asked('saliency', { form: 'head', layer: 1, head: 2 })).toContain('(A * dA)[1, 2]')
    expect(asked('saliency', { form: 'heads' })).toContain('compare(by_head, "head_x_gradient")')
    expect(asked('saliency', { form: 'heads', method: 'occlusion' })).not.toContain('"occlusion"')
    const map = { form: 'map', of: 'logit:top', method: 'occlusion', baseline: 'mean' }
    expect(asked('saliency', map)).toContain('f - occluded(place)')
    expect(asked('saliency', { ...map, of: 'probability:next', method: 'ig' })).toContain(
      'tokens = ids[0, 1:]'
    )
    expect(analysed('saliency', { steps: 2 })).toMatch(/"ig" in data[^]*"pattern_grad" in data/)
    expect(told(from({ view: 'saliency', params: { ...map, method: 'smooth_saliency' } }))).toEqual(
      {
        note: 'PyTorch is not asked for these numbers: the noise of SmoothGrad is drawn by another generator.',
        code: null
      }
    )
  })

  it('is of the weights as they are stored', () => {
    const tensor = 'a"; x\n'
    expect(asked('tensor', { tensor })).toContain('w = weights["a\\"; x\\n"].float()')
    expect(asked('tensor', { tensor, form: 'spectrum' })).toContain('torch.linalg.svdvals(w')
    expect(asked('tensor', { tensor, form: 'components' })).toContain('svdvals(w - w.mean(0))')
    expect(asked('tensor', { tensor, form: 'histogram' })).toContain('z.pow(4).mean() - 3')
    expect(asked('health', {})).toContain('(~w.isfinite()).sum()')
    expect(asked('parameters', {})).toContain('own.numel() for own in weights.values()')
    expect(asked('positions', {})).toContain('torch.fft.rfft(matrix - matrix.mean(0), dim=0)')
    expect(asked('positions', {})).toContain('if facts.get("embedding") == "learned" and')
    expect(asked('architecture', {})).toContain('print(model)')
    expect(asked('tensor', { tensor })).toContain('torch.load(file, map_location="cpu", weights_only=True)') // prettier-ignore
  })

  it('is, layer by layer, of tensors by their names, and not of parts of them', () => {
    const layers = (params: Record<string, unknown>) => asked('weights-by-layer', params)
    expect(layers({ statistic: 'variance_rows' })).toContain(
      'm.var(dim=dim, correction=0).quantile(shares)'
    )
    expect(layers({ tensors: ['a'] })).toBe(layers({}))
    expect(layers({ statistic: 'stableRank' })).toContain('torch.linalg.svdvals(w')
    expect(layers({ role: 'W_Q' })).toBeNull()
  })

  it('is of the residual stream where a hook is of that, and of no other', () => {
    const x = 'x = streams[[places[name] for name in data["labels.hook"]]].double()'
    expect(asked('activations', {})).toContain(x)
    expect(asked('activations', { form: 'units', hook: 'hook_resid_pre', layer: 1 })).toContain(x)
    expect(asked('activations', { hook: 'mlp.hook_post' })).toBeNull()
    expect(asked('activations', { form: 'experts' })).toBeNull()
    expect(analysed('activations', {})).toContain(x)
    expect(analysed('activations', { hooks: 'blocks.0.hook_resid_pre,blocks.*.hook_resid_post' })).toContain(x) // prettier-ignore
    expect(analysed('activations', { hooks: 'blocks.*.hook_resid_p*' })).toBeNull()
  })

  it('is of the rows of embeddings', () => {
    expect(asked('words', { of: 'output' })).toContain('model.get_output_embeddings().weight')
    expect(asked('words', {})).toContain('row[ids] = -torch.inf')
    expect(asked('words', { among: 'output' })).not.toContain('row[ids] = -torch.inf')
    expect(asked('words', { form: 'similarity', measure: 'centred' })).toContain(
      'x = x - E.mean(0)'
    )
    expect(asked('words', { form: 'dimensions' })).toContain(
      'extremes("dimensions", rows_of(tokens_of("queries")))'
    )
    expect(asked('words', { form: 'tokens' })).toContain('E.T[index("dimension")]')
    expect(asked('words', { form: 'analogy' })).toContain('units(a - b + c) @ units(E).T')
    expect(asked('tokens', {})).toContain('.convert_ids_to_tokens(ids)')
    expect(asked('vocabulary', {})).toContain('len(tokenizer), data["kinds"].sum()')
  })

  it('is nothing of a name that every object has, and of layers that are no numbers', () => {
    for (const view of ['constructor', 'toString', '__proto__']) expect(asked(view, {})).toBeNull()
    expect(asked('attention', { layer: '0]; x', head: 1.5 })).toBeNull()
    expect(asked('aggregate', { heads: [[null, '\n']], layers: null })).toBe(
      asked('aggregate', { heads: [['x']] })
    )
    expect(asked('aggregate', { layers: [{ a: 1 }] })).toBeNull()
    // Such as would be no Python: one without a layer, and heads that are no pairs.
    expect(asked('attention', { head: 1 })).toBeNull()
    for (const heads of [[[null, 1]], [1, 2]]) expect(asked('aggregate', { heads })).toBeNull()
    const hostile = '5:10]; raise SystemExit(3)  #'
    for (const of of [hostile, `logit:${hostile}`]) {
      expect(asked('saliency', { of })).toBeNull()
      expect(asked('saliency', { of, form: 'map' })).toBeNull()
    }
    for (const view of ['direct-logit-attribution', 'why'])
      expect(asked(view, { at: hostile })).toBeNull()
    expect(analysed('direct-logit-attribution', { targets: hostile })).toBeNull()
    expect(asked('aggregate', { how: 'constructor' })).toBeNull()
    expect(analysed('loss', { masked: hostile })).toBeNull()
    expect(asked('saliency', { baseline: 'token:7)); x' })).toBeNull()
  })

  it('is of each side of a difference, of which one is taken from the other', () => {
    const whole = from({
      ...{ view: 'attention', params: { layer: 1, head: 2 }, sides: 'difference' },
      withParams: { head: 0 }
    })
    const less = { ...whole.of, ids: [5, 8], place: 'Head 1.0' }
    const { note, code } = told({ ...whole, less })
    expect(note).toContain('Each side is asked for, and the second taken from the first.')
    const rounded = told({ ...whole, less, precision: 'float16' }).note
    expect(rounded).toContain('both are rounded, which is up to twice as much of a difference.')
    expect(code).toMatch(
      /compare\(attentions\[1, 2\][^]*first = taken[^]*tensor\(\[\[5,8\]\]\)[^]*compare\(attentions\[1, 0\][^]*values - taken\[name\]\[0\]/
    )
    // Scores of a difference have neither a softmax nor a constant beside them.
    const scores = { ...whole, again: { ...whole.again, view: 'scores' } as never }
    expect(told({ ...scores, less }).code).toMatch(
      /compare\(row, "weight"\)\n[^]*if "logsumexp" in data:\s+compare\(row, "softmax"\)\n/
    )
    const edits = [{ hook: 'blocks.2.attn.hook_z', at: { head: [1] }, scale: 0, add: null }]
    expect(told({ ...whole, less: { ...less, edits } })).toEqual({
      note: 'PyTorch is not asked for these numbers: they are the difference of two, of which one is of an edited run.',
      code: null
    })
    const ofWeights = { ...whole, again: { ...whole.again, view: 'health', params: {} } as never }
    expect(told({ ...ofWeights, less }).code).toBe(null)
    expect(told({ ...ofWeights, less }).note).toContain('difference of two')
  })
})

it('says as text what a stranger may have written', () => {
  const { note } = told(from({ none: '<img src=x onerror=alert(1)>\n# a', params: {} }))
  expect(note).toContain('for \\<img src\\=x onerror\\=alert\\(1\\)\\> \\# a.')
})

describe('the table', () => {
  it('knows every view and every analysis', () => {
    for (const { name } of [...figureViews, ...analyses]) expect(torchTable).toHaveProperty([name])
    for (const name of Object.keys(analysisTable))
      expect(analyses.map(({ name }) => name)).toContain(name)
  })

  it('says of these views alone why there are no calls', () => {
    const without = figureViews.filter(({ name }) => 'without' in torchTable[name]!)
    expect(without.map(({ name }) => name)).toEqual([
      ...['products', 'compared-heads', 'head-contexts', 'head-distribution'],
      ...['projector', 'continuation', 'neuron', 'checkpoints', 'timeline', 'circuits']
    ])
  })
})

describe('a model', () => {
  const attention = from({ view: 'attention', params: { layer: 1, head: 2 } })
  const whole: TorchModel = { files: ['model.safetensors'], notLoaded: null, notStored: null, predicts: 'next', positions: ['wpe.weight'] } // prettier-ignore

  it('is loaded with the head that it has', () => {
    const predictions = from({ view: 'predictions', params: {} })
    expect(told(predictions, whole).code).toContain(
      'model, loading = AutoModelForCausalLM.from_pretrained('
    )
    const masked = { ...whole, predicts: 'masked' } as const
    expect(told(predictions, masked).code).toContain(
      'model, loading = AutoModelForMaskedLM.from_pretrained('
    )
    const labels = { ...whole, predicts: 'labels' } as const
    expect(told(predictions, labels).code).toContain('.architectures[0])')
    expect(told(predictions).code).toContain('if "MaskedLM" in kind else AutoModelForCausalLM')
    expect(told(attention, whole).code).toContain('model, loading = AutoModel.from_pretrained(')
  })

  it('that transformers does not load is told, with its weights', () => {
    const own = { ...whole, files: ['a.pth'], notLoaded: 'it has no config.json' }
    expect(told(attention, own)).toEqual({
      note: 'PyTorch is not asked for these numbers: transformers does not load this model, and its own code is needed for them: it has no config\\.json.',
      code: null
    })
    const [shown] = shownInstead(attention, known(own))
    const { note, code } = shown!
    expect(note).toBe('Its weights, as they are stored:')
    expect(code).toContain('[folder / name for name in ["a.pth"]]')
    expect(code).not.toContain('transformers')
    const weights = from({ view: 'positions', params: {} })
    expect(told(weights, own).note).toBe(
      'The same by PyTorch, of the weights as they are stored, and by how much it differs.'
    )
    expect(told(weights, own).code).toContain('positions = ["wpe.weight"]')
    const onnx = { ...own, files: ['model.onnx'] }
    expect(told(attention, onnx).code).toBeNull()
    expect(shownInstead(attention, known(onnx))).toEqual([])
    expect(told(weights, onnx)).toEqual({
      note: 'PyTorch is not asked for these numbers: the weights lie in model\\.onnx, which it does not read.',
      code: null
    })
  })

  it('whose files hold another than the one here is not compared with that', () => {
    const notStored = 'an adapter is merged into its weights here'
    const own = { ...whole, notStored }
    const without = `PyTorch is not asked for these numbers: whoever loads its files has another model than the one here, for ${notStored}.`
    for (const again of [attention, from({ view: 'health', params: {} })])
      expect(told(again, own)).toEqual({ note: without, code: null })
    expect(told(from({ view: 'tokens', params: {} }), own).code).toContain('AutoTokenizer')
    expect(shownInstead(attention, known(own))[0]!.note).toBe('Its weights, as they are stored:')
  })

  it('is another where transformers finds tensors of it in no file, but for a pooler that nothing is of', () => {
    const missing = 'for name in loading["missing_keys"]'
    expect(told(attention, whole).code).toContain(
      `[name ${missing} if not name.startswith("pooler.")]\nif drawn:\n    raise ValueError(`
    )
    const predictions = from({ view: 'predictions', params: {} })
    expect(told(predictions, whole).code).toContain(`[name ${missing}]\nif drawn:`)
  })

  it('is taken from this machine alone', () => {
    const all = ['attention', 'predictions', 'tokens', 'architecture', 'atlas-map']
    const python = all.map(view => asked(view, { layer: 1, head: 2 })).join('\n')
    const calls = [...python.matchAll(/from_pretrained\(\s*FOLDER([^)]*)/g)]
    expect(calls.length).toBeGreaterThan(all.length)
    for (const [, given] of calls) expect(given).toContain('local_files_only=True')
  })

  it('is shown by what it gives of the text where PyTorch is asked for nothing', () => {
    const [shown] = shownInstead(from({ none: 'for a test', params: {} }), known(whole))
    // What goes wrong is said here, too.
    expect(shown!.code).toMatch(/^try:\n[^]*\nexcept Exception as error:\n/)
    pythons.add(shown!.code!)
    expect(shown!.code).toContain('print(attentions.shape, hidden_states.shape)')
    const { of, ...rest } = attention
    expect(shownInstead({ ...rest, of: { ...of, input: null } }, known(whole))).toEqual([])
  })

  it('is shown by what it gives of each of two texts, and once of one', () => {
    const { of, ...rest } = attention
    const other = { ...of, fingerprint: 'other', ids: [7, 8] }
    const away = new Map([['other', { ...whole, notLoaded: 'it is an adapter alone' }]])
    const notes = (own: Partial<KeptProvenance>, models: KnownModels = new Map()) =>
      shownInstead({ ...rest, of, ...own }, models).map(({ note }) => note)
    const [text, weights] = [
      'What the model gives of the text:',
      'Its weights, as they are stored:'
    ]
    for (const own of [{ beside: other }, { less: other }]) {
      expect(notes(own)).toEqual([`The first: ${text}`, `The second: ${text}`])
      expect(notes(own, away)).toEqual([`The first: ${text}`, `The second: ${weights}`])
    }
    const [, second] = shownInstead({ ...rest, of, less: other }, new Map())
    expect(second!.code).toContain('ids = torch.tensor([[7,8]])')
    expect(notes({ less: { ...of, place: 'Head 0.1' } })).toEqual([text])
    expect(notes({ less: { ...other, input: null } })).toEqual([text])
    const ofCorpus = { ...of, input: null }
    expect(shownInstead({ ...rest, of: ofCorpus, less: other }, new Map())).toEqual([
      { ...second, note: `The second: ${text}` }
    ])
  })

  it('is not asked for a difference either of whose sides transformers does not load', () => {
    const { of, ...rest } = attention
    const less = { ...of, fingerprint: 'other' }
    const again = { view: 'attention', params: { layer: 1, head: 2 }, sides: 'difference' } as const
    const away = new Map([['other', { ...whole, notLoaded: 'it is an adapter alone' }]])
    const asked = (sides: Partial<KeptProvenance>) =>
      torchCalls({ ...rest, of, again, ...sides }, away)
    const why = 'transformers does not load this model, and its own code is needed for them: it is an adapter alone' // prettier-ignore
    expect(asked({ less }).note).toBe(`PyTorch is not asked for these numbers: ${why}.`)
    const beside = asked({ beside: less, again: { ...again, sides: 'beside' } })
    expect(beside.note).toMatch(
      /^The first: The same by PyTorch .* The second: PyTorch is not asked/
    )
    expect(beside.code).toContain('data = numbers_of_side(0)')
    expect(beside.code).not.toContain('data = numbers_of_side(1)')
  })

  it('tells how far its patterns are rounded, and that it was edited', () => {
    const { note } = told({ ...attention, precision: 'float16' }, whole)
    expect(note).toContain('up to 2.5e-4')
    expect(told(attention, whole).note).not.toContain('rounded')
    const edits = [{ hook: 'blocks.0.attn.hook_z', at: {}, scale: 0, add: null }]
    const edited = told({ ...attention, of: { ...attention.of, edits } })
    expect(edited.note).toContain('are of an edited run, and are not compared')
    expect(edited.code).toContain('The run was edited')
    expect(edited.code).toMatch(/largest difference[^]*of an edited run, not comparable/)
    expect(told(attention).code).not.toContain('not comparable')
  })

  it('runs what the text was read as, whatever transformers reads it as, and tells that', () => {
    for (const view of ['attention', 'atlas-map', 'predictions']) {
      const own = from({ view, params: { layer: 1, head: 2 } })
      const { code } = told({ ...own, of: { ...own.of, ids: [5, 7] } }, whole)
      expect(code).toContain('ids = torch.tensor([[5,7]])')
      expect(code).toContain('elif torch.equal(ids, read):')
      // Of figures of before nobody knows them but the data.
      expect(told(own, whole).code).toContain('if "input_ids" in data else None')
    }
    const ids = told({ ...attention, of: { ...attention.of, input: { ids: [3] } } }, whole)
    expect(ids.code).toContain('ids = torch.tensor([[3]])')
    expect(ids.code).not.toContain('from_pretrained(FOLDER)(')
  })

  it('of no text asks for none', () => {
    const { of } = attention
    const corpus = { ...attention, of: { ...of, input: null } }
    expect(told(corpus)).toEqual({
      note: 'PyTorch is not asked for these numbers: they are of a corpus, whose texts are not in this file.',
      code: null
    })
  })
})

const hasNumpy = spawnSync('python3', ['-c', 'import numpy']).status === 0

describe('two figures beside each other', () => {
  const { of, ...rest } = from({ view: 'attention', params: { layer: 1, head: 2 } })
  const other = { ...of, input: { ids: [3, 4] } }
  const sides = (params: object): KeptProvenance => ({
    ...{ ...rest, of, beside: other },
    again: { view: 'attention', params: { layer: 1, head: 2 }, sides: 'beside', ...params }
  })

  it('are compared each with its own part of the data', () => {
    const { note, code } = told(sides({ withParams: { head: 0, first_token: 'hidden' } }))
    expect(note).toBe(told({ ...rest, of }).note)
    const [, first, second] = code!.split(/data = numbers_of_side\(\d\)/)
    expect(first).toContain('compare(attentions[1, 2], "weight"')
    expect(second).toContain('ids = torch.tensor([[3,4]])')
    expect(second).toMatch(/attentions\[\.\.\., 0\] = 0[^]*compare\(attentions\[1, 0\], "weight"/)
  })

  it.runIf(hasNumpy)('have of data that is put beside each other what that was made of', () => {
    const numbers = (letters: string) =>
      dataset(
        { query: axis([...letters]), head: axis(2) },
        {
          weight: {
            axes: ['query'],
            unit: '',
            about: '',
            data: Float32Array.from(letters, Number)
          },
          score: { axes: ['head'], unit: '', about: '', data: Float64Array.of(letters.length, 7) }
        },
        { input_ids: [letters.length] }
      )
    const folder = mkdtempSync(join(tmpdir(), 'lamella-apart-'))
    const path = join(folder, 'both.npz')
    writeFileSync(path, datasetNpz(datasetBeside(numbers('12'), numbers('345'), ['A', 'B'])))
    const [apart] = torchCalls(sides({})).code!.split('\n\nprint("')
    const code = `import json, sys
import numpy as np
data = np.load(sys.argv[1])
${apart}
def said(own):
    return {name: json.loads(of) if name.endswith("json") else of.tolist() for name, of in own.items()}
print(json.dumps([said(numbers_of_side(side)) for side in (0, 1)]))`
    const { stdout, stderr } = spawnSync('python3', ['-c', code, path], { encoding: 'utf8' })
    rmSync(folder, { recursive: true })
    expect(stderr).toBe('')
    const axes = { weight: ['query'], score: ['head'] }
    expect(JSON.parse(stdout)).toEqual([
      {
        ...{ weight: [1, 2], score: [2, 7], 'labels.query': ['1', '2'] },
        'attributes.json': { attributes: { input_ids: [2] }, axes }
      },
      {
        ...{ weight: [3, 4, 5], score: [3, 7], 'labels.query': ['3', '4', '5'] },
        'attributes.json': { attributes: { input_ids: [3] }, axes }
      }
    ])
  })

  it('are of other views where they are, and of what these are told alone', () => {
    const mean = { withView: 'aggregate', withParams: { layer: null, head: null } }
    expect(told(sides(mean)).code).toContain('attentions.flatten(0, 1).mean(0), "weight"')
  })

  it('say of each why PyTorch is not asked', () => {
    const { note } = told(sides({ withView: 'products' }))
    expect(note).toMatch(/^The first: The same by PyTorch .* The second: PyTorch is not asked .*$/)
  })
})

describe('what is told of a comparison', () => {
  /** What Python prints where calls are made of data, with what PyTorch and a text are as far as these need them. */
  function printed(calls: string, data: string): string {
    const [, compare, compared] = /(class NotCompared[^]*?)\n\ndef index[^]*(\ntry:\n[^]*)/.exec(calls)! // prettier-ignore
    const code = `import json
import numpy as np
from numpy import inf, nan
class Tensor:
    def __init__(self, values): self.values = values
    def detach(self): return self
    double = detach
    def numpy(self): return np.array(self.values, dtype=float)
class torch:
    as_tensor = Tensor
class Ids:
    def split(self, size):
        print("cut into windows of", size)
        return []
ids = [Ids()]
data = ${data}
${compare!}${compared!}`
    const { stdout, stderr } = spawnSync('python3', ['-c', code])
    expect(stderr.toString()).toBe('')
    return stdout.toString().trim()
  }

  it.skipIf(!hasNumpy).each([
    ['[1, 2.5]', '[1, 2]', 'own: largest difference 0.5 over 2 numbers'],
    ['[-inf, 1, nan]', '[-inf, 1, nan]', 'own: largest difference 0 over 2 numbers'],
    ['[-inf, 1]', '[inf, 1]', 'own: largest difference inf over 2 numbers'],
    [
      '[nan, 2]',
      '[1, 2]',
      'own: largest difference 0 over 1 numbers; 1 are numbers here or in the data alone'
    ],
    ['[nan, 2]', '[1, nan]', 'own: no number to compare; 2 are numbers here or in the data alone'],
    ['[]', '[]', 'own: no number to compare'],
    ['[1]', '[1, 2]', 'own: (1,) here and (2,) in the data, not compared']
  ])('of %s and %s: how far apart, and of how many', (values, own, text) => {
    const calls = asked('attention', { layer: 1, head: 2 }).replace(/compare\(attentions.*\)/, `compare(${values}, "own")`) // prettier-ignore
    const data = `{"attributes.json": '{"attributes": {}, "axes": {}}', "own": np.array(${own})}`
    expect(printed(calls, data)).toBe(text)
  })

  /** Data that lacks all numbers of heads but one, and says how its texts were cut. */
  const scores = (facts: object) => {
    const told = JSON.stringify({ attributes: facts, axes: { entropy: ['layer', 'head'] } })
    return `{"attributes.json": '${told}', "entropy": np.array([[1]])}`
  }
  it.skipIf(!hasNumpy).each([
    [{ window: 4, stride: 2 }, []],
    [{ window: null, stride: 2 }, []],
    [{ window: 4, stride: null, cut: 'into sentences' }, []],
    [{ window: 4, stride: 4 }, ['cut into windows of 4']],
    [{ window: 4, stride: null }, ['cut into windows of 4']]
  ])('of data that is cut as %j: why there is none, and goes on', (facts, cut) => {
    const why =
      cut.length === 0
        ? 'windows that do not follow one another, and sentences, are not cut here'
        : 'induction is not in the data'
    const left = 'Not compared, or in part alone: entropy'
    expect(printed(asked('atlas-map', {}), scores(facts)).split('\n')).toEqual([
      ...cut,
      `Not compared: ${why}`,
      left
    ])
  })

  it('ends with what was not compared', () => {
    expect(asked('attention', { layer: 1, head: 2 })).toMatch(/print\("Not compared, .*\)$/)
  })
})

describe('all of it', () => {
  const hasPython = spawnSync('python3', ['--version']).status === 0
  afterAll(() => pythons.clear())
  it.skipIf(!hasPython)('is Python', () => {
    expect(pythons.size).toBeGreaterThan(50)
    const code = 'import ast, json, sys\nfor text in json.load(sys.stdin): ast.parse(text)'
    const read = spawnSync('python3', ['-c', code], { input: JSON.stringify([...pythons]) })
    expect(read.stderr.toString()).toBe('')
  })
})
