import { describe, expect, it } from 'vitest'
import { sentenceOf } from '#common/analysis/why/why-sentence.ts'
import { axis, dataset } from '#common/data/dataset.ts'
import { withoutIsolates } from '#common/text/token-text.ts'

const numbers = (axes: string[], values: readonly number[]) => {
  return { axes, data: Float64Array.from(values), unit: '', about: '' }
}
const token = (id: number, text: string) => {
  return { id, piece: text, text, start: 0, end: 0, special: false }
}

/**
 * @param reads what head 2.1 gives by each of three tokens
 * @param more whether head 2.1 and MLP 0 give far more than others
 * @param out whether they stand out; likewise when left out
 */
function sentence({
  direct = 4,
  ablation = 3,
  reads = [3, 1, 0],
  difference = -1.5,
  more = [1, 1],
  out = null as readonly number[] | null,
  p = null as number | null,
  parts = ['head 2.1', 'MLP 0'],
  prompts = 0,
  notDrawn = false
}) {
  const of = {
    difference: numbers([], [difference]),
    ...(prompts > 0 && {
      difference_sd: numbers([], [0.5]),
      difference_p: numbers([], [p ?? NaN]),
      'prompt.difference': numbers(['window'], new Array<number>(prompts).fill(difference)),
      'prompt.token': numbers(['window'], new Array<number>(prompts).fill(1)),
      'prompt.other': numbers(['window'], new Array<number>(prompts).fill(2))
    }),
    embed: numbers([], [0.5]),
    pos_embed: numbers([], [0.25]),
    head: numbers(['layer', 'head'], [direct, -1]),
    attn_bias: numbers(['layer'], [0.5]),
    mlp: numbers(['layer'], [-2]),
    ln_bias: numbers([], [0.25]),
    unembed_bias: numbers([], [-1]),
    'part.direct': numbers(['part'], [direct, -2]),
    'part.ablation': numbers(['part'], [ablation, -2.5]),
    'part.gives_far_more': numbers(['part'], more),
    'part.stands_out': numbers(['part'], out ?? more),
    ...(p !== null && { 'part.direct_p': numbers(['part'], [p, 1]) }),
    'part.reads': numbers(['part', 'key'], [...reads, NaN, NaN, NaN]),
    token: numbers(['asked'], [1, 2])
  }
  const axes = {
    ...{ layer: axis(1), head: axis(2), part: axis(parts) },
    ...{ key: axis(['to', 'be', 'or']), asked: axis(2), window: axis(prompts) }
  }
  const tokens = [token(1, 'not'), token(2, 'so')]
  return withoutIsolates(
    sentenceOf(
      dataset(axes, of, {
        tokens,
        ...(prompts && { prompts }),
        ...(notDrawn && { not_drawn: 'Windows overlap.' })
      })
    )
  )
}

describe('a sentence of why', () => {
  it('says the difference, what it is the sum of, and the parts that stand out', () => {
    expect(sentence({})).toBe(
      'The logit of “not” is 1.50 below that of “so”: embeddings +0.75, heads +3.00, MLPs −2.00, biases −0.25.' +
        ' Of the parts that stand out head 2.1 gives +4.00 (without it the difference falls by 3.00, most of it by reading “to” at 0);' +
        ' MLP 0 gives −2.00 (without it the difference rises by 2.50).'
    )
  })

  it.each([
    [0.125, 'sign test p = 0.13, not distinguishable from chance'],
    [0.0078125, 'sign test p = 0.0078'],
    [NaN, 'the same in each, which a sign test says nothing of']
  ])('says of several prompts how many they are and what p %f tells', (p, said) => {
    const of = sentence({ p, prompts: 4, difference: 2, more: [1, 0] })
    expect(of).toContain(`(standard deviation 0.50; above it in 4, ${said})`)
    expect(of).toMatch(new RegExp(`gives \\+4\\.00 \\(over 4 prompts, ${said}; without it`))
  })

  it('says of windows that overlap that their signs are no evidence, and names no part', () => {
    const of = sentence({ prompts: 4, difference: 2, more: [1, 0], out: [0, 0], notDrawn: true })
    expect(of).toContain('above it in 4, windows overlap, whose signs are no evidence)')
    expect(of).toContain(
      'Head 2.1 gives +4.00 directly, far more than others, but windows overlap, whose signs are no evidence: no reason is named.'
    )
    expect(of).not.toContain('sign test')
  })

  it('names nothing where the difference is not a number', () => {
    expect(sentence({ difference: NaN })).toBe(
      'The difference of the logits is not a number, and no part is named: the weights or the edits are why.'
    )
  })

  it.each([
    [{ ablation: 1.5 }, 'without it the difference falls by 1.50 only'],
    [{ ablation: 9 }, 'without it the difference falls by 9.00'],
    [{ ablation: -3 }, 'without it the difference rises by 3.00'],
    [{ direct: -4, ablation: -1 }, 'without it the difference rises by 1.00 only'],
    [{ ablation: NaN }, 'not every prompt was run without it'],
    [{ p: 0.25 }, 'not with one sign over the prompts (sign test p = 0.25)']
  ])('names no part whose ablation does not agree, and says so: %j', (of, but) => {
    const gives = `Head 2.1 gives ${'direct' in of ? '−4.00' : '+4.00'} directly, far more than others, but ${but}`
    expect(sentence({ ...of, more: [1, 0], out: [0, 0] })).toMatch(/biases −0\.25\. Head 2\.1/)
    expect(sentence({ ...of, more: [1, 0], out: [0, 0] })).toContain(
      `${gives}: no reason is named.`
    )
    // Beside one that is named.
    const beside = sentence({ ...of, more: [1, 1], out: [0, 1] })
    expect(beside).toContain('Of the parts that stand out MLP 0 gives −2.00')
    expect(beside).toContain(`${gives}: none of these is named.`)
  })

  it('says which part gives most where none stands out', () => {
    expect(sentence({ more: [0, 0] })).toContain(
      ' No head and no MLP stands out of the others: of those that were looked at head 2.1 gives most, +4.00; without it the difference falls by 3.00.'
    )
    expect(sentence({ direct: -1, more: [0, 0] })).toContain(
      'MLP 0 gives most, −2.00; without it the difference rises by 2.50.'
    )
    expect(sentence({ ablation: NaN, more: [0, 0] })).toContain('head 2.1 gives most, +4.00.')
    expect(sentence({ more: [0, 0], parts: ['neuron 2.1', 'neuron 0.5'] })).toContain(
      'No head and no MLP was looked at.'
    )
  })

  it.each([
    [4, [1, -2, 5], 'most of it by reading “or” at 2'],
    // What it gives by none of them is the most of it.
    [4, [1.5, 1.5, 1], 'the largest part of it by reading “to” at 0'],
    // The strongest by itself is of the other sign.
    [1.5, [2, -2.5, 2], 'most of it by reading “to” at 0'],
    [-4, [-3, 1, -2], 'most of it by reading “to” at 0'],
    [-1, [3, -2, -2], 'most of it by reading “be” at 1']
  ])('says of a head that gives %f by tokens %j: %s', (direct, reads, said) => {
    expect(sentence({ direct, reads })).toContain(`, ${said})`)
  })
})
