import { pointClusters } from '#common/analysis/project/point-clusters.ts'
import { project } from '#common/analysis/project/project.ts'
import { tokenCounts } from '#common/analysis/token-counts.ts'
import type { Help } from '../view.ts'

export const help: Help = {
  what: 'Vectors of the model as points in the plane or in space: tokens by their embeddings, positions, neurons by what they read or write, heads by their weights, and the text’s tokens or whole texts at any layer. What is near in the picture is alike in the model, as far as two or three dimensions can show it; how far that is, trustworthiness says.',
  formulas: [
    {
      name: 'PCA',
      formula:
        'x · v_i: scores along two or three principal components of rows less their mean, the first ones or others that are chosen'
    },
    {
      name: 't-SNE',
      formula:
        'least KL of q_ij ∝ 1 / (1 + ‖y_i − y_j‖²) to p_ij, the similarities of neighbours at one perplexity; 1,000 steps'
    },
    {
      name: 'UMAP',
      formula: 'neighbours pull by exp(−(d − ρ) / σ), others push; min_dist 0.1'
    },
    {
      name: 'Axis',
      formula:
        '(x − a) · (b − a) / ‖b − a‖² across: 0 at the first word, 1 at the second; upwards the first principal component of what is left'
    },
    {
      name: 'trustworthiness',
      formula:
        '1 − 2 / (n k (2n − 3k − 1)) Σ_i Σ_j max(0, rank_i(j) − k), over the k = 15 nearest j of i in the picture'
    },
    { name: 'clusters', formula: pointClusters.about.formulas[0]! },
    { name: 'frequency rank', formula: tokenCounts.about.formulas[0]! },
    { name: 'cosine', formula: 'x · y / (‖x‖ ‖y‖)' }
  ],
  sources: [...project.about.sources, ...pointClusters.about.sources],
  reading: [
    'Of principal components distances mean what they say, in the directions that are shown; each axis tells the share of all variance that it shows.',
    'In t-SNE and UMAP only what is near means something: sizes of clusters and distances between them do not, and there are no axes.',
    'Neighbours at the side are those of the full space, not of the picture: of tokens over the whole vocabulary, of other points among those that are shown.',
    'Where there are more points than a method takes, a sample is drawn, which the foot says; seed and settings make the same picture again.',
    'Labels stand where they have room, of many points evenly from all; what is searched for has them first. Zoom in for more.',
    'Drag moves, the wheel zooms, 0 shows all. Arrow keys go to the nearest point that way, Shift and drag draws around points, Esc takes that back: what lies within is selected together, and other views mark the tokens, positions, heads or neurons among it that they show; Esc, or a click on their number over a view, selects them no longer. Undo takes a line back and leaves what is selected, as it does everywhere.',
    'In space a drag turns the points and Ctrl and drag moves them; Shift and an arrow key turns, too; however they are turned, all fit in the picture, but where one has zoomed. Nearer points are larger and above others. What is drawn around is within the line at whatever depth, and stays chosen once it is turned. Saved numbers tell what is drawn around; “Compare” sets its tokens beside each other in Words.',
    'The text’s tokens at each layer are laid out together, so that axes stay what they are: play, or move through the layers by the arrow keys. Between two layers a token goes straight from one place to the other, which the model does not. Vectors grow from layer to layer, so that early layers would lie in one place: they are of length 1 unless “Length 1” is taken back, which shows how they grow.',
    'Texts are the lines of the text or those of a corpus, each a point by the mean of its tokens, its first one, such as [CLS], or its last. Of files each window of what the model takes is a point; or each sentence, which the model then reads by itself. Sentences end where Unicode’s rules say, so also after “Dr.” before a name, and with a line, unless the next goes on in lower case; one that is longer than the model takes is left out, which the foot says.',
    'Selected tokens of the text, heads and layers are those of the other views, both ways; of tokens of the vocabulary the one that is selected in the text is followed.',
    'Coloured by cluster, points are grouped by distances in the full space, not in the picture: as many groups as are asked for, whether there are any or not; what share of the variance lies between them stands at the side. A group is called by the point in its middle until it is given a name there.',
    'Coloured by frequency rank, tokens are counted in a corpus that is chosen, as the model’s tokenizer splits it; where none is, the order of ids stands in, which the view says. The command of a saved figure names the corpus (counted).',
    '“Length 1” brings vectors to length 1 first, so that distances tell angles alone; of tokens by layer it does so from the beginning.',
    'A saved figure has a dot for every point that is seen, and as many labels as have room.'
  ],
  lookFor: [
    'Clusters of one kind: digits, punctuation, tokens with a space before them.',
    'A single token far from all others, or many in one place: tokens that training hardly saw.',
    'Positions as a smooth curve, a helix or a circle: a line goes from each to the next.',
    'The text’s tokens at the input and at a late layer: first by token, then by what comes next.',
    'Heads of one layer together: depth tells more than what they do.'
  ]
}
