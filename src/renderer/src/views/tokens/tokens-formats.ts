import type { Result } from '#common/contract/api.ts'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import { axis, dataset, type Dataset, type Variable } from '#common/data/dataset.ts'
import { paperLook } from '#common/figure/look.ts'
import type { Provenance } from '#common/figure/provenance.ts'
import { plainLook } from '#common/figure/views/look-params.ts'
import { runOrigin } from '#common/figure/views/origin.ts'
import { countsDataset, splitsFigure } from '#common/figure/views/tokens-view.ts'
import type { TextExplanation } from '#common/model/text-explanation.ts'
import type { Token } from '#common/model/token.ts'
import type { SplitComparison } from '#common/text/compare-splits.ts'
import { bytesHex, tokenBytes } from '#common/text/token-bytes.ts'
import { tokenText } from '#common/text/token-text.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'
import type { TokensOptions } from './tokens-options.ts'
import type { Dialogue } from './use-dialogue.ts'
import type { ChosenSplit } from './use-tokens.ts'
import { modelOrigin } from '#common/figure/views/origin.ts'

/** What is seen of tokens; null of what was not asked for. */
export interface SeenTokens {
  readonly model: ModelInfo
  readonly modelName: string
  readonly run: Run
  readonly form: TokensOptions['form']
  readonly explanation: TextExplanation | null
  readonly splits: readonly ChosenSplit[] | null
  readonly against: ChosenSplit | null
  readonly comparison: SplitComparison | null
  readonly decoded: Result<'text.decode'> | null
  readonly dialogue: Dialogue | null
}

/** What is seen: counts as bars, and the numbers of each form. */
export function tokensFormats(seen: SeenTokens, version: string): ExportFormat[] {
  const {
    model,
    modelName,
    run,
    form,
    explanation,
    splits,
    against,
    comparison,
    decoded,
    dialogue
  } = seen
  const provenance = (place: string, options: readonly string[]): Provenance => ({
    version,
    of: runOrigin(model, run, place),
    ...{ less: null, precision: 'float32' },
    again: { command: 'tokens', options }
  })
  switch (form) {
    case 'tokens':
      return dataFormats(
        `${modelName} · tokens`,
        () => tokensDataset(run.tokens),
        provenance('Tokens', [])
      )
    case 'split':
      if (explanation === null) return []
      return dataFormats(
        `${modelName} · how the text was split`,
        () => partsDataset(explanation),
        provenance('How the text was split', ['--explain'])
      )
    case 'compared': {
      if (splits === null || against === null || comparison === null) return []
      const title = `${modelName} · tokenizers compared`
      const plain = typeof against.by === 'string' ? against.by : 'FOLDER'
      const from = provenance('Tokenizers compared', ['--against', plain])
      const others = splits.filter(({ by }) => by !== null && typeof by === 'object')
      const other = others.length > 1 ? undefined : (others[0]?.name ?? null)
      const figure = splitsFigure(model, run, splits, other, version)
      const look = { ...plainLook, ...paperLook }
      return [
        ...figureFormats(figure.kind, title, figure.data, look, { from: figure.from }),
        ...dataFormats(title, () => comparedDataset(splits, comparison), from)
      ]
    }
    case 'decode': {
      if (decoded === null) return []
      const ids = decoded.tokens.map(({ id }) => id).join(',')
      return dataFormats(
        `${modelName} · decoded ids`,
        () => ({ ...tokensDataset(decoded.tokens), attributes: { text: decoded.text } }),
        ofTokenizer(model, 'Decoded ids', ['--decode', ids], version)
      )
    }
    case 'dialogue':
      if (dialogue === null) return []
      return dataFormats(
        `${modelName} · dialogue`,
        () => dialogueDataset(dialogue),
        ofTokenizer(model, 'Dialogue', dialogueOptions(dialogue), version)
      )
  }
}

