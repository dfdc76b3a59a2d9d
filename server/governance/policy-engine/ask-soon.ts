import type { Context } from '../../kernel/context.ts'
import type { Tx } from '../../kernel/db.ts'
import { engineInForce } from './in-force.ts'

/** Has the engine in force asked about what waits, after the commit: a turn of the flow does not wait for it. */
export async function askSoon(tx: Tx, { queue }: Context): Promise<void> {
  if ((await engineInForce(tx)) !== null) await queue.send(tx, 'judge', {}, { key: 'judge' })
}
