import type { Result } from '#common/contract/api.ts'
import type { ModelInfo, Run } from '#common/contract/schemas.ts'
import { paperLook } from '#common/figure/look.ts'
import type { Provenance } from '#common/figure/provenance.ts'
import { plainLook } from '#common/figure/views/look-params.ts'
import { modelOrigin, runOrigin, type RunRead } from '#common/figure/views/origin.ts'
import {
  comparedDataset,
  decodedDataset,
  dialogueDataset,
  partsDataset,
  tokensDataset
} from '#common/figure/views/token-numbers.ts'
import { splitsFigure } from '#common/figure/views/tokens-view.ts'
import { explainedPart, type TextExplanation } from '#common/model/text-explanation.ts'
import type { SplitComparison } from '#common/text/compare-splits.ts'
import { lastPart } from '#common/text/last-part.ts'
import type { ExportFormat } from '../../stores/exports.ts'
import { dataFormats } from '../../ui/figure/data-formats.ts'
import { figureFormats } from '../../ui/figure/figure-formats.ts'
import type { TokensOptions } from './tokens-options.ts'
import type { Dialogue } from './use-dialogue.ts'
import type { ChosenSplit } from './use-tokens.ts'

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
    of: runOrigin(model, form === 'tokens' ? run : takenApart(run), place),
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
      const others = splits.filter(isByModel).map(wayOf)
      const from = provenance('Tokenizers compared', [
        ...others.flatMap(folder => ['--with', folder]),
        ...['--against', wayOf(against)]
      ])
      const figure = splitsFigure(model, run, splits, others, version)
      const look = { ...plainLook, ...paperLook }
      return [
        ...figureFormats(figure.kind, title, figure.data, look, {
          ...{ from: figure.from, dataset: figure.dataset }
        }),
        ...dataFormats(title, () => comparedDataset(splits, comparison), from)
      ]
    }
    case 'decode': {
      if (decoded === null) return []
      const ids = decoded.tokens.map(({ id }) => id).join(',')
      return dataFormats(
        `${modelName} · decoded ids`,
        () => decodedDataset(decoded),
        ofTokenizer(model, 'Decoded ids', ['--decode', ids], version)
      )
    }
    case 'dialogue':
      if (dialogue === null) return []
      return dataFormats(
        `${modelName} · dialogue`,
        () => dialogueDataset(dialogue, dialogue.turns),
        ofTokenizer(model, 'Dialogue', dialogueOptions(dialogue), version)
      )
  }
}

/** A run with as much of its text as is split otherwise or explained, in place of all of it. */
function takenApart({ source, tokens }: Run): RunRead {
  const { input } = source
  if (!('text' in input) || explainedPart(input.text) === input.text) return { source, tokens }
  return { source: { ...source, input: { text: explainedPart(input.text) } } }
}

/** Whether another model splits the text. */
function isByModel({ by }: ChosenSplit): boolean {
  return by !== null && typeof by === 'object'
}

/** What a command calls a way to split a text: a model by its folder. */
function wayOf({ by, name }: ChosenSplit): string {
  return by !== null && typeof by === 'object' ? lastPart(by.path) : name
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
