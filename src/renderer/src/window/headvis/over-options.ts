import { z } from 'zod'
import type { Tab } from '../../stores/tabs.ts'
import type { OverOptions } from '../../ui/head-scores/use-scored-over.ts'

const Options = z.object({
  over: z.string().nullable().catch(null),
  window: z.int().min(1).nullable().catch(null)
})

/** What the view of a tab reads, where it is one of those that are set to something; else the text in the usual windows. */
export function overOptionsOf(tab: () => Tab | null): OverOptions {
  const kept = () => Options.parse(tab()?.context.options ?? {})
  return {
    get over() {
      return kept().over
    },
    get window() {
      return kept().window
    }
  }
}
