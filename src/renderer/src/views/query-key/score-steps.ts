import { variable, type Dataset } from '#common/data/dataset.ts'
import type { Cell } from '#common/model/subject.ts'
import { sees, type Visibility } from '#common/model/visibility.ts'
import { counted, numberText } from '#common/text/number-text.ts'

/** One step from a dot product to a weight. */
export interface ScoreStep {
  readonly name: string
  readonly formula: string
  readonly value: number
  /** What steps come to, and what is added to them, stand out. */
  readonly kind: 'value' | 'added' | 'result'
}

/** What is known of a cell beside its numbers. */
export interface StepFacts {
  readonly key: number
  /** Why the query does not see the key; empty where it does. */
  readonly masked: string
  /** Which of them an edit of the run changes. */
  readonly edited: { readonly scores: boolean; readonly pattern: boolean }
}

/**
 * The steps from the dot product of a query and a key to their weight. A score is the value before it with all that is
 * added since, and so is a weight.
 * @param result what the analysis `query-key` gives
 */
export function scoreSteps(result: Dataset, { key, masked, edited }: StepFacts): ScoreStep[] {
  const at = (name: string) => variable(result, name).data[key]!
  const single = (name: string) => variable(result, name).data[0]!
  const scores = variable(result, 'score').data
  const highest = scores.indexOf(single('highest'))
  const seen = seenKeys(result)
  const [width, scale, cap] = [result.axes['dim']!.length, single('scale'), single('soft_cap')]
  const rest = (name: string, isEdited: boolean): ScoreStep => ({
    name: isEdited ? 'edit, rounding' : 'rounding',
    formula: isEdited ? '+ an edit, and float32' : '+ float32',
    value: at(name),
    kind: 'added'
  })
  const value = (name: string, formula: string, value: number): ScoreStep => ({
    ...{ name, formula, value },
    kind: 'value'
  })
  const sum = (name: string, formula: string, value: number): ScoreStep => ({
    ...{ name, formula, value },
    kind: 'result'
  })
  return [
    value('q · k', `Σ of ${width} products`, at('dot')),
    ...(scale === 1 ? [] : [value('scaled', `× ${scaleText(scale, width)}`, at('scaled'))]),
    ...(Number.isNaN(cap)
      ? []
      : [value('capped', `${numberText(cap)} · tanh(scaled / ${numberText(cap)})`, at('capped'))]),
    ...(variable(result, 'bias').data.some(bias => bias !== 0)
      ? [
          {
            name: 'bias',
            // A slope makes the first key's bias 0; what positions have of their own does not.
            formula: variable(result, 'bias').data[0] === 0 ? `+ slope · ${key}` : '+ by position',
            value: at('bias'),
            kind: 'added'
          } as const
        ]
      : []),
    masked === ''
      ? rest('score_rest', edited.scores)
      : { name: 'masked', formula: masked, value: -Infinity, kind: 'added' },
    sum('score', 'hook_attn_scores', at('score')),
    value('highest', `of ${counted(seen, 'key')}, at key ${highest}`, single('highest')),
    ...('sink' in result.variables
      ? [value('sink', 'the score of what is no key', single('sink'))]
      : []),
    value(
      'logsumexp',
      `ln Σ exp(score) of ${counted(seen, 'key')}${'sink' in result.variables ? ' and the sink' : ''}`,
      single('logsumexp')
    ),
    value('softmax', 'exp(score − logsumexp)', at('softmax')),
    rest('weight_rest', edited.pattern),
    sum('weight', 'hook_pattern', at('weight'))
  ]
}

/**
 * Why a score is −∞.
 * @param isEdited whether an edit of the run changes scores
 */
export function maskedText(
  visibility: Visibility | null,
  { query, key }: Cell,
  isEdited: boolean
): string {
  if (visibility === null || sees(visibility, query, key))
    return isEdited ? 'taken away by an edit' : 'hidden by the model, as padding is'
  if (visibility.causal && key > query) return 'a later key is not seen'
  return `more than ${visibility.reach} away`
}

/** How many keys the query sees. */
export function seenKeys(result: Dataset): number {
  return [...variable(result, 'score').data].filter(score => score > -Infinity).length
}

/** Where a key stands among the weights of its query: 1 is the highest. */
export function rankOf(result: Dataset, key: number): number {
  const { data } = variable(result, 'weight')
  return 1 + [...data].filter(weight => weight > data[key]!).length
}

function scaleText(scale: number, width: number): string {
  const usual = Math.abs(scale * Math.sqrt(width) - 1) < 1e-6
  return usual ? `1/√${width} = ${numberText(scale)}` : numberText(scale)
}
