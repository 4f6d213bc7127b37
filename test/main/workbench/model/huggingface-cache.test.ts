import {
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  cachedModels,
  cachedName,
  cacheFolder
} from '../../../../src/main/workbench/model/huggingface-cache.ts'
import { soundSafetensors } from '../../../bad/safetensors.ts'
import { startWorkbench, uncancelled } from '../../../golden/workbench.ts'
import { processorTime } from '../../../time-taken.ts'

/** A cache with these files by path in it, and links to blobs where a path is given. */
function cacheOf(files: Readonly<Record<string, string | Uint8Array | { blob: string }>>): string {
  const cache = mkdtempSync(join(tmpdir(), 'lamella-cache-'))
  onTestFinished(() => rmSync(cache, { recursive: true }))
  for (const [name, content] of Object.entries(files)) {
    const path = join(cache, name)
    mkdirSync(dirname(path), { recursive: true })
    if (typeof content === 'string' || content instanceof Uint8Array) writeFileSync(path, content)
    else symlinkSync(`../../blobs/${content.blob}`, path)
  }
  return cache
}

const gpt2 = 'models--openai-community--gpt2'
const weights = soundSafetensors([{ name: 'a', dtype: 'U8', shape: [9], data: new Uint8Array(9) }])

describe('the Hugging Face cache', () => {
  it.each([
    [{}, '/home/ada/.cache/huggingface/hub'],
    [{ XDG_CACHE_HOME: '/x' }, '/x/huggingface/hub'],
    [{ HF_HOME: '/hf', XDG_CACHE_HOME: '/x' }, '/hf/hub'],
    [{ HF_HUB_CACHE: '/hub', HF_HOME: '/hf' }, '/hub'],
    [{ HF_HUB_CACHE: '', HF_HOME: '' }, '/home/ada/.cache/huggingface/hub']
  ])('with %j lies at %s', (environment, folder) => {
    expect(cacheFolder(environment, '/home/ada')).toBe(folder)
  })

  it('lists models of the revision that main is, with the bytes of their files', async () => {
    const cache = cacheOf({
      [`${gpt2}/blobs/1a`]: weights,
      [`${gpt2}/blobs/2b`]: '{}',
      [`${gpt2}/refs/main`]: 'abc\n',
      [`${gpt2}/snapshots/abc/model.safetensors`]: { blob: '1a' },
      [`${gpt2}/snapshots/abc/config.json`]: { blob: '2b' },
      [`${gpt2}/snapshots/abc/onnx/model.onnx`]: 'x',
      [`${gpt2}/snapshots/zzz/config.json`]: '{}',
      'models--bert/snapshots/1/pytorch_model.bin': 'four',
      'datasets--who--what/snapshots/1/config.json': '{}',
      'models--no--weights/snapshots/1/README.md': 'x',
      'models--no--snapshot/refs/main': 'abc',
      'models--a--file': 'x',
      'version.txt': '1'
    })
    expect(await cachedModels(cache)).toEqual([
      { name: 'bert', path: join(cache, 'models--bert/snapshots/1'), bytes: 4 },
      {
        name: 'openai-community/gpt2',
        path: join(cache, gpt2, 'snapshots/abc'),
        bytes: weights.length + 2 + 1
      }
    ])
  })

  it.each([
    ['no refs/main', null],
    ['one that is not there', 'gone'],
    ['one that leads outside', '../../../elsewhere']
  ])('takes the newest revision where there is %s', async (_, main) => {
    const cache = cacheOf({
      [`${gpt2}/snapshots/a/config.json`]: '{}',
      [`${gpt2}/snapshots/b/config.json`]: '{}',
      [`${gpt2}/snapshots/c/config.json`]: '{}',
      ...(main !== null && { [`${gpt2}/refs/main`]: main })
    })
    for (const [revision, time] of [
      ['a', 100],
      ['b', 300],
      ['c', 200]
    ] as const)
      utimesSync(join(cache, gpt2, 'snapshots', revision), time, time)
    const [model] = await cachedModels(cache)
    expect(model!.path).toBe(join(cache, gpt2, 'snapshots/b'))
  })

  it('is empty where there is none, and stops when it is told to', async () => {
    expect(await cachedModels('/nowhere/at/all')).toEqual([])
    const cache = cacheOf({ [`${gpt2}/snapshots/a/config.json`]: '{}' })
    await expect(cachedModels(cache, AbortSignal.abort())).rejects.toThrow()
  })

  it('is listed in time however large it is', async () => {
    const cache = cacheOf({})
    for (let i = 0; i < 2000; i++) {
      const snapshot = join(cache, `models--many--m${i}`, 'snapshots', 'a')
      mkdirSync(snapshot, { recursive: true })
      writeFileSync(join(snapshot, 'model.safetensors'), '')
      truncateSync(join(snapshot, 'model.safetensors'), 2 ** 33)
    }
    let models: Awaited<ReturnType<typeof cachedModels>> = []
    const taken = await processorTime(async () => (models = await cachedModels(cache)))
    expect(taken).toBeLessThan(2500)
    expect(models.length).toBeLessThanOrEqual(500)
    expect(models[0]!.bytes).toBe(2 ** 33)
  })

  it('names what is opened from it', () => {
    expect(cachedName(`/c/hub/${gpt2}/snapshots/abc`)).toBe('openai-community/gpt2')
    expect(cachedName(`/c/hub/${gpt2}/blobs/1a`)).toBe('openai-community/gpt2')
    expect(cachedName('C:\\hub\\models--bert\\snapshots\\abc\\x.bin')).toBe('bert')
    expect(cachedName('/models/gpt2')).toBeNull()
  })

  it('is what the workbench lists, and its models open under their names', async () => {
    const cache = cacheOf({
      [`${gpt2}/blobs/1a`]: weights,
      [`${gpt2}/snapshots/abc/model.safetensors`]: { blob: '1a' }
    })
    const before = process.env['HF_HUB_CACHE']
    process.env['HF_HUB_CACHE'] = cache
    const workbench = await startWorkbench()
    try {
      const [model] = await workbench.handlers['models.cached']({}, uncancelled())
      expect(model).toMatchObject({ name: 'openai-community/gpt2', bytes: weights.length })
      for (const path of [model!.path, join(model!.path, 'model.safetensors')])
        expect(await workbench.handlers['models.open']({ path }, uncancelled())).toMatchObject({
          name: 'openai-community/gpt2',
          parametersStored: 9
        })
    } finally {
      await workbench.close()
      if (before === undefined) delete process.env['HF_HUB_CACHE']
      else process.env['HF_HUB_CACHE'] = before
    }
  })
})
