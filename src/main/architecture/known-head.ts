import type { TransformerSpec } from '#common/model/spec.ts'
import type { ConfigReader } from './config-reader.ts'
import { architectureName, otherHeads, taskOf } from './heads.ts'
import { headRoles, misfitOf } from './roles.ts'
import type { TensorTable } from './tensor-table.ts'

/**
 * A spec without its head where the tensors do not fit it, and in sentences which heads are not computed: a
 * model opens, and runs up to its head, whatever that is.
 * @param from `source`: the file that the spec comes from; `needsHead`: whether a head of a language has to fit
 */
export function withKnownHead(
  described: TransformerSpec,
  config: ConfigReader,
  tensors: TensorTable,
  { source, needsHead }: { readonly source: string; readonly needsHead: boolean }
): { readonly spec: TransformerSpec; readonly limits: string[] } {
  const isOfLabels = (described.unembedding?.labels ?? null) !== null
  const mayMisfit = isOfLabels || !needsHead
  const misfit = mayMisfit ? misfitOf(headRoles(described), tensors, source) : null
  const spec = misfit === null ? described : { ...described, unembedding: null }
  const used = new Set(headRoles(spec).map(({ tensor }) => tensor))
  const others = otherHeads(tensors).filter(name => !used.has(name))
  if (spec.unembedding !== null) {
    const rest = others.length === 0 ? [] : [`${listed(others)}: not computed.`]
    return { spec, limits: [...rest, ...(isOfLabels ? notOdds(config, source) : [])] }
  }
  const task = taskOf(config)
  const named = task === null || task === 'language' ? null : architectureName(config)
  const reasons = [
    ...(named === null ? [] : [`${source} says ${named}`]),
    ...(misfit === null ? [] : [misfit]),
    ...(misfit !== null || others.length === 0 ? [] : [`the file has ${listed(others)}`])
  ]
  if (reasons.length === 0) return { spec, limits: [] }
  const why = misfit === null ? 'no head that is known' : 'its head does not fit'
  const limit = `${reasons.join('; ')}: ${why}, so there are no logits. All before it is computed.`
  const output = described.unembedding?.output.weight
  const isMissing = misfit !== null && !isOfLabels && output !== undefined && !tensors.has(output)
  const next = isMissing
    ? [`Where the embedding is its head, tie_word_embeddings of ${source} has to be true.`]
    : []
  return { spec, limits: [limit, ...next] }
}

/** Why probabilities of labels are none, in at most one sentence: they are the softmax of logits, as of one choice among labels. */
function notOdds(config: ConfigReader, source: string): string[] {
  const type = config.text('problem_type')
  const why = {
    regression: 'logits are the numbers that are asked for, and probabilities of them mean nothing',
    multi_label_classification:
      'each label is a choice of its own by the sigmoid of its logit, and probabilities that are shown compare labels'
  }
  const known = type !== null && Object.hasOwn(why, type)
  return known ? [`${source} says problem_type ${type}: ${why[type as keyof typeof why]}.`] : []
}

/** The first few of the names. */
function listed(names: readonly string[]): string {
  const shown = names.slice(0, 4).join(', ')
  return names.length > 4 ? `${shown} and ${names.length - 4} more` : shown
}
