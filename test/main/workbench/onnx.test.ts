import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  writeFileSync
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { predictionsOf } from '#common/analysis/predictions.ts'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import type { Workbench } from '../../../src/main/workbench/workbench.ts'
import { deepGraph, externalTensor } from '../../bad/onnx.ts'
import { openedFiles } from '../../bad/opened-files.ts'
import { withConstantOf } from '../../golden/onnx-variants.ts'
import {
  analysed,
  cpuSource,
  projectRoot,
  startWorkbench,
  uncancelled
} from '../../golden/workbench.ts'
import { modelBytes, node, smallGraph, value } from '../architecture/onnx/graphs.ts'

const gpt2 = join(projectRoot, 'test/golden/onnx-gpt2')

const opened = openedFiles()
let workbench: Workbench
beforeAll(async () => {
  workbench = await startWorkbench(opened.environment)
})
afterAll(() => workbench.close())

async function open(path: string): Promise<ModelInfo> {
  return workbench.handlers['models.open']({ path }, uncancelled())
}

async function start(model: ModelInfo, ids: number[]): Promise<Run> {
  const params = { source: { ...cpuSource(model, { ids }), provider: 'auto' } } as const
  return workbench.handlers['runs.start'](params, uncancelled())
}

async function valueOf(run: Run, hook: string): Promise<Float32Array> {
  const params = { runId: run.id, hook, exact: true }
  return (await workbench.handlers['runs.value'](params, uncancelled())).data
}

function folderOf(file: Uint8Array | string, name = 'model.onnx'): string {
  const folder = mkdtempSync(join(tmpdir(), 'lamella-onnx-'))
  writeFileSync(join(folder, name), file)
  return folder
}

/** A small graph with made-up weights, in float32 or float16. */
function graphOf(
  half: boolean,
  change: Parameters<typeof smallGraph>[0] = {},
  model: Parameters<typeof modelBytes>[1] = {}
): Uint8Array {
  const graph = smallGraph(change)
  const initializer = graph.initializer!.map((tensor, at) => {
    const count = tensor.dims!.reduce((product, dim) => product * Number(dim), 1)
    // Sixteenths up to 2: exact in both.
    const values = Array.from({ length: count }, (_, i) => (((i * 7 + at * 5) % 33) - 16) / 16)
    const elements = half ? Float16Array.from(values) : Float32Array.from(values)
    return { ...tensor, dataType: half ? 10 : 1, rawData: new Uint8Array(elements.buffer) }
  })
  return modelBytes({ ...graph, initializer }, model)
}

describe('an ONNX model', () => {
  it('runs in half precision as in single, but for the rounding', async () => {
    const [single, half] = await Promise.all(
      [false, true].map(async isHalf => start(await open(folderOf(graphOf(isHalf))), [3, 1, 4]))
    )
    for (const hook of ['blocks.0.attn.hook_pattern', 'blocks.0.hook_resid_post', 'logits']) {
      const expected = await valueOf(single!, hook)
      const actual = await valueOf(half!, hook)
      const largest = Math.max(...expected.map(Math.abs))
      actual.forEach((element, i) =>
        expect(Math.abs(element - expected[i]!), `${hook}[${i}]`).toBeLessThan(0.02 * largest)
      )
    }
  })

  it('takes no other number of tokens than its graph does', async () => {
    const input = [value('input_ids', 7, 1, 4)]
    const model = await open(folderOf(graphOf(false, { input })))
    await expect(start(model, [1, 2, 3])).rejects.toThrow(
      'The text has 3 tokens; this ONNX graph takes exactly 4'
    )
    const run = await start(model, [1, 2, 3, 4])
    expect(await valueOf(run, 'logits')).toHaveLength(4 * 16)
    const ids = { ids: [1, 2, 3, 4] }
    const params = { position: 2, top: 1 }
    const [best] = predictionsOf(await analysed(workbench, model, 'predictions', params, ids))
    const row = (await valueOf(run, 'logits')).subarray(32, 48)
    expect(best!.token.id).toBe(row.indexOf(Math.max(...row)))
  })

  it('in a folder onnx has its config in the folder above', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lamella-onnx-'))
    cpSync(gpt2, join(folder, 'onnx'), { recursive: true })
    renameSync(join(folder, 'onnx/config.json'), join(folder, 'config.json'))
    for (const path of [folder, join(folder, 'onnx/model.onnx')])
      expect(await open(path)).toMatchObject({ config: { nCtx: 64, nHeads: 4 }, predicts: 'next' })
  })

  it('says what its runs do not give', async () => {
    expect((await open(gpt2)).limits).toEqual([
      'Queries, keys, values, head outputs and what the MLPs compute are not exposed by an ONNX graph.',
      'The graph runs as it was exported: none of its values can be edited, and no gradient can be taken.'
    ])
  })

  it('neither edits its runs nor differentiates them, and says so', async () => {
    const model = await open(gpt2)
    const edit = { hook: 'blocks.0.hook_resid_pre', at: {}, scale: 0, add: null }
    const source = cpuSource(model, { ids: [1, 2, 3] }, [edit])
    const edited = workbench.handlers['runs.start']({ source }, uncancelled())
    await expect(edited).rejects.toMatchObject({ code: 'unsupported' })
    const { id: runId } = await start(model, [1, 2, 3])
    const target = { kind: 'logit', position: 0, token: 1 } as const
    const asked = workbench.handlers['runs.gradient']({ runId, target, hooks: [] }, uncancelled())
    await expect(asked).rejects.toMatchObject({ code: 'unsupported' })
  })

  it('tells what a run takes before it starts', async () => {
    const { id } = await open(gpt2)
    const params = { modelId: id, tokens: 64, provider: 'auto' } as const
    const estimate = await workbench.handlers['runs.estimate'](params, uncancelled())
    expect(estimate.streamed).toBe(false)
    expect(estimate.memoryBytes).toBeGreaterThan(300_000)
  })
})

