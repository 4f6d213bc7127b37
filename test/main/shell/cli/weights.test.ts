import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openCheckpoint } from '../../../../src/main/checkpoint/checkpoint.ts'
import { readFloat32 } from '../../../../src/main/checkpoint/read.ts'
import type { Workbench } from '../../../../src/main/workbench/workbench.ts'
import { commandLine, type CommandLine } from '../../../command-line.ts'
import { hebrew, shakespeare, startWorkbench } from '../../../golden/workbench.ts'

let workbench: Workbench
let commands: CommandLine
beforeAll(async () => {
  workbench = await startWorkbench()
  commands = commandLine(workbench)
})
afterAll(async () => {
  await workbench.close()
  commands.close()
})

const folder = mkdtempSync(join(tmpdir(), 'lamella-slices-'))
const out = join(folder, 'slice.safetensors')

const lamella = (...words: string[]) => commands.run('weights', ...words)

describe('weights', () => {
  it.each([
    ['the sample', shakespeare, 'transformer.h.1.attn.c_attn.weight'],
    ['a PyTorch file', hebrew, 'position_embedding.weight']
  ])('writes a range of a tensor of %s, with what it is of', async (_, model, tensor) => {
    const found = await lamella(model, '--tensor', tensor, '--range', '3:7, 100:128', '--out', out)
    expect(found).toEqual({ status: 0, out: `${out}: ${tensor} [4, 28] of F32\n`, error: '' })
    const { tensors, metadata } = await openCheckpoint(out)
    expect([...tensors.keys()]).toEqual([tensor])
    expect(metadata.get('tensor')).toBe(tensor)
    expect(metadata.get('range')).toBe('[[3,7],[100,128]]')
    const whole = (await openCheckpoint(model)).tensors.get(tensor)!
    const [all, width] = [await readFloat32(whole), whole.shape[1]!]
    const expected = [3, 4, 5, 6].flatMap(row => [
      ...all.subarray(row * width + 100, row * width + 128)
    ])
    expect([...(await readFloat32(tensors.get(tensor)!))]).toEqual(expected)
  })

  it('writes a whole tensor where no range is given', async () => {
    const tensor = 'transformer.ln_f.bias'
    expect((await lamella(shakespeare, '--tensor', tensor, '--out', out)).status).toBe(0)
    const [own, whole] = [await openCheckpoint(out), await openCheckpoint(shakespeare)]
    expect(await readFloat32(own.tensors.get(tensor)!)).toEqual(
      await readFloat32(whole.tensors.get(tensor)!)
    )
  })

  const name = 'transformer.ln_f.bias'
  it.each([
    [['--tensor', 'no', '--out', out], 'no: the model has no tensor of that name'],
    [['--tensor', name, '--range', '0:129', '--out', out], `${name}: 0:129 is outside [128]`],
    [['--tensor', name, '--range', '0:1,0:1', '--out', out], `${name}: 0:1, 0:1 is outside [128]`],
    [['--tensor', name, '--range', '5:1', '--out', out], 'Expected a range of each axis'],
    [['--tensor', name, '--range', '1-5', '--out', out], 'Expected a range of each axis'],
    [
      ['--tensor', name, '--out', join(folder, 'x.csv')],
      'expected a name that ends in .safetensors'
    ],
    [['--tensor', name], "required option '--out <file>' not specified"]
  ])('refuses %j', async (words, message) => {
    const { status, error } = await lamella(shakespeare, ...words)
    expect(status).not.toBe(0)
    expect(error).toContain(message)
  })
})
