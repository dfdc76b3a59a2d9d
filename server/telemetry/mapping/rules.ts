import type { Prisma, Tx } from '../../kernel/db.ts'
import { type MappingView, mappingInput } from '../contract.ts'

/** A row as others see it; the JSON of the labels is checked again on the way out. */
export function mappingView(row: Prisma.SignalMappingModel): MappingView {
  return { ...mappingInput.parse(row), id: row.id }
}

export async function readMappings(tx: Tx): Promise<MappingView[]> {
  const rows = await tx.signalMapping.findMany({ orderBy: [{ priority: 'asc' }, { metric: 'asc' }] })
  return rows.map(mappingView)
}
