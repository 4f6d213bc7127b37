import { closeSync, openSync } from 'node:fs'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { LamellaError } from '#common/model/errors.ts'
import { soundSafetensors } from '../../bad/safetensors.ts'
import { openCheckpoint } from '../../../src/main/checkpoint/checkpoint.ts'
import { readJsonFile } from '../../../src/main/files/json-file.ts'
import { findWeights } from '../../../src/main/checkpoint/find-weights.ts'
import { namedFile, openFolder } from '../../../src/main/files/folder.ts'
import { outcome, temporaryFolder } from './temporary.ts'

const weights = (name: string) =>
  soundSafetensors([{ name, dtype: 'U8', shape: [1], data: new Uint8Array(1) }])

/** A folder of these files, by their names from it on. */
async function folderOf(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const folder = join(await temporaryFolder(), 'model')
  await mkdir(folder)
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), content)
  }
  return folder
}

describe('a folder without weights of its own', () => {
  it('opens by the only model in its folders', async () => {
    const folder = await folderOf({
      'modules.json': '[]',
      '1_Pooling/config.json': '{}',
      '0_Transformer/model.safetensors': weights('a')
    })
    const { path, tensors } = await openCheckpoint(folder)
    expect(path).toBe(join(folder, '0_Transformer'))
    expect([...tensors.keys()]).toEqual(['a'])
  })

  it('does not open what a link in it leads to, and passes over what cannot be read', async () => {
    const elsewhere = await folderOf({ 'model.safetensors': weights('a') })
    const folder = await folderOf({ 'notes.txt': 'x', 'many/0': 'x' })
    await symlink(elsewhere, join(folder, 'inner'))
    expect(await outcome(openCheckpoint(folder))).toBe('not-found: model: holds no weights')
    for (let i = 1; i < 20_000; i++) closeSync(openSync(join(folder, 'many', `${i}`), 'w'))
    expect(await outcome(openCheckpoint(folder))).toBe('not-found: model: holds no weights')
  })

  it('is left early where its folders hold files without end', async () => {
    const folder = await folderOf({ 'a/1.txt': '', 'a/2.txt': '', 'b/3.txt': '', 'b/4.txt': '' })
    const found = (limit: number) =>
      openFolder(folder).then(opened => outcome(findWeights(opened, limit)))
    expect(await found(3)).toBe(
      'unsupported: model: holds in its folders more than 3 files and none has a standard name'
    )
    expect(await found(4)).toBe('not-found: model: holds no weights')
  })

  it('does not list what a link called onnx leads to', async () => {
    const folder = await folderOf({ 'config.json': '{}' })
    const elsewhere = await folderOf({ 'secret_a.onnx': 'x', 'secret_b.onnx': 'y' })
    await symlink(elsewhere, join(folder, 'onnx'))
    expect(await outcome(openCheckpoint(folder))).toBe('not-found: model: holds no weights')
  })

  it('of several checkpoints names them, the last one first', async () => {
    const files = [9, 500, 1000].map(
      step => [`checkpoint-${step}/model.safetensors`, weights('a')] as const
    )
    const folder = await folderOf(Object.fromEntries(files))
    await expect(openCheckpoint(folder)).rejects.toMatchObject({
      code: 'not-found',
      message:
        'model: holds no weights itself, and 3 models in its folders: "checkpoint-1000", "checkpoint-500", "checkpoint-9"',
      hint: 'Open one of them, such as "checkpoint-1000".',
      choices: [1000, 500, 9].map(step => join(folder, `checkpoint-${step}`))
    })
  })

  it('of very many names some, and offers twenty', async () => {
    const names = Array.from({ length: 25 }, (_, i) => `step-${i}\u202e\n`)
    const folder = await folderOf(
      Object.fromEntries(names.map(name => [`${name}/model.safetensors`, weights('a')]))
    )
    await expect(openCheckpoint(folder)).rejects.toMatchObject({
      message: expect.stringMatching(
        /25 models in its folders: "step-24\\u\{202e\}\\u\{a\}", ("step-\d+[^"]*", ){4}…$/
      ) as string,
      hint: 'Open one of them, such as "step-24\\u{202e}\\u{a}".',
      choices: names
        .toReversed()
        .slice(0, 20)
        .map(name => join(folder, name))
    })
  })

  it('says that it has more folders than are looked through', async () => {
    const folder = await folderOf({})
    for (let i = 1; i <= 201; i++) await mkdir(join(folder, `${i}`))
    await writeFile(join(folder, '1/model.safetensors'), weights('a'))
    expect(await outcome(openCheckpoint(folder))).toBe(
      'not-found: model: holds no weights itself, nor do the last 200 of its 201 folders; the others were not looked through'
    )
    for (const i of [2, 201]) await writeFile(join(folder, `${i}/model.safetensors`), weights('a'))
    expect(await outcome(openCheckpoint(folder))).toBe(
      'not-found: model: holds no weights itself, and 2 models in the last 200 of its 201 folders: "201", "2"'
    )
  })

  it('of the Hugging Face cache opens by its snapshot, whose files lie among the blobs', async () => {
    const cached = join(await temporaryFolder(), 'models--org--tiny')
    await mkdir(join(cached, 'snapshots/abc'), { recursive: true })
    await mkdir(join(cached, 'blobs'))
    await writeFile(join(cached, 'blobs/aa'), weights('a'))
    await symlink('../../blobs/aa', join(cached, 'snapshots/abc/model.safetensors'))
    const { path } = await openCheckpoint(cached)
    expect(path).toBe(join(cached, 'snapshots/abc'))
  })

  it('with a graph for the browser opens by it, and of several variants names them', async () => {
    const one = await folderOf({ 'onnx/model_quantized.onnx': 'no graph', 'config.json': '{}' })
    expect(await outcome(openCheckpoint(one))).toMatch(/^file-invalid: model_quantized.onnx: /)
    const several = await folderOf({
      'onnx/model_fp16.onnx': 'a graph of some size',
      'onnx/model_q4.onnx': '4'
    })
    await expect(openCheckpoint(several)).rejects.toMatchObject({
      code: 'file-invalid',
      message:
        'model: holds several files of weights and none has a standard name: "onnx/model_fp16.onnx", "onnx/model_q4.onnx"',
      choices: ['fp16', 'q4'].map(variant => join(several, `onnx/model_${variant}.onnx`))
    })
  })

  it.each([
    ['llama-q4_0.gguf', 'GGUF', /Open the model that it was made of/],
    ['tf_model.h5', 'TensorFlow or Keras (HDF5)', /from_tf=True/],
    ['flax_model.msgpack', 'Flax (msgpack)', /from_flax=True/],
    ['bert_model.ckpt.index', 'a TensorFlow checkpoint', /from_tf=True/],
    ['bert_model.ckpt.data-00000-of-00001', 'a TensorFlow checkpoint', /from_tf=True/],
    ['saved_model.pb', 'a TensorFlow graph', /exported from/],
    ['pytorch_model_fsdp_0/__0_0.distcp', 'a distributed checkpoint of PyTorch', /dcp_to_torch/],
    ['params.npz', 'NumPy arrays', /save_file/],
    ['model.tflite', 'a model compiled for another program', /made of/],
    ['model.tar.gz', 'an archive', /Unpack it/],
    ['openvino_model.bin', 'OpenVINO', /exported from/],
    ['rust_model.ot', 'weights of Rust (tch)', /made of/],
    ['state/manifest.ocdbt', 'a checkpoint of JAX (Orbax)', /Orbax/],
    [
      'global_step10/zero_pp_rank_0_mp_rank_00_optim_states.pt',
      'shards of DeepSpeed (ZeRO)',
      /zero_to_fp32\.py/
    ],
    ['model.safetensors.incomplete', 'a download that has not ended', /Let it end/],
    ['training_args.bin', 'what training keeps beside weights', /checkpoint-N/]
  ])('that holds %s names the form and the next step', async (file, form, hint) => {
    const folder = await folderOf({ [file]: 'x', 'config.json': '{}' })
    await expect(openCheckpoint(folder)).rejects.toMatchObject({
      code: 'unsupported',
      message: `model: holds only ${form}, which is not read: "${file.split('/').at(-1)}"`,
      hint: expect.stringMatching(hint) as string
    })
  })

  it('that holds a folder of another program names that', async () => {
    const folder = await folderOf({ 'small.mlpackage/Manifest.json': '{}' })
    expect(await outcome(openCheckpoint(folder))).toBe(
      'unsupported: model: holds only Core ML, which is not read: "small.mlpackage"'
    )
  })

  it('of DeepSpeed is opened by its model, not by the larger states of its optimizer', async () => {
    const folder = await folderOf({
      'bf16_zero_pp_rank_0_mp_rank_00_optim_states.pt': 'x'.repeat(10_000),
      'mp_rank_00_model_states.pt': 'x'
    })
    expect(await outcome(openCheckpoint(folder))).toMatch(/: mp_rank_00_model_states\.pt: /)
  })

  it('that holds the Hugging Face cache names the snapshots of its models', async () => {
    const cache = await temporaryFolder()
    for (const snapshot of ['models--a--b/snapshots/1', 'models--c--d/snapshots/2']) {
      await mkdir(join(cache, snapshot), { recursive: true })
      await mkdir(join(cache, snapshot, '../../blobs'))
      await writeFile(join(cache, snapshot, 'model.safetensors'), weights('a'))
    }
    expect(await outcome(openCheckpoint(cache))).toMatch(
      /2 models in its folders: "models--c--d\/snapshots\/2", "models--a--b\/snapshots\/1"$/
    )
  })

  it('that holds a web page in place of weights says so', async () => {
    const folder = await folderOf({ 'model.safetensors': '<!DOCTYPE html>\n<html>404</html>' })
    await expect(openCheckpoint(folder)).rejects.toMatchObject({
      code: 'file-invalid',
      message: 'model.safetensors: is a web page, which was saved in place of the file',
      hint: 'Download the file itself, then open it again.'
    })
  })

  it('is told apart from one that holds nothing at all', async () => {
    expect(await outcome(openCheckpoint(await folderOf({ 'a/b.txt': 'x' })))).toBe(
      'not-found: model: holds no weights'
    )
  })

  it('a file of such a form is refused by it, too', async () => {
    const file = join(await folderOf({ 'm.gguf': 'x' }), 'm.gguf')
    expect(await outcome(openCheckpoint(file))).toBe(
      'unsupported: m.gguf: is GGUF, which is not read'
    )
  })
})

