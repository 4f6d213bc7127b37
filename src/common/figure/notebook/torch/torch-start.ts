import type { Origin } from '../../provenance.ts'
import { indented, pythonText, pythonValue } from '../python.ts'
import type { TorchStart } from './torch-call.ts'
import type { TorchModel } from './torch-model.ts'

/** How numbers are set beside those of the figure: the same in every notebook. */
const compare = `class NotCompared(Exception):
    """Why numbers are not set beside those of the data."""

class Numbers(dict):
    """Arrays by their names."""
    def __missing__(self, name):
        raise NotCompared(f"{name} is not in the data")

data = Numbers(data)
facts, along = (json.loads(data["attributes.json"])[part] for part in ("attributes", "axes"))
used = {"input_ids"}

def differ(name, values, own):
    """Prints by how much values differ from those of the data, and how many there are."""
    values = torch.as_tensor(values).detach().double().numpy()
    own = np.asarray(own, dtype=float)
    if values.shape != own.shape:
        print(f"{name}: {values.shape} here and {own.shape} in the data, not compared")
        return
    one, other = np.isnan(values), np.isnan(own)
    both = ~one & ~other
    # Infinities that are the same are not apart.
    apart = np.subtract(values, own, out=np.zeros(own.shape), where=both & (values != own))
    alone = (one != other).sum()
    found = [
        f"largest difference {np.abs(apart).max():.3g} over {both.sum()} numbers" if both.any() else "no number to compare",
        *([f"{alone} are numbers here or in the data alone"] if alone else []),
    ]
    print(f"{name}: {'; '.join(found)}")

def compare(values, *names):
    """The same of what stands in the data under the first of some names."""
    name = next((name for name in names if name in data), None)
    if name is None:
        print(f"{' or '.join(names)}: not in the data")
    else:
        used.add(name)
        differ(name, values, data[name])

def index(name):
    used.add(name)
    return torch.as_tensor(data[name]).long()`

/** Calls that compare, and what they say at the end: why they do not, and what of the data they leave. */
export function comparing(python: string): string {
  return `try:
${indented(python)}
except NotCompared as why:
    print("Not compared:", why)
${left}`
}

const left = `left = [name for name in along if name not in used]
if left:
    print("Not compared, or in part alone:", ", ".join(left))`

const positionsName = `r"wpe|position_embed|embed_positions|pos_emb|positions?\\.weight"`

/** The Python that calls of a kind begin with. @param model null where no more is known than where it comes from */
export function torchStart(start: TorchStart, of: Origin, model: TorchModel | null): string {
  switch (start) {
    case 'run':
      return `${loadStart('AutoModel, AutoTokenizer', of)}${run(of, 'AutoModel')}`
    case 'logits': {
      const { names, chosen, Auto } = headOf(model)
      return `${loadStart(`${names}, AutoTokenizer`, of)}${chosen}${run(of, Auto)}
logits = out.logits.float().reshape(-1, out.logits.shape[-1])`
    }
    case 'model': {
      const { names, chosen, Auto } = headOf(model)
      return `${loadStart(names, of)}${chosen}${load(Auto)}`
    }
    case 'tokenizer':
      return `import torch
from transformers import AutoTokenizer

FOLDER = ${pythonText(of.model)}  # where the model lies
tokenizer = AutoTokenizer.from_pretrained(FOLDER, local_files_only=True)
${of.input === null ? '' : `ids = ${'ids' in of.input ? JSON.stringify(of.input.ids) : `tokenizer(${pythonText(of.input.text)}).input_ids`}\n`}
${compare}
`
    case 'weights':
      return weightsStart(of, model)
  }
}

function loadStart(names: string, { model }: Origin): string {
  return `import torch
from transformers import ${names}

FOLDER = ${pythonText(model)}  # where the model lies
`
}

