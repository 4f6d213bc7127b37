import type { RawConfig } from '../config-reader.ts'
import { activationNames } from '../activations.ts'

/** What a file says in answer to a question. */
export interface StatedAnswer {
  readonly value: string
  /** The name of the field that says it. */
  readonly field: string
}

/** What files say of a model, as answers. */
export interface StatedAnswers {
  /** The answer to a question; null where nothing says it. */
  readonly of: (id: string) => StatedAnswer | null
  /** A whole number that a file says, by any of a thing's spellings; null where none does. */
  readonly width: (thing: keyof typeof spellings) => StatedAnswer | null
}

/**
 * Answers out of what a training script or a config.json says, whatever it calls things.
 * @param fields by name, also within others
 */
export function statedAnswers(fields: RawConfig): StatedAnswers {
  const plain = new Map(flattened(fields, 0).map(([name, value]) => [bare(name), { name, value }]))
  const first = (names: readonly string[]) => {
    for (const name of names) {
      const found = plain.get(name)
      if (found !== undefined && found.value !== null) return found
    }
    return null
  }
  const told = (id: string): StatedAnswer | null => {
    for (const { names, read } of readers[id] ?? []) {
      const found = first(names)
      const value = found === null ? null : read(found.value)
      if (found !== null && value !== null) return { value, field: found.name }
    }
    return null
  }
  const width = (thing: keyof typeof spellings): StatedAnswer | null => {
    const found = first(spellings[thing])
    const isWidth = found !== null && Number.isSafeInteger(found.value) && Number(found.value) > 0
    return isWidth ? { value: String(found.value), field: found.name } : null
  }
  return {
    of: id => told(id) ?? (id === 'nCtx' || id === 'rotaryDims' ? width(id) : null),
    width
  }
}

/** Spellings of widths, bare of capitals and of what stands between words. */
const spellings = {
  heads:
    'nhead nheads numheads numattentionheads nattnheads numattnheads heads attentionheads numberofheads decoderattentionheads encoderattentionheads nattentionheads'.split(
      ' '
    ),
  dHead:
    'dhead headdim headsize dimhead headdimension dimperhead dk attentionheadsize kvchannels'.split(
      ' '
    ),
  nCtx: 'nctx blocksize maxseqlen maxpositionembeddings contextlength contextsize ctxlen seqlen maxlen maxlength sequencelength npositions maxsequencelength maxseqlength contextwindow'.split(
    ' '
  ),
  rotaryDims: 'rotarydim rotarydims ropedim'.split(' ')
} as const

interface Reader {
  readonly names: readonly string[]
  readonly read: (value: unknown) => string | null
}

const flag = (names: string, yes: string | null, no: string | null): Reader => ({
  names: names.split(' '),
  read: value => (value === true ? yes : value === false ? no : null)
})

const number = (names: string, fits: (value: number) => boolean): Reader => ({
  names: names.split(' '),
  read: value => (typeof value === 'number' && fits(value) ? numberText(value) : null)
})

const word = (names: string, meanings: Readonly<Record<string, string>>): Reader => ({
  names: names.split(' '),
  read: value => {
    const key = typeof value === 'string' ? bare(value) : ''
    return Object.hasOwn(meanings, key) ? meanings[key]! : null
  }
})