describe('several files of weights', () => {
  it.each([
    ['indices', { 'a.safetensors.index.json': '{}', 'b.safetensors.index.json': '{}' }],
    ['empty files', { 'a.bin': '', 'b.bin': '' }]
  ])('of which none is larger are not chosen among: two %s', async (_, files) => {
    expect(await outcome(openCheckpoint(await folderOf(files)))).toMatch(
      /^file-invalid: model: holds several files of weights and none has a standard name: "a\./
    )
  })
})

describe('one file of weights', () => {
  it.each([
    [3, false],
    [4, true]
  ])('that is %i times as large as the next is the model: %s', async (times, isModel) => {
    const other = new Uint8Array(100)
    const folder = await folderOf({ 'a.bin': other, 'b.bin': new Uint8Array(100 * times) })
    const found = findWeights(await openFolder(folder))
    if (isModel) expect((await found).place.label).toBe('b.bin')
    else expect(await outcome(found)).toMatch(/holds several files of weights/)
  })

  it('of very many that could be meant is among the choices, the first 20', async () => {
    const names = Array.from({ length: 22 }, (_, i) => `${10 + i}.bin`)
    const folder = await folderOf(Object.fromEntries(names.map(name => [name, 'x'])))
    const error = await findWeights(await openFolder(folder)).catch((thrown: unknown) => thrown)
    expect((error as LamellaError).choices).toHaveLength(20)
  })
})

