import { expect, it } from 'vitest'
import { knownModels, torchModel, unreadFile } from '#common/figure/notebook/torch/torch-model.ts'
import type { KeptProvenance, Origin, PanelsProvenance } from '#common/figure/provenance.ts'

type Info = Parameters<typeof torchModel>[0]
const tensor = (
  file: string,
  category: 'position' | 'mlp' = 'mlp',
  tiedTo: string | null = null
): Info['tensors'][number] => ({
  ...{ name: category, dtype: 'F32', shape: [1], parameters: 1, bytes: 4, file, category },
  ...{ layer: null, tiedTo }
})
const info = (files: readonly string[], rawConfig = '{"model_type":"gpt2"}'): Info => ({
  ...{ tensors: files.map(file => tensor(file)), rawConfig, predicts: 'next' }
})

it.each([
  [['model.safetensors'], null],
  [['model-00001-of-00002.safetensors', 'model-00002-of-00002.safetensors'], null],
  [['pytorch_model.bin'], null],
  [['weights.safetensors'], 'its weights lie in weights.safetensors'],
  [['model.gguf'], 'its weights lie in model.gguf']
])('of %j transformers loads what it looks for', (files, why) => {
  expect(torchModel(info(files)).notLoaded).toBe(why)
})

it.each(['{}', '', 'null', '{"model_type":1}', '{'])(
  'does not load one whose config is %s',
  raw => {
    const why = 'it has no config.json that names its architecture'
    expect(torchModel(info(['model.safetensors'], raw)).notLoaded).toBe(why)
  }
)

it('tells what its files hold otherwise', () => {
  const own = (unlikeStored?: Info['unlikeStored']) =>
    torchModel({ ...info(['model.safetensors']), unlikeStored }).notStored
  expect(own()).toBeNull()
  expect(own('adapter')).toBe('an adapter is merged into its weights here')
  expect(own('names')).toBe('its tensors are stored under names that a wrapper gave them')
})

it('knows which files neither safetensors nor PyTorch read', () => {
  expect(unreadFile(torchModel(info(['a.pth', 'b.bin', 'c.safetensors'])))).toBeNull()
  expect(unreadFile(torchModel(info(['a.pth', 'b.onnx'])))).toBe('b.onnx')
})

it('has each file once, and what tells positions where it is stored', () => {
  const tensors = [tensor('a.bin'), tensor('a.bin', 'position'), tensor('b.bin', 'position', 'mlp')]
  const { files, positions } = torchModel({ ...info([]), tensors })
  expect(files).toEqual(['a.bin'])
  expect(positions).toEqual(['position'])
})

it('is known of the models that numbers come from, of two with the same files as the first says', () => {
  const of = (fingerprint: string): Origin => ({
    ...{ model: 'm', fingerprint, input: null, edits: [], provider: 'none', place: '' }
  })
  const from = (own: string, less: string | null): KeptProvenance => ({
    ...{ version: '1', precision: 'float32', of: of(own), less: less === null ? null : of(less) },
    again: { view: 'health', params: {} }
  })
  const models = ['a', 'b', 'a', 'c'].map((fingerprint, i) => ({
    ...{ ...info([`${i}.bin`]), fingerprint }
  }))
  const files = (from: KeptProvenance | PanelsProvenance) =>
    Object.fromEntries([...knownModels(from, models)].map(([name, { files }]) => [name, files]))
  expect(files(from('a', null))).toEqual({ a: ['0.bin'] })
  expect(files(from('c', 'a'))).toEqual({ a: ['0.bin'], c: ['3.bin'] })
  const panel = (from: KeptProvenance | null) => ({ letter: '', title: '', caption: '', from })
  const panels = [panel(null), panel(from('b', null)), panel(from('d', 'c'))]
  expect(files({ version: '1', panels, again: { session: 's', figure: 'f' } })).toEqual({
    ...{ b: ['1.bin'], c: ['3.bin'] }
  })
})
