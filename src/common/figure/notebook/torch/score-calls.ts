import { z } from 'zod'
import { headScoreKinds, type HeadScoreId } from '../../../analysis/head-scores/score-kinds.ts'
import { indented } from '../python.ts'
import { Index, pythonList, torchCall } from './torch-call.ts'

const Params = z.object({ layers: z.array(Index).nullish() })

/** Each window’s patterns, in the order of the text. */
const windows = (layers: readonly number[] | null | undefined, body: string) =>
  `if "cut" in facts or facts.get("stride") not in (None, facts.get("window")):
    raise NotCompared("windows that do not follow one another, and sentences, are not cut here")
# The windows, as they follow one another in the text; special tokens that each may have are not put in here.
size = facts.get("window") or ids.shape[1]
for own in ids[0].split(size):
    # A last token that would be a window by itself is left out: it has nothing to attend to but itself.
    if len(own) < min(2, size, ids.shape[1]):
        continue
    with torch.no_grad():
        run = model(own[None], output_attentions=True)
    A = torch.stack([block[0] for block in run.attentions]).double()${layers ? `[${pythonList(layers)}]` : ''}
    n = len(own)
${indented(body)}`

/** What each head does, by its scores: sums over all queries, and how many there are. */
const scoreSums = (layers: readonly number[] | null | undefined) => `sums, counts = {}, {}

def add(name, total, count):
    sums[name] = sums.get(name, 0) + total
    counts[name] = counts.get(name, 0) + count

${windows(
  layers,
  `q, k = torch.meshgrid(torch.arange(n), torch.arange(n), indexing="ij")
copy = (own[:, None] == own[None]) & (k < q)
after = torch.zeros_like(copy)
after[:, 1:] = copy[:, :-1]
add("previous_token", A[..., q - k == 1].sum(-1), n - 1)
add("self", A[..., q == k].sum(-1), n)
add("first_token", A[..., 0].sum(-1), n)
add("duplicate_token", A[..., copy].sum(-1), copy.any(-1).sum())
add("induction", A[..., after].sum(-1), copy.any(-1).sum())
add("entropy", torch.special.entr(A).sum((-2, -1)), n)
add("distance", n * (A * (q - k).abs()).sum((-2, -1)) / A.sum((-2, -1)), n)`
)}`

/** Scores of heads, each divided by how many queries have one. */
export const headScores = torchCall(
  'run',
  Params,
  ({ layers }) => `${scoreSums(layers)}
if "labels.score" in data:
    given = dict(zip(data["labels.score"], data["value"]))
else:
    given = {name: data[name] for name in ("induction", "entropy", "distance")}
    given |= {"duplicate_token": data["duplicate"], "first_token": data["sink"][..., 0]}
    given |= {"self": data["offset"][..., 0], "previous_token": data["offset"][..., 1]}
for name in sums:
    differ(name, sums[name] / counts[name], given[name])
others = [name for name in given if name not in sums]
if others:
    print("Scores that are not compared:", ", ".join(others))`
)

/** What the scores that heads are ordered by are called here. */
const rankedNames: Readonly<Record<HeadScoreId, string>> = {
  ...{ previous: 'previous_token', itself: 'self', first: 'first_token' },
  ...{ duplicate: 'duplicate_token', induction: 'induction' },
  ...{ entropy: 'entropy', distance: 'distance' }
}

/** One score of each head that a ranking has, in its order. */
export const rankedScores = torchCall(
  'run',
  z.object({ score: z.enum(headScoreKinds.map(({ id }) => id)).default('induction') }),
  ({ score }) => `${scoreSums(null)}
name = "${rankedNames[score]}"
compare((sums[name] / counts[name])[index("layer"), index("head")], "score")`
)

/** Distances of heads by their scores, in standard deviations. */
const scoreDistances = `${scoreSums(null)}
names = [name for name in facts["scores"] if name not in facts["scores_left_out"]]
unknown = [name for name in names if name not in sums]
if unknown:
    print("distance: by scores that are not computed here, not compared:", ", ".join(unknown))
else:
    z = torch.stack([(sums[name] / counts[name]).flatten() for name in names], -1)
    z = (z - z.mean(0)) / z.std(0, correction=0)
    compare((z[:, None] - z[None]).norm(dim=-1), "distance")`

/** Mean attention at each distance before a query: of all heads, or of a difference of one. */
export const offsetCurves = torchCall(
  'run',
  z.object({ layer: Index, head: Index }),
  ({ layer, head }) => `length = data["offset"].shape[-1]
sums, counts = 0, torch.zeros(length)
${windows(
  null,
  `at = [A.diagonal(-d, -2, -1).sum(-1) if d < n else A.new_zeros(A.shape[:2]) for d in range(length)]
sums = sums + torch.stack(at, -1)
counts += (n - torch.arange(length)).clamp(min=0)`
)}
curves = sums / counts
compare(curves[[${layer}]][:, [${head}]] if "difference" in data else curves, "offset")`
)

/** Jensen–Shannon divergence of the patterns of each two heads, a query. */
const patternDistances = ({ layers }: z.output<typeof Params>) => `entr = torch.special.entr
sums, queries = 0, 0
${windows(
  layers,
  `P = A.flatten(0, 1)
H = entr(P).sum((-2, -1))
sums = sums + torch.stack([entr((P + one) / 2).sum((-2, -1)) - (H + own) / 2 for one, own in zip(P, H)])
queries += n`
)}
compare(sums, "js") if "js" in data else compare(sums / queries, "distance")`

export const headDistances = torchCall('run', Params, patternDistances)

/** The view, of whichever of both. */
export const headGroups = torchCall(
  'run',
  z.object({ by: z.enum(['patterns', 'scores']).default('patterns') }),
  ({ by }) => (by === 'patterns' ? patternDistances({}) : scoreDistances)
)