describe('shards without an index', () => {
  const shards = {
    'model-00001-of-00002.safetensors': weights('a'),
    'model-00002-of-00002.safetensors': weights('b')
  }

  it('are read as one', async () => {
    const { tensors, files } = await openCheckpoint(await folderOf(shards))
    expect([...tensors.keys()]).toEqual(['a', 'b'])
    expect(files).toHaveLength(2)
  })

  it('of which one is missing are refused by its name', async () => {
    const last = 'model-00002-of-00002.safetensors'
    const opening = openCheckpoint(await folderOf({ [last]: shards[last] }))
    await expect(opening).rejects.toMatchObject({
      code: 'not-found',
      message:
        'model-00002-of-00002.safetensors: the shard "model-00001-of-00002.safetensors" is missing',
      hint: 'Put it beside model-00002-of-00002.safetensors: the download may not be whole.'
    })
  })

  it('that count too many are refused', async () => {
    const folder = await folderOf({ 'model-00001-of-99999.safetensors': weights('a') })
    expect(await outcome(openCheckpoint(folder))).toBe(
      'file-invalid: model-00001-of-99999.safetensors: counts more than 10000 files'
    )
  })

  it('of two models are not mixed', async () => {
    const folder = await folderOf({
      ...shards,
      'other-00001-of-00002.safetensors': weights('c')
    })
    expect(await outcome(openCheckpoint(folder))).toMatch(/holds several files of weights/)
  })
})

