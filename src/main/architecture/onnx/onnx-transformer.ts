import { LamellaError } from '#common/model/errors.ts'
import { blockHookName, type BlockHook } from '#common/model/hooks.ts'
import type { RawConfig } from '../config-reader.ts'
import type { GraphProto } from '../../onnx/onnx_pb.js'
import { findAttention, type FoundAttention } from './attention.ts'
import { takeBranchWithoutCache } from './branches.ts'
import { findEmbedding, type FoundEmbedding } from './embedding.ts'
import { exposedPart, headInput, type ExposedPart } from './expose.ts'
import { flowOf, type Flow } from './flow.ts'
import { inputsOf, type OnnxInput } from './inputs.ts'
import { parseOnnx } from './parse.ts'
import { refuseForeign } from './refuse-foreign.ts'
import { findResiduals, type FoundResiduals } from './residual.ts'
import { splitLastNorm } from './split-last-norm.ts'
import { streamOf } from './stream.ts'
import { widthsOf, type OnnxWidths } from './widths.ts'

/** What is known of a transformer by its ONNX graph, and the values inside that it can give. */
export interface OnnxFacts {
  readonly widths: OnnxWidths
  /** The only number of tokens that the graph takes; null when it takes any. */
  readonly fixedLength: number | null
  readonly inputs: readonly OnnxInput[]
  /** Whether logits at a position are the next token's; null where there are none for each position. */
  readonly predicts: 'next' | 'masked' | null
  /** The values that it can give, in the order they are computed. */
  readonly hooks: readonly string[]
  /** Those that the body computes. */
  readonly bodyHooks: readonly string[]
  /** Those computed from the last residual, which the head takes under the name `hook_resid_post`. */
  readonly headHooks: readonly string[]
  /** What the graph does not give, and why, in sentences. */
  readonly limits: readonly string[]
}

/** The same with the graph that computes it: up to the last residual, and from there on. */
export interface OnnxTransformer extends OnnxFacts {
  readonly body: () => ExposedPart
  readonly head: () => ExposedPart
}

/**
 * Reads a transformer out of an ONNX graph: where attention, the residual stream and the logits are.
 * @param structure a ModelProto, without its larger weights
 * @param label begins every error
 * @throws LamellaError `unsupported` when it cannot run or is no transformer over token ids, `file-invalid`
 */
export function readOnnxTransformer(
  structure: Uint8Array,
  config: RawConfig,
  label: string
): OnnxTransformer {
  const model = parseOnnx(structure, label)
  refuseForeign(model, label)
  const { graph } = model
  takeBranchWithoutCache(graph)
  splitLastNorm(graph)
  const { inputs, fixedLength } = inputsOf(graph, label)
  const flow = flowOf(graph, label)
  const embedding = findEmbedding(flow, inputs.find(({ fill }) => fill === 'ids')!.name, label)
  const result = resultOf(graph, label)
  const stream = streamOf(flow, embedding.place, result.name)
  const attentions = findAttention(flow).filter(({ place }) => stream.has(place))
  const residuals = findResiduals(flow, stream, attentions)
  const { widths, limits } = widthsOf(config, flow, embedding, attentions, fixedLength)

  const body = new Map(bodyValues(embedding.value, attentions, residuals))
  const end = new Map<string, string>()
  if (residuals.finalNorm !== null) end.set('ln_final.hook_normalized', residuals.finalNorm)
  if (result.isLogits) end.set('logits', result.name)
  // Without the last residual there is nothing to start the head from: the body computes all.
  const residualStream = [...body].flatMap(([hook, value]) => {
    const isResidual =
      hook === 'hook_embed' ? embedding.shape[1] === widths.dModel : hook.includes('hook_resid')
    return isResidual && value !== residuals.last ? [value] : []
  })
  const head = residuals.last === null ? new Map<string, string>() : end
  if (residuals.last === null) for (const [hook, value] of end) body.set(hook, value)
  if (body.size <= 1 && head.size === 0)
    throw new LamellaError(
      'unsupported',
      `${label}: neither attention nor a residual stream is found in its graph`,
      'Its weights can be looked at.'
    )
  const given = residuals.last !== null && {
    given: { name: headInput, value: residuals.last, alike: residualStream }
  }
  let writtenBody: ExposedPart | undefined
  let writtenHead: ExposedPart | undefined
  return {
    widths,
    fixedLength,
    inputs,
    predicts: result.isLogits
      ? isCausal(config, inputs, attentions, residuals)
        ? 'next'
        : 'masked'
      : null,
    hooks: [...body.keys(), ...head.keys()],
    bodyHooks: [...body.keys()],
    headHooks: [...head.keys()],
    limits: [
      ...limits,
      ...gaps(flow, embedding, attentions, residuals, result.isLogits),
      asExported
    ],
    body: () => (writtenBody ??= exposedPart(model, flow, { outputs: body })),
    head: () => (writtenHead ??= exposedPart(model, flow, { outputs: head, ...given }))
  }
}

