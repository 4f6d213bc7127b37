import type { Token } from '#common/model/token.ts'
import { useRuns } from '../stores/runs.ts'
import { useSelection } from '../stores/selection.ts'
import { useTabs } from '../stores/tabs.ts'
import { withMask } from './with-mask.ts'

/** Masks a token of the focused tab's text, runs that, and selects the mask, which stands where the token did. */
export async function runMasked(position: number, token: Token, mask: string): Promise<void> {
  const runs = useRuns()
  const { scope } = useTabs()
  runs.text = withMask(runs.text, token, mask)
  const run = await runs.start(scope)
  // By then another tab may have the focus, or another run have taken the place of this one.
  if (run && runs.currentOf(scope)?.id === run.id)
    useSelection().selectCell({ query: position, key: position }, run, scope)
}
