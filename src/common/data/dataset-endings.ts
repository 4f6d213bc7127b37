/** Files that a dataset can be saved as. */
export const datasetEndings = ['safetensors', 'npz', 'csv', 'json'] as const
export type DatasetEnding = (typeof datasetEndings)[number]
