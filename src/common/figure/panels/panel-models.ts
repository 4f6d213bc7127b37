import type { KeptProvenance, Origin } from '../provenance.ts'

/** Whether panels are of more than one model, of which each then says its own. */
export function areOfSeveral(all: readonly (KeptProvenance | null)[]): boolean {
  const origins = all.flatMap(from => (from === null ? [] : originsOf(from)))
  return new Set(origins.map(({ fingerprint }) => fingerprint)).size > 1
}

/** What the model of a panel is called, or both. */
export function modelsText(from: KeptProvenance): string {
  return [...new Set(originsOf(from).map(({ model }) => model))].join(' and ')
}

function originsOf({ of, less, beside }: KeptProvenance): Origin[] {
  return [of, ...(less ? [less] : []), ...(beside ? [beside] : [])]
}
