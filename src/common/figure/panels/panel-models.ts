import type { KeptProvenance, Origin, PanelsProvenance } from '../provenance.ts'

/** Whether panels are of more than one model, of which each then says its own. */
export function areOfSeveral(all: readonly (KeptProvenance | null)[]): boolean {
  return fingerprintsOf(all).size > 1
}

/** What the model of a panel is called, or both. */
export function modelsText(from: KeptProvenance): string {
  return [...new Set(originsOf(from).map(({ model }) => model))].join(' and ')
}

/** Which models a figure, or each panel of one, is of. */
export function fingerprintsIn(from: KeptProvenance | PanelsProvenance): ReadonlySet<string> {
  return fingerprintsOf('panels' in from ? from.panels.map(panel => panel.from) : [from])
}

function fingerprintsOf(all: readonly (KeptProvenance | null)[]): ReadonlySet<string> {
  const origins = all.flatMap(from => (from === null ? [] : originsOf(from)))
  return new Set(origins.map(({ fingerprint }) => fingerprint))
}

function originsOf({ of, less, beside }: KeptProvenance): Origin[] {
  return [of, ...(less ? [less] : []), ...(beside ? [beside] : [])]
}