const asExported =
  'The graph runs as it was exported: none of its values can be edited, and no gradient can be taken.'

function* bodyValues(
  embedding: string | null,
  attentions: readonly FoundAttention[],
  { pre, mid, last }: FoundResiduals
): Generator<[string, string]> {
  if (embedding !== null) yield ['hook_embed', embedding]
  for (const [layer, { open }] of attentions.entries()) {
    const leaving = layer === attentions.length - 1 ? last : pre[layer + 1]
    const values = {
      hook_resid_pre: pre[layer],
      'attn.hook_attn_scores': open?.scores,
      'attn.hook_pattern': open?.pattern,
      hook_resid_mid: mid[layer],
      hook_resid_post: leaving
    }
    for (const [hook, value] of Object.entries(values))
      if (value) yield [blockHookName(layer, hook as BlockHook), value]
  }
}

/** The output that the stream leads to: logits of every position, where the graph has them. */
function resultOf(graph: GraphProto, label: string): { name: string; isLogits: boolean } {
  const named = graph.output.find(({ name }) => /^(logits|lm_logits|scores|output)$/i.test(name))
  const output = named ?? graph.output[0]
  if (output === undefined)
    throw new LamellaError('unsupported', `${label}: its graph has no output`)
  const type = output.type?.value.case === 'tensorType' ? output.type.value.value : undefined
  const rank = type?.shape?.dim.length
  return { name: output.name, isLogits: named !== undefined && (rank === undefined || rank === 3) }
}

/** Whether the model predicts the next token: by its kind in config.json, else by what encoders have. */
function isCausal(
  config: RawConfig,
  inputs: readonly OnnxInput[],
  attentions: readonly FoundAttention[],
  { finalNorm }: FoundResiduals
): boolean {
  const { architectures, is_decoder: isDecoder } = config
  const named = Array.isArray(architectures) ? architectures.join() : ''
  if (/ForCausalLM|LMHeadModel/.test(named)) return true
  if (/ForMaskedLM|ForPreTraining/.test(named) || isDecoder === false) return false
  if (attentions.some(({ fused }) => fused?.isCausal)) return true
  return finalNorm !== null && !inputs.some(({ name }) => name === 'token_type_ids')
}

function gaps(
  flow: Flow,
  embedding: FoundEmbedding,
  attentions: readonly FoundAttention[],
  { pre, last, finalNorm }: FoundResiduals,
  hasLogits: boolean
): string[] {
  const texts: string[] = []
  const fused = attentions.flatMap(({ place, open }) => (open === null ? [flow.nodes[place]!] : []))
  if (fused[0] !== undefined)
    texts.push(
      `Attention patterns of ${fused.length} layers cannot be shown: the operator ${fused[0].opType} computes attention in one step and gives none. An export without optimization shows them.`
    )
  else if (attentions.length === 0) texts.push('No attention was found in the graph.')
  if (embedding.value === null)
    texts.push(
      `The embeddings of tokens alone cannot be shown: the operator ${flow.nodes[embedding.place]!.opType} adds the others to them in one step.`
    )
  const missing = pre.flatMap((value, layer) => (value === null ? [layer] : []))
  if (missing.length > 0)
    texts.push(`The residual stream before layer ${missing.join(', ')} was not found in the graph.`)
  if (last === null)
    texts.push('The residual stream after the last layer was not found in the graph.')
  if (finalNorm === null) texts.push('No final norm was found after the last layer.')
  if (!hasLogits) texts.push('The graph gives no logits at each position.')
  texts.push(
    'Queries, keys, values, head outputs and what the MLPs compute are not exposed by an ONNX graph.'
  )
  return texts
}
