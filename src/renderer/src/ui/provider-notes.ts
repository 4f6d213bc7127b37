import type { ProviderChoice } from '#common/model/provider.ts'

/** Where each can compute. */
export const providerNotes: Readonly<Record<ProviderChoice, string>> = {
  auto: 'fastest that agrees with the CPU',
  cpu: 'everywhere',
  webgpu: 'any GPU',
  cuda: 'NVIDIA',
  coreml: 'Apple',
  dml: 'Windows'
}
