import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { variable } from '#common/data/dataset.ts'
import type { Workbench } from '../../../src/main/workbench/workbench.ts'
import { expectClose } from '../compare.ts'
import { encoders, families } from '../families.ts'
import { analysed, projectRoot, sharedWorkbench } from '../workbench.ts'
import { editedRuns, type EditedRuns } from './edited-runs.ts'
import { readReference, references } from './reference.ts'

const tolerance = 1e-3

let workbench: Workbench
beforeAll(async () => {
  workbench = await sharedWorkbench()
})

async function attributed(runs: EditedRuns, ids: number[], params: Record<string, unknown>) {
  const name = 'direct-logit-attribution'
  const result = await analysed(workbench, runs.model, name, params as Record<string, string>, {
    ids
  })
  return (name: string) => Float32Array.from(variable(result, `dla.${name}`).data)
}

describe.each(references('lens'))('direct logit attribution in %s', name => {
  it('every number', async () => {
    const runs = await editedRuns(workbench, name)
    const reference = await readReference('lens', name)
    const ids = await reference.integers('input_ids')
    const flat = await reference.integers('dla.targets')
    const targets = Array.from(
      { length: flat.length / 2 },
      (_, i) => `${flat[2 * i]}:${flat[2 * i + 1]}`
    )
    const found = await attributed(runs, ids, { targets: targets.join(), by_token: true })
    for (const name of reference.names.filter(name => name.startsWith('dla.'))) {
      const own = name.replace('dla.', '')
      expectClose(found(own), await reference.read(name), own === 'targets' ? 0 : tolerance, name)
    }
    // What a head gives is what it gives by the tokens that it reads.
    const [head, source] = [found('head'), found('source')]
    const sums = head.map((_, i) =>
      source.subarray(i * ids.length, (i + 1) * ids.length).reduce((sum, value) => sum + value, 0)
    )
    expectClose(sums, head, tolerance, 'source')
  })
})

const ids = [5, 17, 3, 9, 11, 2]

function logProbability(logits: Float32Array, width: number, position: number, token: number) {
  const own = logits.subarray(position * width, (position + 1) * width)
  const sum = own.reduce((sum, logit) => sum + Math.exp(logit), 0)
  return own[token]! - Math.log(sum)
}

it.each(families.filter(name => !encoders.includes(name)))(
  'the parts of logits and of a difference sum to them in %s',
  async name => {
    const runs = await editedRuns(workbench, name)
    const logits = await runs.logits(ids)
    const width = logits.length / ids.length
    const cap = name === 'gemma2' ? 30 : null
    const uncapped = (position: number, token: number) => {
      const logit = logits[position * width + token]!
      return cap === null ? logit : cap * Math.atanh(logit / cap)
    }
    const found = await attributed(runs, ids, { targets: '5:7,0:3,2:8-4' })
    const expected = [uncapped(5, 7), uncapped(0, 3), uncapped(2, 8) - uncapped(2, 4)]
    expectClose(found('logit'), Float32Array.from(expected), tolerance, 'logit')
    expectClose(found('rest'), new Float32Array(3), tolerance, 'rest')
    const told = [logProbability(logits, width, 5, 7), logProbability(logits, width, 0, 3), NaN]
    for (const [target, own] of told.entries()) {
      const [ln, normaliser] = [found('log_probability')[target]!, found('normaliser')[target]!]
      if (Number.isNaN(own)) expect([ln, normaliser]).toEqual([NaN, NaN])
      else {
        expect(ln).toBeCloseTo(own, 4)
        expect(expected[target]! - normaliser).toBeCloseTo(own, 3)
      }
    }
    // Where nothing is shifted, heads and neurons are all that blocks add.
    const isShifted = runs.model.tensors.some(({ name }) => name.endsWith('bias'))
    for (const part of isShifted ? [] : ['attn_bias', 'mlp_bias']) {
      const own = found(part)
      expectClose(own, new Float32Array(own.length), tolerance, part)
    }
    const sums = expected.map((_, target) => {
      const of = (part: string) => {
        const own = found(part)
        const width = own.length / expected.length
        return own
          .subarray(target * width, (target + 1) * width)
          .reduce((sum, value) => sum + value, 0)
      }
      const parts = [
        'embed',
        'pos_embed',
        'head',
        'attn_bias',
        'neuron',
        'mlp_bias',
        'ln_bias',
        'unembed_bias'
      ]
      return parts.reduce((sum, part) => sum + of(part), 0)
    })
    expectClose(Float32Array.from(sums), Float32Array.from(expected), tolerance, 'sum')
  }
)

describe('direct-logit-attribution', () => {
  it('goes through norms of the stream itself', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lamella-post-norm-'))
    const of = join(projectRoot, 'test/golden/opt')
    cpSync(of, folder, { recursive: true })
    const config = JSON.parse(readFileSync(join(of, 'config.json'), 'utf8')) as object
    writeFileSync(
      join(folder, 'config.json'),
      JSON.stringify({ ...config, do_layer_norm_before: false })
    )
    const runs = await editedRuns(workbench, folder)
    const logits = await runs.logits(ids)
    const found = await attributed(runs, ids, { targets: '5:7,0:3' })
    const width = logits.length / ids.length
    const expected = Float32Array.of(logits[5 * width + 7]!, logits[3]!)
    expectClose(found('logit'), expected, tolerance, 'logit')
    expectClose(found('rest'), new Float32Array(2), tolerance, 'rest')
    expect(Math.abs(found('ln_bias')[0]!)).toBeGreaterThan(0.01)
    rmSync(folder, { recursive: true })
  })

  it.each(encoders)('%s has no such sum, and it says why', async name => {
    const runs = await editedRuns(workbench, name)
    await expect(attributed(runs, ids, { targets: '1:2' })).rejects.toThrow(
      /transforms the residual/
    )
  })

  it('the strongest neurons are those of all', async () => {
    const runs = await editedRuns(workbench, 'gpt2')
    const found = await attributed(runs, ids, { targets: '5:7', top: 3 })
    const all = found('neuron')
    const order = [...all.keys()].sort((a, b) => Math.abs(all[b]!) - Math.abs(all[a]!)).slice(0, 3)
    const units = all.length / runs.nLayers
    expect([...found('top_neuron.layer')]).toEqual(order.map(place => Math.floor(place / units)))
    expect([...found('top_neuron.unit')]).toEqual(order.map(place => place % units))
    expect([...found('top_neuron.value')]).toEqual(order.map(place => all[place]!))
  })

  it.each([
    [{}, 'targets'],
    [{ targets: '6:1' }, 'position 6 is outside 0…5'],
    [{ targets: '1:999' }, 'token 999 is outside 0…95'],
    [{ targets: '1:2-999' }, 'token 999 is outside 0…95'],
    [{ targets: '1' }, 'targets'],
    [{ targets: Array.from({ length: 300 }, () => '1:2').join() }, 'at most 256']
  ])('%o is refused', async (params, message) => {
    const runs = await editedRuns(workbench, 'gpt2')
    await expect(attributed(runs, ids, params)).rejects.toThrow(message)
  })
})
