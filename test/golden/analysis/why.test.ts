import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { variable, type Dataset } from '#common/data/dataset.ts'
import type { Workbench } from '../../../src/main/workbench/workbench.ts'
import { analysed, projectRoot, startWorkbench } from '../workbench.ts'
import { editedRuns, type EditedRuns } from './edited-runs.ts'

const ids = [5, 17, 3, 9, 11, 2]

let workbench: Workbench
beforeAll(async () => {
  workbench = await startWorkbench()
})
afterAll(() => workbench.close())

const found = (result: Dataset, name: string) => [...variable(result, name).data]
const sum = (values: readonly number[]) => values.reduce((all, one) => all + one, 0)
const ask = (runs: EditedRuns, params: Record<string, string | number>) =>
  analysed(workbench, runs.model, 'why', params, { ids })

/** GPT-2's golden with what one head writes times a factor. */
function planted(layer: number, head: number, times: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'lamella-planted-'))
  cpSync(join(projectRoot, 'test/golden/gpt2'), folder, { recursive: true })
  const file = join(folder, 'model.safetensors')
  const bytes = readFileSync(file)
  const size = Number(bytes.readBigUInt64LE(0))
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + size)) as Record<
    string,
    { shape: [number, number]; data_offsets: [number, number] }
  >
  const name = Object.keys(header).find(name => name.endsWith(`h.${layer}.attn.c_proj.weight`))!
  const { shape, data_offsets: offsets } = header[name]!
  const width = shape[0] / 4
  for (let i = head * width * shape[1]; i < (head + 1) * width * shape[1]; i++) {
    const at = 8 + size + offsets[0] + 4 * i
    bytes.writeFloatLE(bytes.readFloatLE(at) * times, at)
  }
  writeFileSync(file, bytes)
  return folder
}

describe('why', () => {
  it.each(['gpt2', 'gpt_neox', 'llama', 'gemma2'])(
    'sums to the difference in %s, and names nothing in random weights',
    async name => {
      const runs = await editedRuns(workbench, name)
      const result = await ask(runs, { at: '5:7-20' })
      const parts = ['embed', 'pos_embed', 'head', 'attn_bias', 'mlp', 'ln_bias', 'unembed_bias']
      const difference = found(result, 'difference')[0]!
      expect(sum(parts.map(part => sum(found(result, part))))).toBeCloseTo(difference, 4)
      if (name !== 'gemma2') {
        const logits = await runs.logits(ids)
        const width = logits.length / ids.length
        expect(difference).toBeCloseTo(logits[5 * width + 7]! - logits[5 * width + 20]!, 4)
      }
      expect(sum(found(result, 'part.stands_out'))).toBe(0)
      expect(result.attributes['sentence']).toMatch(/No head and no MLP stands out/)
    }
  )

  it('names a planted head first, with what ablation and gradient say of it', async () => {
    const folder = planted(2, 1, 40)
    const runs = await editedRuns(workbench, folder)
    const result = await ask(runs, { at: '5:7-20', by: 'zero' })
    expect(result.axes['part']?.labels?.[0]).toBe('head 2.1')
    expect(found(result, 'part.stands_out')[0]).toBe(1)
    expect(result.attributes['sentence']).toMatch(/stand out head 2\.1 gives/)

    const target = { kind: 'difference', position: 5, token: 7, other: 20 } as const
    const hook = 'blocks.2.attn.hook_z'
    const difference = async (edits: Parameters<EditedRuns['start']>[1]) =>
      (await runs.gradient(await runs.start(ids, edits), target, [])).value
    const fall =
      (await difference([])) - (await difference([{ hook, at: { head: [1] }, scale: 0 }]))
    expect(found(result, 'part.ablation')[0]).toBeCloseTo(fall, 4)
    const { scales } = await runs.gradient(
      await runs.start(ids, [{ hook, at: { head: [1] } }]),
      target,
      []
    )
    expect(found(result, 'part.gradient')[0]).toBeCloseTo(scales[0]!, 3)
    // What it gives is what it gives by the tokens that it reads.
    const reads = found(result, 'part.reads').slice(0, ids.length)
    expect(sum(reads)).toBeCloseTo(found(result, 'part.direct')[0]!, 3)
    rmSync(folder, { recursive: true })
  })

  it.each([
    [{ at: '5:7' }, 'at'],
    [{ at: '6:7-8' }, 'position 6 is outside 0…5'],
    [{ at: '5:7-999' }, 'token 999 is outside']
  ])('%o is refused', async (params, message) => {
    await expect(ask(await editedRuns(workbench, 'gpt2'), params)).rejects.toThrow(message)
  })
})
