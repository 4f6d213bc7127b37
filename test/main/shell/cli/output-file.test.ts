import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { outputFile } from '../../../../src/main/shell/cli/output-file.ts'
import { outcome } from '../../checkpoint/temporary.ts'

let root: string
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'lamella-output-'))
})
afterEach(() => rmSync(root, { recursive: true }))

function folderWith(...names: string[]): string {
  const folder = join(root, names.join('+'))
  mkdirSync(join(folder, 'onnx'), { recursive: true })
  for (const name of names) writeFileSync(join(folder, name), '')
  return folder
}

const result = async (path: string, ...models: string[]) =>
  (await outcome(outputFile(path, models, []).then(file => file.path))) as string
const refusal = (path: string) =>
  `invalid-argument: ${path}: the model in that folder would be read by a file of this name, too`

it.each([
  'config.json',
  'lamella.json',
  'Lamella.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'special_tokens_map.json',
  'added_tokens.json',
  'vocab.json',
  'stoi.json',
  'itos.json',
  'meta.json',
  'model.safetensors.index.json',
  'pytorch_model.bin.index.json',
  'other.safetensors.index.json',
  'model.safetensors'
])('nothing is written as %s where any model lies', async name => {
  const folders = ['pytorch_model.bin', 'lamella.json', 'config.json', 'model.onnx', 'onnx/graph']
    .filter(mark => mark !== name)
    .map(mark => (mark === 'onnx/graph' ? onnxBelow() : folderWith(mark)))
  for (const folder of folders) {
    const path = join(folder, name)
    expect(await result(path)).toBe(refusal(path))
    expect(readdirSync(folder)).not.toContain(name)
  }
})

/** A folder whose graph lies in one below. */
function onnxBelow(): string {
  const folder = folderWith('other')
  writeFileSync(join(folder, 'onnx', 'model.onnx'), '')
  return folder
}

it('a model that no name tells is the one of the command, by its folder, its file or a link', async () => {
  const folder = folderWith('gpt.pt')
  const path = join(folder, 'vocab.json')
  expect(await result(path)).toBe(path)
  expect(await result(path, folder)).toBe(refusal(path))
  expect(await result(path, join(folder, 'gpt.pt'))).toBe(refusal(path))
  const link = join(root, 'link')
  symlinkSync(folder, link, 'junction')
  expect(await result(path, link)).toBe(refusal(path))
  expect(await result(join(link, 'vocab.json'), folder)).toBe(refusal(join(link, 'vocab.json')))
})

it('weights are written beside those of a standard name alone: others are told by their size', async () => {
  const [standard, other] = [folderWith('pytorch_model.bin'), folderWith('gpt.pt')]
  const written = join(standard, 'run.safetensors')
  expect(await result(written, standard)).toBe(written)
  const below = join(onnxBelow(), 'run.safetensors')
  expect(await result(below)).toBe(below)
  const refused = join(other, 'run.safetensors')
  expect(await result(refused, other)).toBe(refusal(refused))
})

it('all else is written beside a model, and any name where there is none', async () => {
  const model = folderWith('config.json', 'model.safetensors')
  for (const name of ['run.npz', 'scores.json', 'scores.csv', 'config.csv']) {
    const path = join(model, name)
    expect(await result(path, model)).toBe(path)
  }
  const path = join(folderWith('notes.txt'), 'config.json')
  expect(await result(path, model)).toBe(path)
})
