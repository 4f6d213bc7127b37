import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sinusoids } from '#common/model/sinusoids.ts'
import type { EmbeddingSpec } from '#common/model/spec.ts'
import { readRows } from '../../../../src/main/checkpoint/read.ts'
import { storedRows } from '../../../../src/main/engine/stored-rows.ts'
import {
  embeddingFeed,
  positionEmbeddings,
  tokenEmbeddings
} from '../../../../src/main/workbench/run/embeddings.ts'
import type { RunnableModel } from '../../../../src/main/workbench/model/model.ts'
import { projectRoot, openedModel } from '../../../golden/workbench.ts'

/** Token 1 is padding, and the first position's row is row 2. */
const path = join(projectRoot, 'test/golden/roberta')
const roberta = (await openedModel(path)) as RunnableModel
const table = roberta.checkpoint.tensors.get('roberta.embeddings.position_embeddings.weight')!

/** The model with one more or less in how positions are read. */
function withPositions(change: { offset?: number; padding?: number | null }): RunnableModel {
  const { embedding } = roberta.spec
  const { positions } = embedding
  if (positions?.kind !== 'learned') throw new Error('expected learned positions')
  const changed = { ...embedding, positions: { ...positions, ...change } }
  return { ...roberta, spec: { ...roberta.spec, embedding: changed } }
}

/** @source transformers, `create_position_ids_from_input_ids` */
describe('the row of learned positions that a token takes', () => {
  it.each([
    ['its place, after the rows before the first', {}, [7, 8, 9], [2, 3, 4]],
    ['of padding the row before the first', {}, [1, 7, 1, 1, 8], [1, 2, 1, 1, 3]],
    ['of padding alone', {}, [1], [1]],
    ['of padding at the end', {}, [5, 6, 1], [2, 3, 1]],
    ['of padding in a table that begins with the first', { offset: 0 }, [1, 7], [0, 0]],
    ['its place where nothing is padding', { padding: null }, [1, 7, 1], [2, 3, 4]]
  ])('is %s', async (_, change, ids, rows) => {
    expect(await positionEmbeddings(withPositions(change), ids)).toEqual({
      shape: [ids.length, roberta.spec.dModel],
      data: await readRows(table, rows)
    })
    const last = await positionEmbeddings(withPositions(change), ids, ids.length - 1)
    expect(last!.data).toEqual(await readRows(table, rows.slice(-1)))
    const feed = embeddingFeed(withPositions(change), 'hook_pos_embed', ids, ids.length - 1)
    expect((await storedRows(feed!)).data).toEqual(last!.data)
  })
})

describe('what the engine reads of embeddings itself', () => {
  const ids = [5, 0, 5, 6, 7]
  const withEmbedding = (change: Partial<EmbeddingSpec>): RunnableModel => ({
    ...roberta,
    spec: { ...roberta.spec, embedding: { ...roberta.spec.embedding, ...change } }
  })

  it('is the rows of tokens, scaled', async () => {
    const model = withEmbedding({ scale: 1.7 })
    const feed = embeddingFeed(model, 'hook_embed', ids)
    expect(await storedRows(feed!)).toEqual(await tokenEmbeddings(model, ids))
    const last = await storedRows(embeddingFeed(model, 'hook_embed', ids, 4)!)
    expect(last).toEqual(await tokenEmbeddings(model, [7]))
  })

  it('is none of them where they lie otherwise, are not there, or are computed', () => {
    expect(embeddingFeed(withEmbedding({ stored: 'width,token' }), 'hook_embed', ids)).toBeNull()
    expect(embeddingFeed(roberta, 'hook_embed', [roberta.spec.dVocab])).toBeNull()
    const positions = { kind: 'sinusoidal', order: 'alternating', ...usual } as const
    expect(embeddingFeed(withEmbedding({ positions }), 'hook_pos_embed', ids)).toBeNull()
    expect(embeddingFeed(withEmbedding({ positions: null }), 'hook_pos_embed', ids)).toBeNull()
  })
})

const usual = { base: 10000, offset: 0, reachesBase: false }

describe('sinusoids', () => {
  it('alternate, or have all sines first', () => {
    const [slow, fast] = [1, 10000 ** -0.5]
    const rows = [0, 1, 2].map(pos =>
      [slow, fast].map(turn => [Math.sin(pos * turn), Math.cos(pos * turn)])
    )
    const alternating = sinusoids(3, 4, { ...usual, order: 'alternating' })
    expect(alternating).toEqual(Float32Array.from(rows.flat(2)))
    const first = rows.map(pairs => [0, 1].map(i => pairs.map(pair => pair[i]!)))
    const order = 'sines-first'
    expect(sinusoids(3, 4, { ...usual, order })).toEqual(Float32Array.from(first.flat(2)))
    expect(sinusoids(3, 4, { ...usual, order }, 1)).toEqual(
      Float32Array.from(first.slice(1).flat(2))
    )
  })

  it('begin at a place of their own, and turn by 1 / base at the slowest where they are said to', () => {
    const given = { base: 100, order: 'sines-first', offset: 2, reachesBase: true } as const
    const turns = [1, 0.1, 0.01]
    const rows = [2, 3].map(place => [
      ...turns.map(turn => Math.sin(place * turn)),
      ...turns.map(turn => Math.cos(place * turn))
    ])
    sinusoids(2, 6, given).forEach((value, i) => expect(value).toBeCloseTo(rows.flat()[i]!, 6))
  })
})
