import { loss } from '#common/analysis/loss.ts'
import { timeline } from '#common/analysis/timeline/timeline.ts'
import type { Help } from '../view.ts'

export const help: Help = {
  what: timeline.about.what,
  formulas: [
    { name: 'loss', formula: loss.about.formulas[0]! },
    {
      name: 'induction',
      formula: 'mean over queries of Σ A[q, k] over the k after earlier copies'
    },
    { name: 'by layer', formula: 'mean of the lines of the layer' },
    { name: 'largest rise', formula: 'max over i of value[i] − value[i − 1]' }
  ],
  sources: timeline.about.sources,
  reading: [
    timeline.about.read,
    'Where there are many lines, those that move most have colours; the one that is selected stands over all. The list beside them has each in numbers, those that rise most first.',
    'Click a point to select its head or tensor everywhere, and its checkpoint, which can then be opened.',
    'Loss and scores are of the text that is run, or of a corpus; with its edits, if it has some. Checkpoints without a tokenizer read it as this model splits it.',
    'Of many large checkpoints nothing is read before it is asked for. What was computed is kept: one that was stopped goes on from there.'
  ],
  lookFor: [
    'Induction that rises within few steps, in few heads: they appear together, while the loss bends.',
    'A loss that jumps: a training that came apart, or a learning rate that was too high.',
    'Norms that grow without an end, or ranks that fall: what the health check finds at the end began somewhere.',
    'A line that ends where others go on: a number that is not defined any more.'
  ]
}
