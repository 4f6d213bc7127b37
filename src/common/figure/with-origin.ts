import type { Dataset } from '../data/dataset.ts'
import { provenanceLines, type PanelsProvenance, type Provenance } from './provenance.ts'

/** Numbers that say where they come from. */
export function withOrigin(own: Dataset, from: Provenance | PanelsProvenance): Dataset {
  return { ...own, attributes: { ...own.attributes, from: provenanceLines(from, 'numbers.csv') } }
}
