import { describe, expect, it } from 'vitest'
import type { ModelFacts, Needs } from '#common/analysis/analysis.ts'
import { predictions, predictionsOf, withoutPredictions } from '#common/analysis/predictions.ts'
import { variable } from '#common/data/dataset.ts'
import { idToken } from '#common/model/token.ts'

function facts(predicts: ModelFacts['predicts'], ofText = false): ModelFacts {
  const labels = predicts === 'labels' ? ['no', 'yes'] : null
  const unknown = { config: null, visibility: null, scores: null }
  return {
    name: 'model',
    ...unknown,
    predicts,
    labels,
    ofText,
    tensors: [],
    texts: new Map(),
    positions: null
  }
}

describe('the positions whose logits predictions are of', () => {
  it.each<readonly [ModelFacts, object, Needs['logits']]>([
    [facts('next'), {}, 'last'],
    [facts(null), {}, 'last'],
    [facts('masked'), {}, { mask: null }],
    [facts('masked'), { mask: 4 }, { mask: 4 }],
    [facts('labels'), {}, 'every'],
    [facts('next'), { position: 0 }, [0]],
    [facts('masked'), { position: [3, 1] }, [3, 1]],
    [facts('next'), { position: 'every' }, 'every'],
    // Of the text as a whole there is one row, whatever is asked for.
    ...[{}, { position: 7 }, { position: 'every' }].map(
      asked => [facts('labels', true), asked, [0]] as const
    )
  ])('of %j, asked for %j, are %j', (model, asked, expected) => {
    expect(predictions.needs(predictions.params.parse(asked), model, 9).logits).toEqual(expected)
  })

  it.each<readonly [ModelFacts, object, string]>([
    [facts('next'), { mask: 4 }, 'model predicts no masked tokens, and a mask is said'],
    [facts('labels', true), { mask: 4 }, 'model predicts no masked tokens, and a mask is said'],
    [facts('masked'), { mask: 4, position: 1 }, 'Both a mask and positions are said']
  ])('of %j are not asked for by %j', (model, asked, message) => {
    expect(() => predictions.needs(predictions.params.parse(asked), model, 9)).toThrow(message)
  })
})

it('predictions say their positions and ranks, the most probable first', async () => {
  const given = predictions.start(predictions.params.parse({ top: 2 }), facts('next'), null)
  given.take({ kind: 'logits', positions: [3, 4], data: Float32Array.of(0, 2, 1, 5, 3, 4) }, 0)
  given.take({ kind: 'logits', positions: [9], data: Float32Array.of(1, 1, 1) }, 0)
  const result = given.result()
  expect(Array.from(result.variables['rank']!.data)).toEqual([0, 1, 0, 1, 0, 1])
  const named = await predictions.described!(result, {
    tokens: ids => Promise.resolve(ids.map(idToken)),
    labels: null
  })
  expect(predictionsOf(named).map(({ position, token }) => [position, token.id])).toEqual([
    [3, 1],
    [3, 2],
    [4, 0],
    [4, 2],
    [9, 0],
    [9, 1]
  ])
})

it('predictions of a text as a whole have no position', () => {
  const given = predictions.start(predictions.params.parse({}), facts('labels', true), null)
  given.take({ kind: 'logits', positions: [0], data: Float32Array.of(0, 2) }, 0)
  expect(Object.keys(given.result().variables)).toEqual(['rank', 'token', 'logit', 'probability'])
})

it('predictions have nothing of logits that are no numbers, and say of which positions', () => {
  const given = predictions.start(predictions.params.parse({ top: 1 }), facts('next'), null)
  const data = Float32Array.of(NaN, NaN, 1, 2, Infinity, 0, 1, NaN, -Infinity, 3)
  given.take({ kind: 'logits', positions: [0, 2, 4, 5, 6], data }, 0)
  const result = given.result()
  expect([...variable(result, 'position').data]).toEqual([2, 6])
  expect([...variable(result, 'token').data]).toEqual([1, 1])
  expect(withoutPredictions(result)).toEqual([0, 4, 5])
})