/** The class of a model with its logits. */
function headOf(model: TorchModel | null) {
  if (model?.predicts === 'next')
    return { names: 'AutoModelForCausalLM', chosen: '', Auto: 'AutoModelForCausalLM' }
  if (model?.predicts === 'masked')
    return { names: 'AutoModelForMaskedLM', chosen: '', Auto: 'AutoModelForMaskedLM' }
  if (model?.predicts === 'labels')
    return {
      names: 'AutoConfig',
      chosen: `import transformers

Auto = getattr(transformers, AutoConfig.from_pretrained(FOLDER, local_files_only=True).architectures[0])
`,
      Auto: 'Auto'
    }
  return {
    names: 'AutoConfig, AutoModelForCausalLM, AutoModelForMaskedLM',
    chosen: `kind = (AutoConfig.from_pretrained(FOLDER, local_files_only=True).architectures or [""])[0]
Auto = AutoModelForMaskedLM if "MaskedLM" in kind else AutoModelForCausalLM
`,
    Auto: 'Auto'
  }
}

function load(Auto: string): string {
  return `model, loading = ${Auto}.from_pretrained(
    FOLDER, local_files_only=True, output_loading_info=True, dtype=torch.float32, attn_implementation="eager"
)
model.eval()
# What is in no file is drawn at random.
drawn = [name for name in loading["missing_keys"]${Auto === 'AutoModel' ? ' if not name.startswith("pooler.")' : ''}]
if drawn:
    raise ValueError(f"transformers finds {len(drawn)} tensors in no file, as {min(drawn)}, and draws them at random")

${compare}
`
}

function run({ input, ids, edits }: Origin, Auto: string): string {
  return `${idsOf(input, ids)}
${load(Auto)}${edits.length === 0 ? '' : `\n${edited}\n`}
with torch.no_grad():
    out = model(ids, output_attentions=True, output_hidden_states=True)
attentions = torch.stack([block[0].float() for block in out.attentions])
hidden_states = torch.stack([state[0].float() for state in out.hidden_states])`
}

const edited = `# The run was edited (see above): without the same hooks these are the values of the model as it is.
def differ(name, values, own):
    print(f"{name}: of an edited run, not comparable without its hooks")`

/** The ids that the numbers are of, whatever transformers would read the text as; of a text that is told, too. */
function idsOf(input: Origin['input'], read: Origin['ids']): string {
  if (input !== null && 'ids' in input)
    return `ids = torch.tensor([${JSON.stringify(read ?? input.ids)}])`
  const own =
    read === undefined
      ? `ids = torch.as_tensor(data["input_ids"]).long()[None] if "input_ids" in data else None`
      : `ids = torch.tensor([${JSON.stringify(read)}])`
  return `# What the text was read as.
${own}
try:
    read = AutoTokenizer.from_pretrained(FOLDER, local_files_only=True)(${pythonText(input?.text ?? '')}, return_tensors="pt").input_ids
    if ids is None:
        ids = read
        print("ids: not in the data, those of the tokenizer that transformers makes")
    elif torch.equal(ids, read):
        print("ids: the same by the tokenizer that transformers makes")
    else:
        print(f"ids: others by the tokenizer that transformers makes, {read.shape[1]} where the data has {ids.shape[1]}; all below is of those of the data")
except Exception as error:
    if ids is None:
        raise
    print("ids: transformers makes no tokenizer of this folder:", error)`
}

function weightsStart({ model: name }: Origin, model: TorchModel | null): string {
  const files =
    model === null
      ? `sorted(folder.glob("model*.safetensors")) or sorted(folder.glob("pytorch_model*.bin"))
files = files or sorted([*folder.glob("*.pth"), *folder.glob("*.pt")])`
      : `[folder / name for name in ${pythonValue(model.files)}]`
  return `import re
from pathlib import Path
import torch
from safetensors.torch import load_file

folder = Path(${pythonText(name)})  # where the model lies
files = ${files}

def tensors_of(loaded):
    """Those that a checkpoint holds, or the first part of it that holds any: it may lie in others, beside other things."""
    own = {name: of for name, of in loaded.items() if isinstance(of, torch.Tensor)}
    parts = (tensors_of(of) for of in loaded.values() if isinstance(of, dict))
    return own or next((part for part in parts if part), {})

def state_dict(file):
    if file.suffix == ".safetensors":
        return load_file(file)
    return tensors_of(torch.load(file, map_location="cpu", weights_only=True))

weights = {name: own for file in files for name, own in state_dict(file).items()}
# What tells positions.
positions = ${
    model === null
      ? `[name for name in weights if re.search(${positionsName}, name)]`
      : pythonValue(model.positions)
  }

${compare}
`
}