/** Where what is of no run is from. */
function ofTokenizer(
  model: ModelInfo,
  place: string,
  options: readonly string[],
  version: string
): Provenance {
  return {
    version,
    of: modelOrigin(model, place),
    ...{ less: null, precision: 'float32', again: { command: 'tokens', options } }
  }
}

/** What is asked of the command line for the same dialogue. */
function dialogueOptions({ turns, template, templates, generationPrompt }: Dialogue): string[] {
  return [
    '--chat',
    JSON.stringify(turns),
    ...(templates.length > 1 ? ['--template', template] : []),
    ...(generationPrompt ? ['--generation-prompt'] : [])
  ]
}

const over = (name: string, data: Variable['data'], about: string): Variable => ({
  ...{ axes: [name], data, unit: '', about }
})
const places = 'UTF-16 offset into the text'

/** @returns [token] */
export function tokensDataset(tokens: readonly Token[]): Dataset {
  const numbers = (of: (token: Token) => number) => Int32Array.from(tokens, of)
  return dataset(
    { token: axis(tokens.map(tokenText)) },
    {
      id: over(
        'token',
        numbers(({ id }) => id),
        'id'
      ),
      start: over(
        'token',
        numbers(({ start }) => start),
        places
      ),
      end: over(
        'token',
        numbers(({ end }) => end),
        `${places}, exclusive`
      ),
      bytes: over(
        'token',
        numbers(token => tokenBytes(token)?.length ?? -1),
        'how many bytes it stands for; −1 where that is not known'
      )
    },
    {
      pieces: tokens.map(({ piece }) => piece),
      bytes: tokens.map(token => {
        const bytes = tokenBytes(token)
        return bytes === null ? null : bytesHex(bytes)
      })
    }
  )
}

/** @returns [token], and who says each where that is known */
function dialogueDataset({ tokens, text, turns, roles, template, source }: Dialogue): Dataset {
  const { attributes, ...own } = tokensDataset(tokens)
  const said = turns.map(({ role, content }) => ({ role, content }))
  const about = { text, template, source, turns: said, roles: roles && [...roles] }
  return { ...own, attributes: { ...attributes, ...about } }
}

/** @returns [part], and what each became in `parts` */
function partsDataset({ kind, normalized, parts }: TextExplanation): Dataset {
  const numbers = (of: (part: TextExplanation['parts'][number]) => number) =>
    Int32Array.from(parts, of)
  return dataset(
    { part: axis(parts.map(({ text }) => text)) },
    {
      start: over(
        'part',
        numbers(({ start }) => start),
        places
      ),
      end: over(
        'part',
        numbers(({ end }) => end),
        `${places}, exclusive`
      ),
      tokens: over(
        'part',
        numbers(({ tokens }) => tokens.length),
        'how many tokens it became'
      ),
      merges: over(
        'part',
        numbers(({ merges }) => merges?.length ?? -1),
        'how many merges; −1 of none'
      )
    },
    {
      kind,
      normalized,
      parts: parts.map(({ text, tokens, merges, path }) => ({
        ...{ text, tokens: tokens.map(({ piece }) => piece) },
        ...(merges && { merges: merges.map(({ left, right, rank }) => ({ left, right, rank })) }),
        ...(path && { path: path.map(({ piece, score }) => ({ piece, score })) })
      }))
    }
  )
}

/** @returns [way] of the counts, and [different] where two of them differ */
function comparedDataset(
  splits: readonly ChosenSplit[],
  { different, sides }: SplitComparison
): Dataset {
  const { axes, variables } = countsDataset(splits)
  return dataset(
    { ...axes, different: axis(different.map(({ text }) => text)) },
    {
      ...variables,
      start: over(
        'different',
        Int32Array.from(different, ({ start }) => start),
        places
      ),
      end: over(
        'different',
        Int32Array.from(different, ({ end }) => end),
        `${places}, exclusive`
      )
    },
    {
      compared: sides.map(({ name }) => name),
      pieces: different.map(({ pieces }) => pieces.map(side => [...side]))
    }
  )
}