const readers: Readonly<Record<string, readonly Reader[]>> = {
  activation: [
    word(
      'actfn activation activationfunction hiddenact act activationfn nonlinearity hiddenactivation acttype actlayer mlpactivation ffnactivation mlpact acttypes',
      activationWords()
    )
  ],
  causal: [
    flag('causal iscausal autoregressive usecausalmask causalmask causalattention', 'yes', 'no'),
    flag('bidirectional isbidirectional', 'no', 'yes'),
    word('attentiondir attentiondirection attentiontype attntype masktype', {
      causal: 'yes',
      unidirectional: 'yes',
      autoregressive: 'yes',
      bidirectional: 'no'
    })
  ],
  epsilon: [
    number(
      'eps normeps layernormeps layernormepsilon rmsnormeps lneps epsilon normepsilon rmseps',
      value => value >= 0 && value < 1
    )
  ],
  normKind: [
    word('normtype normalizationtype norm normalization normlayer', {
      layer: 'layer',
      layernorm: 'layer',
      ln: 'layer',
      lnpre: 'layer',
      rms: 'rms',
      rmsnorm: 'rms',
      rmspre: 'rms'
    }),
    flag('rmsnorm usermsnorm', 'rms', 'layer')
  ],
  normPlace: [
    flag('normfirst prenorm prelayernorm preln normbefore normalizebefore', 'pre', 'post'),
    flag('postnorm postln', 'post', 'pre'),
    flag('paralleattnmlp parallelattnmlp useparallelresidual parallelresidual', 'parallel', null),
    word('normplacement normposition normplace lnposition', {
      pre: 'pre',
      prenorm: 'pre',
      post: 'post',
      postnorm: 'post'
    })
  ],
  weightless: [
    word('normalizationtype normtype norm', { lnpre: 'layer', rmspre: 'rms', none: 'none' }),
    flag('useln uselayernorm', 'layer', 'none')
  ],
  positions: [
    word(
      'positionalembeddingtype positionembeddingtype posencoding positionalencoding postype posemb positionencoding posembtype positionalembedding posembedding',
      {
        sinusoidal: 'sinusoidal',
        sinusoid: 'sinusoidal',
        sincos: 'sinusoidal',
        alibi: 'alibi',
        none: 'none',
        nope: 'none'
      }
    ),
    flag('usealibi alibi', 'alibi', null),
    flag('rotaryadjacentpairs ropeinterleaved rotaryinterleaved', 'rotary-adjacent', null)
  ],
  rotary: [
    word(
      'positionalembeddingtype positionembeddingtype posencoding positionalencoding postype posemb positionencoding posembtype positionalembedding posembedding',
      { rotary: 'yes', rope: 'yes' }
    ),
    flag('userope userotary rotary rope userotaryemb', 'yes', null),
    {
      names: ['ropetheta', 'rotarybase'],
      read: value => (typeof value === 'number' ? 'yes' : null)
    }
  ],
  positionsAt: [word('positionalembeddingtype', { shortformer: 'shortformer', standard: 'sum' })],
  rotaryBase: [number('ropetheta rotarybase rotaryembbase ropebase', value => value > 1)],
  embeddingScale: [
    flag('scaleembedding scaleembeddings scaleemb embedscale normalizeembeddings', 'root', 'one')
  ],
  scale: [flag('useattnscale scaleattn scaleattention scaleattnweights', 'd_head', 'one')],
  tied: [
    flag(
      'tiewordembeddings tieweights weighttying tied shareembeddings tieembeddings',
      'tied',
      'none'
    )
  ]
}

/** What scripts call activations, bare, and what they are here. */
function activationWords(): Readonly<Record<string, string>> {
  const known = Object.entries(activationNames).map(([name, activation]) => [
    bare(name),
    activation
  ])
  const more = {
    gelutanh: 'gelu-tanh',
    geluapproximate: 'gelu-tanh',
    tanhgelu: 'gelu-tanh',
    newgelu: 'gelu-tanh',
    newgeluactivation: 'gelu-tanh',
    swiglu: 'silu',
    geglu: 'gelu',
    reglu: 'relu',
    squaredrelu: 'relu-squared',
    relusquared: 'relu-squared',
    relusq: 'relu-squared',
    identity: 'linear',
    none: 'linear',
    solu: 'solu'
  }
  return Object.fromEntries([...known, ...Object.entries(more)]) as Record<string, string>
}

/** How deep fields may lie in others. */
const deepest = 3

/** Plain fields by name, those that lie within others after those that do not. */
function flattened(fields: RawConfig, depth: number): [name: string, value: unknown][] {
  const all = Object.entries(fields).slice(0, 1000)
  const isObject = (value: unknown): value is RawConfig =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
  const inner = all.flatMap(([, value]) =>
    isObject(value) && depth < deepest ? flattened(value, depth + 1) : []
  )
  // What is said first holds.
  const own = all.filter(([, value]) => !isObject(value) && !Array.isArray(value))
  return [...inner.toReversed(), ...own.toReversed()]
}

/** A name without capitals, what stands between its words, and the modules that it is of. */
function bare(name: string): string {
  return name
    .replace(/^.*\./, '')
    .replace(/\(\)$/, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '')
}

/** As a question about a number has its answers. */
function numberText(value: number): string {
  return value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential() : String(value)
}
