import { z } from 'zod'

const why = z.string().trim().min(3, 'say why in at least three characters').max(2_000)

/** `basedOn`: number of the state that was on the screen; 0 before the first. Another one by now is a conflict. */
export const turnSwitchInput = z.strictObject({ reason: why, basedOn: z.number().int().min(0) })
export const setSwitchInput = turnSwitchInput.extend({ engaged: z.boolean() })
export type SetSwitchInput = z.infer<typeof setSwitchInput>

/** The one switch of all dispatch. `engaged`: nothing new is written to any target. */
export type SwitchView = {
  number: number
  engaged: boolean
  /** Null before it was ever touched. */
  who: string | null
  at: string | null
  reason: string | null
  /** Dispatches that stand still at a gate, and writes that were let go before and have not been answered. */
  halted: number
  underWay: number
}
