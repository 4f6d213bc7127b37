import { exactCount } from '#common/text/number-text.ts'
import type { ModelDescription } from '#common/model/describe-file.ts'
import type { AssignedTensor, ModelPart, Reading } from '#common/model/describe-reading.ts'
import type { BlockSpec, DenseMlpSpec, MlpSpec, NormSpec } from '#common/model/spec.ts'

/** A part of the model, or the place where what it gives is added to the residual stream. */
export type DiagramStep =
  | { readonly kind: 'add' }
  | {
      readonly kind: 'part'
      readonly part: ModelPart
      readonly title: string
      /** What is known of it, such as `4 heads of 32`. */
      readonly summary: string
      readonly tensors: readonly AssignedTensor[]
    }

/** A model from the tokens to the logits, its blocks drawn once. */
export interface Diagram {
  readonly before: readonly DiagramStep[]
  readonly block: readonly DiagramStep[]
  readonly after: readonly DiagramStep[]
  readonly blocks: number
  /** What the names of the blocks' tensors begin with, such as `h.{l}.`; empty where they differ. */
  readonly place: string
}

export function diagramOf(
  { assigned, questions }: Reading,
  description: ModelDescription
): Diagram {
  const { embedding, blocks, finalNorm, unembedding, dVocab, dModel, nCtx } = description
  const listed = Array.isArray(blocks)
  const each = listed ? blocks[0]! : blocks.each
  const own = (part: ModelPart) => firstOfEach(assigned.filter(entry => entry.part === part))
  const asked = questions.find(({ id }) => id === 'activation')
  const activation =
    asked?.options.find(({ value }) => value === asked.value)?.text ?? activationOf(each.mlp)
  const step = (part: ModelPart, title: string, summary: string): DiagramStep => ({
    kind: 'part',
    part,
    title,
    summary,
    tensors: withinTitle(own(part))
  })
  const when = (there: boolean, step: DiagramStep) => (there ? [step] : [])
  const { positions } = embedding
  return {
    before: [
      step('embedding', 'Token embedding', `${exactCount(dVocab)} tokens, ${dModel} wide`),
      ...when(
        positions !== null,
        step(
          'positions',
          'Positions',
          positions?.kind === 'sinusoidal' ? 'sinusoidal' : `learned, up to ${exactCount(nCtx)}`
        )
      ),
      ...when(
        embedding.norm !== null,
        step('embeddingNorm', 'Norm of the embedding', normText(embedding.norm))
      )
    ],
    block: blockSteps(each, [
      step(
        'attentionNorm',
        normTitle(each, 'attention'),
        normText(each.norms.attentionIn ?? each.norms.attentionOut ?? each.norms.afterAttention)
      ),
      step('attention', 'Attention', attentionText(description, each)),
      step(
        'mlpNorm',
        normTitle(each, 'mlp'),
        normText(each.norms.mlpIn ?? each.norms.mlpOut ?? each.norms.afterMlp)
      ),
      step('mlp', 'MLP', mlpText(description, each, activation))
    ]),
    after: [
      ...when(finalNorm !== null, step('finalNorm', 'Final norm', normText(finalNorm))),
      ...when(
        unembedding !== null,
        step(
          'unembedding',
          'Unembedding',
          unembedding?.output.weight === embedding.tokens
            ? 'the token embedding again'
            : `${dModel} → ${exactCount(dVocab)}`
        )
      )
    ],
    blocks: listed ? blocks.length : blocks.count,
    place: commonPlace(assigned)
  }
}

/** A tensor's name without what the names of all tensors of a block begin with. */
export function nameWithin(place: string, tensor: string): string {
  return place !== '' && tensor.startsWith(place) ? tensor.slice(place.length) : tensor
}

/** The parts of a block and the sums between them, in the order of the forward pass. */
function blockSteps(
  { norms, parallel }: BlockSpec,
  steps: readonly [DiagramStep, DiagramStep, DiagramStep, DiagramStep]
): DiagramStep[] {
  const [attentionNorm, attention, mlpNorm, mlp] = steps
  const add: DiagramStep = { kind: 'add' }
  // A norm may have no weights; one that both halves share has none in the second.
  const weightless = [norms.attentionIn, norms.mlpIn].some(norm => norm?.scale === null)
  const normed = (norm: DiagramStep) =>
    norm.kind === 'part' && (norm.tensors.length > 0 || (weightless && norm.summary !== ''))
      ? [norm]
      : []
  const first = normed(attentionNorm)
  const second = sharesNorm({ norms, parallel }) ? [] : normed(mlpNorm)
  if (mlp.kind === 'part' && mlp.summary === '')
    return norms.afterAttention === null ? [...first, attention, add] : [attention, add, ...first]
  if (parallel) return [...first, attention, ...second, mlp, add]
  if (norms.afterAttention !== null) return [attention, add, ...first, mlp, add, ...second]
  if (norms.attentionIn === null && norms.attentionOut !== null)
    return [attention, ...first, add, mlp, ...second, add]
  return [...first, attention, add, ...second, mlp, add]
}