describe('hostile ONNX models', () => {
  const foreign = node('Evil', 'input_ids -> c', { domain: 'evil.library' })
  const recursive = { name: 'f', domain: 'own', node: [node('f', 'a -> b', { domain: 'own' })] }
  it.each([
    [
      'graphs nested 100,000 deep',
      deepGraph(100_000),
      'its graph is nested more than 100 messages deep'
    ],
    [
      'a recursive function',
      graphOf(false, {}, { functions: [recursive] }),
      'brings 1 functions of its own (such as "f"), which are not run'
    ],
    [
      'an operator of another library',
      graphOf(false, { node: [foreign, ...smallGraph().node!] }),
      'node "Evil c" of operator "Evil" is of the domain "evil.library"; custom operators are not run'
    ]
  ])('with %s open for their weights and do not run', async (_, file, reason) => {
    const model = await open(folderOf(file))
    expect(model.notRunnable).toBe(`model.onnx: ${reason}`)
    expect(model.hooks).toEqual([])
    await expect(start(model, [1])).rejects.toMatchObject({
      code: 'unsupported',
      message: `model.onnx: ${reason}`
    })
  })

  it('with operators of a library have no such library opened, wherever it lies', async () => {
    const folder = realpathSync(
      folderOf(graphOf(false, { node: [foreign, ...smallGraph().node!] }))
    )
    const names = ['evil.library', 'libevil.library.so', 'evil.library.dll', 'evil.library.dylib']
    for (const name of names) writeFileSync(join(folder, name), 'none')
    opened()
    const model = await open(folder)
    await expect(start(model, [1])).rejects.toMatchObject({ code: 'unsupported' })
    const seen = opened()
    expect(seen).toContain(join(folder, 'model.onnx'))
    for (const name of names) expect(seen).not.toContain(join(folder, name))
  })

  it('with constants in other files open for their weights and do not run', async () => {
    const constant = node('Constant', '-> c', {
      attribute: [{ name: 'value', type: 4, t: externalTensor({ location: '../secret' }) }]
    })
    const root = mkdtempSync(join(tmpdir(), 'lamella-onnx-'))
    const folder = join(root, 'model')
    mkdirSync(folder)
    writeFileSync(join(root, 'secret'), new Uint8Array(16))
    writeFileSync(
      join(folder, 'model.onnx'),
      graphOf(false, { node: [constant, ...smallGraph().node!] })
    )
    opened()
    const model = await open(folder)
    const message =
      'model.onnx: node "Constant c" of operator "Constant" keeps constants in another file, which is not opened'
    expect(model.notRunnable).toBe(message)
    await expect(start(model, [1])).rejects.toMatchObject({ code: 'unsupported', message })
    expect(opened()).not.toContain(realpathSync(join(root, 'secret')))
  })

  it('truncated inside a node are refused by name', async () => {
    const file = Uint8Array.from([0x3a, 0x03, 0x0a, 0x01, 0x0a])
    await expect(open(folderOf(file))).rejects.toThrow(
      'model.onnx: is truncated or damaged inside its graph'
    )
  })

  it('that are pickles are refused, and nothing in them runs', async () => {
    const planted = join(mkdtempSync(join(tmpdir(), 'lamella-evil-')), 'planted')
    const pickle = `\x80\x02cos\nsystem\nX${String.fromCharCode(planted.length + 6)}\0\0\0touch ${planted}\x85R.`
    await expect(open(folderOf(Buffer.from(pickle, 'latin1')))).rejects.toThrow(
      'model.onnx: is not an ONNX model, or is damaged'
    )
    expect(() => readFileSync(planted)).toThrow('ENOENT')
  })

  it('that ask for 1 TB fail by name; the next run is well', async () => {
    const sound = new Uint8Array(readFileSync(join(gpt2, 'model.onnx')))
    const huge = await open(folderOf(withConstantOf(sound, 2n ** 38n)))
    await expect(start(huge, [1, 2, 3])).rejects.toMatchObject({ code: 'engine-failed' })
    // The same graph with a small constant: it is the size that fails.
    const small = await start(await open(folderOf(withConstantOf(sound, 16n))), [1, 2, 3])
    const run = await start(await open(gpt2), [1, 2, 3])
    expect(await valueOf(small, 'logits')).toEqual(await valueOf(run, 'logits'))
  })
})
