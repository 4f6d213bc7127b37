import type { NormSpec } from '#common/model/spec.ts'
import { isAttention } from './attention-names.ts'
import type { Asking } from './asking.ts'
import { inOrder, type Module } from './modules.ts'
import { words } from './names.ts'

/** How the norms of a model are computed. */
export interface NormStyle {
  readonly kind: NormSpec['kind']
  readonly epsilon: number
}

/** A norm as the description writes it. */
export interface WrittenNorm extends NormStyle {
  scale?: string
  shift?: string
}

/** Where a block normalises, as the description writes it. */
export type WrittenNorms = Partial<
  Record<
    'attentionIn' | 'attentionOut' | 'afterAttention' | 'mlpIn' | 'mlpOut' | 'afterMlp',
    WrittenNorm
  >
>

export function normOf({ weight, bias }: Module, style: NormStyle): WrittenNorm {
  return { ...style, scale: weight!.name, ...(bias === null ? {} : { shift: bias.name }) }
}

/**
 * Asks whether blocks without norms of their own have some without weights, as those have whose weights were folded into the
 * matrices after them; null for none.
 */
export function weightlessStyle(asking: Asking): NormStyle | null {
  const kind = asking.choice(
    {
      id: 'weightless',
      label: 'Norms',
      help: 'No weights of norms are in the blocks, so these have none, or norms without weights.',
      basis: 'assumed'
    },
    [
      { value: 'none', text: 'None' },
      { value: 'layer', text: 'Layer norm without weights', note: 'LNPre' },
      { value: 'rms', text: 'RMS norm without weights', note: 'RMSPre' }
    ]
  )
  return kind === 'none' ? null : { kind, epsilon: askEpsilon(asking) }
}

/** Asks how norms are computed, as far as shapes leave it open. */
export function normStyle(asking: Asking, norms: readonly Module[], likeLlama: boolean): NormStyle {
  const shifted = norms.some(({ bias }) => bias !== null)
  const named = norms.map(({ path }) => words(path)).join(' ')
  const rms = !shifted && (likeLlama || /rms/.test(named) || !/(^|[_ ])ln|layer_?norm/.test(named))
  const layer = { value: 'layer', text: 'Layer norm', note: 'mean and deviation' } as const
  const rootMean = { value: 'rms', text: 'RMS norm', note: 'root mean square' } as const
  const kind = shifted
    ? 'layer'
    : asking.choice(
        {
          id: 'normKind',
          label: 'Norm',
          help: 'The norms have a scale and no shift, which both kinds may.',
          basis: 'assumed'
        },
        rms ? [rootMean, layer] : [layer, rootMean]
      )
  return { kind, epsilon: askEpsilon(asking) }
}

function askEpsilon(asking: Asking): number {
  return asking.number(
    {
      id: 'epsilon',
      label: 'Norm epsilon',
      help: 'Added to the variance before its root; 1e-5 in PyTorch.',
      basis: 'assumed'
    },
    1e-5,
    value => value >= 0 && value < 1
  )
}

/** Places the norms of a block. */
export function placedNorms(
  asking: Asking,
  norms: readonly Module[],
  style: NormStyle,
  evidence: {
    readonly finalNorm: boolean
    readonly embeddingNorm: boolean
    readonly hasMlp: boolean
  }
): { norms: WrittenNorms; parallel: boolean } {
  const of = (module: Module | undefined) => (module && normOf(module, style))!
  const [first, second, third, fourth] = ordered(norms)
  if (first === undefined) return { norms: {}, parallel: false }
  if (second === undefined && !evidence.hasMlp)
    return { norms: oneNorm(asking, of(first), evidence), parallel: false }
  if (second === undefined)
    return { norms: { attentionIn: of(first), mlpIn: of(first) }, parallel: true }
  if (third !== undefined && fourth !== undefined)
    return {
      norms: {
        attentionIn: of(first),
        attentionOut: of(second),
        mlpIn: of(third),
        mlpOut: of(fourth)
      },
      parallel: false
    }
  const names = norms.map(({ path }) => words(path)).join(' ')
  const outs = /post_att\w*/.test(names) && /post_(ff|feed|mlp)\w*/.test(names)
  const pre = { value: 'pre', text: 'Before attention and MLP', note: 'pre-norm' } as const
  const post = { value: 'post', text: 'After each sum', note: 'post-norm' } as const
  const out = { value: 'out', text: 'Before each sum', note: 'OLMo 2' } as const
  const parallel = {
    value: 'parallel',
    text: 'Before both, in parallel',
    note: 'GPT-NeoX'
  } as const
  const isPre = evidence.finalNorm && !evidence.embeddingNorm
  const place = asking.choice(
    {
      id: 'normPlace',
      label: 'Norm place',
      help: evidence.finalNorm
        ? 'There is a norm after the last block, as models have that normalise before each part.'
        : 'There is no norm after the last block, as in models that normalise after each sum.',
      basis: 'assumed'
    },
    outs
      ? [out, pre, post, parallel]
      : isPre
        ? [pre, post, out, parallel]
        : [post, pre, out, parallel]
  )
  const [a, b] = [of(first), of(second)]
  switch (place) {
    case 'pre':
      return { norms: { attentionIn: a, mlpIn: b }, parallel: false }
    case 'parallel':
      return { norms: { attentionIn: a, mlpIn: b }, parallel: true }
    case 'post':
      return { norms: { afterAttention: a, afterMlp: b }, parallel: false }
    case 'out':
      return { norms: { attentionOut: a, mlpOut: b }, parallel: false }
  }
}

/** The norm of a block that is attention alone. */
function oneNorm(
  asking: Asking,
  norm: WrittenNorm,
  { finalNorm, embeddingNorm }: { readonly finalNorm: boolean; readonly embeddingNorm: boolean }
): WrittenNorms {
  const before = { value: 'pre', text: 'Before attention', note: 'pre-norm' } as const
  const after = { value: 'post', text: 'After the sum', note: 'post-norm' } as const
  const place = asking.choice(
    {
      id: 'normPlace',
      label: 'Norm place',
      help: 'A block has one norm, before its attention or after the sum.',
      basis: 'assumed'
    },
    finalNorm && !embeddingNorm ? [before, after] : [after, before]
  )
  return place === 'pre' ? { attentionIn: norm } : { afterAttention: norm }
}

/** In the order of the forward pass, by name where the name tells. */
function ordered(norms: readonly Module[]): Module[] {
  const rank = ({ path }: Module) => {
    const name = words(path)
    if (/(^|_)(pre_attn|input|ln_1|ln1|norm_?1|norm_attn|attn_norm|attention_norm)(_|$)/.test(name))
      return 0
    if (/post_att/.test(name)) return 1
    if (/(pre_(ff|feed|mlp))|(^|_)(ln_?2|norm_?2|mlp_norm|ffn?_norm|norm_mlp)(_|$)/.test(name))
      return 2
    if (/post_(ff|feed|mlp)/.test(name)) return 3
    return isAttention(path) ? 0.5 : 1.5
  }
  return inOrder(norms)
    .map((module, place) => ({ module, place, rank: rank(module) }))
    .sort((a, b) => a.rank - b.rank || a.place - b.place)
    .map(({ module }) => module)
}
