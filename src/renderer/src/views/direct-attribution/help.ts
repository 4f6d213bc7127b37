import { directLogitAttribution as analysis } from '#common/analysis/direct-logit-attribution/direct-logit-attribution.ts'
import type { Help } from '../view.ts'

const [contribution, head, logit, accumulated, log] = analysis.about.formulas as [
  string,
  string,
  string,
  string,
  string
]

export const help: Help = {
  what: analysis.about.what,
  formulas: [
    { name: 'contribution', formula: contribution },
    { name: 'heads, neurons', formula: head },
    { name: 'sum', formula: logit },
    { name: 'running sum', formula: accumulated },
    { name: 'log-probability', formula: log }
  ],
  sources: analysis.about.sources,
  reading: [
    analysis.about.read,
    'The token is the most probable one until another is chosen: type one, or choose one of those that are expected; against another it is the difference of both. The position is that of the selected token, or the last.',
    'A click on a part opens it: attention and MLP of a block as what the logit lens reads of their outputs, a head as its attention, a neuron as what it responds to. The text is shaded by what heads give by reading each token.',
    'A log-probability is the logit less the normaliser, which no component has to itself. A difference of two logits has none.'
  ],
  lookFor: [
    'A late MLP that gives most of it: the answer is looked up there.',
    'Heads that give much, and one token that they read for it.',
    'Parts that are large and take each other back: compare with the difference to another token.'
  ]
}
