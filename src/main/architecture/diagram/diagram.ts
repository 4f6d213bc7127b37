import type {
  Architecture,
  ArchitectureBox,
  ArchitectureSection,
  ArchitectureStep
} from '#common/model/architecture.ts'
import type { BlockSpec, TransformerSpec } from '#common/model/spec.ts'
import { layersText } from '#common/text/layers-text.ts'
import { numberText } from '#common/text/number-text.ts'
import { attentionRows } from './attention-boxes.ts'
import { Boxes } from './boxes.ts'
import { mlpRows } from './mlp-boxes.ts'
import type { TensorTable } from '../tensor-table.ts'

/** What a model is made of, step by step, as its spec says: nothing is guessed of its family. */
export function architectureDiagram(spec: TransformerSpec, tensors: TensorTable): Architecture {
  const boxes = new Boxes(tensors)
  return { sections: [embedding(spec, boxes), ...blocks(spec, boxes), output(spec, boxes)] }
}

/** Steps on the residual stream, or beside it. */
const through = (...rows: ArchitectureBox[][]): ArchitectureStep => ({
  ...{ adds: false, scale: 1 },
  branches: [rows.filter(row => row.length > 0)]
})

function section(
  boxes: Boxes,
  facts: Pick<ArchitectureSection, 'name' | 'note' | 'layers'>,
  steps: readonly ArchitectureStep[]
): ArchitectureSection {
  const some = steps.filter(({ branches }) => branches.some(rows => rows.length > 0))
  return { ...facts, parameters: boxes.take(), steps: some }
}

function embedding(spec: TransformerSpec, boxes: Boxes): ArchitectureSection {
  const { tokens, width, scale, positions, tokenTypes, norm, projection } = spec.embedding
  const columns = width ?? spec.dModel
  const factor = scale === 1 ? '' : `× ${numberText(scale)}`
  const beside: ArchitectureBox[] = [
    boxes.table('embedding', 'W_E', [spec.dVocab, columns], tokens, factor)
  ]
  if (positions?.kind === 'learned') {
    const own = projection?.of === 'tokens' ? spec.dModel : columns
    beside.push(
      boxes.table(
        'embedding',
        'W_pos',
        [spec.nCtx, own],
        positions.table,
        'learned positions, added'
      )
    )
  }
  if (positions?.kind === 'sinusoidal')
    beside.push(boxes.plain('embedding', 'Positions', 'sines and cosines, added'))
  if (tokenTypes !== null)
    beside.push(
      boxes.table(
        'embedding',
        'Token types',
        [tokenTypes.count, columns],
        tokenTypes.table,
        'the first of them, added'
      )
    )
  const projected =
    projection === null
      ? []
      : [
          boxes.linear('embedding', 'Projection', [columns, spec.dModel], [projection], {
            note: projection.of === 'tokens' ? 'of the tokens alone' : ''
          })
        ]
  const normed = norm === null ? [] : [boxes.norm(norm, columns)]
  const rows =
    projection?.of === 'tokens' ? [beside, projected, normed] : [beside, normed, projected]
  return section(boxes, { name: 'Embedding', note: '', layers: [] }, [through(...rows)])
}

/** Blocks that differ in nothing but the names of their tensors are drawn once. */
function blocks(spec: TransformerSpec, boxes: Boxes): ArchitectureSection[] {
  const kinds = new Map<
    string,
    ArchitectureSection & { readonly names: Set<string>; readonly counts: Set<number> }
  >()
  spec.blocks.forEach((block, layer) => {
    const made = section(
      boxes,
      { name: '', note: '', layers: [layer] },
      blockSteps(spec, block, boxes)
    )
    const key = JSON.stringify(made.steps, (name, value: unknown) =>
      name === 'tensors' ? undefined : value
    )
    const names = made.steps.flatMap(({ branches }) => branches.flat(2).flatMap(box => box.tensors))
    const known = kinds.get(key)
    known?.layers.push(layer)
    known?.names.add(names.join('\n'))
    known?.counts.add(made.parameters)
    if (known === undefined)
      kinds.set(key, {
        ...made,
        names: new Set([names.join('\n')]),
        counts: new Set([made.parameters])
      })
  })
  return [...kinds.values()].map(({ names, counts, layers, parameters, steps }) => ({
    name: layersText(layers),
    note: [
      layers.length === spec.blocks.length
        ? `${layers.length} alike`
        : `${layers.length} of ${spec.blocks.length}`,
      ...(layers.length > 1 && names.size === 1 ? ['one set of weights for all'] : []),
      ...(names.size > 1 && counts.size > 1 ? ['some weights shared by layers'] : [])
    ].join(' · '),
    ...{ layers, parameters, steps }
  }))
}

function blockSteps(spec: TransformerSpec, block: BlockSpec, boxes: Boxes): ArchitectureStep[] {
  const { norms, residualScale: scale, parallel } = block
  const attention = attentionRows(spec, block, boxes)
  const mlp = mlpRows(spec, block, boxes)
  const adds = (...branches: ArchitectureBox[][][]): ArchitectureStep => ({
    ...{ adds: true, scale },
    branches: branches.filter(rows => rows.length > 0)
  })
  if (parallel) return [adds(attention, mlp)]
  const after = (norm: BlockSpec['norms']['afterMlp']) =>
    through(norm === null ? [] : [boxes.norm(norm, spec.dModel)])
  return [adds(attention), after(norms.afterAttention), adds(mlp), after(norms.afterMlp)]
}

const taken = {
  every: '',
  first: 'of the first token',
  last: 'of the last token',
  mean: 'of the mean of all tokens'
}

function output(spec: TransformerSpec, boxes: Boxes): ArchitectureSection {
  const { finalNorm, unembedding, dModel, dVocab } = spec
  const norm = finalNorm === null ? [] : [boxes.norm(finalNorm, dModel)]
  const facts = { name: 'Output', layers: [] }
  if (unembedding === null)
    return section(boxes, { ...facts, note: 'no head: it gives no logits' }, [through(norm)])
  const { transform, output, labels, scale, softCap, alias, from } = unembedding
  const width = transform?.width ?? dModel
  const transformed =
    transform === null
      ? []
      : [
          [
            boxes.linear('unembedding', 'Dense', [dModel, width], [transform.linear], {
              note: [
                ...(transform.activation === 'linear' ? [] : [`then ${transform.activation}`]),
                ...(from === 'every' ? [] : [taken[from]])
              ].join(', ')
            })
          ],
          transform.norm === null ? [] : [boxes.norm(transform.norm, width)]
        ]
  const isTied = output.weight === spec.embedding.tokens || alias !== null
  const note = [
    ...(isTied ? ['tied: W_E turned over'] : []),
    ...(labels === null ? [] : [`${labels.length} labels`]),
    ...(transform === null && from !== 'every' ? [taken[from]] : []),
    ...(scale === 1 ? [] : [`× ${numberText(scale)}`]),
    ...(softCap === null ? [] : [`soft cap ${numberText(softCap)}`])
  ].join(', ')
  const logits = boxes.linear(
    'unembedding',
    labels === null ? 'W_U' : 'Classifier',
    [width, labels?.length ?? dVocab],
    [output],
    { note }
  )
  const given = labels === null ? 'logits of tokens' : 'logits of labels'
  return section(boxes, { ...facts, note: given }, [through(norm, ...transformed, [logits])])
}
