import type { ArchitectureBox } from '#common/model/architecture.ts'
import type { AttentionSpec, BlockSpec, TransformerSpec } from '#common/model/spec.ts'
import { exactCount, numberText } from '#common/text/number-text.ts'
import type { ProjectionName } from '../query-key-value.ts'
import type { Boxes } from './boxes.ts'

/** What attention of a block does, row by row. */
export function attentionRows(
  spec: TransformerSpec,
  { attention, norms }: BlockSpec,
  boxes: Boxes
): ArchitectureBox[][] {
  const { dModel, dHead, nHeads, nKeyValueHeads } = spec
  const { queryKeyNorm, positions, output } = attention
  const rows: ArchitectureBox[][] = []
  if (norms.attentionIn !== null) rows.push([boxes.norm(norms.attentionIn, dModel)])
  if (positions?.kind === 'shortformer')
    rows.push([
      boxes.table(
        'attention',
        'W_pos',
        [spec.nCtx, dModel],
        positions.table,
        'added for queries and keys alone'
      )
    ])
  rows.push(projections(spec, attention, boxes))
  if (queryKeyNorm !== null) {
    const width = (heads: number) => (queryKeyNorm.over === 'head' ? dHead : heads * dHead)
    rows.push([
      boxes.norm(queryKeyNorm.query, width(nHeads), 'of queries'),
      boxes.norm(queryKeyNorm.key, width(nKeyValueHeads), 'of keys')
    ])
  }
  if (positions?.kind === 'rotary') {
    const { dims, base, scaling } = positions
    const stretched = scaling.type === 'none' ? '' : `, stretched: ${scaling.type}`
    // Dimensions turn in pairs.
    const turned = 2 * Math.ceil(dims / 2)
    const note = `${turned} of ${dHead} dimensions turn, base ${exactCount(base)}${stretched}`
    rows.push([boxes.plain('attention', 'Rotary positions', note)])
  }
  rows.push(...pattern(spec, attention, boxes))
  if (output !== null)
    rows.push([boxes.linear('attention', 'W_O', [nHeads * dHead, dModel], [output])])
  if (norms.attentionOut !== null) rows.push([boxes.norm(norms.attentionOut, dModel)])
  return rows
}

function projections(
  { dModel, dHead, nHeads, nKeyValueHeads }: TransformerSpec,
  { projections: own, clip }: AttentionSpec,
  boxes: Boxes
): ArchitectureBox[] {
  const clipped = clip === null ? '' : `, clipped at ±${numberText(clip)}`
  const heads = (count: number) =>
    `${count} ${count === 1 ? 'head' : 'heads'} of ${dHead}${clipped}`
  const all = [nHeads, nKeyValueHeads, nKeyValueHeads]
  if (own.layout !== 'separate' && own.layout !== 'by-head') {
    const width = (nHeads + 2 * nKeyValueHeads) * dHead
    const counts =
      nHeads === nKeyValueHeads ? heads(nHeads) : `${all.join(' + ')} heads of ${dHead}${clipped}`
    const note = `one matrix, ${own.layout}: ${counts}`
    return [boxes.linear('attention', 'W_Q W_K W_V', [dModel, width], [own.linear], { note })]
  }
  const matricesOf = (name: ProjectionName) => (own.layout === 'by-head' ? own[name] : [own[name]])
  const biases = own.layout === 'separate' && own.bias !== null ? [own.bias] : []
  return (['query', 'key', 'value'] as const).map((name, i) =>
    boxes.linear(
      'attention',
      ['W_Q', 'W_K', 'W_V'][i]!,
      [dModel, all[i]! * dHead],
      matricesOf(name),
      // One bias of all three is counted once.
      { note: heads(all[i]!), biases: i === 0 ? biases : [] }
    )
  )
}

/** Scores, what is added to them or stands beside them, and which keys a query sees. */
function pattern(
  { causal, dHead, nHeads, nKeyValueHeads }: TransformerSpec,
  { scale, softCap, reach, sinks, positions }: AttentionSpec,
  boxes: Boxes
): ArchitectureBox[][] {
  const score = scale === null ? `q · k / √${dHead}` : `q · k × ${numberText(scale)}`
  const seen = causal ? 'causal' : 'both directions'
  const note = [
    `softmax(${score})`,
    reach === null ? seen : `${seen}, window of ${exactCount(reach + 1)}`,
    ...(positions?.kind === 'alibi' ? ['linear biases (ALiBi)'] : []),
    ...(softCap === null ? [] : [`soft cap ${numberText(softCap)}`])
  ].join(', ')
  const beside: ArchitectureBox[] = []
  if (positions?.kind === 'relative') {
    const shape = [positions.buckets, nHeads]
    const said = 'relative positions, added to scores'
    beside.push(boxes.table('attention', 'W_rel', shape, positions.table, said))
  }
  if (sinks !== null)
    beside.push(boxes.table('attention', 'Sinks', [nHeads], sinks, 'a score for no key'))
  const name =
    nKeyValueHeads === nHeads
      ? 'Attention'
      : nKeyValueHeads === 1
        ? 'Multi-query attention'
        : 'Grouped-query attention'
  return [...(beside.length > 0 ? [beside] : []), [boxes.plain('attention', name, note)]]
}
