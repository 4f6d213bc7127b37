import type { Dataset } from '../data/dataset.ts'
import type { DatasetEnding } from '../data/dataset-endings.ts'
import { provenanceLines, type KeptProvenance, type PanelsProvenance } from './provenance.ts'

/**
 * Numbers that say where they come from.
 * @param ending of the file that holds them, which the command in it makes again
 */
export function withOrigin(
  own: Dataset,
  from: KeptProvenance | PanelsProvenance,
  ending: DatasetEnding
): Dataset {
  const [ids, lessIds] = 'of' in from ? [from.of.ids, from.less?.ids] : []
  const isRead = 'input_ids' in own.variables || 'input_ids' in own.attributes
  return {
    ...own,
    attributes: {
      ...own.attributes,
      // What is of a text is of what that was read as.
      ...(ids && !isRead && { input_ids: [...ids] }),
      ...(lessIds && !isRead && { less_input_ids: [...lessIds] }),
      from: provenanceLines(from, `numbers.${ending}`)
    }
  }
}
