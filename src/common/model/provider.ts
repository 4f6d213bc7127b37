import { z } from 'zod'

export const providers = ['cpu', 'webgpu', 'cuda', 'coreml', 'dml'] as const
export const Provider = z.enum(providers)
export type Provider = z.infer<typeof Provider>

/** `auto` is the fastest provider that agrees with the CPU on one block. */
export const ProviderChoice = z.enum([...providers, 'auto'])
export type ProviderChoice = z.infer<typeof ProviderChoice>
