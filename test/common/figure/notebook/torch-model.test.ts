import { expect, it } from 'vitest'
import { torchModel, unreadFile } from '#common/figure/notebook/torch/torch-model.ts'

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
