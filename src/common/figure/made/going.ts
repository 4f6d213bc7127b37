import type { Run } from '../../contract/schemas.ts'
import type { AskedGoing, Going } from '../views/figure-view.ts'
import type { FigureMaker } from './figure-maker.ts'

/** How the text of a run goes on. */
export async function goingOf(
  { call }: Pick<FigureMaker, 'call'>,
  { source, tokens }: Pick<Run, 'source' | 'tokens'>,
  { max, sampling, path, top }: AskedGoing
): Promise<Going> {
  const input = { ids: [...tokens.map(({ id }) => id), ...path] }
  const generated = await call('runs.generate', {
    ...{ source: { ...source, input }, max, sampling, top }
  })
  if (path.length === 0) return { generated, begun: null }
  const { model, edits, provider } = source
  const begun = await call('analysis.run', {
    ...{ name: 'token-probabilities', params: { masked: null } },
    of: { model, edits, provider, corpus: { inputs: [input] } }
  })
  return { generated, begun }
}
