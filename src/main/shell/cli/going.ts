import type { Client } from '#common/contract/rpc.ts'
import type { Run } from '#common/contract/schemas.ts'
import type { AskedGoing, Going } from '#common/figure/views/figure-view.ts'

/** How the text of a run goes on. */
export async function goingOf(
  client: Client,
  { source, tokens }: Pick<Run, 'source' | 'tokens'>,
  { max, sampling, path, top }: AskedGoing
): Promise<Going> {
  const input = { ids: [...tokens.map(({ id }) => id), ...path] }
  const generated = await client.call('runs.generate', {
    ...{ source: { ...source, input }, max, sampling, top }
  })
  if (path.length === 0) return { generated, begun: null }
  const { model, edits, provider } = source
  const begun = await client.call('analysis.run', {
    ...{ name: 'token-probabilities', params: { masked: null } },
    of: { model, edits, provider, corpus: { inputs: [input] } }
  })
  return { generated, begun }
}
