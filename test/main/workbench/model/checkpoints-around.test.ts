import { linkSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkpointsAround } from '../../../../src/main/workbench/model/checkpoints-around.ts'

const { signal } = new AbortController()

/** Empty files and, of names that end with a slash, folders that hold a model. */
function folderOf(...names: string[]): string {
  // Within one of its own: what lies beside it is none of its checkpoints.
  const folder = join(mkdtempSync(join(tmpdir(), 'lamella-steps-')), 'training')
  mkdirSync(folder)
  for (const name of names) {
    if (!name.endsWith('/')) {
      writeFileSync(join(folder, name), '')
      continue
    }
    mkdirSync(join(folder, name))
    writeFileSync(join(folder, name, 'config.json'), '{}')
  }
  return folder
}

async function stepsOf(path: string): Promise<(string | number)[][]> {
  const { checkpoints } = await checkpointsAround(path, signal)
  return checkpoints.map(({ name, step }) => [name, step])
}

describe('checkpointsAround', () => {
  it('lists the folders of a training in the order of their steps, from it or from one of them', async () => {
    const folder = folderOf('checkpoint-1000/', 'checkpoint-200/', 'checkpoint-30/', 'config.json')
    const expected = [
      ['checkpoint-30', 30],
      ['checkpoint-200', 200],
      ['checkpoint-1000', 1000]
    ]
    expect(await stepsOf(folder)).toEqual(expected)
    expect(await stepsOf(join(folder, 'checkpoint-200'))).toEqual(expected)
  })

  it.each([
    ['files by step', ['step_5.pt', 'step_10.pt', 'optimizer.pt'], [5, 10]],
    ['epochs and steps', ['epoch=1-step=50.ckpt', 'epoch=0-step=25.ckpt'], [25, 50]],
    ['tokens after the step', ['step1000-tokens4B/', 'step500-tokens2B/'], [500, 1000]],
    ['numbers alone', ['0/', '143000/', '512/'], [0, 512, 143000]]
  ])('reads the step of %s', async (_, names, steps) => {
    expect((await stepsOf(folderOf(...names))).map(([, step]) => step)).toEqual(steps)
  })

  it('says which models are no checkpoints, and keeps one that holds nothing', async () => {
    const folder = folderOf('checkpoint-1/', 'checkpoint-2/', 'best-2/', 'final/')
    mkdirSync(join(folder, 'checkpoint-3'))
    mkdirSync(join(folder, 'runs'))
    const { checkpoints, left } = await checkpointsAround(folder, signal)
    expect(checkpoints.map(({ step }) => step)).toEqual([1, 2, 3])
    expect(left).toEqual([
      '"best-2": is not named as "checkpoint-1" is',
      '"final": has no step in its name'
    ])
  })

  it('passes over what is hidden', async () => {
    const folder = folderOf('checkpoint-1/', '.checkpoint-2/', '.step_3.pt')
    expect(await stepsOf(folder)).toEqual([['checkpoint-1', 1]])
  })

  it('reads up to 2,000 checkpoints, and 20,000 files', async () => {
    const steps = Array.from({ length: 2000 }, (_, step) => `step_${step}.pt`)
    const folder = folderOf(...steps)
    expect(await stepsOf(folder)).toHaveLength(2000)
    writeFileSync(join(folder, 'step_2000.pt'), '')
    await expect(stepsOf(folder)).rejects.toMatchObject({
      code: 'unsupported',
      message: 'training: holds 2001 checkpoints, and at most 2000 are read',
      hint: 'Move those that matter to a folder of their own.'
    })
    for (let i = 2001; i < 20_000; i++) linkSync(join(folder, 'step_0.pt'), join(folder, `f${i}`))
    await expect(stepsOf(folder)).rejects.toThrow('holds 2001 checkpoints')
    writeFileSync(join(folder, 'one-more'), '')
    await expect(stepsOf(folder)).rejects.toThrow('training: holds more than 20000 files')
  })

  it('takes no shard and nothing that training leaves beside weights for a checkpoint', async () => {
    const folder = folderOf('model-00001-of-00002.safetensors', 'rng_state_0.pth', 'notes-3.txt')
    await expect(checkpointsAround(folder, signal)).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(/holds no checkpoints, and is none of several$/) as string
    })
    await expect(checkpointsAround(join(folder, 'gone'), signal)).rejects.toMatchObject({
      code: 'not-found'
    })
  })
})
