import type { Report } from '#common/analysis/analysis.ts'
import type { CallContext } from '#common/contract/rpc.ts'

/** What analyses compute, where their names, which are those of commands, do not say it. */
const computed: Readonly<Record<string, string>> = {
  aggregate: 'one map of several heads',
  analogy: 'the analogy',
  diff: 'differences of weights',
  'embedding-pca': 'principal components of embeddings',
  experts: 'what experts take',
  health: 'the health check',
  'hook-values': 'values',
  lens: 'the logit lens',
  loss: 'the loss',
  neuron: 'the neuron',
  project: 'the projection',
  'random-repeat': 'induction on repeated tokens',
  'query-key': 'the product of a query and its keys',
  reads: 'what neurons read',
  spectrum: 'singular values',
  'tensor-map': 'the map of a tensor',
  timeline: 'the timeline',
  'value-check': 'the check of values',
  'weight-pca': 'principal components of weights',
  why: 'the difference of two logits',
  'window-tokens': 'tokens'
}

/** Tells a caller that others are computed first. */
export function waiting({ progress }: Pick<CallContext, 'progress'>): () => void {
  return () => progress({ label: 'Waiting for other analyses', done: 0, total: 0 })
}

/**
 * Tells a caller how far an analysis has come with what it took.
 * @param name of the analysis
 */
export function computing(name: string, { progress }: Pick<CallContext, 'progress'>): Report {
  const label = `Computing ${computed[name] ?? name.replaceAll('-', ' ')}`
  return (done, total, places) => progress({ label, done, total, ...(places && { places }) })
}
