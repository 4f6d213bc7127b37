import { findingKinds } from '#common/analysis/health/findings.ts'
import { health } from '#common/analysis/health/health.ts'
import type { Help } from '../view.ts'

export const help: Help = {
  what: `${health.about.what} Of any checkpoint, also of one that cannot run.`,
  formulas: [
    ...Object.values(findingKinds).map(({ title, threshold, reason }) => ({
      name: title.toLowerCase(),
      formula: `threshold ${threshold}. ${reason}`
    })),
    { name: 'size', formula: '√(Σ w² / n), by the median of the same tensor over layers' },
    { name: 'effective rank', formula: 'exp(−Σ p ln p), p = σ / Σ σ' }
  ],
  sources: health.about.sources,
  reading: [
    health.about.read,
    'Each finding names its tensor, which opens where it shows what was found: the rows, the numbers or the singular values. Arrow keys go from one to the next.',
    'Below stands what was looked for and not found, and in how many tensors. What no tensor can have is told apart.',
    'Sizes by layer: a line for each matrix and norm that three layers or more have; those that are beyond a threshold somewhere have a colour and a name.'
  ],
  lookFor: [
    'Random weights: a checkpoint of before training, or one that was not read into the model.',
    'NaN and what ran away, first: they spoil all that is computed of them.',
    'One layer unlike the others: a block that was added, frozen or merged from elsewhere.',
    'Positions at the end that nothing has trained: do not give the model longer texts.'
  ]
}
