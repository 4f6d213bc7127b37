import { why } from '#common/analysis/why/why.ts'
import type { Help } from '../view.ts'

export const help: Help = {
  what: why.about.what,
  formulas: [
    { name: 'difference', formula: why.about.formulas[0]! },
    { name: 'ablation, gradient', formula: why.about.formulas[1]! },
    { name: 'gives far more', formula: why.about.formulas[2]! },
    { name: 'stands out', formula: why.about.formulas[3]! },
    { name: 'spread, p', formula: why.about.formulas[4]! }
  ],
  sources: why.about.sources,
  reading: [
    why.about.read,
    'A and B are the two most probable tokens until others are chosen: type one, or choose one of those that are expected; the position is that of the selected token, or the last.',
    'A click on a part opens it: a head as its attention at this position, an MLP, and that of a neuron, as what the logit lens reads of its outputs. Arrow keys go from one to the next.',
    'Over a contrast pair or a corpus each text is a prompt, asked at its last position for the same two tokens. What is ablated is what is strongest by the mean. The difference of each prompt stands beside the sum, the highest on top.'
  ],
  lookFor: [
    'A head that stands out, and reads one token for it.',
    'A part that gives far more than others and is not named: what comes after it, the last norm too, makes up for it.',
    'Parts that give much and whose ablation changes little: others take their place.',
    'Ablation or gradient far above the direct effect: the part works through later ones.',
    'Of several prompts a spread as wide as the mean: the part is of some prompts alone.'
  ]
}
