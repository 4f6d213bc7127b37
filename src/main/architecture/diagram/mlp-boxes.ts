import type { ArchitectureBox } from '#common/model/architecture.ts'
import type { BlockSpec, DenseMlpSpec, MlpSpec, TransformerSpec } from '#common/model/spec.ts'
import { numberText } from '#common/text/number-text.ts'
import type { Boxes } from './boxes.ts'

/** What the MLP of a block does, row by row; nothing where it has none. */
export function mlpRows(
  spec: TransformerSpec,
  { mlp, norms }: BlockSpec,
  boxes: Boxes
): ArchitectureBox[][] {
  if (mlp === null) return []
  const { dModel } = spec
  const normed = (norm: typeof norms.mlpIn) => {
    const scale = norm?.scale ?? null
    const isShared = scale !== null && norm === norms.mlpIn && scale === norms.attentionIn?.scale
    return norm === null ? [] : [[boxes.norm(norm, dModel, isShared ? 'the one of attention' : '')]]
  }
  return [
    ...normed(norms.mlpIn),
    ...routerRow(mlp, dModel, boxes),
    ...denseRows(mlp, spec, boxes),
    ...normed(norms.mlpOut)
  ]
}

function routerRow(mlp: MlpSpec, dModel: number, boxes: Boxes): ArchitectureBox[][] {
  if (mlp.kind !== 'experts') return []
  const { router, experts, chosen, softmaxOver } = mlp
  const note = `${chosen} of ${experts.length} experts a token, softmax over ${softmaxOver === 'all' ? 'all' : 'those'}`
  return [[boxes.linear('router', 'Router', [dModel, experts.length], [router], { note })]]
}

/** The MLP itself, or experts and beside them the one that they share. */
function denseRows(
  mlp: MlpSpec,
  { dModel, dMlp }: TransformerSpec,
  boxes: Boxes
): ArchitectureBox[][] {
  if (mlp.kind !== 'experts') return expertRows([mlp], '', { dModel, dMlp }, boxes)
  const { experts, shared } = mlp
  const routed = expertRows(experts, `${experts.length} experts`, { dModel, dMlp }, boxes)
  if (shared === null) return routed
  const beside = expertRows([shared.mlp], 'shared by all tokens', { dModel, dMlp }, boxes)
  if (shared.gate !== null)
    beside[0]!.push(
      boxes.linear('router', 'Gate', [dModel, 1], [shared.gate], { note: 'of the shared expert' })
    )
  return routed.map((row, i) => [...row, ...(beside[i] ?? [])])
}

/** @param all MLPs that are alike, beside each other */
function expertRows(
  all: readonly DenseMlpSpec[],
  note: string,
  { dModel, dMlp }: Pick<TransformerSpec, 'dModel' | 'dMlp'>,
  boxes: Boxes
): ArchitectureBox[][] {
  const [first] = all as readonly [DenseMlpSpec]
  const width = first.width ?? dMlp
  const matrices = (
    name: string,
    shape: number[],
    of: (mlp: DenseMlpSpec) => unknown,
    said = note
  ) => {
    const own = all.map(mlp => of(mlp) as DenseMlpSpec['output'])
    return boxes.linear('mlp', name, shape, own, { note: said, shown: [own[0]!] })
  }
  const output = [matrices('W_out', [width, dModel], ({ output }) => output)]
  const { activation } = first
  if (first.kind === 'plain')
    return [
      [matrices('W_in', [dModel, width], mlp => mlp.kind === 'plain' && mlp.input)],
      [boxes.plain('mlp', activation, `${width} neurons`)],
      ...(first.norm === null ? [] : [[boxes.norm(first.norm, width)]]),
      output
    ]
  const limit = first.limit === null ? '' : `, limited at ${numberText(first.limit)}`
  const offset = first.inputOffset === 0 ? '' : ` + ${numberText(first.inputOffset, 1)}`
  const product = `${activation}(gate) × (in${offset})`.replace('(in)', 'in')
  const entering =
    first.kind === 'gated'
      ? [
          matrices('W_gate', [dModel, width], mlp => mlp.kind === 'gated' && mlp.gate),
          matrices('W_in', [dModel, width], mlp => mlp.kind === 'gated' && mlp.input)
        ]
      : [
          matrices(
            'W_gate W_in',
            [dModel, 2 * width],
            mlp => mlp.kind === 'gated-fused' && mlp.gateAndInput,
            [note, `one matrix, ${first.order}`].filter(text => text !== '').join(', ')
          )
        ]
  return [entering, [boxes.plain('mlp', product, `${width} neurons${limit}`)], output]
}
