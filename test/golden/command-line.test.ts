import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { memoryTransport } from '#common/contract/memory-transport.ts'
import { connectApi, serveApi } from '#common/contract/rpc.ts'
import type { ModelInfo } from '#common/contract/schemas.ts'
import { runCommand } from '../../src/main/shell/cli/run.ts'
import type { Workbench } from '../../src/main/workbench/workbench.ts'
import { expectClose, readGolden } from './compare.ts'
import { families } from './families.ts'
import { projectRoot, shakespeare, startWorkbench } from './workbench.ts'

const golden = join(projectRoot, 'test/golden')
const out = join(mkdtempSync(join(tmpdir(), 'lamella-trace-')), 'trace.safetensors')

let workbench: Workbench
beforeAll(async () => {
  workbench = await startWorkbench()
})
afterAll(() => workbench.close())

/** What a command prints. @throws Error with what it says of its failure */
async function lamella(...words: string[]): Promise<string> {
  let printed = ''
  let complaint = ''
  const status = await runCommand(
    {
      version: '0.0.0',
      print: text => (printed += text),
      printError: text => (complaint += text),
      async withClient(use) {
        const { client, server, close } = memoryTransport()
        serveApi(workbench, server)
        await use(connectApi(client)).finally(close)
      },
      serve: () => Promise.resolve()
    },
    words
  )
  if (status !== 0) throw new Error(complaint)
  return printed
}

describe('info', () => {
  it.each(families)('tells what %s is', async name => {
    const info = JSON.parse(await lamella('info', join(golden, name), '--json')) as ModelInfo &
      NonNullable<ModelInfo['config']>
    expect(info.notRunnable).toBeNull()
    expect(info.nLayers).toBeGreaterThan(1)
    expect(info.nHeads % info.nKeyValueHeads).toBe(0)
    expect(info.parameters).toBeGreaterThan(10_000)
    expect(info.tensors.length).toBeGreaterThan(10)
    for (const width of [info.dModel, info.dHead, info.dMlp, info.dVocab, info.nCtx])
      expect(width).toBeGreaterThan(0)
  })
})

describe('trace', () => {
  it.each([
    ['gpt2', join(golden, 'gpt2')],
    ['shakespeare-char', shakespeare]
  ])('writes what PyTorch computes of %s', async (name, folder) => {
    const expected = await readGolden(join(golden, name, 'golden.safetensors'))
    const ids = [...(await expected.read('input_ids'))]
    const hooks = 'blocks.*.attn.hook_pattern,blocks.*.hook_resid_pre,logits'
    const words = ['--tokens', ids.join(','), '--hooks', hooks, '--provider', 'cpu', '--out', out]
    await lamella('trace', folder, ...words)
    const written = await readGolden(out)
    expect([...(await written.read('tokens'))]).toEqual(ids)
    const nLayers = expected.names.filter(tensor => tensor.startsWith('pattern')).length
    expect(written.names).toHaveLength(2 + 2 * nLayers)
    for (let l = 0; l < nLayers; l++)
      for (const [hook, tensor] of [
        [`blocks.${l}.attn.hook_pattern`, `pattern.${l}`],
        [`blocks.${l}.hook_resid_pre`, `hidden.${l}`]
      ] as const) {
        expect(written.shape(hook)).toEqual(expected.shape(tensor))
        expectClose(await written.read(hook), await expected.read(tensor), 1e-4, hook)
      }
    expectClose(await written.read('logits'), await expected.read('logits'), 1e-3, 'logits')
  })

  it('runs a text as its characters', async () => {
    const text = 'First Citizen:\nBefore we proceed any further, hear me speak.\n'
    const expected = await readGolden(join(golden, 'shakespeare-char', 'golden.safetensors'))
    await lamella('trace', shakespeare, '--text', text, '--hooks', 'logits', '--out', out)
    const written = await readGolden(out)
    expect(await written.read('tokens')).toEqual(await expected.read('input_ids'))
  })
})
