import { neurons } from '#common/analysis/neurons/neurons.ts'
import type { Help } from '../view.ts'

export const help: Help = {
  what: neurons.about.what,
  formulas: [
    {
      name: 'activation',
      formula: 'hook_post: what W_out is multiplied with, of a gated MLP gate and up together'
    },
    {
      name: 'dead, always on',
      formula: 'above the threshold at no token, at every token that was read'
    },
    {
      name: 'writes',
      formula: 'W_out[neuron] · W_U: logits for an activation of 1, without the final norm'
    },
    {
      name: 'reads',
      formula: 'W_E · W_in[:, neuron], of a gated MLP W_gate: without the norm before it'
    }
  ],
  sources: neurons.about.sources,
  reading: [
    'At the left stand the neurons of the largest magnitude at the token that is selected, of all layers; below them how many neurons of each layer are active at no token and at every token of what was read.',
    'At the right one neuron: the strongest at the token until another is chosen there, or typed as layer.unit. Its values over all tokens, the tokens where it is highest, and tokens drawn from each part of its range, so that what it does at low values is seen, too.',
    'Shades are activations above 0; negative ones are left as paper. A click on a context of the text selects its token everywhere; a dashed line is around tokens and neurons that are selected together; Enter, or its sign, opens one of a corpus as a text.',
    'Promoted and suppressed tokens are what it adds to logits by its own path. Later layers read it, too, and the final norm scales it. What it reads is told by embeddings alone: earlier blocks change what comes to it.',
    'Of a mixture of experts a neuron is told by its place among all of its layer and by its expert and its place in that. Where its expert is not chosen it has no value: such tokens count as not active, and are in no part of the range.',
    neurons.about.read
  ],
  lookFor: [
    'Top contexts that have one thing in common which the middle of the range has not: the neuron stands for that thing.',
    'Top contexts that are alike while the middle of the range is something else: it stands for more than one thing.',
    'Many dead neurons in a layer, over a long corpus: width that does nothing. Of one short text most are merely not needed.',
    'Neurons that are always on: they act as a bias.'
  ]
}
