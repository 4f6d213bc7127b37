import type { Asking } from './asking.ts'
import { across, modulesOf, vectors, type Module, type NamedParameters } from './modules.ts'
import { words } from './names.ts'

/** The modules outside the blocks, by what they are. */
export interface FoundEnds {
  /** Null when there is none. */
  readonly tokens: Module | null
  /** How it lies, and how many tokens it has. */
  readonly storedTokens: 'token,width' | 'width,token'
  readonly dVocab: number
  readonly positions: Module | null
  readonly tokenTypes: Module | null
  readonly embeddingNorm: Module | null
  readonly finalNorm: Module | null
  /** Null when the embedding is used again. */
  readonly output: Module | null
  /** The bias of the output where it is a tensor of its own. */
  readonly outputBias: Module | null
  /** What the residual goes through before the output, as in the head of BERT. */
  readonly transform: { readonly linear: Module; readonly norm: Module | null } | null
}

/** A part of a head that stands before its output. */
const headNames = /(^|_)(cls|lm_head|mlm_head|mlm|predictions?|generator_predictions)(_|$)/

const positionNames = /(^|_)(pos|position|positions|positional|wpe|w_pos|embed_positions)(_|$)/
const typeNames = /(^|_)(token_?types?|segments?|type_embeddings?)(_|$)/
const tokenNames = /(^|_)(tok\w*|wte|words?|vocab|embed\w*|emb|w_?e|src|input|lookup|char\w*)(_|$)/
const outputNames =
  /(^|_)(lm_head|head|fc_out|unembed\w*|w_?u|out\w*|decoder|logits|to_logits|classifier|generator|predict\w*|vocab_proj|proj\w*|fc\w*|linear|final\w*)(_|$)/
const embeddingNormNames = /(^|_)(embed\w*|emb|embs|input|pre|wte|in)(_|$)/

/**
 * Tells the modules outside the blocks apart by name, shape and order in the file.
 * @param vocabulary how many tokens the tokenizer has, where there is one
 */
export function findEnds(
  asking: Asking,
  outside: NamedParameters,
  dModel: number,
  vocabulary: number | null
): FoundEnds {
  const modules = modulesOf(outside)
  const tables = modules.filter(({ weight }) => weight !== null && across(weight, dModel) !== null)
  const named = (pattern: RegExp) => tables.filter(({ path }) => pattern.test(words(path)))
  const tokenTypes = named(typeNames)[0] ?? null
  const positions = named(positionNames).filter(table => table !== tokenTypes)[0] ?? null
  const isTransform = ({ path, weight }: Module) =>
    headNames.test(words(path)) &&
    /(^|_)(dense|transform|vocab_transform)(_|$)/.test(words(path)) &&
    weight!.shape.every(length => length === dModel)
  const linear = tables.find(isTransform) ?? null
  const rest = tables.filter(table => ![tokenTypes, positions, linear].includes(table))

  const output = findOutput(rest, dModel, vocabulary)
  const tokens = findTokens(asking, rest, output, dModel, vocabulary)
  const all = vectors(modules, dModel)
  const headNorm = all.find(({ path }) => headNames.test(words(path))) ?? null
  // A norm of the head comes after its transform, not after the blocks.
  const norms = linear === null ? all : all.filter(norm => norm !== headNorm)
  const embeddingNorm =
    norms.find(
      ({ path }) => embeddingNormNames.test(words(path)) && !/final|(^|_)f(_|$)/.test(words(path))
    ) ?? null
  const finalNorm = norms.filter(norm => norm !== embeddingNorm).at(-1) ?? null
  const found = output === tokens ? null : output
  const [rows = 0, columns = 0] = tokens?.weight?.shape ?? []
  const storedTokens = columns === dModel ? 'token,width' : 'width,token'
  const dVocab = storedTokens === 'token,width' ? rows : columns
  const outputs = found === null ? dVocab : across(found.weight!, dModel)
  const outputBias =
    modules.find(
      ({ path, weight, bias }) =>
        (weight === null || weight.shape.length === 1) &&
        (bias ?? weight)!.shape.length === 1 &&
        (bias ?? weight)!.shape[0] === outputs &&
        outputs !== dModel &&
        outputNames.test(words(path))
    ) ?? null
  const transform = linear && { linear, norm: headNorm }
  return {
    ...{ tokens, storedTokens, dVocab, positions, tokenTypes, embeddingNorm, finalNorm },
    ...{ output: found, outputBias, transform }
  }
}

function findOutput(
  tables: readonly Module[],
  dModel: number,
  vocabulary: number | null
): Module | null {
  const rank = ({ path, weight, bias }: Module) => {
    const name = words(path)
    const width = across(weight!, dModel)!
    return (
      (/(^|_)(lm_head|unembed\w*|fc_out|w_?u|to_logits|logits|generator|vocab_proj)(_|$)/.test(name)
        ? 4
        : 0) +
      (outputNames.test(name) ? 2 : 0) +
      (bias !== null && bias.shape[0] === width ? 2 : 0) -
      (/(^|_)(tok\w*|wte|word|embed\w*|embedding\w*|emb|w_?e)(_|$)/.test(name) &&
      !/unembed|out/.test(name)
        ? 4
        : 0) +
      (width === vocabulary ? 1 : 0)
    )
  }
  const [best] = [...tables].sort((a, b) => rank(b) - rank(a))
  return best !== undefined && rank(best) >= 2 ? best : null
}

/** The table of tokens; asked for when several could be it. */
function findTokens(
  asking: Asking,
  tables: readonly Module[],
  output: Module | null,
  dModel: number,
  vocabulary: number | null
): Module | null {
  const candidates = tables.filter(table => table !== output)
  const rank = ({ path, weight }: Module) =>
    (tokenNames.test(words(path)) ? 2 : 0) +
    (output !== null && across(weight!, dModel) === across(output.weight!, dModel) ? 2 : 0) +
    (across(weight!, dModel) === vocabulary ? 2 : 0)
  const sorted = [...candidates].sort((a, b) => rank(b) - rank(a))
  const [best, second] = sorted
  if (best === undefined) return null
  if (rank(best) > 0 && (second === undefined || rank(second) < rank(best))) return best
  if (second === undefined) return best
  const chosen = asking.choice(
    {
      id: 'tokens',
      label: 'Token embedding',
      help: 'Several tables are as wide as the residual stream; one holds the tokens.',
      basis: 'open'
    },
    sorted.map(({ path, weight }) => ({
      value: path,
      text: path,
      note: `[${weight!.shape.join(', ')}]`
    }))
  )
  return sorted.find(({ path }) => path === chosen)!
}
