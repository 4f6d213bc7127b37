import type { Named } from '#common/text/distinct-names.ts'
import { useModels } from '../stores/models.ts'

const most = 8

/** Models that were opened before and are not open now, newest first, told apart where they are called alike. */
export function recentModels(): Named[] {
  return closed(useModels().recent).slice(0, most)
}

/** Models that come with the program and are neither open nor among the recent, told apart likewise. */
export function sampleModels(): Named[] {
  const { recent, samples } = useModels()
  const opened = new Set(recent.map(({ path }) => path))
  return closed(samples.filter(({ path }) => !opened.has(path)))
}

/** What may be opened by its name: recent models, and samples apart from them. */
export function modelsByName(): { readonly title: string; readonly listed: readonly Named[] }[] {
  return [
    { title: 'Recent', listed: recentModels() },
    { title: 'Samples', listed: sampleModels() }
  ].filter(({ listed }) => listed.length > 0)
}

function closed(listed: readonly Named[]): Named[] {
  const { open, listedName } = useModels()
  return listed
    .filter(({ path }) => !open.some(model => model.path === path))
    .map(({ path }) => ({ name: listedName(path), path }))
}
