import { z } from 'zod'
import { indented, pythonText } from '../python.ts'
import { layerStatistics } from '../../views/weights-by-layer.ts'
import { plainTorchCall, torchCall } from './torch-call.ts'

/** Why numbers of a part of a tensor are not asked for. */
export const partOfTensor =
  'which part of which tensor is a head’s or a role’s differs from family to family; a tensor by its name is what the view tensor compares'

/** Numbers of each tensor that the data names, as far as it is one of the files. */
const eachTensor = (
  names: readonly string[],
  body: string
) => `names = [${names.map(pythonText).join(', ')}]
found = {name: np.full(data[name].shape, nan) for name in names if name in data}
for i, name in enumerate(data["labels.tensor"]):
    if name not in weights:
        print(f"{name}: no tensor of the files, but a part of one, or one by another name")
        continue
    w = weights[name].double()
${indented(body)}
for name in found:
    compare(found[name], name)`

const statistics = eachTensor(
  [
    'mean',
    'min',
    'max',
    'std',
    'std1',
    'norm',
    'skewness',
    'kurtosis',
    'zeros',
    'row_norm',
    'column_norm',
    'norm_rows',
    'norm_columns',
    'variance_rows',
    'variance_columns'
  ],
  `z = (w - w.mean()) / w.std(correction=0)
found["mean"][i], found["min"][i], found["max"][i] = w.mean(), w.min(), w.max()
found["std"][i], found["std1"][i], found["norm"][i] = w.std(correction=0), w.std(), w.norm()
found["skewness"][i], found["kurtosis"][i] = z.pow(3).mean(), z.pow(4).mean() - 3
found["zeros"][i] = (w == 0).double().mean()
if "row_norm" in found:
    found["row_norm"][:], found["column_norm"][:] = w.norm(dim=1), w.norm(dim=0)
if "norm_rows" in found and w.dim() > 1:
    # The smallest, quartiles, the largest.
    m, shares = w.reshape(-1, w.shape[-1]), torch.linspace(0, 1, 5).double()
    for name, dim in ("rows", 1), ("columns", 0):
        found[f"norm_{name}"][i] = m.norm(dim=dim).quantile(shares)
        found[f"variance_{name}"][i] = m.var(dim=dim, correction=0).quantile(shares)`
)

const spectra = eachTensor(
  [
    'singular_values',
    'stableRank',
    'effectiveRank',
    'effectiveRankEnergy',
    'rank',
    'conditionNumber'
  ],
  `s = torch.linalg.svdvals(w.reshape(-1, w.shape[-1]))
row = found["singular_values"][i]
row[: len(s)] = s[: len(row)]
found["stableRank"][i] = s.square().sum() / s[0] ** 2
found["effectiveRank"][i] = torch.special.entr(s / s.sum()).sum().exp()
found["effectiveRankEnergy"][i] = torch.special.entr(s.square() / s.square().sum()).sum().exp()
found["rank"][i] = (s > s[0] * max(w.shape) * 2.0**-52).sum()
found["conditionNumber"][i] = s[0] / s[-1]`
)

const components = eachTensor(
  ['pca_ratio'],
  `power = torch.linalg.svdvals(w - w.mean(0)).square()
row = found["pca_ratio"][i]
row[: len(power)] = (power / power.sum())[: len(row)]`
)

export const tensorStatistics = plainTorchCall('weights', statistics)
export const tensorSpectra = plainTorchCall('weights', spectra)
export const tensorComponents = plainTorchCall('weights', components)

/** A tensor as rows and columns, as far as the figure does not pool it. */
export const tensorMap = torchCall(
  'weights',
  z.object({ tensor: z.string() }),
  ({ tensor }) => `w = weights[${pythonText(tensor)}].float()
w = w.reshape(-1, w.shape[-1])
if "of_part" in data:
    # A cell after the other, of all parts.
    if (data["rows"] == 1).all() and (data["columns"] == 1).all():
        compare(w[index("first_row"), index("first_column")], "map")
    else:
        print("cells are of several rows or columns each, not compared")
elif data["rows_each"] == 1 and data["columns_each"] == 1:
    compare(w[index("first_row")][:, index("first_column")], "map")
else:
    print("cells are of several rows or columns each, not compared")
print(w.shape, w.min(), w.max())`
)

const ofForm = {
  spectrum: tensorSpectra,
  cumulative: tensorSpectra,
  components: tensorComponents,
  'components-share': tensorComponents
} as const

export const tensorView = torchCall(
  'weights',
  z.object({ tensor: z.string(), form: z.string().default('map') }),
  ({ tensor, form }) => {
    if (form === 'map') return tensorMap.python({ tensor }) ?? ''
    const own = Object.hasOwn(ofForm, form) ? ofForm[form as keyof typeof ofForm] : tensorStatistics
    return own.python({}) ?? ''
  }
)

/** A number of each tensor, layer by layer: those that an analysis of all of them gives. */
export const weightsByLayer = torchCall(
  'weights',
  z.object({ role: z.string().nullable().default(null), statistic: z.string().default('std') }),
  ({ role, statistic }) => {
    if (role !== null) return { without: partOfTensor }
    const isOfSpectrum = layerStatistics.some(
      ({ name, analysis }) => name === statistic && analysis === 'spectrum'
    )
    return (isOfSpectrum ? tensorSpectra : tensorStatistics).python({})!
  }
)

export const parameterCount = plainTorchCall(
  'weights',
  `# Tied tensors once; buffers that lie in the files are counted here, too.
used.add("elements")
differ("elements, all together", sum(own.numel() for own in weights.values()), data["elements"].sum())`
)

export const tensorHealth = plainTorchCall(
  'weights',
  eachTensor(
    ['rms', 'nonfinite'],
    'found["rms"][i], found["nonfinite"][i] = w.square().mean().sqrt(), (~w.isfinite()).sum()'
  )
)

/** Learned positions, and the frequencies of rotary ones. */
export const positionNumbers = plainTorchCall(
  'weights',
  `if facts.get("embedding") == "learned" and len(positions) == 1:
    table = weights[positions[0]].double()
    count = len(data["adjacent"]) + 1
    # Of how many the first are told; rows before them, as OPT and RoBERTa have, are of no position.
    total = int(facts["positions"].split()[-1]) if "positions" in facts else count
    matrix = table[len(table) - total :][:count]
    compare(matrix, "matrix")
    compare(torch.stack([torch.corrcoef(matrix[i : i + 2])[0, 1] for i in range(len(matrix) - 1)]), "adjacent")
    compare(matrix.var(0, correction=0), "variance")
    compare(torch.fft.rfft(matrix - matrix.mean(0), dim=0).abs().square(), "power")
    units = matrix / matrix.norm(dim=1, keepdim=True)
    if "cosine" in data and data["cosine"].shape[0] == len(units):
        compare(units @ units.T, "cosine")
    power = torch.linalg.svdvals(matrix - matrix.mean(0)).square()
    compare(power / power.sum(), "pca_ratio")
elif facts.get("rotary"):
    rotary = facts["rotary"]
    # Before a scaling, where there is one.
    inv_freq = rotary["base"] ** (-torch.arange(0, rotary["dims"], 2).double() / rotary["dims"])
    compare(inv_freq, "inv_freq_unscaled", "inv_freq")
    compare(2 * torch.pi / inv_freq, "wavelength_unscaled", "wavelength")
else:
    print("neither learned nor rotary positions, not compared")`
)

export const modelParts = plainTorchCall(
  'model',
  `print(model)
print(sum(own.numel() for own in model.parameters()), "parameters, tied ones once")`
)
