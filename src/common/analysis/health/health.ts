import { z } from 'zod'
import { axis } from '../../data/dataset.ts'
import { nothing, type Analysis, type Given } from '../analysis.ts'
import { checkAny, choiceOf, chosenTensors, wholeTensors } from '../chosen-tensors.ts'
import { givenDataset } from '../given.ts'
import { column } from '../tensor-rows.ts'
import { checksOf } from './checks.ts'
import { findingKinds, findingsOf, type Finding } from './findings.ts'
import { measuredTensor, mostRanked, type MeasuredTensor } from './measured-tensor.ts'
import { usualSizes } from './usual-sizes.ts'

const HealthParams = z.strictObject({
  /** Stored tensors by their names; all of floating-point numbers when left out. */
  tensors: chosenTensors.tensors
})
type HealthParams = z.infer<typeof HealthParams>

const single = (name: string, about: string): Given => ({ name, axes: ['tensor'], unit: '', about })
const ofFinding = (name: string, about: string): Given => ({
  name,
  axes: ['finding'],
  unit: '',
  about
})

const gives: readonly Given[] = [
  ofFinding('value', 'what was measured'),
  ofFinding('threshold', 'beyond what it is a finding'),
  ofFinding('of_tensor', 'the tensor by its number; NaN of the model as a whole'),
  single('rms', '√(Σ x² / n)'),
  single('nonfinite', 'numbers that are NaN or infinite'),
  single('dead_rows', 'rows of no more than 1e-4 of the median norm'),
  single('dead_columns', 'columns of no more than 1e-4 of the median norm'),
  single('duplicate_rows', 'rows that are the same as an earlier one'),
  single('duplicate_columns', 'columns that are the same as an earlier one'),
  single(
    'rank_share',
    'effective rank by the shorter side, of at most 256 evenly spaced rows and columns'
  ),
  single('untouched', '1 where the numbers are as an initialisation draws them, else 0'),
  single('layer', 'the block that it is of'),
  single(
    'size_ratio',
    'rms by the median of the same matrix, or norm, of all layers; NaN of others, and of fewer than three layers'
  )
]

/** Whether weights are what training leaves, and what is wrong with them. */
export const health: Analysis<HealthParams> = {
  name: 'health',
  version: 2,
  of: 'weights',
  compares: false,
  keeps: true,
  params: HealthParams,
  about: {
    what: 'Whether the weights of a model are what training leaves, and what is wrong with them: numbers that are not finite, dead and duplicate rows, norms that ran away, tensors that nothing has touched, positions that were never trained, matrices that have lost their rank, layers that are unlike the others.',
    formulas: Object.entries(findingKinds).map(
      ([kind, { threshold, reason }]) => `${kind} (${threshold}): ${reason}`
    ),
    sources: [
      'effective rank: Roy & Vetterli 2007; the bulk of chance: Marchenko & Pastur 1967; that its largest singular value strays by n^(−2/3): Johnstone 2001',
      'what training does to spectra: Martin & Mahoney 2021'
    ],
    read: 'Every finding has a number, the threshold that it is beyond and the reason for that one; the attribute `findings` has all of it in words, `checks` how many tensors were looked at for each. Rows are the first axis of a tensor as it is stored. A matrix is untouched where its largest singular value, its effective rank and the spread of the norms of its rows and columns are those of independent normal or uniform numbers; one that was trained a little may pass for it. Positions are told to be untrained where those before them are like their neighbours, as learned positions of most models are. A padding token may have a row of zeros by design.',
    baseline: 'Random weights are called untrained. A sound trained model has no findings.'
  },
  gives,

  needs: ({ tensors }, model) => ({
    ...nothing,
    ...choiceOf({ tensors, roles: null, layers: null, heads: null }, model)
  }),

  start(_, model) {
    const tensors: MeasuredTensor[] = []
    const take = wholeTensors(model, tensor => {
      const category = model.tensors.find(({ name }) => name === tensor.name)?.category ?? 'other'
      tensors.push(measuredTensor(tensor, category))
    })
    return {
      begin: () => undefined,
      take,
      result() {
        checkAny(tensors, model)
        const { verdict, findings } = findingsOf(tensors)
        const places = new Map(tensors.map(({ name }, i) => [name, i]))
        const ofMatrix = (of: (matrix: NonNullable<MeasuredTensor['matrix']>) => number) =>
          column(tensors, ({ matrix }) => (matrix === null ? NaN : of(matrix)))
        return givenDataset(
          gives,
          {
            finding: axis(findings.map(({ kind, tensor }) => `${kind}: ${tensor ?? model.name}`)),
            tensor: axis(tensors.map(({ name }) => name))
          },
          {
            value: column(findings, ({ value }) => value),
            threshold: column(findings, ({ kind }) => findingKinds[kind].threshold),
            of_tensor: column(findings, ({ tensor }) => places.get(tensor ?? '') ?? NaN),
            rms: column(tensors, ({ rms }) => rms),
            nonfinite: column(tensors, ({ statistics: { nan, infinite } }) => nan + infinite),
            dead_rows: ofMatrix(({ rows }) => rows.dead.count),
            dead_columns: ofMatrix(({ columns }) => columns.dead.count),
            duplicate_rows: ofMatrix(({ rows }) => rows.duplicates.count),
            duplicate_columns: ofMatrix(({ columns }) => columns.duplicates.count),
            rank_share: ofMatrix(({ rankShare }) => rankShare),
            untouched: ofMatrix(({ isUntouched }) => Number(isUntouched)),
            layer: column(tensors, ({ layer }) => layer ?? NaN),
            size_ratio: column(tensors, usualSizes(tensors))
          },
          {
            verdict,
            findings: findings.map(inWords),
            checks: checksOf(tensors, findings).map(check => ({ ...check })),
            ...(tensors.some(({ matrix }) => matrix?.isRankSampled) && {
              sampled: `effective ranks are of at most ${mostRanked} evenly spaced rows and columns`
            })
          }
        )
      },
      state: () => ({})
    }
  }
}

function inWords({ kind, tensor, value, text, places }: Finding) {
  const { threshold, reason } = findingKinds[kind]
  return { kind, tensor, value, threshold, text, reason, places: [...places] }
}
