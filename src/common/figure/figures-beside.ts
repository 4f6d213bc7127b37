import { datasetBeside } from '../data/dataset-beside.ts'
import type { Dataset } from '../data/dataset.ts'
import { againBeside } from './again-of-sides.ts'
import { originCaptions } from './captions.ts'
import { drawingsInRow, type Drawing } from './drawing.ts'
import type { Provenance } from './provenance.ts'

/** What is made of one of two sides. */
interface Side {
  readonly title: string
  readonly from: Provenance
}

/** What is said of two sides in one file. */
export function saidBeside(one: Side, other: Side): Side {
  return {
    title: `${one.title} and ${other.title}`,
    from: { ...one.from, beside: other.from.of, again: againBeside(one.from, other.from) }
  }
}

/** Figures of two sides in a row, as one. */
export function drawingsBeside(one: Side & Drawing, other: Side & Drawing): Drawing {
  return drawingsInRow([one, other], originCaptions(one.from.of, other.from.of))
}

/** The numbers of two sides, as one. */
export function numbersBeside(
  one: Side & { readonly dataset: () => Dataset },
  other: Side & { readonly dataset: () => Dataset }
): Dataset {
  return datasetBeside(one.dataset(), other.dataset(), originCaptions(one.from.of, other.from.of))
}
