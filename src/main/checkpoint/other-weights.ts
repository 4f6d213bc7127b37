import { fileLabel, quoted, unsupportedFile } from '../files/file-error.ts'
import type { LamellaError } from '#common/model/errors.ts'

/** What training leaves beside the weights. */
export const besideWeights =
  /^(training_args|optimizer|scheduler|scaler|rng_state.*)\.(bin|pt|pth)$/i

/** A part of what DeepSpeed keeps of a model and its optimizer, flat. */
export const zeroShard = /^(bf16_)?zero_pp_rank_\d+_.*\.pt$/i

/** A form of weights that is not read. */
interface OtherForm {
  readonly ending: RegExp
  readonly form: string
  /** How what is in it comes to a form that is read. */
  readonly next: string
}

const resave = (from: string) =>
  `Convert it: transformers reads it with from_pretrained(folder, ${from}=True), and save_pretrained writes model.safetensors.`

const otherForms: readonly OtherForm[] = [
  {
    ending: /\.gguf$/i,
    form: 'GGUF',
    next: 'Open the model that it was made of: weights in safetensors or PyTorch files.'
  },
  { ending: /\.(h5|hdf5|keras)$/i, form: 'TensorFlow or Keras (HDF5)', next: resave('from_tf') },
  { ending: /\.msgpack$/i, form: 'Flax (msgpack)', next: resave('from_flax') },
  {
    ending: /\.ckpt\.(index|meta|data-\d+-of-\d+)$/i,
    form: 'a TensorFlow checkpoint',
    next: resave('from_tf')
  },
  {
    ending: /\.pb$/i,
    form: 'a TensorFlow graph',
    next: 'Open the weights that it was exported from, in safetensors or PyTorch files.'
  },
  {
    ending: /\.distcp$/i,
    form: 'a distributed checkpoint of PyTorch',
    next: 'Make one file of it: python -m torch.distributed.checkpoint.format_utils dcp_to_torch FOLDER model.pt'
  },
  {
    ending: /\.(npz|npy)$/i,
    form: 'NumPy arrays',
    next: 'Save them as safetensors: safetensors.numpy.save_file(dict(numpy.load(file)), "model.safetensors").'
  },
  {
    ending: /\.(tflite|engine|plan|mlmodel|nemo)$/i,
    form: 'a model compiled for another program',
    next: 'Open the weights that it was made of, in safetensors, PyTorch or ONNX files.'
  },
  {
    ending: /^openvino_.*\.(xml|bin)$/i,
    form: 'OpenVINO',
    next: 'Open the weights that it was exported from, in safetensors or PyTorch files.'
  },
  {
    ending: /\.(mlpackage|mlmodelc)$/i,
    form: 'Core ML',
    next: 'Open the weights that it was exported from, in safetensors or PyTorch files.'
  },
  {
    ending: /\.ot$/i,
    form: 'weights of Rust (tch)',
    next: 'Open the weights that they were made of, in safetensors or PyTorch files.'
  },
  {
    ending: /^(_METADATA|_CHECKPOINT_METADATA|manifest\.ocdbt)$/,
    form: 'a checkpoint of JAX (Orbax)',
    next: 'Restore it with Orbax and save its arrays as safetensors: safetensors.numpy.save_file(arrays, "model.safetensors").'
  },
  {
    ending: zeroShard,
    form: 'shards of DeepSpeed (ZeRO)',
    next: 'Make one file of them: python zero_to_fp32.py FOLDER pytorch_model.bin'
  },
  {
    ending: /\.(zip|tar|tar\.gz|tgz|7z)$/i,
    form: 'an archive',
    next: 'Unpack it, and open the folder that comes out.'
  },
  {
    ending: /\.(incomplete|part|crdownload|aria2)$/i,
    form: 'a download that has not ended',
    next: 'Let it end, then open the folder again.'
  },
  {
    ending: besideWeights,
    form: 'what training keeps beside weights',
    next: 'Open the folder that the weights are in, such as a checkpoint-N of the training.'
  }
]

/** Why weights of a form that is not read are not opened, by the name of their file; null for another file. */
export function otherWeights(name: string): LamellaError | null {
  const other = otherForms.find(({ ending }) => ending.test(name))
  if (other === undefined) return null
  return unsupportedFile(name, `is ${other.form}, which is not read`, other.next)
}

/**
 * The same of a folder.
 * @param names of files in it, or in the folders in it
 */
export function otherWeightsIn(folder: string, names: readonly string[]): LamellaError | null {
  for (const { ending, form, next } of otherForms) {
    const found = names.filter(name => ending.test(name))
    if (found.length === 0) continue
    const more = found.length === 1 ? '' : ` and ${found.length - 1} more`
    return unsupportedFile(
      folder,
      `holds only ${form}, which is not read: ${quoted(fileLabel(found[0]!))}${more}`,
      next
    )
  }
  return null
}