/** Whether attention and MLP read the residual by one norm. */
function sharesNorm({ norms, parallel }: Pick<BlockSpec, 'norms' | 'parallel'>): boolean {
  return parallel && JSON.stringify(norms.attentionIn) === JSON.stringify(norms.mlpIn)
}

/** Where the norms of a half of the block stand. */
function normTitle({ norms, parallel }: BlockSpec, half: 'attention' | 'mlp'): string {
  const [before, after, sum] =
    half === 'attention'
      ? [norms.attentionIn, norms.attentionOut, norms.afterAttention]
      : [norms.mlpIn, norms.mlpOut, norms.afterMlp]
  const name = half === 'attention' ? 'attention' : 'the MLP'
  if (before !== null && after !== null) return `Norms before and after ${name}`
  if (before !== null) {
    const shared = sharesNorm({ norms, parallel })
    return shared ? 'Norm before both' : `Norm before ${name}`
  }
  if (after !== null) return `Norm after ${name}`
  return sum === null ? 'Norm' : 'Norm after the sum'
}

function normText(norm: NormSpec | null): string {
  if (norm === null) return ''
  return `${norm.kind === 'layer' ? 'layer norm' : 'RMS norm'}, ε ${scientific(norm.epsilon)}`
}

function attentionText(
  { nHeads, nKeyValueHeads, dHead, causal }: ModelDescription,
  { attention }: BlockSpec
): string {
  const grouped = nKeyValueHeads === nHeads ? '' : `, ${nKeyValueHeads} of keys and values`
  const heads = `${nHeads} ${nHeads === 1 ? 'head' : 'heads'} of ${dHead}${grouped}`
  const { positions } = attention
  const placed = positions === null ? [] : [positionWords[positions.kind]]
  return [heads, causal ? 'causal' : 'both ways', ...placed].join(' · ')
}

const positionWords = {
  alibi: 'ALiBi',
  relative: 'biases by relative position',
  rotary: 'rotary',
  shortformer: 'positions in queries and keys'
} as const

function mlpText(
  { dModel, dMlp }: ModelDescription,
  { mlp }: BlockSpec,
  activation: string
): string {
  if (mlp === null) return ''
  const { experts, chosen } = mlp.kind === 'experts' ? mlp : { experts: [mlp], chosen: null }
  const [{ kind, width }] = experts as [DenseMlpSpec]
  const several = chosen === null ? [] : [`${chosen} of ${experts.length} experts`]
  const gated = kind === 'plain' ? [] : ['gated']
  const widths = `${dModel} → ${exactCount(width ?? dMlp)} → ${dModel}`
  return [...several, widths, ...gated, activation].join(' · ')
}

function activationOf(mlp: MlpSpec | null): string {
  return (mlp?.kind === 'experts' ? mlp.experts[0] : mlp)?.activation ?? ''
}

/** Where all tensors of a part begin alike, as those of one norm do, the title says it. */
function withinTitle(tensors: readonly AssignedTensor[]): AssignedTensor[] {
  const beginnings = tensors.map(({ role }) => /^(before|after) [^·]* · /.exec(role)?.[0] ?? '')
  const same = beginnings.every(beginning => beginning === beginnings[0])
  return tensors.map(entry =>
    same ? { ...entry, role: entry.role.slice(beginnings[0]?.length) } : entry
  )
}

/** 0.00001 as 1e-5, as people write it. */
function scientific(value: number): string {
  return value !== 0 && value < 1e-3 ? value.toExponential() : String(value)
}

/** Of blocks that are listed one by one, the first block's tensors stand for all. */
function firstOfEach(tensors: readonly AssignedTensor[]): AssignedTensor[] {
  return tensors.filter(({ role }, i) => tensors.findIndex(other => other.role === role) === i)
}

function commonPlace(assigned: readonly AssignedTensor[]): string {
  const [first, ...others] = assigned.filter(({ tensor }) => tensor.includes('{l}'))
  const place = first?.tensor.slice(0, first.tensor.indexOf('{l}') + 4) ?? ''
  return others.every(({ tensor }) => tensor.startsWith(place)) ? place : ''
}
