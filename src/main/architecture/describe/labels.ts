import type { WrittenDescription } from '#common/model/describe-file.ts'
import type { AssignedTensor, ModelPart } from '#common/model/describe-reading.ts'

/** What each tensor that a description names is taken for, in the order of the forward pass. */
export function labelledTensors(
  description: WrittenDescription,
  shapeOf: (tensor: string) => readonly number[] | null
): AssignedTensor[] {
  const { embedding, blocks, finalNorm, unembedding } = description
  const each = Array.isArray(blocks) ? blocks : [blocks.each]
  const listed: AssignedTensor[] = []

  function walk(part: ModelPart, value: unknown, words: readonly string[]): void {
    if (typeof value === 'string') {
      const shape = shapeOf(value)
      listed.push({ part, role: words.join(' · '), tensor: value, shape: shape && [...shape] })
    } else if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) {
        if (notTensors.has(key)) continue
        const word = roleWords[key] ?? (/^\d+$/.test(key) ? `head ${key}` : key)
        walk(part, inner, word === '' ? words : [...words, word])
      }
  }

  walk('embedding', embedding.tokens, ['tokens'])
  walk('embedding', embedding.tokenTypes, ['token types'])
  walk('embedding', embedding.projection, ['projection'])
  walk('positions', embedding.positions, [])
  walk('embeddingNorm', embedding.norm, [])
  for (const { norms = {}, attention, mlp } of each) {
    const { attentionIn, attentionOut, afterAttention, mlpIn, mlpOut, afterMlp } = norms
    walk('attentionNorm', { attentionIn, attentionOut, afterAttention }, [])
    const { projections, queryKeyNorm, output } = attention
    const shared = projections.layout === 'separate' ? projections.bias : null
    walk('attention', { ...projections, bias: null }, [])
    walk('attention', shared, ['queries, keys, values · bias'])
    walk('attention', queryKeyNorm, ['norm'])
    walk('attention', output, ['output'])
    // A norm that attention and MLP share is listed once.
    const same = JSON.stringify(mlpIn) === JSON.stringify(attentionIn)
    walk('mlpNorm', { mlpIn: same ? null : mlpIn, mlpOut, afterMlp }, [])
    walk('mlp', mlp, [])
  }
  walk('finalNorm', finalNorm, [])
  const tied = unembedding?.output.weight === embedding.tokens
  walk('unembedding', unembedding, tied ? ['tied'] : [])
  return listed
}

/** Fields whose strings are no tensors. */
const notTensors = new Set([
  'kind',
  'of',
  'layout',
  'stored',
  'activation',
  'order',
  'over',
  'from',
  'labels',
  'alias',
  'pairs',
  'type'
])

const roleWords: Readonly<Record<string, string>> = {
  linear: 'queries, keys, values',
  weight: 'matrix',
  attentionIn: 'before attention',
  attentionOut: 'after attention',
  afterAttention: 'after the sum',
  mlpIn: 'before the MLP',
  mlpOut: 'after the MLP',
  afterMlp: 'after the sum',
  gateAndInput: 'gate and input',
  of: ''
}
