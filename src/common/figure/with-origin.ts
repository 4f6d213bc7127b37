import type { Dataset } from '../data/dataset.ts'
import { provenanceLines, type PanelsProvenance, type Provenance } from './provenance.ts'

/** Numbers that say where they come from; those of panels by the command of their figure. */
export function withOrigin(own: Dataset, from: Provenance | PanelsProvenance): Dataset {
  const lines = 'panels' in from ? provenanceLines(from) : provenanceLines(from, 'numbers.csv')
  return { ...own, attributes: { ...own.attributes, from: lines } }
}
