import { z } from 'zod'
import { Embedding } from '../../../analysis/embeddings/embedding-matrix.ts'
import { plainTorchCall, torchCall } from './torch-call.ts'

const Of = z.object({ of: Embedding.default('input'), among: Embedding.nullish() })

const start = (of: Embedding) => `E = ${matrix(of)}
several = iter([own["ids"] for own in facts.get("texts", []) if len(own["ids"]) > 1])

def tokens_of(name):
    """The ids of each word: a text of several tokens, whose number is -1, is the mean of their rows."""
    return [[id] if id >= 0 else next(several) for id in index(name).flatten().tolist()]

def rows_of(words):
    return torch.stack([E[ids].mean(0) for ids in words])

def units(rows):
    return rows / rows.norm(dim=-1, keepdim=True)
`

export const nearestWords = torchCall('model', Of, ({ of, among }) => {
  const others = among ?? of
  const left = `    # The tokens of the word itself are left out.
    for row, ids in zip(scores, words):
        row[ids] = -torch.inf if largest else torch.inf
`
  return `${start(of)}
words = tokens_of("queries")
x = rows_of(words)
F = ${others === of ? 'E' : matrix(others)}

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
  ({ of, centred, measure }) => `${start(of)}
x = rows_of(tokens_of("queries"))
${centred || measure === 'centred' ? 'x = x - E.mean(0)\n' : ''}compare(units(x) @ units(x).T, "similarity")
compare(x @ x.T, "dot")
compare((x[:, None] - x[None]).norm(dim=-1), "euclidean")`
)

export const wordDimensions = torchCall(
  'model',
  Of,
  ({ of }) => `${start(of)}
def extremes(name, rows):
    k = data[f"{name}.top"].shape[-1]
    compare(rows.topk(k).values, f"{name}.top_values")
    compare(rows.topk(k, largest=False).values, f"{name}.bottom_values")

if "dimensions.top" in data:
    extremes("dimensions", rows_of(tokens_of("queries")))
if "tokens.top" in data:
    extremes("tokens", E.T[index("dimension")])`
)

export const wordAnalogy = torchCall(
  'model',
  Of,
  ({ of }) => `${start(of)}
words = tokens_of("analogies")
triples = [words[i : i + 3] for i in range(0, len(words), 3)]

def answers(name, turned):
    found = []
    for triple in triples:
        a, b, c = turned(rows_of(triple))
        scores = units(a - b + c) @ units(E).T
        scores[sum(triple, [])] = -torch.inf
        found.append(scores.topk(data[f"{name}.values"].shape[-1]))
    compare(torch.stack([own.values for own in found]), f"{name}.values")
    compare(torch.stack([own.indices for own in found]), f"{name}.ids")

answers("analogy", units)
answers("analogy_raw", lambda rows: rows)`
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
  `# Tokens that transformers adds to those of the files are among its own.
differ("ids of all kinds", len(tokenizer), data["kinds"].sum())`
)

function matrix(of: Embedding): string {
  return `model.get_${of}_embeddings().weight.detach().double()`
}
