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

/** @param reads what head 2.1 gives by each of three tokens */
function sentence({ direct = 4, ablation = 3, reads = [3, 1, 0], difference = -1.5 }) {
  const of = {
    difference: numbers([], [difference]),
    embed: numbers([], [0.5]),
    pos_embed: numbers([], [0.25]),
    head: numbers(['layer', 'head'], [direct, -1]),
    attn_bias: numbers(['layer'], [0.5]),
    mlp: numbers(['layer'], [-2]),
    ln_bias: numbers([], [0.25]),
    unembed_bias: numbers([], [-1]),
    'part.direct': numbers(['part'], [direct, -2]),
    'part.ablation': numbers(['part'], [ablation, -2.5]),
    'part.stands_out': numbers(['part'], [1, 1]),
    'part.reads': numbers(['part', 'key'], [...reads, NaN, NaN, NaN]),
    token: numbers(['asked'], [1, 2])
  }
  const axes = {
    ...{ layer: axis(1), head: axis(2), part: axis(['head 2.1', 'MLP 0']) },
    ...{ key: axis(['to', 'be', 'or']), asked: axis(2) }
  }
  const tokens = [token(1, 'not'), token(2, 'so')]
  return withoutIsolates(sentenceOf(dataset(axes, of, { tokens })))
}

describe('a sentence of why', () => {
  it('says the difference, what it is the sum of, and the parts that stand out', () => {
    expect(sentence({})).toBe(
      'The logit of “not” is 1.50 below that of “so”: embeddings +0.75, heads +3.00, MLPs −2.00, biases −0.25.' +
        ' Of the parts that stand out head 2.1 gives +4.00 (without it the difference falls by 3.00, most of it by reading “to” at 0);' +
        ' MLP 0 gives −2.00 (without it the difference rises by 2.50).'
    )
  })

  it('names nothing where the difference is not a number', () => {
    expect(sentence({ difference: NaN })).toBe(
      'The difference of the logits is not a number, and no part is named: the weights or the edits are why.'
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
