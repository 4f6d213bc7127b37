import type { Help } from '../view.ts'

export const help: Help = {
  what: 'What the model expected of each token of a text: the text shaded by surprisal, entropy, rank or probability, a bar for each token, and the most probable tokens at the one that is chosen. And how the text goes on, step by step, with what else might have come.',
  formulas: [
    { name: 'surprisal', formula: '−ln p(t_i), in nats; p is the softmax of the logits before it' },
    { name: 'entropy', formula: '−Σ p ln p of the same softmax, in nats' },
    { name: 'rank', formula: 'number of tokens with a strictly higher logit, so it counts from 0' },
    { name: 'perplexity', formula: 'exp(mean surprisal) over all tokens but the first' },
    {
      name: 'drawn',
      formula:
        'softmax(logits / temperature); of it the k most probable, then the fewest that have p together'
    }
  ],
  sources: [
    'Shannon 1951, “Prediction and Entropy of Printed English”',
    'top p: Holtzman et al. 2020, “The Curious Case of Neural Text Degeneration”',
    'temperature, top k, top p in this order: as in transformers'
  ],
  reading: [
    'A token is shaded by how it was expected by those before it. Grey is what nothing is told of: the first token, for nothing comes before it.',
    'Choose a token by a click or by arrow keys: at the side stands what was expected in its place, and how what is there stands among it. While none is chosen it is what is expected after the text.',
    'Surprisal says how unexpected a token was; entropy how undecided the model was, whatever came. A token may be surprising although the model was sure.',
    'Ranks are shaded, and drawn, by their logarithm: 0 is the most probable.',
    'Of a model of masked tokens each token is in sight of itself, so that it is hardly a surprise. “Hide it and ask” puts the mask in its place: its surprisal is then that of the token that is hidden. Several can be hidden at once. Where the text itself has the mask, it tells what is expected there.',
    'Of a model of labels the side lists labels, of the text or of the token that is chosen; tokens have no shade.',
    '“How it goes on” lets the model write: the most probable token each time, or one that is drawn; equal seeds draw equal tokens. The text is grey, what came is shaded by its probability.',
    'Choose a token that came to see what might have come instead. A click on one takes it, and the text goes on anew from there; “Let the model choose” takes that back.',
    '“Open its run” opens the run that a token was chosen by as a tab of its own, where every view can look into it.',
    'Settings of a continuation are kept with the tab, for the text that it was begun with.'
  ],
  lookFor: [
    'Where words begin: in a word its end is often sure.',
    'A name or a phrase that comes a second time: its surprisal falls.',
    'High entropy and low surprisal: the model guessed, and was lucky.',
    'The step at which a continuation begins to go round in circles: entropy falls, probabilities near 1.'
  ]
}
