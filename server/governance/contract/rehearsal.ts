import { z } from 'zod'

/** *accepted*: it would take the write. *refused*: it would not, in its words. *moved*: it is not as it was planned for. *unclear*: it could not be asked. */
export const rehearsalVerdicts = ['accepted', 'refused', 'moved', 'unclear'] as const

/** What a target said of one action before anybody decided: a server-side dry run, which changes nothing. */
export const rehearsedAction = z.object({
  position: z.number().int(),
  targetId: z.string(),
  verdict: z.enum(rehearsalVerdicts),
  message: z.string().nullable(),
  /** The version that was asked. */
  observedVersion: z.string().nullable(),
  at: z.string(),
})
export type RehearsedAction = z.infer<typeof rehearsedAction>
