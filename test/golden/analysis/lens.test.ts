import { beforeAll, describe, expect, it } from 'vitest'
import { variable } from '#common/data/dataset.ts'
import type { Workbench } from '../../../src/main/workbench/workbench.ts'
import { expectClose } from '../compare.ts'
import { analysed, sharedWorkbench } from '../workbench.ts'
import { editedRuns, type EditedRuns } from './edited-runs.ts'
import { readReference, references } from './reference.ts'

let workbench: Workbench
beforeAll(async () => {
  workbench = await sharedWorkbench()
})

/** Of logits; of divergences beside a thousandth of themselves. */
const tolerance = 1e-3

/** Order among logits that lie nearer to each other means nothing. */
const leastGap = 1e-4

describe.each(references('lens'))('lens of %s', name => {
  let runs: EditedRuns
  let ids: number[]
  let reference: Awaited<ReturnType<typeof readReference>>
  beforeAll(async () => {
    runs = await editedRuns(workbench, name)
    reference = await readReference('lens', name)
    ids = await reference.integers('input_ids')
  })

  it('every number', async () => {
    const result = await analysed(workbench, runs.model, 'lens', { logits: true }, { ids })
    const found = (name: string) => Float32Array.from(variable(result, name).data)
    const close = async (name: string, within: number) =>
      expectClose(found(name), await reference.read(name), within, name)
    await close('lens_logits', tolerance)
    for (const name of ['kl_final_lens', 'kl_lens_final', 'surprisal', 'prediction_entropy'])
      await close(name, tolerance)
    await close('next_prob', tolerance)
    for (const name of ['norm.resid', 'norm.attn_out', 'norm.mlp_out']) await close(name, tolerance)
    await close('top_gap', tolerance)

    const gaps = [...(await reference.read('top_gap'))]
    const [top, expected] = [found('top'), await reference.read('top')]
    const told = gaps.flatMap((gap, row) => (gap < leastGap ? [] : [row]))
    expect(told.length).toBeGreaterThan(gaps.length / 2)
    for (const row of told)
      expect([...top.subarray(row * 5, row * 5 + 5)], `row ${row}`).toEqual([
        ...expected.subarray(row * 5, row * 5 + 5)
      ])
    for (const name of ['lens_logits', 'kl_final_lens', 'next_rank', 'norm.attn_out', 'top'])
      expect(variable(result, name).axes, name).toHaveLength(reference.shape(name).length)
    // A rank is off by as many tokens as lie within the rounding of the true one.
    expectClose(found('next_rank'), await reference.read('next_rank'), 1, 'next_rank')
  })

  it('some positions and tokens', async () => {
    const all = await analysed(workbench, runs.model, 'lens', { logits: true }, { ids })
    const width = all.axes['vocab']!.length
    const logits = (part: string, row: number) =>
      variable(all, `${part}lens_logits`).data.subarray(row * width, (row + 1) * width)
    const params = { positions: [3, 1, 3], tokens: [2, 0], top: 2, norms: false }
    const some = await analysed(workbench, runs.model, 'lens', params, { ids })
    expect([...variable(some, 'position').data]).toEqual([3, 1])
    const ranks = variable(some, 'token_rank').data
    const values = variable(some, 'token_logit').data
    const [shares, top, topShares] = [
      ...['token_prob', 'top', 'top_prob'].map(name => variable(some, name).data)
    ]
    for (let stream = 0; stream <= runs.nLayers; stream++)
      for (const [row, position] of [3, 1].entries())
        for (const [i, token] of [2, 0].entries()) {
          const own = logits('', stream * ids.length + position)
          const at = (stream * 2 + row) * 2 + i
          expect(values[at]).toBeCloseTo(own[token]!, 4)
          const logSum = Math.log([...own].reduce((sum, logit) => sum + Math.exp(logit), 0))
          expect(shares![at]).toBeCloseTo(Math.exp(own[token]! - logSum), 4)
          // As many tokens are told of the highest as are asked for.
          expect(topShares![at]).toBeCloseTo(Math.exp(own[top![at]!]! - logSum), 4)
          const higher = own.filter(logit => logit > own[token]!).length
          expect(Math.abs(ranks[at]! - higher)).toBeLessThanOrEqual(1)
        }
  })
})

describe('lens', () => {
  it('of what attention and MLP add is the way out of these alone', async () => {
    const runs = await editedRuns(workbench, 'gpt2')
    const ids = [5, 17, 3, 9]
    const params = { parts: ['attn_out', 'mlp_out'], logits: true }
    const result = await analysed(workbench, runs.model, 'lens', params, { ids })
    for (const [part, hook] of [
      ['attn_out', 'blocks.1.hook_attn_out'],
      ['mlp_out', 'blocks.1.hook_mlp_out']
    ] as const) {
      const value = await runs.value(await runs.start(ids), hook)
      // As if it were the last residual: put in its place.
      const last = `blocks.${runs.nLayers - 1}.hook_resid_post`
      const edits = [{ hook: last, scale: 0, add: [...value] }]
      const expected = await runs.logits(ids, edits)
      const logits = variable(result, `${part}.lens_logits`).data.subarray(
        expected.length,
        2 * expected.length
      )
      expectClose(Float32Array.from(logits), expected, tolerance, part)
    }
  })

  it('of a model of masked tokens has no next token, and ends in its prediction', async () => {
    const runs = await editedRuns(workbench, 'bert')
    const result = await analysed(
      workbench,
      runs.model,
      'lens',
      { logits: true },
      { ids: [2, 5, 7] }
    )
    expect(Object.keys(result.variables)).not.toContain('next_rank')
    const logits = await runs.logits([2, 5, 7])
    const last = variable(result, 'lens_logits').data.slice(-logits.length)
    expectClose(Float32Array.from(last), logits, tolerance, 'lens_logits')
    const kl = variable(result, 'kl_final_lens').data
    expect([...kl.slice(-3)].every(value => value < 1e-6)).toBe(true)
    expect(kl[0]).toBeGreaterThan(1e-3)
  })

  it.each([
    [{ positions: [4] }, 'position 4 is outside 0…3'],
    [{ tokens: [100000] }, 'token 100000 is outside 0…95'],
    [{ parts: [] }, 'parts'],
    [{ top: 0 }, 'top']
  ])('%o is refused', async (params, message) => {
    const runs = await editedRuns(workbench, 'gpt2')
    await expect(
      analysed(workbench, runs.model, 'lens', params, { ids: [5, 17, 3, 9] })
    ).rejects.toThrow(message)
  })

  it.each(['lens', 'activations'])(
    'of an ONNX graph that does not give what norms are of is without these, and %s says so',
    async name => {
      const { model } = await editedRuns(workbench, 'onnx-gpt2')
      const ask = (params: Record<string, boolean>) =>
        analysed(workbench, model, name, params, { ids: [5, 17, 3] })
      await expect(ask({})).rejects.toMatchObject({
        message: `norms: are of blocks.0.hook_attn_out, too, which ${model.name} does not give`,
        hint: 'Leave them out: norms=false.'
      })
      const { variables } = await ask({ norms: false })
      expect(Object.keys(variables)).not.toContain('norm.resid')
    }
  )

  it('of one token is its own', async () => {
    const runs = await editedRuns(workbench, 'gpt2')
    const result = await analysed(workbench, runs.model, 'lens', {}, { ids: [5] })
    expect(variable(result, 'top').data.length).toBe(5 * (runs.nLayers + 1))
    expect(result.variables['next_rank']).toBeUndefined()
  })
})
