import { describe, expect, it } from 'vitest'
import { idToken } from '#common/model/token.ts'
import type { ReaderTokenizer } from '../../../../src/main/reader/client.ts'
import { maskPositions } from '../../../../src/main/workbench/analysis/mask-positions.ts'
import type { Model } from '../../../../src/main/workbench/model/model.ts'
import { outcome } from '../../checkpoint/temporary.ts'

/** A model whose tokenizer's mask is 4; null: it has no tokenizer. */
function masking(mask: number | null): Pick<Model, 'info' | 'tokenizer'> {
  const tokenizer: Pick<ReaderTokenizer, 'mask'> = {
    mask: () => Promise.resolve({ ...idToken(4), piece: '[MASK]' })
  }
  return {
    info: { name: 'bert' } as Model['info'],
    tokenizer: mask === null ? null : (tokenizer as ReaderTokenizer)
  }
}

const tokens = [2, 4, 9, 4, 3].map(id => ({ id }))

describe('the positions that hold the mask', () => {
  it.each([
    [4, null, [1, 3]],
    // What is said goes before what the tokenizer has.
    [4, 9, [2]],
    [null, 9, [2]]
  ])('of a tokenizer with mask %j, where %j is said, are %j', async (own, said, expected) => {
    expect(await maskPositions(masking(own), tokens, said)).toEqual(expected)
  })

  it.each([
    [4, 8, 'invalid-argument: bert predicts masked tokens, and the text has no token 8'],
    [
      null,
      null,
      'invalid-argument: bert predicts masked tokens, and no tokenizer says which token is the mask'
    ]
  ])('are not there with mask %j where %j is said', async (own, said, expected) => {
    expect(await outcome(maskPositions(masking(own), tokens, said))).toBe(expected)
  })

  it('are not there in a text without one', async () => {
    expect(await outcome(maskPositions(masking(4), [{ id: 2 }], null))).toBe(
      'invalid-argument: bert predicts masked tokens, and the text has no [MASK]'
    )
  })
})
