import { roughest } from '../analysis/result-precision.ts'
import { datasetBeside } from '../data/dataset-beside.ts'
import type { Dataset } from '../data/dataset.ts'
import { LamellaError } from '../model/errors.ts'
import { titleOfBoth } from '../text/figure-title.ts'
import { againBeside } from './again-of-sides.ts'
import { sideCaptions } from './captions.ts'
import { drawingsInRow, type Drawing } from './drawing.ts'
import type { Provenance } from './provenance.ts'

/** What is made of one of two sides. */
interface Side {
  readonly title: string
  readonly from: Provenance
}

/** The numbers of one of them. */
interface NumbersSide {
  readonly from: Pick<Provenance, 'of' | 'again'>
  readonly dataset: () => Dataset
}

/** What is said of two sides in one file; null where no one command makes both. */
export function saidBeside(one: Side, other: Side): Side | null {
  const again = againBeside(one.from, other.from)
  if (again === null) return null
  return {
    title: titleOfBoth(one.title, other.title, sideCaptions(one.from, other.from, 'name')),
    from: {
      ...{ ...one.from, beside: other.from.of, again },
      precision: roughest([one.from.precision, other.from.precision])
    }
  }
}

/**
 * A figure of two sides, with its numbers.
 * @throws LamellaError `unsupported` where no one command makes both
 */
export function figureBeside<S extends Side & Drawing & NumbersSide>(one: S, other: S) {
  const said = saidBeside(one, other)
  if (said === null)
    throw new LamellaError(
      'unsupported',
      `${one.title} and ${other.title}: no one command makes both`,
      'Make each by itself.'
    )
  return {
    ...{ ...said, ...drawingsBeside(one, other) },
    dataset: () => numbersBeside(one, other)
  }
}

/** Figures of two sides in a row, as one. */
export function drawingsBeside(one: Side & Drawing, other: Side & Drawing): Drawing {
  return drawingsInRow([one, other], sideCaptions(one.from, other.from))
}

/** The numbers of two sides, as one. */
export function numbersBeside(one: NumbersSide, other: NumbersSide): Dataset {
  return datasetBeside(one.dataset(), other.dataset(), sideCaptions(one.from, other.from))
}