describe('a file that did not come along', () => {
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 9\n`

  it.each(['model.safetensors', 'pytorch_model.bin', 'model.onnx', 'model.safetensors.index.json'])(
    'such as %s is named as the pointer of Git LFS that it is',
    async name => {
      await expect(openCheckpoint(await folderOf({ [name]: pointer }))).rejects.toMatchObject({
        code: 'file-invalid',
        message: `${name}: is not downloaded yet: what is there is the pointer that Git LFS keeps in its place`,
        hint: 'Run "git lfs pull" in its folder, then open it again.'
      })
    }
  )

  it('such as a tokenizer is, too', async () => {
    const folder = await folderOf({ 'tokenizer.json': pointer })
    const place = await namedFile(join(folder, 'tokenizer.json'))
    expect(await outcome(readJsonFile(place, 1e6))).toMatch(
      /^file-invalid: .* is not downloaded yet/
    )
  })

  it('a link of a cache that was copied as a text is told', async () => {
    const folder = await folderOf({ 'model.safetensors': '../../blobs/1a2b' })
    expect(await outcome(openCheckpoint(folder))).toBe(
      'file-invalid: model.safetensors: is a link that was copied as a text: it says ../../blobs/1a2b'
    )
  })

  it.each([
    ['../../blobs/1a2b\n', true],
    ['../../blobs/gone', false],
    // Of another model, which was not opened.
    ['../../../blobs/1a2b', false]
  ])('in the cache itself, where it says %j, it is followed: %s', async (link, isFollowed) => {
    const folder = await folderOf({
      'blobs/1a2b': weights('other'),
      'models--org--tiny/blobs/1a2b': weights('a'),
      'models--org--tiny/snapshots/abc/model.safetensors': link
    })
    const found = await openCheckpoint(join(folder, 'models--org--tiny')).catch(String)
    if (typeof found === 'string') expect(found).toContain('a link that was copied as a text')
    else expect([...found.tensors.keys()]).toEqual(['a'])
    expect(typeof found !== 'string').toBe(isFollowed)
  })
})
