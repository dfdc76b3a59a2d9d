import { authorise, type Context } from '../kernel/context.ts'
import type { MappingView } from './contract.ts'
import { readMappings } from './mapping/rules.ts'

/** All mappings in the order in which they are tried. */
export async function listMappings({ ctx }: { ctx: Context }): Promise<MappingView[]> {
  authorise(ctx, 'telemetry.read')
  return readMappings(ctx.db)
}
