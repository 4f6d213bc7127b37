import { z } from 'zod'
import { Embedding } from '../../../analysis/embeddings/embedding-matrix.ts'
import { plainTorchCall, torchCall } from './torch-call.ts'

const Of = z.object({ of: Embedding.default('input'), among: Embedding.nullish() })

const units = `def units(rows):
    return rows / rows.norm(dim=-1, keepdim=True)`

/** The rows of words, whose embedding is `E`. */
const words = (of: Embedding) => `E = ${matrix(of)}
query = index("queries")
x = E[query.clamp(min=0)]
# A text of several tokens, whose number is -1, is the mean of their rows, which is not done here.
x[query < 0] = torch.nan

${units}
`

export const nearestWords = torchCall('model', Of, ({ of, among }) => {
  const others = among ?? of
  const left = `    # The word itself is left out.
    scores[torch.arange(len(query)), query.clamp(min=0)] = -torch.inf if largest else torch.inf
`
  return `${words(of)}F = ${others === of ? 'E' : matrix(others)}

def nearest(name, scores, largest=True):
${others === of ? left : ''}    found = scores.topk(data[f"{name}.values"].shape[-1], largest=largest)
    compare(found.values, f"{name}.values")
    compare(found.indices, f"{name}.ids")

nearest("cosine", units(x) @ units(F).T)
nearest("centred", units(x - E.mean(0)) @ units(F - F.mean(0)).T)
nearest("dot", x @ F.T)
nearest("euclidean", torch.cdist(x, F), largest=False)`
})

export const wordSimilarity = torchCall(
  'model',
  Of.extend({ centred: z.boolean().default(false), measure: z.string().nullish() }),
  ({ of, centred, measure }) => `${words(of)}${
    centred || measure === 'centred' ? 'x = x - E.mean(0)\n' : ''
  }compare(units(x) @ units(x).T, "similarity")
compare(x @ x.T, "dot")
compare(torch.cdist(x, x), "euclidean")`
)

export const wordDimensions = torchCall(
  'model',
  Of,
  ({ of }) => `E = ${matrix(of)}

def extremes(name, rows):
    k = data[f"{name}.top"].shape[-1]
    compare(rows.topk(k).values, f"{name}.top_values")
    compare(rows.topk(k, largest=False).values, f"{name}.bottom_values")

if "dimensions.top" in data:
    x = E[index("queries").clamp(min=0)]
    # A text of several tokens, whose number is -1, is the mean of their rows, which is not done here.
    x[index("queries") < 0] = torch.nan
    extremes("dimensions", x)
if "tokens.top" in data:
    extremes("tokens", E.T[index("dimension")])`
)

export const wordAnalogy = torchCall(
  'model',
  Of,
  ({ of }) => `E = ${matrix(of)}

${units}

def answers(name, rows):
    for i, triple in enumerate(index("analogies")):
        if (triple < 0).any():
            print("a text of several tokens is the mean of their rows, which is not done here")
            continue
        a, b, c = rows[triple]
        scores = units(a - b + c) @ units(E).T
        scores[triple] = -torch.inf
        found = scores.topk(data[f"{name}.values"].shape[-1])
        differ(f"{name}.values {i}", found.values, data[f"{name}.values"][i])

answers("analogy", units(E))
answers("analogy_raw", E)`
)

export const shownWords = torchCall(
  'model',
  z.looseObject({ form: z.string().default('nearest') }),
  params => {
    const { form } = params
    const own =
      form === 'similarity'
        ? wordSimilarity
        : form === 'analogy'
          ? wordAnalogy
          : form === 'nearest'
            ? nearestWords
            : wordDimensions
    return own.python(params) ?? { without: 'its params are not known' }
  }
)

/** How a text is split. */
export const textTokens = plainTorchCall(
  'tokenizer',
  `print(tokenizer.convert_ids_to_tokens(ids))
# The first way is the model's own.
differ("tokens", len(ids), data["tokens"][0])`
)

export const vocabularySize = plainTorchCall(
  'tokenizer',
  `print(len(tokenizer), "tokens in the vocabulary")`
)

function matrix(of: Embedding): string {
  return `model.get_${of}_embeddings().weight.detach().double()`
}
