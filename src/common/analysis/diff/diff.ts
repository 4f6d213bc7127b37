import { z } from 'zod'
import { axis } from '../../data/dataset.ts'
import { elementCount } from '../../model/tensor.ts'
import { LamellaError } from '../../model/errors.ts'
import { nothing, type Analysis, type Given, type ModelFacts } from '../analysis.ts'
import {
  chosenTensors,
  storedFloats,
  storedName,
  wholeTensors,
  type WholeTensor
} from '../chosen-tensors.ts'
import { givenDataset } from '../given.ts'
import { spectrumNumbers, type SpectrumNumbers } from '../spectrum/spectrum-numbers.ts'
import { column, padded } from '../tensor-rows.ts'
import { largestPlaces } from '../weight-statistics/tensor-statistics.ts'
import { differenceSpectrum, tensorDifference, type TensorDifference } from './tensor-difference.ts'

const DiffParams = z.strictObject({
  /** Stored tensors by their names; all of floating-point numbers when left out. */
  tensors: chosenTensors.tensors,
  /** Rows of each matrix that are named, those that changed most. */
  rows: z.int().min(0).max(1000).default(5),
  /**
   * Singular values that are given of each difference, the largest first; 0 for no spectra. When left out 16, of models whose
   * spectra take little time.
   */
  values: z.int().min(0).max(4096).nullable().default(null)
})
type DiffParams = z.infer<typeof DiffParams>

const single = (name: string, about: string): Given => ({ name, axes: ['tensor'], unit: '', about })

const gives: readonly Given[] = [
  single('difference', '‖b − a‖: the Frobenius norm of what changed'),
  single('relative', '‖b − a‖ / ‖a‖'),
  single('cosine', 'Σ a b / (‖a‖ ‖b‖)'),
  single('largest', 'max |b − a|'),
  single('changed', 'share of the numbers that differ'),
  single('norm', '‖a‖'),
  single('other_norm', '‖b‖'),
  {
    name: 'changed_rows',
    axes: ['tensor', 'changed_row'],
    unit: '',
    about: 'the rows of a matrix that changed most, by their number'
  },
  {
    name: 'changed_row_norm',
    axes: ['tensor', 'changed_row'],
    unit: '',
    about: '‖b − a‖ of each of them'
  },
  {
    name: 'singular_values',
    axes: ['tensor', 'value'],
    unit: '',
    about: 'σ of b − a, the largest first'
  },
  {
    name: 'cumulative',
    axes: ['tensor', 'value'],
    unit: '',
    about: 'Σ σ² up to each, by that of all'
  },
  single('stableRank', 'of b − a: ‖b − a‖² / σ₁²'),
  single('effectiveRank', 'of b − a: exp of the entropy of σ / Σ σ'),
  single(
    'rank',
    'of b − a: singular values over σ₁ · the longer side · 2⁻⁵²; of float32 numbers rounding counts, too'
  ),
  single('layer', 'the block that it is of')
]

/** What is kept of a tensor. */
interface Row {
  readonly name: string
  readonly layer: number | null
  readonly found: TensorDifference
  readonly values: Float64Array
  readonly spectrum: SpectrumNumbers | null
}

