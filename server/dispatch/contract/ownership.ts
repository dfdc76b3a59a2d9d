import { z } from 'zod'

/** Who else has to do with the field that a target adapter writes, by name, and what follows from it. */
const manager = z.object({
  role: z.enum(['writer', 'owner', 'autoscaler', 'gitops']),
  name: z.string(),
  note: z.string().nullable(),
})

/**
 * Whether the field that would be written is ours to write. `free`: nobody would write it back. `hand-over`: another object
 * decides it, and that one can be mapped instead (`handOverTo`, a reference). `refused`: it would be written back.
 * `advice`: why not, and what to change; null where it is free.
 */
export const ownership = z.object({
  verdict: z.enum(['free', 'hand-over', 'refused']),
  managers: z.array(manager),
  advice: z.string().nullable(),
  handOverTo: z.record(z.string(), z.string()).nullable(),
})
export type Manager = z.infer<typeof manager>
export type Ownership = z.infer<typeof ownership>

/** Of a target that nothing else can write. */
export const nobodyElses: Ownership = { verdict: 'free', managers: [], advice: null, handOverTo: null }