/** What is between two checkpoints of one architecture: how much of each tensor changed, and along how many directions. */
export const diff: Analysis<DiffParams> = {
  name: 'diff',
  version: 1,
  of: 'weights',
  compares: true,
  keeps: true,
  params: DiffParams,
  about: {
    what: 'How two checkpoints of one architecture differ, tensor by tensor: how far what changed is from nothing, which rows changed most, and over how many directions the change is spread. A model and what was fine-tuned of it, before and after merging, or at two types of numbers.',
    formulas: [
      'difference = ‖b − a‖ (Frobenius), relative = difference / ‖a‖, cosine = Σ a b / (‖a‖ ‖b‖)',
      'σ: the singular values of b − a; stableRank = Σ σ² / σ₁², effectiveRank = exp(−Σ p ln p), p = σ / Σ σ'
    ],
    sources: [
      'effective rank: Roy & Vetterli 2007',
      'that changes of fine-tuning are of low rank: Aghajanyan et al. 2021; Hu et al. 2022, "LoRA"'
    ],
    read: 'a is the first model, b the second. Tensors go by their names: those that one of them lacks, or has in another shape, are left out and named. Rows are the first axis of a tensor as it is stored. A merged adapter of rank r changes a matrix along r directions: its stable and effective rank are at most r, but for rounding. Numbers of other types are compared as float32.',
    baseline:
      'Rounding to bfloat16 changes a tensor by about 0.0017 of its norm, to float16 by 0.0002; two models that were trained apart have cosines near 0.'
  },
  gives,

  needs: ({ tensors }, model) => ({
    ...nothing,
    tensors: tensors === null ? 'all' : tensors.map(name => storedName(name, model))
  }),

  start(params, model) {
    const most = valuesOf(params, model)
    const rows: Row[] = []
    const left: string[] = []
    let own: WholeTensor | null = null

    function leaveOwn(): void {
      if (own !== null) left.push(`${own.name}: only the first model has it`)
      own = null
    }

    const takeOwn = wholeTensors(model, tensor => {
      leaveOwn()
      own = tensor
    })
    const takeOther = wholeTensors(model, other => {
      const one = own
      if (one?.name !== other.name) {
        left.push(`${other.name}: only the second model has it`)
        return
      }
      own = null
      const { name, layer, shape } = one
      if (String(shape) !== String(other.shape)) {
        left.push(`${name}: of [${shape.join(', ')}] and [${other.shape.join(', ')}]`)
        return
      }
      // From here on the second's numbers are those of the difference.
      const found = tensorDifference(one.data, other.data, shape)
      const hasSpectrum = most > 0 && shape.length === 2 && elementCount(shape) > 0
      const values = hasSpectrum ? differenceSpectrum(other.data, shape) : new Float64Array(0)
      const spectrum = hasSpectrum ? spectrumNumbers(values, Math.max(...shape)) : null
      rows.push({ name, layer, found, values, spectrum })
    })

    return {
      begin: () => undefined,
      take: (taken, side) => (side === 0 ? takeOwn(taken) : takeOther(taken)),
      result() {
        leaveOwn()
        if (rows.length === 0)
          throw new LamellaError(
            'invalid-argument',
            `${model.name}: has no tensor in common with the other model`,
            'Compare checkpoints of one architecture, whose tensors have the same names.'
          )
        const width = rows.reduce((length, { values }) => Math.max(length, values.length), 0)
        const given = Math.min(most, width)
        const places = rows.map(({ found }) =>
          largestPlaces(found.rows ?? new Float64Array(0), params.rows)
        )
        return givenDataset(
          gives,
          {
            tensor: axis(rows.map(({ name }) => name)),
            changed_row: axis(params.rows),
            value: axis(given)
          },
          {
            difference: column(rows, ({ found }) => found.difference),
            relative: column(rows, ({ found }) => found.difference / found.norms[0]),
            cosine: column(rows, ({ found }) => found.cosine),
            largest: column(rows, ({ found }) => found.largest),
            changed: column(rows, ({ found }) => found.changed),
            norm: column(rows, ({ found }) => found.norms[0]),
            other_norm: column(rows, ({ found }) => found.norms[1]),
            changed_rows: padded(places, params.rows, own => own),
            changed_row_norm: padded(rows, params.rows, row =>
              places[rows.indexOf(row)]!.map(at => row.found.rows![at]!)
            ),
            ...(most > 0 && {
              singular_values: padded(rows, given, ({ values }) => values),
              cumulative: padded(rows, given, ({ spectrum }) => spectrum?.cumulative ?? []),
              stableRank: column(rows, ({ spectrum }) => spectrum?.stableRank ?? NaN),
              effectiveRank: column(rows, ({ spectrum }) => spectrum?.effectiveRank ?? NaN),
              rank: column(rows, ({ spectrum }) => spectrum?.rank ?? NaN)
            }),
            layer: column(rows, ({ layer }) => layer ?? NaN)
          },
          {
            ...(left.length > 0 && { left_out: left }),
            ...(most === 0 &&
              params.values === null && {
                spectra:
                  'left out, for they take long of a model of this size; name tensors, or set values'
              })
          }
        )
      },
      state: () => ({})
    }
  }
}

/** Products that spectra may take unasked: some minutes. */
const mostWork = 2e11

/** Singular values that are wanted of each difference. */
function valuesOf({ values, tensors }: DiffParams, model: ModelFacts): number {
  if (values !== null) return values
  const work = storedFloats(model)
    .filter(({ name, shape }) => shape.length === 2 && (tensors?.includes(name) ?? true))
    .reduce((sum, { shape }) => sum + Math.min(...shape) ** 2 * Math.max(...shape), 0)
  return work <= mostWork ? 16 : 0
}
